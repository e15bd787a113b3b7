import { DurationHistogram } from '../collections/duration-histogram'
import type { Edge } from '../messages/edge'
import type { DomainEvent, EventOf } from '../messages/event'
import type { StaffId } from '../model/ids'
import { type DeskState, isPresent } from '../state/state'
import {
  addCounts,
  countRing,
  type DeskCounts,
  emptyBucket,
  emptyDeskCounts,
  emptyStaffCounts,
  flushRingCounts,
  type MetricsBucket,
  type StaffCounts,
  staffCountsOf,
} from './metrics-bucket'

/** What the metrics of a desk count over. */
export interface MetricsOptions {
  /** Length of the sliding window. Default one hour. It slides in sixty steps. */
  readonly windowMs?: number
  /** A request counts for the service level when it is accepted within this. Default 20 s. */
  readonly serviceLevelMs?: number
}

/** The metrics of a desk over the sliding window, as a plain JSON copy. */
export interface MetricsView extends Omit<DeskCounts, 'acceptedInTime'> {
  readonly windowMs: number
  /** How long requests were open until they were accepted for the first time. `null` when none was accepted. */
  readonly timeToAcceptMs: Readonly<Record<'mean' | 'p50' | 'p90' | 'p95' | 'p99', number>> | null
  /**
   * Of the requests accepted or abandoned, the share accepted within the threshold, 0 to 1; `null` when there were
   * none.
   */
  readonly serviceLevel: { readonly thresholdMs: number; readonly share: number | null }
  /** Of the time in which staff were present and available, the share in which they had a chat or wrap-up, 0 to 1. */
  readonly occupancy: number | null
  readonly staff: readonly (StaffMetrics & { readonly staffId: StaffId })[]
  readonly teams: readonly (StaffMetrics & { readonly team: string })[]
}

/** The metrics of one staff member or team. */
export interface StaffMetrics extends Omit<StaffCounts, 'staffedMs' | 'busyMs'> {
  readonly occupancy: number | null
}

const bucketsMax = 60

/**
 * The desk's metrics over a sliding window. Memory is constant in the number of requests: sixty buckets, each with one
 * row for every staff member with a count in it. Reads no clock: the events carry the time.
 */
export class Metrics {
  readonly #windowMs: number
  readonly #serviceLevelMs: number
  #buckets: MetricsBucket[] = []
  /** Since when each staff member is present and available, and whether busy. */
  readonly #since = new Map<StaffId, { at: number; isBusy: boolean }>()

  constructor({ windowMs = 3_600_000, serviceLevelMs = 20_000 }: MetricsOptions = {}) {
    this.#windowMs = windowMs
    this.#serviceLevelMs = serviceLevelMs
  }

  /** To be called for each event right after it was folded into `state`, with the edges that it made. */
  record(state: DeskState, event: DomainEvent, edges: readonly Edge[]): void {
    const bucket = this.#bucketAt(event.at)
    this.#count(state, bucket, event)
    for (const edge of edges) if (edge.type === 'ring') countRing(bucket, edge.staffIds)
    const touched = affectedStaff(event)
    if (touched === 'everybody') this.resume(state)
    else if (touched !== null) this.#track(state, touched.staffId, event.at)
  }

  /** To be called for a restored state: the time of present staff counts from its newest event on. */
  resume(state: DeskState): void {
    for (const staffId of state.staff.keys()) this.#track(state, staffId, state.at)
  }

  /** Returns the metrics of the window that ends at an instant. */
  view(state: DeskState, at: number): MetricsView {
    for (const staffId of this.#since.keys()) this.#track(state, staffId, at)
    this.#forget(at)
    const desk = emptyDeskCounts()
    const waits = new DurationHistogram()
    const staff = new Map<StaffId, StaffCounts>()
    for (const bucket of this.#buckets) {
      flushRingCounts(bucket)
      addCounts(desk, bucket.desk)
      waits.merge(bucket.waitDurations)
      for (const [staffId, counts] of bucket.staff) addCounts(countsOf(staff, staffId), counts)
    }
    const { acceptedInTime, ...counts } = desk
    const answered = desk.accepted + desk.abandoned
    return {
      windowMs: this.#windowMs,
      ...counts,
      timeToAcceptMs: timeToAcceptOf(waits),
      serviceLevel: { thresholdMs: this.#serviceLevelMs, share: answered === 0 ? null : acceptedInTime / answered },
      occupancy: occupancyOf([...staff.values()].reduce(sumCounts, emptyStaffCounts())),
      staff: [...staff].map(([staffId, row]) => ({ staffId, ...toStaffMetrics(row) })),
      teams: teamsOf(state, staff),
    }
  }

  #count(state: DeskState, bucket: MetricsBucket, event: DomainEvent): void {
    const { desk } = bucket
    switch (event.type) {
      case 'request.opened':
        desk.offered += 1
        return
      case 'request.accepted':
        staffCountsOf(bucket, event.staffId).accepted += 1
        return this.#countWait(state, bucket, event.requestId)
      case 'request.closed':
        if (event.outcome !== 'ended') desk[event.outcome] += 1
        return
      case 'request.unattended':
        desk.unattended += 1
        return
      case 'offer.expired':
        staffCountsOf(bucket, event.staffId).missed += 1
        return
      case 'request.muted':
        staffCountsOf(bucket, event.staffId).muted += 1
        return
      case 'request.declined':
        staffCountsOf(bucket, event.staffId).declined += 1
        return
      default:
    }
  }

  #countWait(state: DeskState, { desk, waitDurations }: MetricsBucket, requestId: string): void {
    const request = state.requests.get(requestId)
    if (request?.assignment?.assignmentNumber !== 1) return
    const waitMs = request.assignment.at - request.openedAt
    desk.accepted += 1
    if (waitMs <= this.#serviceLevelMs) desk.acceptedInTime += 1
    waitDurations.add(waitMs)
  }

  /** Counts the time since the last call by the staff member's former status, and records the present one. */
  #track(state: DeskState, staffId: StaffId, at: number): void {
    const before = this.#since.get(staffId)
    if (before !== undefined) this.#credit(staffId, before, at)
    const staff = state.staff.get(staffId)
    const isStaffed = staff !== undefined && isPresent(staff) && staff.availability === 'available'
    if (!isStaffed) this.#since.delete(staffId)
    else if (before === undefined) this.#since.set(staffId, { at, isBusy: staff.load > 0 })
    else {
      // A restored state may end before the one it replaces: no time is counted twice.
      before.at = Math.max(at, before.at)
      before.isBusy = staff.load > 0
    }
  }

