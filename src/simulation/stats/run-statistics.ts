import { durationBinOf, type Route, type RoutingResult } from '../../core'
import { wallTimeAt } from '../../routing'
import type { SimulatedRequest, SimulatedStaff } from '../run/entities'
import type { Scenario } from '../scenario/scenario'
import { HourCounter, IntervalCounter, RequestCounter, StaffTime, TeamCounter, type WaitOutcome } from './counters'
import type { IntervalStats } from './simulation-result'

/** All changes of UTC offsets fall on a quarter of an hour. */
const quarterHourMs = 900_000
const hourMs = 3_600_000

export interface RequestCounters {
  readonly counters: readonly RequestCounter[]
  readonly intervalCounter: IntervalCounter | null
}

/**
 * Counts requests and time for the whole run, each interval, hour, team and workflow. Time is cut into slices that lie
 * in one interval and one hour; at the end of each, the staff's time and the queue length are added to their counters.
 * Its memory does not grow with the number of requests.
 */
export class RunStatistics {
  readonly requests = new RequestCounter()
  readonly time = new StaffTime()
  readonly teams: readonly TeamCounter[]
  readonly hours = Array.from({ length: 24 }, (_, hour) => new HourCounter(hour))
  readonly workflows = new Map<string | null, RequestCounter>()
  readonly series: IntervalStats[] = []
  elapsedMs = 0
  queueLengthIntegralMs = 0
  maxQueueLength = 0
  staff: readonly SimulatedStaff[] = []
  readonly #scenario: Scenario
  readonly #countFromAt: number
  readonly #withoutTeam = new TeamCounter(null)
  readonly #teamsByName: ReadonlyMap<string, TeamCounter>
  readonly #teamsByRoute = new WeakMap<Route, readonly TeamCounter[]>()
  /** Past intervals with requests that still wait. */
  readonly #unfinished = new Set<IntervalCounter>()
  #interval: IntervalCounter
  #hour: HourCounter
  #sliceEndAt: number
  #queue = 0
  #queueSinceAt: number

  constructor(scenario: Scenario) {
    this.#scenario = scenario
    const { fromAt, staff, workflows } = scenario
    this.#countFromAt = fromAt + scenario.warmUpMs
    this.#teamsByName = new Map(teamNames(staff).map((team) => [team, new TeamCounter(team)]))
    this.teams = [...this.#teamsByName.values(), this.#withoutTeam]
    for (const { name, event } of workflows) if (event.type === 'route') this.workflows.set(name, new RequestCounter())
    this.workflows.set(null, new RequestCounter())
    this.#interval = new IntervalCounter(0, fromAt)
    this.#hour = this.#hourAt(fromAt)
    this.#sliceEndAt = this.#sliceEndAfter(fromAt)
    this.#queueSinceAt = fromAt
  }

  /** Returns the counters of these teams; that of requests and staff without a team when there is none. */
  teamsOf(names: readonly string[] = []): readonly TeamCounter[] {
    const teams = names.map((name) => this.#teamsByName.get(name)).filter((team) => team !== undefined)
    return teams.length === 0 ? [this.#withoutTeam] : teams
  }

  /** Closes every slice that ends at or before an instant. */
  advanceTo(at: number): void {
    while (this.#sliceEndAt <= at) {
      const end = this.#sliceEndAt
      this.#closeSlice(end)
      this.#hour = this.#hourAt(end)
      this.#sliceEndAt = this.#sliceEndAfter(end)
      const { fromAt, intervalMs } = this.#scenario
      const index = Math.floor((end - fromAt) / intervalMs)
      if (index === this.#interval.index) continue
      this.#finish(this.#interval)
      this.#interval = new IntervalCounter(index, fromAt + index * intervalMs)
      this.#interval.maxQueueLength = this.#queue
    }
  }

  /** Returns the counters of a request that arrives now. */
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

  onWaitEnded(request: SimulatedRequest, outcome: WaitOutcome['outcome'], at: number): void {
    const { counters, intervalCounter, openedAt, wasUnattended } = request
    if (intervalCounter === null) return
    const queueMs = at - openedAt
    const isInTime = queueMs <= this.#scenario.serviceLevelMs
    const waitOutcome: WaitOutcome = { outcome, queueMs, bin: durationBinOf(queueMs), isInTime, wasUnattended }
    for (const row of counters) row.addOutcome(waitOutcome)
    intervalCounter.waiting -= 1
    if (intervalCounter.waiting === 0 && this.#unfinished.delete(intervalCounter)) this.#finish(intervalCounter)
  }

  onQueueChanged(by: 1 | -1, at: number): void {
    this.#addQueueTime(at)
    this.#queue += by
    if (at < this.#countFromAt) return
    this.#interval.maxQueueLength = Math.max(this.#interval.maxQueueLength, this.#queue)
    this.maxQueueLength = Math.max(this.maxQueueLength, this.#queue)
  }

  /** Closes every slice and interval. */
  close(at: number): void {
    this.advanceTo(at)
    this.#closeSlice(at)
    if (this.#interval.at < at) this.#write(this.#interval)
    for (const interval of this.#unfinished) this.#write(interval)
  }

  #closeSlice(end: number): void {
    this.#addQueueTime(end)
    const isCounted = end > this.#countFromAt
    for (const member of this.staff) {
      member.accumulate(end)
      if (isCounted) this.#addStaffTime(member)
      member.uncountedTime.clear()
    }
  }

  #addStaffTime({ uncountedTime, time, teams }: SimulatedStaff): void {
    if (uncountedTime.staffedMs === 0) return
    time.add(uncountedTime)
    this.time.add(uncountedTime)
    this.#interval.time.add(uncountedTime)
    this.#hour.time.add(uncountedTime)
    for (const team of teams) {
      team.time.add(uncountedTime)
      team.hourCounter(this.#hour.hour).time.add(uncountedTime)
    }
  }

  #addQueueTime(at: number): void {
    const ms = at - this.#queueSinceAt
    this.#queueSinceAt = at
    if (ms <= 0 || at <= this.#countFromAt) return
    for (const row of [this, this.#interval, this.#hour]) {
      row.elapsedMs += ms
      row.queueLengthIntegralMs += ms * this.#queue
    }
  }

  /** Writes a past interval to the series, or when its last request has stopped waiting. */
  #finish(interval: IntervalCounter): void {
    if (interval.waiting > 0) this.#unfinished.add(interval)
    else this.#write(interval)
  }

  #write(interval: IntervalCounter): void {
    this.series[interval.index] = interval.toStats()
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

  #sliceEndAfter(at: number): number {
    const { fromAt, intervalMs } = this.#scenario
    const interval = fromAt + (Math.floor((at - fromAt) / intervalMs) + 1) * intervalMs
    const end = Math.min(interval, (Math.floor(at / quarterHourMs) + 1) * quarterHourMs)
    return this.#countFromAt > at ? Math.min(end, this.#countFromAt) : end
  }
}

function teamNames(staff: Scenario['staff']): string[] {
  return [...new Set(staff.flatMap(({ teams }) => teams ?? []))].sort()
}

/** Returns the teams of the first step that names any. */
export function firstTeamsOfRoute({ steps }: Route): readonly string[] {
  for (const { to } of steps) {
    if (to === 'everyone' || to.team === undefined) continue
    return typeof to.team === 'string' ? [to.team] : to.team
  }
  return []
}
