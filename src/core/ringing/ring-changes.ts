import type { SparseSet } from '../collections/sparse-map'
import type { EdgeCollector, StopReason } from '../messages/edge'
import type { Audience, DeskState, RequestDetail, RequestState, StaffState } from '../state/state'
import { refreshEligibility, refreshMemberships } from './audience'
import { scheduleRequest } from './next-action'
import { addCandidate, removeCandidate, updateOpenOffer } from './offers'
import { unblock, updateQueues } from './one-order'
import {
  type Eligibility,
  freeCapacityOf,
  hasSelectiveAudience,
  requiresOffer,
  ringingStaffIds,
  rings,
  stopReasonOf,
  usesSharedRingSet,
} from './rings'

/** Why a request stops for the staff for whom it no longer rings, and who caused that. */
export interface StopCause {
  readonly reason: StopReason
  readonly by?: string | null
  /** The one staff member whom the change can concern; left out: all. */
  readonly onlyStaff?: StaffState | undefined
  /**
   * The staff member who accepts it: an offer reserves the slot until the chat fills it, so that no
   * other request rings meanwhile.
   */
  readonly acceptedBy?: StaffState
}

/**
 * Changes one request, and emits the edges: the difference between before and after. An offer gained or lost reserves
 * or frees a slot of that staff member. Every other change of who is rung is a change of one staff member.
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
  const offers = request.detail?.offers
  const formerHolders = offers === undefined || offers.size === 0 ? none : [...offers.keys()]
  mutate()
  const isSharedNow = usesSharedRingSet(request)
  if (activeAudiences !== request.activeAudiences || wasShared !== isSharedNow) {
    for (const audience of activeAudiences) (wasShared ? audience.sharedRingSet : audience.ownRingSet).delete(request)
    for (const audience of request.activeAudiences)
      (isSharedNow ? audience.sharedRingSet : audience.ownRingSet).add(request)
  }
  if (request.detail !== null && (formerHolders.length > 0 || request.detail.offers.size > 0)) {
    const otherHolders = formerHolders.filter((staff) => staff !== acceptedBy)
    updateReservedSlots(state, edges, request, { formerHolders: otherHolders, offers: request.detail.offers })
  }
  state.changes?.addRequest(request.id)
  emitRequestEdges(edges, request, before, ringingIdsAmong(request, onlyStaff), cause)
  if (request.weight !== 1 || isQueuedIn(activeAudiences) || isQueuedIn(request.activeAudiences)) {
    updateQueues(state, request, activeAudiences)
  }
  if (activeAudiences !== request.activeAudiences && hasSelectiveAudience(activeAudiences)) {
    updateOpenOffer(state, request, activeAudiences)
  }
  if (hasSelectiveAudience(request.activeAudiences)) updateOpenOffer(state, request)
  scheduleRequest(state, request)
}

/** Returns whether offers depend on the requests of one of these audiences that rings all. */
function isQueuedIn(audiences: readonly Audience[]): boolean {
  for (const { ringAllQueue, isBlocking } of audiences) if (ringAllQueue !== null || isBlocking) return true
  return false
}

/** Changes the load or the offer of one staff member, and emits the edges. */
export function changeLoad(
  state: DeskState,
  edges: EdgeCollector,
  staff: StaffState,
  mutate: () => void,
  except: RequestState | null = null,
): void {
  const { capacity, load, offer, reservedFor, eligibleIn } = staff
  const isCandidate = hasSelectiveAudience(eligibleIn)
  if (isCandidate) removeCandidate(staff)
  mutate()
  emitStaffEdges(state, edges, staff, { capacity, load, offer, reservedFor, eligibleIn }, except)
  if (isCandidate) addCandidate(state, staff)
}

/** Changes presence, availability, a shift or (`isRoster`) the record of one staff member, and emits the edges. */
export function changeEligibility(
  state: DeskState,
  edges: EdgeCollector,
  staff: StaffState,
  mutate: (staff: StaffState) => void,
  isRoster = false,
): void {
  const { capacity, load, offer, reservedFor } = staff
  const before = { capacity, load, offer, reservedFor, eligibleIn: new Set(staff.eligibleIn) }
  removeCandidate(staff)
  mutate(staff)
  if (isRoster) {
    refreshMemberships(state, staff)
    state.changes?.addRoster(staff.id)
  }
  for (const audience of staff.audiences) refreshEligibility(state, audience, staff)
  emitStaffEdges(state, edges, staff, before)
  addCandidate(state, staff)
}

const none: readonly never[] = []

function ringingIdsAmong(request: RequestState, only: StaffState | undefined): readonly string[] {
  if (only === undefined) return ringingStaffIds(request)
  return rings(request, only) ? [only.id] : none
}

