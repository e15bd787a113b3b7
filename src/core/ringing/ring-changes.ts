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

/** Why it stops for those for whom it no longer rings, and who caused that. */
export interface StopCause {
  readonly reason: StopReason
  readonly by?: string | null
  /** The one staff member whom the change can concern; left out: all. */
  readonly onlyStaff?: StaffState | undefined
  /**
   * The staff member who accepts it: an offer reserves the slot until the chat fills it, so that nothing rings between.
   */
  readonly acceptedBy?: StaffState
}

/**
 * The first of the two ways in which `evolve` changes who is rung: everything about one request. Edges are the
 * difference between before and after; an offer gained or lost reserves or frees a slot of that staff member.
 */
export function changeRequest(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  cause: StopCause,
  mutate: () => void,
): void {
  const { onlyStaff, acceptedBy } = cause
  const before = ringingIdsAmong(request, onlyStaff)
  const { activeAudiences } = request
  const wasShared = usesSharedRingSet(request)
  const offered = offerHoldersOf(request)
  mutate()
  const isSharedNow = usesSharedRingSet(request)
  if (activeAudiences !== request.activeAudiences || wasShared !== isSharedNow) {
    for (const audience of activeAudiences) ringSetOf(audience, wasShared).delete(request)
    for (const audience of request.activeAudiences) ringSetOf(audience, isSharedNow).add(request)
  }
  updateReservedSlots(
    state,
    edges,
    request,
    acceptedBy === undefined ? offered : offered.filter((staff) => staff !== acceptedBy),
  )
  emitRequestEdges(edges, request, before, ringingIdsAmong(request, onlyStaff), cause)
  if (activeAudiences !== request.activeAudiences) updateOpenOffer(state, request, activeAudiences)
  updateOpenOffer(state, request)
  scheduleRequest(state, request)
}

/** The second way: the load of one staff member. */
export function changeLoad(
  state: DeskState,
  edges: EdgeCollector,
  staff: StaffState,
  mutate: () => void,
  except: RequestState | null = null,
): void {
  const { capacity, load, offer, eligibleIn } = staff
  removeCandidate(staff)
  mutate()
  emitStaffEdges(state, edges, staff, { capacity, load, offer, eligibleIn }, except)
  addCandidate(state, staff)
}

