import type { Route, Verdict } from '../core'
import { wallTimeAt } from '../routing'
import { HourTally } from './hour-tally'
import { IntervalTally } from './interval-tally'
import type { LiveRequest } from './live-request'
import type { Person } from './person'
import { type Ending, RequestTally } from './request-tally'
import type { Scenario } from './scenario'
import type { IntervalFigures } from './simulation-result'
import { StaffTime } from './staff-time'
import { TeamTally } from './team-tally'
import { teamsOfRoute } from './teams-of-route'
import { binOf } from './wait-bins'

/** Every change of the clocks anywhere falls on a quarter of an hour: within one, the hour is one hour. */
const quarterMs = 900_000
const hourMs = 3_600_000

/** Where a request is counted. */
export interface Place {
  readonly rows: readonly RequestTally[]
  readonly interval: IntervalTally | null
}

/**
 * Keeps count. Time is cut into stretches that lie in one interval and one hour; at the end of each, the time of people
 * and the length of the queue are shared out. Its memory does not grow with the number of requests.
 */
export class DayBook {
  readonly requests = new RequestTally()
  readonly time = new StaffTime()
  readonly teams: readonly TeamTally[]
  readonly hours = Array.from({ length: 24 }, (_, hour) => new HourTally(hour))
  readonly workflows = new Map<string | null, RequestTally>()
  readonly series: IntervalFigures[] = []
  passedMs = 0
  queueMs = 0
  maxQueueLength = 0
  people: readonly Person[] = []
  readonly #scenario: Scenario
  readonly #countFromAt: number
  readonly #rest = new TeamTally(null)
  readonly #teamsByName: ReadonlyMap<string, TeamTally>
  readonly #teamsByRoute = new WeakMap<Route, readonly TeamTally[]>()
  /** Intervals that have passed but have requests that still wait. */
  readonly #unsettled = new Set<IntervalTally>()
  #interval: IntervalTally
  #hour: HourTally
  #stretchEndAt: number
  #queue = 0
  #queueSinceAt: number

