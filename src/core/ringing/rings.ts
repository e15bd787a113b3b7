import type { StopReason } from '../messages/edge'
import type { StaffId } from '../model/ids'
import {
  type Audience,
  byServiceOrder,
  type DeskState,
  isPresent,
  type RequestState,
  type StaffState,
} from '../state/state'

/** The part of a staff member that decides whether a request rings: compared before and after a change. */
export type Eligibility = Pick<StaffState, 'capacity' | 'load' | 'offer' | 'reservedFor' | 'eligibleIn'>

/**
 * Returns whether this request rings for this staff member: the one rule of `docs/semantics.md` 2. Reads nothing but
 * the state. The result is never stored; the desk emits the difference that each event makes to it.
 */
export function rings(request: RequestState, staff: StaffState, eligibility: Eligibility = staff): boolean {
  if (!isOpenAndPresent(request) || isMutedOrDeclined(request, staff.id)) return false
  if (eligibility.capacity - eligibility.load < request.weight) return false
  if (isReservedForEarlier(request, eligibility)) return false
  return request.activeAudiences.some(
    (audience) => eligibility.eligibleIn.has(audience) && ringsThroughAudience(audience, request, staff, eligibility),
  )
}

/**
 * Returns the staff for whom a request rings, in the order of the audience. The list may be shared: do not change it.
 */
export function ringingStaffIds(request: RequestState): readonly StaffId[] {
  const audience = request.activeAudiences[0]
  if (audience === undefined || !isOpenAndPresent(request)) return noStaffIds
  if (request.activeAudiences.length > 1 || request.weight !== 1 || audience.reservedCount > 0)
    return [...uniqueIdsOf(ringingStaff(request))]
  if (audience.order !== 'all') return offeredStaffIds(request)
  return usesSharedRingSet(request) ? ringableStaffIdsOf(audience) : ringableStaffIdsFor(audience, request)
}

/** Returns whether a request rings for any staff member. */
export function ringsAnyone(request: RequestState): boolean {
  const audience = request.activeAudiences[0]
  if (audience === undefined || !isOpenAndPresent(request)) return false
  if (audience.order === 'all' && request.activeAudiences.length === 1 && request.weight === 1) {
    if (ringableStaffIdsOf(audience).length > muteAndDeclineCount(request) + audience.reservedCount) return true
  }
  return ringingStaff(request).next().done !== true
}

/** Returns whether a request is open and its visitor present. */
export function isOpenAndPresent(request: RequestState): boolean {
  return request.assignment === null && (request.detail === null || request.detail.visitorLeftAt === null)
}

/** Returns whether a request rings for exactly the ringable staff of its one audience, so that it shares their list. */
export function usesSharedRingSet({ activeAudiences, weight, detail }: RequestState): boolean {
  if (activeAudiences.length !== 1 || weight !== 1) return false
  return detail === null || (detail.mutes.size === 0 && detail.declines.size === 0 && detail.visitorLeftAt === null)
}

/** Returns an upper bound of how many staff have muted or declined a request. */
export function muteAndDeclineCount({ detail }: RequestState): number {
  return detail === null ? 0 : detail.mutes.size + detail.declines.size
}

export function isMutedOrDeclined({ detail }: RequestState, staffId: StaffId): boolean {
  return detail !== null && (detail.mutes.has(staffId) || detail.declines.has(staffId))
}

/** Returns the room for another request, less what a selective offer reserves; it may be below 0. */
export function freeCapacityOf({ capacity, load, offer }: Eligibility): number {
  return capacity - load - (offer === null ? 0 : offer.weight)
}

/** Returns whether any of these audiences rings only for staff who hold an offer. */
export function hasSelectiveAudience(audiences: Iterable<Audience>): boolean {
  for (const audience of audiences) if (audience.order !== 'all') return true
  return false
}

/** Returns whether a staff member is kept free for a heavy request that is served before this one. */
export function isReservedForEarlier(request: RequestState, { reservedFor }: Pick<StaffState, 'reservedFor'>): boolean {
  return reservedFor !== null && reservedFor !== request && byServiceOrder(reservedFor, request) < 0
}

/** Returns whether a staff member has room for a request, but an offer or a heavy request reserves the slot. */
export function isSlotReserved(request: RequestState, staff: StaffState): boolean {
  if (staff.capacity - staff.load < request.weight) return false
  if (!request.activeAudiences.some((audience) => staff.eligibleIn.has(audience))) return false
  if (isReservedForEarlier(request, staff)) return true
  return staff.offer !== request && freeCapacityOf(staff) < request.weight
}

