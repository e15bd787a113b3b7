import { settle } from './attention'
import type { StopReason } from './edge'
import type { EdgeBook } from './edge-book'
import { refreshMemberships, refreshReach } from './membership'
import { enterRanks, leaveRanks, placeVacancy } from './offering'
import { isInAudience, isPlain, needsOffer, ringersOf, rings, roomOf, type Standing } from './ringing'
import { SparseSet } from './sparse-set'
import { type Audience, type DeskState, isPresent, type RequestState, type StaffState } from './state'

/** What stops for those who no longer hear it, and who caused that. */
export interface StopCause {
  readonly reason: StopReason
  readonly by?: string | null
  /** The one person whom the change can concern; everybody, when it names nobody. */
  readonly only?: StaffState | undefined
  /** Who takes it: an offer keeps the slot reserved until the chat fills it, so that nothing rings in between. */
  readonly taker?: StaffState
}

/**
 * The first of the two ways in which `evolve` changes who is rung: everything about one request. Edges are the
 * difference between before and after; whoever gained or lost an offer has their slot reserved or freed.
 */
export function changeRequest(
  state: DeskState,
  book: EdgeBook,
  request: RequestState,
  cause: StopCause,
  mutate: () => void,
): void {
  const { only, taker } = cause
  const before = heardBy(request, only)
  const { rungs } = request
  const wasPlain = isPlain(request)
  const offered = offersOf(request)
  mutate()
  const isPlainNow = isPlain(request)
  if (rungs !== request.rungs || wasPlain !== isPlainNow) {
    for (const rung of rungs) placesIn(rung, wasPlain).delete(request)
    for (const rung of request.rungs) placesIn(rung, isPlainNow).add(request)
  }
  reserve(state, book, request, taker === undefined ? offered : offered.filter((staff) => staff !== taker))
  announce(book, request, before, heardBy(request, only), cause)
  if (rungs !== request.rungs) placeVacancy(state, request, rungs)
  placeVacancy(state, request)
  settle(state, request)
}

/** The second way: how much somebody has in hand. */
export function changeLoad(
  state: DeskState,
  book: EdgeBook,
  staff: StaffState,
  mutate: () => void,
  except: RequestState | null = null,
): void {
  const { capacity, load, offer, reachableIn } = staff
  leaveRanks(staff)
  mutate()
  announceStaff(state, book, staff, { capacity, load, offer, reachableIn }, except)
  enterRanks(state, staff)
}

/** The second way, when presence, availability, a shift or (`isRoster`) the person's record changes. */
export function changeStanding(
  state: DeskState,
  book: EdgeBook,
  staff: StaffState,
  mutate: () => void,
  isRoster = false,
): void {
  const { capacity, load, offer } = staff
  const before = { capacity, load, offer, reachableIn: new Set(staff.reachableIn) }
  leaveRanks(staff)
  mutate()
  if (isRoster) refreshMemberships(state, staff)
  for (const audience of staff.audiences) refreshReach(state, audience, staff)
  announceStaff(state, book, staff, before)
  enterRanks(state, staff)
}

const none: readonly never[] = []

function offersOf({ detail }: RequestState): readonly StaffState[] {
  return detail === null || detail.offers.size === 0 ? none : [...detail.offers.keys()]
}

function heardBy(request: RequestState, only: StaffState | undefined): readonly string[] {
  if (only === undefined) return ringersOf(request)
  return rings(request, only) ? [only.id] : none
}

function placesIn({ plain, particular }: Audience, isPlain: boolean): SparseSet<RequestState> {
  return isPlain ? plain : particular
}

function announce(
  book: EdgeBook,
  request: RequestState,
  before: readonly string[],
  after: readonly string[],
  { reason, by = null }: StopCause,
): void {
  if (after.length > 0) heard(request)
  if (before === after) return
  if (before.length === 0) return book.ringAll(request.id, after)
  if (after.length === 0) return book.stopAll(request.id, before, reason, by)
  const now = new Set(after)
  const then = new Set(before)
  book.stopAll(
    request.id,
    before.filter((id) => !now.has(id)),
    reason,
    by,
  )
  book.ringAll(
    request.id,
    after.filter((id) => !then.has(id)),
  )
}

