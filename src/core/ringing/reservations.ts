import type { EdgeCollector } from '../messages/edge'
import { compareIds } from '../model/ids'
import { detailOf } from '../state/request-detail'
import type { Audience, DeskState, RequestState, StaffState } from '../state/state'
import { scheduleRequest } from './next-action'
import { addCandidate, removeCandidate, removeOpenOffer } from './offers'
import { leaveQueues } from './one-order'
import { emitStaffEdges } from './ring-changes'
import { freeCapacityOf, isMutedOrDeclined } from './rings'

/**
 * Updates which staff the heavy requests reserve. A request for whose weight no staff member has room reserves the one
 * who lacks the fewest slots, then the one idle the longest, until it is accepted or another staff member has room: no
 * request that is served after it rings for the reserved one. To be called after each event.
 */
export function updateReservations(state: DeskState, edges: EdgeCollector): void {
  const reserved = reservationsOf(state)
  for (const staff of [...state.reservedStaff]) {
    if (!reserved.has(staff)) changeReservation(state, edges, staff, null)
  }
  for (const [staff, request] of reserved) {
    if (staff.reservedFor !== request) changeReservation(state, edges, staff, request)
  }
  for (const { detail } of state.heavyRequests.entries) {
    if (detail !== null && detail.reservedStaff?.reservedFor?.detail !== detail) detail.reservedStaff = null
  }
}

/** Changes the heavy request for which a staff member is kept free, and emits the edges; `null`: no request. */
function changeReservation(
  state: DeskState,
  edges: EdgeCollector,
  staff: StaffState,
  request: RequestState | null,
): void {
  const { capacity, load, offer, reservedFor, eligibleIn } = staff
  removeCandidate(staff)
  if (reservedFor?.detail?.reservedStaff === staff) reservedFor.detail.reservedStaff = null
  if (request !== null) detailOf(request).reservedStaff = staff
  staff.reservedFor = request
  if (request === null) state.reservedStaff.delete(staff)
  else state.reservedStaff.add(staff)
  edges.mayReverse = true
  emitStaffEdges(state, edges, staff, { capacity, load, offer, reservedFor, eligibleIn })
  addCandidate(state, staff)
}

/**
 * To be called before a request changes its place in the order of service, by which lists are searched. The request
 * still names the staff member whom it reserved, until `updateReservations` decides on it in the new place.
 */
export function leaveServiceOrder(state: DeskState, edges: EdgeCollector, request: RequestState): void {
  const { detail } = request
  const reserved = detail?.reservedStaff ?? null
  if (detail !== null && reserved !== null) {
    changeReservation(state, edges, reserved, null)
    detail.reservedStaff = reserved
  }
  removeOpenOffer(request)
  leaveQueues(state, request)
}

/**
 * Removes the edges that one event has made and undone: a slot that becomes free may be reserved at once. To be called
 * after an event by which pairs may have changed back.
 */
export function removeReversedEdges(state: DeskState, edges: EdgeCollector): void {
  edges.removeReversals()
  const rung = new Set(edges.list.map((edge) => (edge.type === 'ring' ? edge.requestId : null)))
  for (const [requestId, cleared] of edges.cleared) {
    const request = state.requests.get(requestId)
    if (request === undefined || rung.has(requestId)) continue
    Object.assign(detailOf(request), cleared)
    scheduleRequest(state, request)
  }
}

/** Returns the request that reserves each staff member, decided in the order of service. */
function reservationsOf(state: DeskState): Map<StaffState, RequestState> {
  const reserved = new Map<StaffState, RequestState>()
  const leastRefused = new Map<Audience, number>()
  for (const request of state.heavyRequests.entries) {
    const { activeAudiences, weight } = request
    const audience = activeAudiences.length === 1 ? activeAudiences[0] : undefined
    if (audience !== undefined && weight >= (leastRefused.get(audience) ?? Number.POSITIVE_INFINITY)) continue
    const staff = staffToReserve(request, reserved)
    if (staff !== null) reserved.set(staff, request)
    else if (audience !== undefined && !hasStaffToReserve(audience, weight, reserved))
      leastRefused.set(audience, weight)
  }
  return reserved
}

/** Returns whether a weight finds staff to reserve; if not, no later request of that weight or above finds any. */
function hasStaffToReserve(
  audience: Audience,
  weight: number,
  reserved: ReadonlyMap<StaffState, RequestState>,
): boolean {
  for (const staff of audience.eligible) {
    if (freeSlotsOf(staff) >= 1 && staff.capacity >= weight && !reserved.has(staff)) return true
  }
  return false
}

/** Returns whom a request reserves; `null` while another staff member has room, or where no free slot can be kept. */
function staffToReserve(request: RequestState, reserved: ReadonlyMap<StaffState, RequestState>): StaffState | null {
  const current = request.detail?.reservedStaff ?? null
  let best: StaffState | null = null
  for (const { eligible } of request.activeAudiences) {
    for (const staff of eligible) {
      if (freeSlotsOf(staff) < 1 || staff.capacity < request.weight) continue
      if (reserved.has(staff) || isMutedOrDeclined(request, staff.id)) continue
      const room = current === null ? freeSlotsOf(staff) : freeCapacityOf(staff)
      if (room >= request.weight && staff !== current) return null
      if (best === null || staff === current || (best !== current && byLack(staff, best) < 0)) best = staff
    }
  }
  return best
}

/** Returns the slots without a chat or wrap-up. An offer does not count: only the end of a reservation waits for it. */
function freeSlotsOf({ capacity, load }: StaffState): number {
  return capacity - load
}

function byLack(one: StaffState, other: StaffState): number {
  return freeSlotsOf(other) - freeSlotsOf(one) || one.idleSinceAt - other.idleSinceAt || compareIds(one.id, other.id)
}