  constructor(scenario: Scenario) {
    this.#scenario = scenario
    const { fromAt, staff, workflows } = scenario
    this.#countFromAt = fromAt + scenario.warmUpMs
    this.#teamsByName = new Map(teamNames(staff).map((team) => [team, new TeamTally(team)]))
    this.teams = [...this.#teamsByName.values(), this.#rest]
    for (const { name, event } of workflows) if (event.type === 'route') this.workflows.set(name, new RequestTally())
    this.workflows.set(null, new RequestTally())
    this.#interval = new IntervalTally(0, fromAt)
    this.#hour = this.#hourAt(fromAt)
    this.#stretchEndAt = this.#stretchEndAfter(fromAt)
    this.#queueSinceAt = fromAt
  }

  /** The teams somebody belongs to. */
  teamsOf(names: readonly string[] = []): readonly TeamTally[] {
    const teams = names.map((name) => this.#teamsByName.get(name)).filter((team) => team !== undefined)
    return teams.length === 0 ? [this.#rest] : teams
  }

  /** Closes every stretch that ends at or before an instant. */
  advanceTo(at: number): void {
    while (this.#stretchEndAt <= at) {
      const end = this.#stretchEndAt
      this.#closeStretch(end)
      this.#hour = this.#hourAt(end)
      this.#stretchEndAt = this.#stretchEndAfter(end)
      const { fromAt, intervalMs } = this.#scenario
      const index = Math.floor((end - fromAt) / intervalMs)
      if (index === this.#interval.index) continue
      this.#settle(this.#interval)
      this.#interval = new IntervalTally(index, fromAt + index * intervalMs)
      this.#interval.maxQueueLength = this.#queue
    }
  }

  /** Where a request that arrives now is counted. */
  place(verdict: Verdict, at: number): Place {
    if (at < this.#countFromAt) return { rows: [], interval: null }
    const rows = [this.requests, this.#interval.requests, this.#hour.requests]
    for (const team of this.#teamsFor(verdict.route)) rows.push(team.requests, team.hour(this.#hour.hour).requests)
    const workflow = this.workflows.get(verdict.workflow)
    if (workflow !== undefined) rows.push(workflow)
    return { rows, interval: this.#interval }
  }

  opened({ rows, interval }: LiveRequest): void {
    for (const row of rows) row.offered += 1
    if (interval !== null) interval.waiting += 1
  }

  /** The waiting of a request is over. */
  ended(request: LiveRequest, outcome: Ending['outcome'], at: number): void {
    const { rows, interval, openedAt, wasUnattended } = request
    if (interval === null) return
    const queueMs = at - openedAt
    const isInTime = queueMs <= this.#scenario.serviceLevelMs
    const ending: Ending = { outcome, queueMs, bin: binOf(queueMs), isInTime, wasUnattended }
    for (const row of rows) row.end(ending)
    interval.waiting -= 1
    if (interval.waiting === 0 && this.#unsettled.delete(interval)) this.#settle(interval)
  }

  /** One more in the queue, or one fewer. */
  queueChanged(by: 1 | -1, at: number): void {
    this.#creditQueue(at)
    this.#queue += by
    if (at < this.#countFromAt) return
    this.#interval.maxQueueLength = Math.max(this.#interval.maxQueueLength, this.#queue)
    this.maxQueueLength = Math.max(this.maxQueueLength, this.#queue)
  }

  /** The end of all: closes what is open. */
  close(at: number): void {
    this.advanceTo(at)
    this.#closeStretch(at)
    if (this.#interval.at < at) this.#write(this.#interval)
    for (const interval of this.#unsettled) this.#write(interval)
  }

  #closeStretch(end: number): void {
    this.#creditQueue(end)
    const isCounted = end > this.#countFromAt
    for (const person of this.people) {
      person.credit(end)
      if (isCounted) this.#share(person)
      person.recent.clear()
    }
  }

  #share({ recent, time, teams }: Person): void {
    if (recent.staffedMs === 0) return
    time.add(recent)
    this.time.add(recent)
    this.#interval.time.add(recent)
    this.#hour.time.add(recent)
    for (const team of teams) {
      team.time.add(recent)
      team.hour(this.#hour.hour).time.add(recent)
    }
  }

  #creditQueue(at: number): void {
    const ms = at - this.#queueSinceAt
    this.#queueSinceAt = at
    if (ms <= 0 || at <= this.#countFromAt) return
    for (const row of [this, this.#interval, this.#hour]) {
      row.passedMs += ms
      row.queueMs += ms * this.#queue
    }
  }

  /** An interval that is over is written down; one in which somebody still waits, when that is over. */
  #settle(interval: IntervalTally): void {
    if (interval.waiting > 0) this.#unsettled.add(interval)
    else this.#write(interval)
  }

  #write(interval: IntervalTally): void {
    this.series[interval.index] = interval.figures()
  }

  #teamsFor(route: Route): readonly TeamTally[] {
    const known = this.#teamsByRoute.get(route)
    if (known !== undefined) return known
    const teams = this.teamsOf(teamsOfRoute(route))
    this.#teamsByRoute.set(route, teams)
    return teams
  }

  #hourAt(at: number): HourTally {
    const hour = Math.floor(wallTimeAt(this.#scenario.timeZone, at) / hourMs) % 24
    return this.hours[hour < 0 ? hour + 24 : hour] as HourTally
  }

  #stretchEndAfter(at: number): number {
    const { fromAt, intervalMs } = this.#scenario
    const interval = fromAt + (Math.floor((at - fromAt) / intervalMs) + 1) * intervalMs
    const end = Math.min(interval, (Math.floor(at / quarterMs) + 1) * quarterMs)
    return this.#countFromAt > at ? Math.min(end, this.#countFromAt) : end
  }
}

function teamNames(staff: Scenario['staff']): string[] {
  return [...new Set(staff.flatMap(({ teams }) => teams ?? []))].sort()
}