function emitRequestEdges(
  edges: EdgeCollector,
  request: RequestState,
  before: readonly string[],
  after: readonly string[],
  { reason, by = null }: StopCause,
): void {
  if (after.length > 0) clearUnattended(edges, request)
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
 * Frees or reserves a slot of each staff member who lost or gained its offer, and emits the edges of other requests.
 */
function updateReservedSlots(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  {
    formerHolders,
    offers,
  }: { readonly formerHolders: readonly StaffState[]; readonly offers: RequestDetail['offers'] },
): void {
  for (const staff of formerHolders) {
    if (offers.has(staff) || staff.offer !== request) continue
    changeLoad(state, edges, staff, () => setOffer(staff, null), request)
  }
  for (const staff of offers.keys()) {
    if (staff.offer === request) continue
    changeLoad(state, edges, staff, () => setOffer(staff, request), request)
  }
}

/** Clears the reported cause and the reminder of a request that rings again. */
function clearUnattended(edges: EdgeCollector, request: RequestState): void {
  const { detail } = request
  if (detail === null || (detail.unattendedCause === null && detail.allMutedSinceAt === null)) return
  const { unattendedCause, allMutedSinceAt } = detail
  if (!edges.cleared.has(request.id)) edges.cleared.set(request.id, { unattendedCause, allMutedSinceAt })
  detail.unattendedCause = null
  detail.allMutedSinceAt = null
}

function setOffer(staff: StaffState, request: RequestState | null): void {
  staff.offer = request
}

/** Emits the edges of all requests for one staff member, except those of `except`, whose own change emits them. */
export function emitStaffEdges(
  state: DeskState,
  edges: EdgeCollector,
  staff: StaffState,
  before: Eligibility,
  except: RequestState | null = null,
): void {
  state.changes?.addStaff(staff.id)
  const withdrawn = before.offer === null ? null : withdrawLostOffer(state, edges, staff, before)
  let seen: Set<RequestState | null> | null = null
  const freeBefore = Math.max(0, freeCapacityOf(before))
  const freeNow = Math.max(0, freeCapacityOf(staff))
  const wasReserved = before.reservedFor !== null
  const isReserved = staff.reservedFor !== null
  const wasFree = before.capacity - before.load >= 1
  const isFree = staff.capacity - staff.load >= 1
  const audiences =
    before.eligibleIn === staff.eligibleIn ? staff.eligibleIn : new Set([...before.eligibleIn, ...staff.eligibleIn])
  for (const audience of audiences) {
    const wasEligible = before.eligibleIn.has(audience)
    const isEligibleNow = staff.eligibleIn.has(audience)
    audience.freeCount += Number(isEligibleNow && isFree) - Number(wasEligible && wasFree)
    audience.reservedCount += Number(isEligibleNow && isReserved) - Number(wasEligible && wasReserved)
    audience.freeWeight += Number(isEligibleNow) * freeNow - Number(wasEligible) * freeBefore
    if (audience.isBlocking) unblock(state, audience)
    const wasRingable = wasEligible && freeBefore >= 1
    const isRingable = isEligibleNow && freeNow >= 1
    audience.ringableCount += Number(isRingable) - Number(wasRingable)
    if (wasRingable !== isRingable) audience.ringableStaffIds = null
    if (audience.order === 'all') {
      if (wasReserved || isReserved) {
        seen ??= new Set([except, withdrawn])
        emitPairEdges(state, edges, audience.sharedRingSet, staff, { before, seen })
      } else if (wasRingable !== isRingable) emitSharedEdges(state, edges, audience, { staff, isRingable, except })
    }
    const hasLost = (wasEligible && !isEligibleNow) || (wasFree && !isFree)
    if (hasLost && audience.freeCount === 0)
      for (const request of audience.sharedRingSet) scheduleRequest(state, request)
    if (audience.ownRingSet.size === 0) continue
    seen ??= new Set([except, withdrawn])
    emitPairEdges(state, edges, audience.ownRingSet, staff, { before, seen })
  }
}

function emitSharedEdges(
  { changes }: DeskState,
  edges: EdgeCollector,
  audience: Audience,
  { staff, isRingable, except }: { staff: StaffState; isRingable: boolean; except: RequestState | null },
): void {
  // The first who can be rung, or the last, changes whether the requests ring at all.
  const isFirstOrLast = audience.ringableCount - Number(isRingable) <= audience.reservedCount
  for (const request of audience.sharedRingSet) {
    if (isFirstOrLast) changes?.addRequest(request.id)
    if (request === except) continue
    if (isRingable) {
      clearUnattended(edges, request)
      edges.addRing(request.id, staff.id)
    } else {
      edges.addStop(request.id, staff.id, stopReasonOf(request, staff))
    }
  }
}

/** Emits the edges of requests each of which is compared before and after by itself. */
function emitPairEdges(
  state: DeskState,
  edges: EdgeCollector,
  requests: SparseSet<RequestState>,
  staff: StaffState,
  { before, seen }: { before: Eligibility; seen: Set<RequestState | null> },
): void {
  for (const request of requests) {
    if (seen.has(request)) continue
    if (request.activeAudiences.length > 1) seen.add(request)
    const rang = rings(request, staff, before)
    const ringsNow = rings(request, staff)
    if (ringsNow) clearUnattended(edges, request)
    if (ringsNow !== rang) state.changes?.addRequest(request.id)
    if (ringsNow && !rang) edges.addRing(request.id, staff.id)
    if (rang && !ringsNow) edges.addStop(request.id, staff.id, stopReasonOf(request, staff))
    scheduleRequest(state, request)
  }
}

/**
 * Ends an offer to a staff member who is no longer rung, or rings without it; it does not count as missed. Returns its
 * request; `null` when the offer stays.
 */
function withdrawLostOffer(
  state: DeskState,
  edges: EdgeCollector,
  staff: StaffState,
  before: Eligibility,
): RequestState | null {
  const request = before.offer
  if (request === null || staff.offer !== request) return null
  if (rings(request, staff) && requiresOffer(request, staff)) return null
  const rang = rings(request, staff, before)
  request.detail?.offers.delete(staff)
  staff.offer = null
  state.changes?.addRequest(request.id)
  if (rang && !rings(request, staff)) edges.addStop(request.id, staff.id, stopReasonOf(request, staff))
  updateOpenOffer(state, request)
  scheduleRequest(state, request)
  return request
}
