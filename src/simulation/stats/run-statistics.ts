import type { Route, RoutingResult } from '../../core'
import { wallTimeAt } from '../../routing'
import type { SimulatedRequest, SimulatedStaff } from '../run/entities'
import type { Scenario } from '../scenario/scenario'
import {
  bucketOf,
  HourCounter,
  IntervalCounter,
  RequestCounter,
  StaffTime,
  TeamCounter,
  type WaitOutcome,
} from './counters'
import type { IntervalFigures } from './simulation-result'

/** Every change of the clocks anywhere falls on a quarter of an hour: within one, the hour is one hour. */
const quarterHourMs = 900_000
const hourMs = 3_600_000

/** Where a request is counted. */
export interface RequestCounters {
  readonly counters: readonly RequestCounter[]
  readonly intervalCounter: IntervalCounter | null
}

/**
 * Keeps count. Time is cut into stretches that lie in one interval and one hour; at the end of each, the time of people
 * and the length of the queue are shared out. Its memory does not grow with the number of requests.
 */
export class RunStatistics {
  readonly requests = new RequestCounter()
  readonly time = new StaffTime()
  readonly teams: readonly TeamCounter[]
  readonly hours = Array.from({ length: 24 }, (_, hour) => new HourCounter(hour))
  readonly workflows = new Map<string | null, RequestCounter>()
  readonly series: IntervalFigures[] = []
  passedMs = 0
  queueMs = 0
  maxQueueLength = 0
  staff: readonly SimulatedStaff[] = []
  readonly #scenario: Scenario
  readonly #countFromAt: number
  readonly #rest = new TeamCounter(null)
  readonly #teamsByName: ReadonlyMap<string, TeamCounter>
  readonly #teamsByRoute = new WeakMap<Route, readonly TeamCounter[]>()
  /** Intervals that have passed but have requests that still wait. */
  readonly #unsettled = new Set<IntervalCounter>()
  #interval: IntervalCounter
  #hour: HourCounter
  #stretchEndAt: number
  #queue = 0
  #queueSinceAt: number

  constructor(scenario: Scenario) {
    this.#scenario = scenario
    const { fromAt, staff, workflows } = scenario
    this.#countFromAt = fromAt + scenario.warmUpMs
    this.#teamsByName = new Map(teamNames(staff).map((team) => [team, new TeamCounter(team)]))
    this.teams = [...this.#teamsByName.values(), this.#rest]
    for (const { name, event } of workflows) if (event.type === 'route') this.workflows.set(name, new RequestCounter())
    this.workflows.set(null, new RequestCounter())
    this.#interval = new IntervalCounter(0, fromAt)
    this.#hour = this.#hourAt(fromAt)
    this.#stretchEndAt = this.#stretchEndAfter(fromAt)
    this.#queueSinceAt = fromAt
  }

  /** The teams somebody belongs to. */
  teamsOf(names: readonly string[] = []): readonly TeamCounter[] {
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
      this.#interval = new IntervalCounter(index, fromAt + index * intervalMs)
      this.#interval.maxQueueLength = this.#queue
    }
  }

  /** Where a request that arrives now is counted. */
  countersFor(routingResult: RoutingResult, at: number): RequestCounters {
    if (at < this.#countFromAt) return { counters: [], intervalCounter: null }
    const rows = [this.requests, this.#interval.requests, this.#hour.requests]
    for (const team of this.#teamsFor(routingResult.route))
      rows.push(team.requests, team.hourCounter(this.#hour.hour).requests)
    const workflow = this.workflows.get(routingResult.workflow)
    if (workflow !== undefined) rows.push(workflow)
    return { counters: rows, intervalCounter: this.#interval }
  }

  onRequestOpened({ counters, intervalCounter }: SimulatedRequest): void {
    for (const row of counters) row.offered += 1
    if (intervalCounter !== null) intervalCounter.waiting += 1
  }

  /** The waiting of a request is over. */
  onWaitEnded(request: SimulatedRequest, outcome: WaitOutcome['outcome'], at: number): void {
    const { counters, intervalCounter, openedAt, wasUnattended } = request
    if (intervalCounter === null) return
    const queueMs = at - openedAt
    const isInTime = queueMs <= this.#scenario.serviceLevelMs
    const ending: WaitOutcome = { outcome, queueMs, bucket: bucketOf(queueMs), isInTime, wasUnattended }
    for (const row of counters) row.addOutcome(ending)
    intervalCounter.waiting -= 1
    if (intervalCounter.waiting === 0 && this.#unsettled.delete(intervalCounter)) this.#settle(intervalCounter)
  }

  /** One more in the queue, or one fewer. */
  onQueueChanged(by: 1 | -1, at: number): void {
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
    for (const person of this.staff) {
      person.accumulate(end)
      if (isCounted) this.#share(person)
      person.uncreditedTime.clear()
    }
  }

  #share({ uncreditedTime, time, teams }: SimulatedStaff): void {
    if (uncreditedTime.staffedMs === 0) return
    time.add(uncreditedTime)
    this.time.add(uncreditedTime)
    this.#interval.time.add(uncreditedTime)
    this.#hour.time.add(uncreditedTime)
    for (const team of teams) {
      team.time.add(uncreditedTime)
      team.hourCounter(this.#hour.hour).time.add(uncreditedTime)
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
  #settle(interval: IntervalCounter): void {
    if (interval.waiting > 0) this.#unsettled.add(interval)
    else this.#write(interval)
  }

  #write(interval: IntervalCounter): void {
    this.series[interval.index] = interval.figures()
  }

  #teamsFor(route: Route): readonly TeamCounter[] {
    const known = this.#teamsByRoute.get(route)
    if (known !== undefined) return known
    const teams = this.teamsOf(firstTeamsOfRoute(route))
    this.#teamsByRoute.set(route, teams)
    return teams
  }

  #hourAt(at: number): HourCounter {
    const hour = Math.floor(wallTimeAt(this.#scenario.timeZone, at) / hourMs) % 24
    return this.hours[hour < 0 ? hour + 24 : hour] as HourCounter
  }

  #stretchEndAfter(at: number): number {
    const { fromAt, intervalMs } = this.#scenario
    const interval = fromAt + (Math.floor((at - fromAt) / intervalMs) + 1) * intervalMs
    const end = Math.min(interval, (Math.floor(at / quarterHourMs) + 1) * quarterHourMs)
    return this.#countFromAt > at ? Math.min(end, this.#countFromAt) : end
  }
}

function teamNames(staff: Scenario['staff']): string[] {
  return [...new Set(staff.flatMap(({ teams }) => teams ?? []))].sort()
}

/** The teams that the first step names which names any; none for a route by person, skills or shift alone. */
export function firstTeamsOfRoute({ steps }: Route): readonly string[] {
  for (const { to } of steps) {
    if (to === 'everyone' || to.team === undefined) continue
    return typeof to.team === 'string' ? [to.team] : to.team
  }
  return []
}
