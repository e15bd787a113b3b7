import { SparseMap, SparseSet } from '../collections/sparse-map'
import type { AssignmentId, RequestId, VisitorId } from '../model/ids'
import type { Route } from '../model/route'
import type { DeskState, RequestDetail, RequestState, StaffState, WrapUp } from './state'

/** Returns the sparse part of a request, created at first use. */
export function detailOf(request: RequestState): RequestDetail {
  request.detail ??= {
    mutes: new SparseMap(),
    declines: new SparseSet(),
    silent: new SparseSet(),
    offers: new SparseMap(),
    missedThisRound: new SparseSet(),
    missed: new SparseMap(),
    roundEndedAt: null,
    reservedStaff: null,
    routedAt: null,
    reopenedAt: null,
    assignmentCount: 0,
    isReplyOwed: false,
    visitorLeftAt: null,
    unattendedCause: null,
    allMutedSinceAt: null,
    longWaitReportedAt: null,
    longWaitReports: 0,
    transfer: null,
    transferredBy: null,
    workflowRoute: null,
  }
  return request.detail
}

/** Clears what ringing has recorded of a request; declines, the assignment count and the visitor's absence stay. */
export function clearRinging(detail: RequestDetail): void {
  detail.mutes.clear()
  detail.offers.clear()
  detail.missedThisRound.clear()
  detail.missed.clear()
  detail.roundEndedAt = null
  detail.unattendedCause = null
  detail.allMutedSinceAt = null
  detail.longWaitReportedAt = null
  detail.longWaitReports = 0
}

/** Puts a request on another route than that of its workflow, which is kept. */
export function leaveWorkflow(request: RequestState, route: Route): void {
  const detail = detailOf(request)
  const { workflow, route: former } = request.routingResult
  detail.workflowRoute ??= { workflow, route: former }
  request.routingResult = { ...request.routingResult, workflow: null, route }
}

/** Puts a request back on the route that its workflow gave it. */
export function returnToWorkflow(request: RequestState, detail: RequestDetail): void {
  if (detail.workflowRoute === null) return
  request.routingResult = { ...request.routingResult, ...detail.workflowRoute }
  detail.workflowRoute = null
  detail.transferredBy = null
}

/** Sets or ends the pending transfer of a request, and adds it to or removes it from the given chats of its giver. */
export function setTransfer(state: DeskState, request: RequestState, transfer: RequestDetail['transfer']): void {
  const before = request.detail?.transfer ?? null
  if (before !== null) removeGivenChat(state, before.by, request)
  if (before === null && transfer === null) return
  detailOf(request).transfer = transfer
  if (transfer === null) return
  const given = state.givenChats.get(transfer.by) ?? new Set()
  state.givenChats.set(transfer.by, given.add(request))
}

function removeGivenChat({ givenChats }: DeskState, by: string, request: RequestState): void {
  const given = givenChats.get(by)
  if (given?.delete(request) === true && given.size === 0) givenChats.delete(by)
}

/** Returns whether a staff member transferred this chat and it is not accepted yet: the giver may accept it. */
export function isGiverOf({ assignment, detail }: RequestState, staff: StaffState): boolean {
  return assignment === null && detail !== null && detail.transfer !== null && detail.transfer.by === staff.id
}

/** Returns the wrap-ups that a staff member has of this request. They end when that person accepts it again. */
export function wrapUpsOf({ wrapUps }: DeskState, { id, detail }: RequestState, staff: StaffState): readonly WrapUp[] {
  const found: WrapUp[] = []
  for (let number = 1; number <= (detail?.assignmentCount ?? 0); number += 1) {
    const wrapUp = wrapUps.get(assignmentIdOf(id, number))
    if (wrapUp?.staff === staff) found.push(wrapUp)
  }
  return found
}

/** Returns the room of a staff member for a request: their own wrap-ups of it do not count. It may be below 0. */
export function roomFor(state: DeskState, request: RequestState, staff: StaffState): number {
  const room = staff.capacity - staff.load
  if (request.detail === null) return room
  return wrapUpsOf(state, request, staff).reduce((sum, { weight }) => sum + weight, room)
}

/** Returns the id of the assignment of a request with a number: the same on every node and at every replay. */
export function assignmentIdOf(requestId: RequestId, assignmentNumber: number): AssignmentId {
  return `${requestId}/${assignmentNumber}`
}

/** Returns the requests of a visitor, open and assigned, oldest first: rarely more than one. */
export function requestsOfVisitor(state: DeskState, visitorId: VisitorId): readonly RequestState[] {
  const found = state.requestsByVisitor.get(visitorId)
  if (found === undefined) return none
  return isList(found) ? found : [found]
}

/**
 * Returns the request that a visitor gets back instead of another one: the newest open one, else the newest chat;
 * `undefined` while the visitor has fewer than `requestsPerVisitorMax`.
 */
export function requestToRepeat(state: DeskState, visitorId: VisitorId): RequestState | undefined {
  const found = state.requestsByVisitor.get(visitorId)
  if (found === undefined) return undefined
  const max = state.policy.requestsPerVisitorMax
  if (!isList(found)) return max > 1 ? undefined : found
  return found.length < max ? undefined : (found.findLast(isOpen) ?? found.at(-1))
}

export function addRequestOfVisitor(state: DeskState, request: RequestState): void {
  const others = requestsOfVisitor(state, request.visitorId)
  state.requestsByVisitor.set(request.visitorId, others.length === 0 ? request : [...others, request])
}

export function removeRequestOfVisitor(state: DeskState, request: RequestState): void {
  const { visitorId } = request
  const others = requestsOfVisitor(state, visitorId).filter((each) => each !== request)
  const first = others[0]
  if (first === undefined) state.requestsByVisitor.delete(visitorId)
  else state.requestsByVisitor.set(visitorId, others.length === 1 ? first : others)
}

const none: readonly never[] = []

function isOpen({ assignment }: RequestState): boolean {
  return assignment === null
}

function isList(found: RequestState | readonly RequestState[]): found is readonly RequestState[] {
  return Array.isArray(found)
}
