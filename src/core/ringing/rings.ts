import type { StaffId } from '../model/ids'
import type { Audience, RequestState, StaffState } from '../state/state'

/**
 * What of a staff member decides whether something rings for them: read before and after a change to find its edges.
 */
export type Eligibility = Pick<StaffState, 'capacity' | 'load' | 'offer' | 'reachableIn'>

/**
 * The one rule (SEMANTICS 2): whether this request rings for this person. Reads nothing but the state. The desk never
 * stores the answer; it emits the difference that each event makes to it.
 */
export function rings(request: RequestState, staff: StaffState, standing: Eligibility = staff): boolean {
  if (!isOpenAndPresent(request) || isMutedOrDeclined(request, staff.id)) return false
  if (standing.capacity - standing.load < request.weight) return false
  return request.activeAudiences.some(
    (rung) => standing.reachableIn.has(rung) && ringsThroughAudience(rung, request, staff, standing),
  )
}

/** Everybody for whom a request rings, in the order of the audience. Shared when it can be: do not change it. */
export function ringingStaffIds(request: RequestState): readonly StaffId[] {
  const rung = request.activeAudiences[0]
  if (rung === undefined || !isOpenAndPresent(request)) return noStaffIds
  if (request.activeAudiences.length > 1 || request.weight !== 1) return [...uniqueIdsOf(ringingStaff(request))]
  if (rung.order !== 'all') return offeredStaffIds(request)
  return usesSharedRingSet(request) ? ringableStaffIdsOf(rung) : ringableStaffIdsFor(rung, request)
}

/** Whether it rings for anybody. */
export function ringsAnyone(request: RequestState): boolean {
  const rung = request.activeAudiences[0]
  if (rung === undefined || !isOpenAndPresent(request)) return false
  if (rung.order === 'all' && request.activeAudiences.length === 1 && request.weight === 1) {
    if (ringableStaffIdsOf(rung).length > muteAndDeclineCount(request)) return true
  }
  return ringingStaff(request).next().done !== true
}

/** Open, and its visitor is there. */
export function isOpenAndPresent(request: RequestState): boolean {
  return request.assignment === null && (request.detail === null || request.detail.visitorLeftAt === null)
}

/** Whether its ring set is just the audience's: nothing about it needs a look of its own. */
export function usesSharedRingSet({ activeAudiences, weight, detail }: RequestState): boolean {
  if (activeAudiences.length !== 1 || weight !== 1) return false
  return detail === null || (detail.mutes.size === 0 && detail.declines.size === 0 && detail.visitorLeftAt === null)
}

/** At least as many as have silenced it. */
function muteAndDeclineCount({ detail }: RequestState): number {
  return detail === null ? 0 : detail.mutes.size + detail.declines.size
}

export function isMutedOrDeclined({ detail }: RequestState, staffId: StaffId): boolean {
  return detail !== null && (detail.mutes.has(staffId) || detail.declines.has(staffId))
}

/** Room for another request: what the selective offer in hand reserves is taken. */
export function freeCapacityOf({ capacity, load, offer }: Eligibility): number {
  return capacity - load - (offer === null ? 0 : offer.weight)
}

/** Whether it takes an offer to ring this person: a selective step means them, and no other rings them anyway. */
export function requiresOffer({ activeAudiences }: RequestState, staff: StaffState): boolean {
  const meant = activeAudiences.filter((rung) => staff.reachableIn.has(rung))
  return meant.length > 0 && meant.every((rung) => rung.order !== 'all')
}

/** Whether a person could take it as far as presence, shift and room go, offers in hand left aside. */
export function hasCapacityFor(request: RequestState, staff: StaffState): boolean {
  return staff.capacity - staff.load >= request.weight && request.detail?.declines.has(staff.id) !== true
}

/** Belongs to what the request rings, by roster, and has not declined it. */
export function isInAudience(request: RequestState, staff: StaffState): boolean {
  return (
    request.activeAudiences.some((rung) => rung.members.has(staff)) && request.detail?.declines.has(staff.id) !== true
  )
}

/** Nobody of the route as far as it has come is present, available and on shift. */
export function hasNoEligibleStaff({ activeAudiences, detail }: RequestState): boolean {
  for (const rung of activeAudiences) {
    if (detail === null || detail.declines.size === 0) {
      if (rung.eligible.size > 0) return false
      continue
    }
    for (const staff of rung.eligible) if (!detail.declines.has(staff.id)) return false
  }
  return true
}

export function openRequestsOf(staff: StaffState): Set<RequestState> {
  const requests = new Set<RequestState>()
  for (const audience of staff.audiences) {
    for (const request of audience.sharedRingSet) requests.add(request)
    for (const request of audience.ownRingSet) if (isInAudience(request, staff)) requests.add(request)
  }
  return requests
}

const noStaffIds: readonly never[] = []

function ringsThroughAudience(
  rung: Audience,
  request: RequestState,
  staff: StaffState,
  standing: Eligibility,
): boolean {
  if (rung.order !== 'all') return request.detail?.offers.has(staff) === true
  if (standing.offer === null || standing.offer === request) return true
  return freeCapacityOf(standing) >= request.weight
}

function ringableStaffIdsOf(rung: Audience): readonly StaffId[] {
  if (rung.ringableStaffIds !== null) return rung.ringableStaffIds
  const ids: StaffId[] = []
  for (const staff of rung.eligible) if (freeCapacityOf(staff) >= 1) ids.push(staff.id)
  rung.ringableStaffIds = ids
  return ids
}

/** Those who silenced it are few, those who are rung many: so they are looked for one by one and cut out. */
function ringableStaffIdsFor(rung: Audience, { detail }: RequestState): readonly StaffId[] {
  const ids = [...ringableStaffIdsOf(rung)]
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
  for (const rung of request.activeAudiences) {
    const candidates = rung.order === 'all' ? rung.eligible : (request.detail?.offers.keys() ?? noStaffIds)
    for (const staff of candidates) if (rings(request, staff)) yield staff
  }
}

/** Unique: somebody may stand in the audiences of several steps. */
function uniqueIdsOf(staff: Iterable<StaffState>): Set<StaffId> {
  const ids = new Set<StaffId>()
  for (const { id } of staff) ids.add(id)
  return ids
}
