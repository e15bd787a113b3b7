import { DurationHistogram } from '../collections/duration-histogram'
import type { StaffId } from '../model/ids'

/** What is counted for the desk, in the terms of contact centres. */
export interface DeskCounts {
  /** Requests that were opened. */
  offered: number
  /** Requests accepted for the first time. */
  accepted: number
  /** Of these, in time for the service level. */
  acceptedInTime: number
  abandoned: number
  cancelled: number
  expired: number
  /** Reports of unattended requests, of any cause: several for one that waits long. */
  unattended: number
}

/** What is counted for one staff member. */
export interface StaffCounts {
  /** Rings and offers. */
  offered: number
  /** Requests accepted, assigned ones and those accepted again included. */
  accepted: number
  /** Offers that expired. */
  missed: number
  muted: number
  declined: number
  /** The time in which present and available, and the part of it with a chat or in wrap-up. */
  staffedMs: number
  busyMs: number
}

/** What happened in one part of the window. */
export interface MetricsBucket {
  readonly index: number
  readonly desk: DeskCounts
  readonly staff: Map<StaffId, StaffCounts>
  readonly waitDurations: DurationHistogram
  /** Lists of rung staff, shared by many requests, to how often: added to the counts of each one only when read. */
  readonly ringCounts: Map<readonly StaffId[], number>
}

const ringListsMax = 256

export function emptyBucket(index: number): MetricsBucket {
  return {
    index,
    desk: emptyDeskCounts(),
    staff: new Map(),
    waitDurations: new DurationHistogram(),
    ringCounts: new Map(),
  }
}

export function countRing(bucket: MetricsBucket, staffIds: readonly StaffId[]): void {
  bucket.ringCounts.set(staffIds, (bucket.ringCounts.get(staffIds) ?? 0) + 1)
  if (bucket.ringCounts.size > ringListsMax) flushRingCounts(bucket)
}

/** Adds the counted ring lists to the counts of their staff. */
export function flushRingCounts(bucket: MetricsBucket): void {
  for (const [staffIds, times] of bucket.ringCounts) {
    for (const staffId of staffIds) staffCountsOf(bucket, staffId).offered += times
  }
  bucket.ringCounts.clear()
}

export function emptyDeskCounts(): DeskCounts {
  return { offered: 0, accepted: 0, acceptedInTime: 0, abandoned: 0, cancelled: 0, expired: 0, unattended: 0 }
}

export function emptyStaffCounts(): StaffCounts {
  return { offered: 0, accepted: 0, missed: 0, muted: 0, declined: 0, staffedMs: 0, busyMs: 0 }
}

export function staffCountsOf(bucket: MetricsBucket, staffId: StaffId): StaffCounts {
  let counts = bucket.staff.get(staffId)
  if (counts === undefined) {
    counts = emptyStaffCounts()
    bucket.staff.set(staffId, counts)
  }
  return counts
}

export function addCounts<Counts extends DeskCounts | StaffCounts>(sum: Counts, more: Counts): void {
  for (const key of Object.keys(more) as (keyof Counts)[]) {
    sum[key] = (Number(sum[key]) + Number(more[key])) as Counts[keyof Counts]
  }
}