/** Who lost or gained its offer has the slot freed or reserved, and so hears more or less of every other request. */
function reserve(state: DeskState, book: EdgeBook, request: RequestState, formerly: readonly StaffState[]): void {
  const offers = request.detail?.offers
  if (offers === undefined || (offers.size === 0 && formerly.length === 0)) return
  for (const staff of formerly) {
    if (offers.has(staff) || staff.offer !== request) continue
    changeLoad(state, book, staff, () => setOffer(staff, null), request)
  }
  for (const staff of offers.keys()) {
    if (staff.offer === request) continue
    changeLoad(state, book, staff, () => setOffer(staff, request), request)
  }
}

/** It rings again: what was said of its silence no longer holds. */
function heard({ detail }: RequestState): void {
  if (detail === null) return
  detail.unattended = null
  detail.remindAt = null
}

function setOffer(staff: StaffState, request: RequestState | null): void {
  staff.offer = request
}

/** Edges of everything this person hears, but those of `except`, which its own change announces. */
function announceStaff(
  state: DeskState,
  book: EdgeBook,
  staff: StaffState,
  before: Standing,
  except: RequestState | null = null,
): void {
  const seen = new SparseSet<RequestState>()
  if (except !== null) seen.add(except)
  withdrawLostOffer(state, book, staff, before, seen)
  const hadRoom = roomOf(before) >= 1
  const hasRoom = roomOf(staff) >= 1
  const wasFree = before.capacity - before.load >= 1
  const isFree = staff.capacity - staff.load >= 1
  for (const audience of bothOf(before.reachableIn, staff.reachableIn)) {
    const wasReachable = before.reachableIn.has(audience)
    const isNowReachable = staff.reachableIn.has(audience)
    audience.ableCount += Number(isNowReachable && isFree) - Number(wasReachable && wasFree)
    const wasRingable = wasReachable && hadRoom
    const isRingable = isNowReachable && hasRoom
    if (wasRingable !== isRingable) {
      audience.ringable = null
      if (audience.order === 'all') announcePlain(book, audience, staff, { isRingable, except })
    }
    const hasLost = (wasReachable && !isNowReachable) || (wasFree && !isFree)
    if (hasLost && audience.ableCount === 0) for (const request of audience.plain) settle(state, request)
    announceParticular(state, book, audience, staff, { before, seen })
  }
}

function announcePlain(
  book: EdgeBook,
  audience: Audience,
  staff: StaffState,
  { isRingable, except }: { isRingable: boolean; except: RequestState | null },
): void {
  for (const request of audience.plain) {
    if (request === except) continue
    if (isRingable) {
      heard(request)
      book.ring(request.id, staff.id)
    } else {
      book.stop(request.id, staff.id, whyStopped(request, staff))
    }
  }
}

function announceParticular(
  state: DeskState,
  book: EdgeBook,
  audience: Audience,
  staff: StaffState,
  { before, seen }: { before: Standing; seen: SparseSet<RequestState> },
): void {
  for (const request of audience.particular) {
    if (seen.has(request)) continue
    if (request.rungs.length > 1) seen.add(request)
    const did = rings(request, staff, before)
    const does = rings(request, staff)
    if (does) heard(request)
    if (does && !did) book.ring(request.id, staff.id)
    if (did && !does) book.stop(request.id, staff.id, whyStopped(request, staff))
    settle(state, request)
  }
}

/** An offer to somebody who can no longer be rung, or is rung anyway, ends and counts against nobody. */
function withdrawLostOffer(
  state: DeskState,
  book: EdgeBook,
  staff: StaffState,
  before: Standing,
  seen: SparseSet<RequestState>,
): void {
  const request = before.offer
  if (request === null || staff.offer !== request) return
  if (rings(request, staff) && needsOffer(request, staff)) return
  seen.add(request)
  const did = rings(request, staff, before)
  request.detail?.offers.delete(staff)
  staff.offer = null
  if (did && !rings(request, staff)) book.stop(request.id, staff.id, whyStopped(request, staff))
  placeVacancy(state, request)
  settle(state, request)
}

function whyStopped(request: RequestState, staff: StaffState): StopReason {
  if (!isInAudience(request, staff)) return 'removed'
  if (!isPresent(staff) || staff.availability !== 'available') return 'unavailable'
  return roomOf(staff) < request.weight ? 'at-capacity' : 'off-shift'
}

function bothOf(before: ReadonlySet<Audience>, after: ReadonlySet<Audience>): Iterable<Audience> {
  return before === after ? after : new Set([...before, ...after])
}