/** Returns why a request no longer rings for a staff member, after a change of that person. */
export function stopReasonOf(request: RequestState, staff: StaffState): StopReason {
  if (!isInAudience(request, staff)) return 'removed'
  if (!isPresent(staff) || staff.availability !== 'available') return 'unavailable'
  if (staff.capacity - staff.load < request.weight) return 'at-capacity'
  return isSlotReserved(request, staff) ? 'reserved' : 'off-shift'
}

/** Returns whether a request rings for this staff member only by an offer: no ring-all step reaches them. */
export function requiresOffer({ activeAudiences }: RequestState, staff: StaffState): boolean {
  const own = activeAudiences.filter((audience) => staff.eligibleIn.has(audience))
  return own.length > 0 && own.every((audience) => audience.order !== 'all')
}

/** Returns whether a staff member has room for a request and has not declined it; offers are ignored. */
export function hasCapacityFor(request: RequestState, staff: StaffState): boolean {
  return staff.capacity - staff.load >= request.weight && request.detail?.declines.has(staff.id) !== true
}

/** Returns whether a staff member belongs by roster to an active audience of a request, and has not declined it. */
export function isInAudience(request: RequestState, staff: StaffState): boolean {
  if (request.detail?.declines.has(staff.id) === true) return false
  for (const audience of request.activeAudiences) if (audience.members.has(staff)) return true
  return false
}

/** Returns whether no staff of the active steps are eligible; staff who declined do not count. */
export function hasNoEligibleStaff({ activeAudiences, detail }: RequestState): boolean {
  for (const audience of activeAudiences) {
    if (detail === null || detail.declines.size === 0) {
      if (audience.eligible.size > 0) return false
      continue
    }
    for (const staff of audience.eligible) if (!detail.declines.has(staff.id)) return false
  }
  return true
}

/** Returns the open requests that a staff member may accept: those of their audiences, and chats they transferred. */
export function openRequestsOf({ givenChats }: DeskState, staff: StaffState): Set<RequestState> {
  const requests = new Set<RequestState>(givenChats.get(staff.id))
  for (const audience of staff.audiences) {
    for (const request of audience.sharedRingSet) requests.add(request)
    for (const request of audience.ownRingSet) if (isInAudience(request, staff)) requests.add(request)
  }
  return requests
}

const noStaffIds: readonly never[] = []

function ringsThroughAudience(
  audience: Audience,
  request: RequestState,
  staff: StaffState,
  eligibility: Eligibility,
): boolean {
  if (audience.order !== 'all') return request.detail?.offers.has(staff) === true
  if (eligibility.offer === null || eligibility.offer === request) return true
  return freeCapacityOf(eligibility) >= request.weight
}

export function ringableStaffIdsOf(audience: Audience): readonly StaffId[] {
  if (audience.ringableStaffIds !== null) return audience.ringableStaffIds
  const ids: StaffId[] = []
  for (const staff of audience.eligible) if (freeCapacityOf(staff) >= 1) ids.push(staff.id)
  audience.ringableStaffIds = ids
  return ids
}

/** Returns a copy of the list without the staff who muted or declined: they are few, so each is searched for. */
function ringableStaffIdsFor(audience: Audience, { detail }: RequestState): readonly StaffId[] {
  const ids = [...ringableStaffIdsOf(audience)]
  if (detail === null) return ids
  for (const id of detail.mutes.keys()) removeId(ids, id)
  for (const id of detail.declines) removeId(ids, id)
  return ids
}

function removeId(ids: StaffId[], id: StaffId): void {
  const index = ids.indexOf(id)
  if (index >= 0) ids.splice(index, 1)
}

function offeredStaffIds({ detail }: RequestState): readonly StaffId[] {
  return detail === null || detail.offers.size === 0 ? noStaffIds : [...uniqueIdsOf(detail.offers.keys())]
}

function* ringingStaff(request: RequestState): Generator<StaffState> {
  for (const audience of request.activeAudiences) {
    const candidates = audience.order === 'all' ? audience.eligible : (request.detail?.offers.keys() ?? noStaffIds)
    for (const staff of candidates) if (rings(request, staff)) yield staff
  }
}

/** Returns the ids without repeats: one staff member may be in the audiences of several steps. */
function uniqueIdsOf(staff: Iterable<StaffState>): Set<StaffId> {
  const ids = new Set<StaffId>()
  for (const { id } of staff) ids.add(id)
  return ids
}
