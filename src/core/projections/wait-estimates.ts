import type { Audience, RequestState, StaffState } from '../state/state'

/** Where a request stands in its queue. */
export interface PlaceInQueue {
  /** Its position; where it is not covered, its position among those that are not. */
  readonly places: number
  /** Whether staff have free slots for it and for all that are served before it. */
  readonly isCovered: boolean
}

interface Wait {
  readonly waitMs: number
  readonly places: number
}

interface QueueWaits {
  /** The latest waits of requests that were not covered when they were opened, oldest first. */
  readonly queued: Wait[]
  /** The latest waits of requests that were covered. */
  readonly covered: Wait[]
}

const waitsMin = 5
const waitsMax = 20
const queuesMax = 1_000
const countedStaffMax = 200
/** A wait of more than this many times the median, such as a night, is left out of the estimate. */
const outlierFactor = 10

/**
 * Estimates waits from earlier waits. A request that waited `w` from place `p` on waited `w / p` for each place; the
 * estimate for place `n` is `n` times the mean of that. Requests accepted in the instant in which they were opened
 * did not wait and do not count. Waits for a busy staff member, and waits only for the answer of a free one,
 * are counted separately.
 */
export class WaitEstimates {
  /** By queue, the queue of the latest wait last. */
  readonly #waits = new Map<string, QueueWaits>()

  /** Adds the wait of a request that was accepted. */
  add(queueKey: string, waitMs: number, { places, isCovered }: PlaceInQueue): void {
    if (waitMs <= 0) return
    const known = this.#waits.get(queueKey)
    const { queued, covered } = known ?? { queued: [], covered: [] }
    const waits = isCovered ? covered : queued
    waits.push({ waitMs, places })
    if (waits.length > waitsMax) waits.shift()
    if (known !== undefined) this.#waits.delete(queueKey)
    this.#waits.set(queueKey, known ?? { queued, covered })
    if (this.#waits.size > queuesMax) this.#forgetOldest()
  }

  /** Returns the estimated wait; `null` before five requests of the queue have waited as this one does. */
  estimateMs(queueKey: string, { places, isCovered }: PlaceInQueue): number | null {
    const { queued = noWaits, covered = noWaits } = this.#waits.get(queueKey) ?? {}
    const counted = isCovered ? queued.length + covered.length : queued.length
    if (counted < waitsMin) return null
    return Math.round(meanForEachPlace(isCovered ? covered : queued) * places)
  }

  #forgetOldest(): void {
    for (const oldest of this.#waits.keys()) {
      this.#waits.delete(oldest)
      return
    }
  }
}

/** Returns the place in the queue of the request at a position, from 1. */
export function placeInQueue(request: RequestState, position: number): PlaceInQueue {
  const freeSlots = countFreeSlots(request, position)
  const isCovered = freeSlots >= position
  return { places: isCovered ? position : position - freeSlots, isCovered }
}

/**
 * Returns how many requests of this weight the staff of its steps have room for, counted up to a bound. Of an audience
 * of more than two hundred each free staff member counts as one slot, so that the cost of an event is bounded.
 */
function countFreeSlots({ activeAudiences, weight }: RequestState, max: number): number {
  let count = 0
  for (const [index, { freeCount, eligible }] of activeAudiences.entries()) {
    if (freeCount === 0) continue
    const isEnough = weight === 1 && index === 0 && freeCount >= max
    if (isEnough || eligible.size > countedStaffMax) count += freeCount
    else count += countSlotsOf(eligible, { weight, max: max - count, earlier: activeAudiences.slice(0, index) })
    if (count >= max) return max
  }
  return count
}

interface SlotCount {
  readonly weight: number
  readonly max: number
  /** Audiences whose staff were counted before. */
  readonly earlier: readonly Audience[]
}

function countSlotsOf(eligible: ReadonlySet<StaffState>, { weight, max, earlier }: SlotCount): number {
  let count = 0
  for (const staff of eligible) {
    if (earlier.some((audience) => staff.eligibleIn.has(audience))) continue
    count += Math.max(0, Math.floor((staff.capacity - staff.load) / weight))
    if (count >= max) return max
  }
  return count
}

function meanForEachPlace(waits: readonly Wait[]): number {
  const perPlace = waits.map(({ waitMs, places }) => waitMs / places).sort((a, b) => a - b)
  const usual = perPlace[perPlace.length >>> 1] ?? 0
  let sumMs = 0
  let places = 0
  for (const wait of waits) {
    if (wait.waitMs / wait.places > outlierFactor * usual) continue
    sumMs += wait.waitMs
    places += wait.places
  }
  return places === 0 ? 0 : sumMs / places
}

const noWaits: readonly Wait[] = []
