import { SparseSet } from '../collections/sparse-map'
import type { EdgeCollector, StopReason } from '../messages/edge'
import { type Audience, type DeskState, isPresent, type RequestState, type StaffState } from '../state/state'
import { refreshEligibility, refreshMemberships } from './audience'
import { scheduleRequest } from './next-action'
import { addCandidate, removeCandidate, updateOpenOffer } from './offers'
import {
  type Eligibility,
  freeCapacityOf,
  isInAudience,
  requiresOffer,
  ringingStaffIds,
  rings,
  usesSharedRingSet,
} from './rings'

/** What stops for those who no longer hear it, and who caused that. */
export interface StopCause {
  readonly reason: StopReason
  readonly by?: string | null
  /** The one person whom the change can concern; everybody, when it names nobody. */
  readonly onlyStaff?: StaffState | undefined
  /** Who takes it: an offer keeps the slot reserved until the chat fills it, so that nothing rings in between. */
  readonly acceptedBy?: StaffState
}

/**
 * The first of the two ways in which `evolve` changes who is rung: everything about one request. Edges are the
 * difference between before and after; whoever gained or lost an offer has their slot reserved or freed.
 */
export function changeRequest(
  state: DeskState,
  book: EdgeCollector,
  request: RequestState,
  cause: StopCause,
  mutate: () => void,
): void {
  const { onlyStaff, acceptedBy } = cause
  const before = ringingIdsAmong(request, onlyStaff)
  const { activeAudiences } = request
  const wasPlain = usesSharedRingSet(request)
  const offered = offerHoldersOf(request)
  mutate()
  const isPlainNow = usesSharedRingSet(request)
  if (activeAudiences !== request.activeAudiences || wasPlain !== isPlainNow) {
    for (const rung of activeAudiences) ringSetOf(rung, wasPlain).delete(request)
    for (const rung of request.activeAudiences) ringSetOf(rung, isPlainNow).add(request)
  }
  updateReservedSlots(
    state,
    book,
    request,
    acceptedBy === undefined ? offered : offered.filter((staff) => staff !== acceptedBy),
  )
  emitRequestEdges(book, request, before, ringingIdsAmong(request, onlyStaff), cause)
  if (activeAudiences !== request.activeAudiences) updateOpenOffer(state, request, activeAudiences)
  updateOpenOffer(state, request)
  scheduleRequest(state, request)
}

/** The second way: how much somebody has in hand. */
export function changeLoad(
  state: DeskState,
  book: EdgeCollector,
  staff: StaffState,
  mutate: () => void,
  except: RequestState | null = null,
): void {
  const { capacity, load, offer, reachableIn } = staff
  removeCandidate(staff)
  mutate()
  emitStaffEdges(state, book, staff, { capacity, load, offer, reachableIn }, except)
  addCandidate(state, staff)
}

/** The second way, when presence, availability, a shift or (`isRoster`) the person's record changes. */
export function changeEligibility(
  state: DeskState,
  book: EdgeCollector,
  staff: StaffState,
  mutate: () => void,
  isRoster = false,
): void {
  const { capacity, load, offer } = staff
  const before = { capacity, load, offer, reachableIn: new Set(staff.reachableIn) }
  removeCandidate(staff)
  mutate()
  if (isRoster) refreshMemberships(state, staff)
  for (const audience of staff.audiences) refreshEligibility(state, audience, staff)
  emitStaffEdges(state, book, staff, before)
  addCandidate(state, staff)
}

const none: readonly never[] = []

function offerHoldersOf({ detail }: RequestState): readonly StaffState[] {
  return detail === null || detail.offers.size === 0 ? none : [...detail.offers.keys()]
}

function ringingIdsAmong(request: RequestState, only: StaffState | undefined): readonly string[] {
  if (only === undefined) return ringingStaffIds(request)
  return rings(request, only) ? [only.id] : none
}

function ringSetOf({ sharedRingSet, ownRingSet }: Audience, isPlain: boolean): SparseSet<RequestState> {
  return isPlain ? sharedRingSet : ownRingSet
}

function emitRequestEdges(
  book: EdgeCollector,
  request: RequestState,
  before: readonly string[],
  after: readonly string[],
  { reason, by = null }: StopCause,
): void {
  if (after.length > 0) clearUnattended(request)
  if (before === after) return
  if (before.length === 0) return book.addRingOfAll(request.id, after)
  if (after.length === 0) return book.addStopOfAll(request.id, before, reason, by)
  const now = new Set(after)
  const then = new Set(before)
  book.addStopOfAll(
    request.id,
    before.filter((id) => !now.has(id)),
    reason,
    by,
  )
  book.addRingOfAll(
    request.id,
    after.filter((id) => !then.has(id)),
  )
}