/** The second way, when presence, availability, a shift or (`isRoster`) the record of a staff member changes. */
export function changeEligibility(
  state: DeskState,
  edges: EdgeCollector,
  staff: StaffState,
  mutate: (staff: StaffState) => void,
  isRoster = false,
): void {
  const { capacity, load, offer } = staff
  const before = { capacity, load, offer, eligibleIn: new Set(staff.eligibleIn) }
  removeCandidate(staff)
  mutate(staff)
  if (isRoster) refreshMemberships(state, staff)
  for (const audience of staff.audiences) refreshEligibility(state, audience, staff)
  emitStaffEdges(state, edges, staff, before)
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

function ringSetOf({ sharedRingSet, ownRingSet }: Audience, isShared: boolean): SparseSet<RequestState> {
  return isShared ? sharedRingSet : ownRingSet
}

function emitRequestEdges(
  edges: EdgeCollector,
  request: RequestState,
  before: readonly string[],
  after: readonly string[],
  { reason, by = null }: StopCause,
): void {
  if (after.length > 0) clearUnattended(request)
  if (before === after) return
  if (before.length === 0) return edges.addRingOfAll(request.id, after)
  if (after.length === 0) return edges.addStopOfAll(request.id, before, reason, by)
  const now = new Set(after)
  const then = new Set(before)
  edges.addStopOfAll(
    request.id,
    before.filter((id) => !now.has(id)),
    reason,
    by,
  )
  edges.addRingOfAll(
    request.id,
    after.filter((id) => !then.has(id)),
  )
}

/**
 * Frees or reserves a slot of each staff member who lost or gained its offer, which changes what else rings for them.
 */
function updateReservedSlots(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  formerHolders: readonly StaffState[],
): void {
  const offers = request.detail?.offers
  if (offers === undefined || (offers.size === 0 && formerHolders.length === 0)) return
  for (const staff of formerHolders) {
    if (offers.has(staff) || staff.offer !== request) continue
    changeLoad(state, edges, staff, () => setOffer(staff, null), request)
  }
  for (const staff of offers.keys()) {
    if (staff.offer === request) continue
    changeLoad(state, edges, staff, () => setOffer(staff, request), request)
  }
}

/** It rings again: the reported cause of its silence no longer holds. */
function clearUnattended({ detail }: RequestState): void {
  if (detail === null) return
  detail.unattendedCause = null
  detail.remindAt = null
}

function setOffer(staff: StaffState, request: RequestState | null): void {
  staff.offer = request
}

/** Emits the edges of all requests for one staff member, but those of `except`, whose own change emits them. */
function emitStaffEdges(
  state: DeskState,
  edges: EdgeCollector,
  staff: StaffState,
  before: Eligibility,
  except: RequestState | null = null,
): void {
  const seen = new SparseSet<RequestState>()
  if (except !== null) seen.add(except)
  withdrawLostOffer(state, edges, staff, before, seen)
  const hadRoom = freeCapacityOf(before) >= 1
  const hasRoom = freeCapacityOf(staff) >= 1
  const wasFree = before.capacity - before.load >= 1
  const isFree = staff.capacity - staff.load >= 1
  for (const audience of unionOf(before.eligibleIn, staff.eligibleIn)) {
    const wasEligible = before.eligibleIn.has(audience)
    const isEligibleNow = staff.eligibleIn.has(audience)
    audience.freeCount += Number(isEligibleNow && isFree) - Number(wasEligible && wasFree)
    const wasRingable = wasEligible && hadRoom
    const isRingable = isEligibleNow && hasRoom
    if (wasRingable !== isRingable) {
      audience.ringableStaffIds = null
      if (audience.order === 'all') emitSharedEdges(edges, audience, staff, { isRingable, except })
    }
    const hasLost = (wasEligible && !isEligibleNow) || (wasFree && !isFree)
    if (hasLost && audience.freeCount === 0)
      for (const request of audience.sharedRingSet) scheduleRequest(state, request)
    emitOwnEdges(state, edges, audience, staff, { before, seen })
  }
}

function emitSharedEdges(
  edges: EdgeCollector,
  audience: Audience,
  staff: StaffState,
  { isRingable, except }: { isRingable: boolean; except: RequestState | null },
): void {
  for (const request of audience.sharedRingSet) {
    if (request === except) continue
    if (isRingable) {
      clearUnattended(request)
      edges.addRing(request.id, staff.id)
    } else {
      edges.addStop(request.id, staff.id, stopReasonOf(request, staff))
    }
  }
}

function emitOwnEdges(
  state: DeskState,
  edges: EdgeCollector,
  audience: Audience,
  staff: StaffState,
  { before, seen }: { before: Eligibility; seen: SparseSet<RequestState> },
): void {
  for (const request of audience.ownRingSet) {
    if (seen.has(request)) continue
    if (request.activeAudiences.length > 1) seen.add(request)
    const rang = rings(request, staff, before)
    const ringsNow = rings(request, staff)
    if (ringsNow) clearUnattended(request)
    if (ringsNow && !rang) edges.addRing(request.id, staff.id)
    if (rang && !ringsNow) edges.addStop(request.id, staff.id, stopReasonOf(request, staff))
    scheduleRequest(state, request)
  }
}

/** Ends an offer to a staff member who is no longer rung, or rings without it; it does not count as missed. */
function withdrawLostOffer(
  state: DeskState,
  edges: EdgeCollector,
  staff: StaffState,
  before: Eligibility,
  seen: SparseSet<RequestState>,
): void {
  const request = before.offer
  if (request === null || staff.offer !== request) return
  if (rings(request, staff) && requiresOffer(request, staff)) return
  seen.add(request)
  const rang = rings(request, staff, before)
  request.detail?.offers.delete(staff)
  staff.offer = null
  if (rang && !rings(request, staff)) edges.addStop(request.id, staff.id, stopReasonOf(request, staff))
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
