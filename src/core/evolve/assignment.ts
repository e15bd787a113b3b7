import type { EdgeCollector } from '../messages/edge'
import type { EventOf } from '../messages/event'
import type { ClosedOutcome } from '../messages/refusal'
import { everyoneRoute } from '../model/route'
import { staffIdsNamedBy } from '../ringing/audience'
import { scheduleRequest, scheduleWrapUp } from '../ringing/next-action'
import { removeOpenOffer } from '../ringing/offers'
import { changeLoad, changeRequest } from '../ringing/ring-changes'
import {
  clearRinging,
  detailOf,
  leaveWorkflow,
  removeRequestOfVisitor,
  returnToWorkflow,
  setTransfer,
  wrapUpsOf,
} from '../state/request-detail'
import {
  type Assignment,
  type DeskState,
  isPresent,
  type RequestDetail,
  type RequestState,
  type StaffState,
  type WrapUp,
} from '../state/state'
import { ringFromStep } from './request'

export function visitorWrote(
  state: DeskState,
  _edges: EdgeCollector,
  request: RequestState,
  { at }: EventOf<'visitor.wrote'>,
): void {
  if (request.assignment !== null) request.assignment.replySinceAt = at
  scheduleRequest(state, request)
}

export function requestReplied(state: DeskState, _edges: EdgeCollector, request: RequestState): void {
  const { assignment } = request
  if (assignment !== null) {
    assignment.firstReplySinceAt = null
    assignment.replySinceAt = null
    assignment.silentSinceAt = null
  }
  state.changes?.addRequest(request.id)
  scheduleRequest(state, request)
}

interface AssignmentDetails {
  /** Why the request stops for the staff for whom it rang. */
  readonly stopReason?: 'accepted' | 'transferred'
  readonly staffId: string
  readonly assignmentId: string
  /** The supervisor who assigned it; left out or `null`: the staff member has shown to be there. */
  readonly by?: string | null
  readonly at: number
}

/** Assigns the request, also when a transfer returns to the staff member who gave it. */
export function requestAccepted(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  details: AssignmentDetails,
): void {
  const { stopReason = 'accepted', staffId, assignmentId, by = null, at } = details
  const staff = state.staff.get(staffId)
  if (staff === undefined) return
  const previous = request.assignment
  changeRequest(state, edges, request, { reason: stopReason, by: staffId, acceptedBy: staff }, () => {
    const isReplyOwed = request.detail?.isReplyOwed === true || (previous !== null && previous.replySinceAt !== null)
    request.assignment = {
      id: assignmentId,
      assignmentNumber: nextAssignmentNumber(request),
      staff,
      at,
      absentSinceAt: by === null || by === staffId || isPresent(staff) ? null : at,
      isAbsenceReported: false,
      firstReplySinceAt: at,
      replySinceAt: isReplyOwed ? at : null,
      silentSinceAt: null,
    }
    request.activeAudiences = noAudiences
    if (request.detail !== null) clearAtAccept(state, request, request.detail, staff)
  })
  if (previous !== null) freeSlot(state, edges, previous.staff, request, at)
  changeLoad(state, edges, staff, () => {
    if (staff.offer === request) staff.offer = null
    if (request.detail !== null) for (const wrapUp of wrapUpsOf(state, request, staff)) endWrapUp(state, wrapUp)
    staff.load += request.weight
    staff.chats.add(request)
    staff.missedOffers = 0
    staff.idleSinceAt = at
  })
  state.lastStaff.set(request.visitorId, staffId)
}

const noAudiences: readonly never[] = []

/** Returns the number of a request's next assignment, from 1: `decide` forms its id, `evolve` counts it. */
export function nextAssignmentNumber({ assignment, detail }: RequestState): number {
  return (assignment?.assignmentNumber ?? detail?.assignmentCount ?? 0) + 1
}

function clearAtAccept(state: DeskState, request: RequestState, detail: RequestDetail, { id }: StaffState): void {
  setTransfer(state, request, null)
  clearRinging(detail)
  detail.silent.delete(id)
  detail.isReplyOwed = false
}

function freeSlot(state: DeskState, edges: EdgeCollector, staff: StaffState, request: RequestState, at: number): void {
  changeLoad(state, edges, staff, () => {
    staff.chats.delete(request)
    staff.load -= request.weight
    staff.idleSinceAt = at
  })
}

interface ReopenDetails {
  readonly step: number
  readonly at: number
  /** The staff member for whom the request is muted from the start: until another step starts, or a reminder. */
  readonly mutedFor: string | null
  /** Whether the slot stays occupied for a while. */
  readonly hasWrapUp: boolean
}

/** Opens an assigned request again, so that it rings with its own age and place in the order of service. */
function reopen(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  { step, at, mutedFor, hasWrapUp }: ReopenDetails,
): void {
  const { assignment } = request
  changeRequest(state, edges, request, { reason: 'transferred' }, () => {
    const detail = detailOf(request)
    if (assignment !== null) {
      detail.assignmentCount = assignment.assignmentNumber
      detail.isReplyOwed = assignment.replySinceAt !== null
    }
    request.assignment = null
    detail.routedAt = at
    detail.reopenedAt = at
    ringFromStep(state, request, step)
    if (mutedFor !== null) detail.mutes.set(mutedFor, { sinceAt: at, untilAt: null })
  })
  if (assignment === null) return
  if (hasWrapUp) startWrapUp(state, request, assignment, at)
  else freeSlot(state, edges, assignment.staff, request, at)
}

