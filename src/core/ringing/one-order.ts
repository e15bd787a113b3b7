import { SortedList } from '../collections/sorted-list'
import {
  type Audience,
  byServiceOrder,
  type DeskState,
  type RequestState,
  type RingAllQueue,
  type StaffState,
} from '../state/state'
import { freeCapacityOf, isMutedOrDeclined, isOpenAndPresent, isReservedForEarlier, muteAndDeclineCount } from './rings'

/**
 * Keeps one order of service for ring-all and selective requests. Returns whether an offer leaves enough free slots, in
 * every ring-all audience of the staff member, for the ring-all requests that are served before it. `chosen`: the staff
 * who get the same offer already. Reads the audiences of one staff member, never all open requests.
 */
export function leavesRoomForEarlier(
  state: DeskState,
  request: RequestState,
  staff: StaffState,
  chosen: readonly StaffState[],
): boolean {
  for (const audience of staff.eligibleIn) {
    if (audience.order !== 'all' || audience.sharedRingSet.size + audience.ownRingSet.size === 0) continue
    if (leavesRoomIn(state, audience, request, { staff, chosen })) continue
    audience.isBlocking = true
    return false
  }
  return true
}

interface Taking {
  readonly staff: StaffState
  readonly chosen: readonly StaffState[]
}

function leavesRoomIn(state: DeskState, audience: Audience, request: RequestState, taking: Taking): boolean {
  const { staff, chosen } = taking
  let free = audience.freeWeight - request.weight
  for (const other of chosen) if (other.eligibleIn.has(audience)) free -= request.weight
  for (const other of state.reservedStaff) {
    const isKept = other !== staff && other.eligibleIn.has(audience) && isReservedForEarlier(request, other)
    if (isKept) free -= Math.max(0, freeCapacityOf(other))
  }
  if (audience.ownRingSet.size === 0 && free >= audience.sharedRingSet.size) return true
  const { requests, special } = ringAllQueueOf(audience)
  let weight = requests.indexOf(request)
  for (const earlier of special) {
    if (earlier === request || byServiceOrder(earlier, request) > 0) continue
    weight -= 1
    if (!needsSlotOf(earlier, staff)) continue
    weight += earlier.weight
    if (takesLastRoom(request, earlier, taking)) return false
  }
  return free >= weight
}

/**
 * Returns whether a ring-all request needs a slot of this staff member: they could be rung for it, and it
 * reserves no other staff member.
 */
function needsSlotOf(request: RequestState, staff: StaffState): boolean {
  const reserved = request.detail?.reservedStaff ?? null
  if (reserved !== null && reserved !== staff) return false
  return request.weight <= staff.capacity && !isMutedOrDeclined(request, staff.id)
}

/** Returns whether an offer leaves no staff member with room for a heavy request for which this one has room now. */
function takesLastRoom(request: RequestState, earlier: RequestState, { staff, chosen }: Taking): boolean {
  const { weight } = earlier
  const free = freeCapacityOf(staff)
  if (weight === 1 || free < weight || free - request.weight >= weight) return false
  for (const audience of earlier.activeAudiences) {
    for (const other of audience.eligible) {
      if (other === staff || chosen.includes(other) || freeCapacityOf(other) < weight) continue
      if (!isMutedOrDeclined(earlier, other.id) && !isReservedForEarlier(earlier, other)) return false
    }
  }
  for (const audience of earlier.activeAudiences) audience.isBlocking = true
  return true
}

function ringAllQueueOf(audience: Audience): RingAllQueue {
  if (audience.ringAllQueue !== null) return audience.ringAllQueue
  const queue: RingAllQueue = { requests: new SortedList(byServiceOrder), special: new Set() }
  const open = [...audience.sharedRingSet, ...audience.ownRingSet].filter(isOpenAndPresent)
  for (const request of open.sort(byServiceOrder)) addToQueue(queue, request)
  audience.ringAllQueue = queue
  return queue
}

function addToQueue({ requests, special }: RingAllQueue, request: RequestState): void {
  requests.add(request)
  if (request.weight !== 1 || muteAndDeclineCount(request) > 0) special.add(request)
  else special.delete(request)
}

/** Updates the queues that hold a request. To be called after each change of it, with its former audiences. */
export function updateQueues(state: DeskState, request: RequestState, former: readonly Audience[]): void {
  const { activeAudiences } = request
  const isOpen = activeAudiences.length > 0 && isOpenAndPresent(request)
  for (const audience of former) if (!activeAudiences.includes(audience)) removeFromQueue(audience, request)
  for (const audience of activeAudiences) {
    if (audience.ringAllQueue !== null && isOpen) addToQueue(audience.ringAllQueue, request)
    else removeFromQueue(audience, request)
  }
  for (const audience of former) unblock(state, audience)
  if (request.weight === 1) return
  if (isOpen) state.heavyRequests.add(request)
  else state.heavyRequests.delete(request)
}

/**
 * Removes a request from the queues. To be called before it changes its place in the order of service, since lists are
 * searched by that order.
 */
export function leaveQueues(state: DeskState, request: RequestState): void {
  for (const audience of request.activeAudiences) removeFromQueue(audience, request)
  state.heavyRequests.delete(request)
}

function removeFromQueue({ ringAllQueue }: Audience, request: RequestState): void {
  ringAllQueue?.requests.delete(request)
  ringAllQueue?.special.delete(request)
}

/** Has blocked offers searched again. To be called when the requests or the free slots of an audience change. */
export function unblock(state: DeskState, audience: Audience): void {
  if (!audience.isBlocking) return
  audience.isBlocking = false
  state.hasUnblockedOffers = true
}