  #credit(staffId: StaffId, since: { readonly at: number; readonly isBusy: boolean }, until: number): void {
    const stepMs = this.#windowMs / bucketsMax
    let from = Math.max(since.at, until - this.#windowMs)
    while (from < until) {
      const to = Math.min(until, (Math.floor(from / stepMs) + 1) * stepMs)
      const counts = staffCountsOf(this.#bucketAt(from), staffId)
      counts.staffedMs += to - from
      if (since.isBusy) counts.busyMs += to - from
      from = to
    }
  }

  /** Returns the bucket of an instant, adding it in the order of time when it is missing. */
  #bucketAt(at: number): MetricsBucket {
    const index = Math.floor(at / (this.#windowMs / bucketsMax))
    let place = this.#buckets.length
    while (place > 0 && (this.#buckets[place - 1]?.index ?? 0) > index) place -= 1
    const known = this.#buckets[place - 1]
    if (known?.index === index) return known
    const bucket = emptyBucket(index)
    this.#buckets.splice(place, 0, bucket)
    this.#forget(at)
    return bucket
  }

  #forget(at: number): void {
    const oldest = Math.floor(at / (this.#windowMs / bucketsMax)) - bucketsMax
    if ((this.#buckets[0]?.index ?? oldest + 1) > oldest) return
    this.#buckets = this.#buckets.filter(({ index }) => index > oldest)
  }
}

/** Returns the staff whose presence, availability or load an event may have changed. */
function affectedStaff(event: DomainEvent): { readonly staffId: StaffId } | 'everybody' | null {
  switch (event.type) {
    case 'request.opened':
    case 'request.muted':
    case 'request.declined':
      return null
    case 'request.transferred':
      return 'everybody' // the event does not name the staff member who had the chat when another person transfers it
    case 'request.accepted':
      return event.by === null ? event : 'everybody'
    case 'transfer.returned':
      return event.to
    case 'request.closed':
      return hasStaff(event) ? event : null
    default:
      return 'staffId' in event ? event : null
  }
}

function hasStaff(event: EventOf<'request.closed'>): event is EventOf<'request.closed'> & { staffId: StaffId } {
  return event.staffId !== null
}

function timeToAcceptOf(waits: DurationHistogram): MetricsView['timeToAcceptMs'] {
  const mean = waits.meanMs()
  if (mean === null) return null
  const [p50 = 0, p90 = 0, p95 = 0, p99 = 0] = waits.percentilesMs([0.5, 0.9, 0.95, 0.99])
  return { mean, p50, p90, p95, p99 }
}

function teamsOf(state: DeskState, staff: ReadonlyMap<StaffId, StaffCounts>): MetricsView['teams'] {
  const teams = new Map<string, StaffCounts>()
  for (const [staffId, counts] of staff) {
    for (const team of state.staff.get(staffId)?.record.teams ?? []) addCounts(countsOf(teams, team), counts)
  }
  return [...teams].map(([team, row]) => ({ team, ...toStaffMetrics(row) }))
}

function toStaffMetrics({ staffedMs, busyMs, ...counts }: StaffCounts): StaffMetrics {
  return { ...counts, occupancy: staffedMs === 0 ? null : busyMs / staffedMs }
}

function occupancyOf(row: StaffCounts): number | null {
  return toStaffMetrics(row).occupancy
}

function countsOf(rows: Map<string, StaffCounts>, key: string): StaffCounts {
  const row = rows.get(key) ?? emptyStaffCounts()
  rows.set(key, row)
  return row
}

function sumCounts(sum: StaffCounts, row: StaffCounts): StaffCounts {
  addCounts(sum, row)
  return sum
}