/** Who lost or gained its offer has the slot freed or reserved, and so hears more or less of every other request. */
function updateReservedSlots(
  state: DeskState,
  book: EdgeCollector,
  request: RequestState,
  formerly: readonly StaffState[],
): void {
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
function clearUnattended({ detail }: RequestState): void {
  if (detail === null) return
  detail.unattendedCause = null
  detail.remindAt = null
}

function setOffer(staff: StaffState, request: RequestState | null): void {
  staff.offer = request
}

/** Edges of everything this person hears, but those of `except`, which its own change announces. */
function emitStaffEdges(
  state: DeskState,
  book: EdgeCollector,
  staff: StaffState,
  before: Eligibility,
  except: RequestState | null = null,
): void {
  const seen = new SparseSet<RequestState>()
  if (except !== null) seen.add(except)
  withdrawLostOffer(state, book, staff, before, seen)
  const hadRoom = freeCapacityOf(before) >= 1
  const hasRoom = freeCapacityOf(staff) >= 1
  const wasFree = before.capacity - before.load >= 1
  const isFree = staff.capacity - staff.load >= 1
  for (const audience of unionOf(before.reachableIn, staff.reachableIn)) {
    const wasReachable = before.reachableIn.has(audience)
    const isNowReachable = staff.reachableIn.has(audience)
    audience.freeCount += Number(isNowReachable && isFree) - Number(wasReachable && wasFree)
    const wasRingable = wasReachable && hadRoom
    const isRingable = isNowReachable && hasRoom
    if (wasRingable !== isRingable) {
      audience.ringableStaffIds = null
      if (audience.order === 'all') emitSharedEdges(book, audience, staff, { isRingable, except })
    }
    const hasLost = (wasReachable && !isNowReachable) || (wasFree && !isFree)
    if (hasLost && audience.freeCount === 0)
      for (const request of audience.sharedRingSet) scheduleRequest(state, request)
    emitOwnEdges(state, book, audience, staff, { before, seen })
  }
}

function emitSharedEdges(
  book: EdgeCollector,
  audience: Audience,
  staff: StaffState,
  { isRingable, except }: { isRingable: boolean; except: RequestState | null },
): void {
  for (const request of audience.sharedRingSet) {
    if (request === except) continue
    if (isRingable) {
      clearUnattended(request)
      book.addRing(request.id, staff.id)
    } else {
      book.addStop(request.id, staff.id, stopReasonOf(request, staff))
    }
  }
}

function emitOwnEdges(
  state: DeskState,
  book: EdgeCollector,
  audience: Audience,
  staff: StaffState,
  { before, seen }: { before: Eligibility; seen: SparseSet<RequestState> },
): void {
  for (const request of audience.ownRingSet) {
    if (seen.has(request)) continue
    if (request.activeAudiences.length > 1) seen.add(request)
    const did = rings(request, staff, before)
    const does = rings(request, staff)
    if (does) clearUnattended(request)
    if (does && !did) book.addRing(request.id, staff.id)
    if (did && !does) book.addStop(request.id, staff.id, stopReasonOf(request, staff))
    scheduleRequest(state, request)
  }
}

/** An offer to somebody who can no longer be rung, or is rung anyway, ends and counts against nobody. */
function withdrawLostOffer(
  state: DeskState,
  book: EdgeCollector,
  staff: StaffState,
  before: Eligibility,
  seen: SparseSet<RequestState>,
): void {
  const request = before.offer
  if (request === null || staff.offer !== request) return
  if (rings(request, staff) && requiresOffer(request, staff)) return
  seen.add(request)
  const did = rings(request, staff, before)
  request.detail?.offers.delete(staff)
  staff.offer = null
  if (did && !rings(request, staff)) book.addStop(request.id, staff.id, stopReasonOf(request, staff))
  updateOpenOffer(state, request)
  scheduleRequest(state, request)
}

function stopReasonOf(request: RequestState, staff: StaffState): StopReason {
  if (!isInAudience(request, staff)) return 'removed'
  if (!isPresent(staff) || staff.availability !== 'available') return 'unavailable'
  return freeCapacityOf(staff) < request.weight ? 'at-capacity' : 'off-shift'
}

function unionOf(before: ReadonlySet<Audience>, after: ReadonlySet<Audience>): Iterable<Audience> {
  return before === after ? after : new Set([...before, ...after])
}