export function requestReleased(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  event: EventOf<'request.released'>,
): void {
  const { exclude, by, staffId, cause, route, step, at } = event
  const detail = detailOf(request)
  if (exclude) detail.declines.add(state.staff.has(by) ? by : staffId)
  const mutedFor = cause === 'no-reply' || cause === 'assignee-absent' ? staffId : null
  if (mutedFor !== null) detail.silent.add(mutedFor)
  if (route === 'workflow') returnToWorkflow(request, detail)
  reopen(state, edges, request, { step, at, mutedFor, hasWrapUp: false })
}

export function requestTransferred(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  event: EventOf<'request.transferred'>,
): void {
  const { route, step, at, staffId, by, wrapUpUntilAt } = event
  const named = staffIdsNamedBy(route)
  detailOf(request).transferredBy = by
  setTransfer(state, request, staffId === null ? null : { by: staffId, sinceAt: at })
  if (staffId === null) return redirect(state, edges, request, event)
  askAgain(request, named)
  leaveWorkflow(request, route)
  const mutedFor = named.includes(staffId) ? null : staffId
  reopen(state, edges, request, { step, at, mutedFor, hasWrapUp: wrapUpUntilAt !== null })
}

/** Lifts the declines of staff whom a transfer names, and forgets that they were silent. */
function askAgain({ detail }: RequestState, named: readonly string[]): void {
  for (const each of named) {
    detail?.declines.delete(each)
    detail?.silent.delete(each)
  }
}

/** Rings an open request on another route, with its own age and place in the order of service. */
function redirect(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  { route, step, at }: EventOf<'request.transferred'>,
): void {
  removeOpenOffer(request)
  changeRequest(state, edges, request, { reason: 'transferred' }, () => {
    const detail = detailOf(request)
    askAgain(request, staffIdsNamedBy(route))
    detail.routedAt = at
    detail.unattendedCause = null
    detail.offers.clear()
    leaveWorkflow(request, route)
    ringFromStep(state, request, step)
  })
}

export function transferReturned(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  event: EventOf<'transfer.returned'>,
): void {
  const detail = detailOf(request)
  setTransfer(state, request, null)
  if (event.to !== null) {
    return requestAccepted(state, edges, request, {
      ...event.to,
      stopReason: 'transferred',
      at: event.at,
    })
  }
  changeRequest(state, edges, request, { reason: 'rerouted' }, () => {
    detail.routedAt = event.at
    detail.offers.clear()
    leaveWorkflow(request, everyoneRoute)
    ringFromStep(state, request, 0)
  })
}

export function requestClosed(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  event: EventOf<'request.closed'>,
): void {
  const { requestId, outcome, wrapUpUntilAt, at } = event
  const { assignment } = request
  state.requests.delete(requestId)
  removeRequestOfVisitor(state, request)
  state.closed.set(requestId, outcome)
  changeRequest(state, edges, request, { reason: stopReasons[outcome] }, () => {
    request.activeAudiences = noAudiences
    setTransfer(state, request, null)
    if (request.detail !== null) clearRinging(request.detail)
  })
  if (assignment === null) return
  if (wrapUpUntilAt === null) return freeSlot(state, edges, assignment.staff, request, at)
  startWrapUp(state, request, assignment, at)
}

/** Keeps the slot of a chat occupied for the work after it. */
function startWrapUp(state: DeskState, request: RequestState, { id, staff }: Assignment, at: number): void {
  staff.chats.delete(request)
  const { id: requestId, visitorId, weight } = request
  const wrapUp: WrapUp = { assignmentId: id, requestId, visitorId, staff, weight, sinceAt: at, heapIndex: -1 }
  state.wrapUps.set(id, wrapUp)
  scheduleWrapUp(state, wrapUp)
}

/** An assigned request does not ring, so `ended` causes no edge. */
const stopReasons = {
  ended: 'cancelled',
  cancelled: 'cancelled',
  abandoned: 'abandoned',
  expired: 'expired',
} as const satisfies Record<ClosedOutcome, string>

export function wrapUpEnded(
  state: DeskState,
  edges: EdgeCollector,
  { assignmentId, at }: EventOf<'wrapUp.ended'>,
): void {
  const wrapUp = state.wrapUps.get(assignmentId)
  if (wrapUp === undefined) return
  changeLoad(state, edges, wrapUp.staff, () => {
    endWrapUp(state, wrapUp)
    wrapUp.staff.idleSinceAt = at
  })
}

function endWrapUp(state: DeskState, wrapUp: WrapUp): void {
  state.wrapUps.delete(wrapUp.assignmentId)
  state.deadlines.wrapUps.set(wrapUp, Number.POSITIVE_INFINITY)
  wrapUp.staff.load -= wrapUp.weight
}
