import { nextAssignmentNumber } from '../evolve/assignment'
import type { CommandOf } from '../messages/command'
import type { DomainEvent, EventOf, ReleaseCause } from '../messages/event'
import type { AssignmentId } from '../model/ids'
import { notInAudienceReason } from '../ringing/audience'
import { resolveStartStep } from '../ringing/next-action'
import { isInAudience } from '../ringing/rings'
import { isGiverOf } from '../state/given-chats'
import type { DeskState, RequestState, StaffState } from '../state/state'
import { closedOrUnknownRequest, type Decision, decided, isRefusal, refused, unchanged, unknownStaff } from './decision'
import { closeEvent } from './request'

/** A staff member may accept while away, absent or off shift: the command itself shows that the person is there. */
export function accept(state: DeskState, { requestId, staffId, at }: CommandOf<'accept'>): Decision {
  const staff = state.staff.get(staffId)
  if (staff === undefined) return unknownStaff(staffId)
  const request = state.requests.get(requestId)
  if (request === undefined) return closedOrUnknownRequest(state, requestId)
  const { assignment, weight } = request
  if (assignment?.staff === staff) return unchanged({ ok: true, assignmentId: assignment.id, already: true })
  if (assignment !== null) return refused({ code: 'taken', requestId, by: assignment.staff.id })
  if (!isInAudience(request, staff) && !isGiverOf(request, staff)) {
    return refused({ code: 'not-in-audience', requestId, staffId, reason: notInAudienceReason(request, staff) })
  }
  const { load, capacity } = staff
  if (load + weight > capacity) return refused({ code: 'at-capacity', requestId, staffId, load, capacity })
  return acceptAs(state, request, staff, { by: null, at })
}

export function assign(state: DeskState, { requestId, staffId, by, at }: CommandOf<'assign'>): Decision {
  const staff = state.staff.get(staffId)
  if (staff === undefined) return unknownStaff(staffId)
  const request = state.requests.get(requestId)
  if (request === undefined) return closedOrUnknownRequest(state, requestId)
  const { assignment } = request
  if (assignment?.staff === staff) return unchanged({ ok: true, assignmentId: assignment.id, already: true })
  return acceptAs(state, request, staff, { by, at })
}

function acceptAs(
  { policy }: DeskState,
  request: RequestState,
  staff: StaffState,
  { by, at }: { by: string | null; at: number },
): Decision {
  const assignmentId = nextAssignmentId(request)
  const replyDueAt = policy.firstReplyMs === null ? null : at + policy.firstReplyMs
  const accepted: EventOf<'request.accepted'> = {
    type: 'request.accepted',
    requestId: request.id,
    staffId: staff.id,
    assignmentId,
    by,
    replyDueAt,
    at,
  }
  return { events: [accepted], outcome: { ok: true, assignmentId, already: false } }
}

/** Returns the id of a request's next assignment: the same on every node and at every replay. */
export function nextAssignmentId(request: RequestState): AssignmentId {
  return `${request.id}/${nextAssignmentNumber(request)}`
}

export function replied(state: DeskState, { requestId, staffId, at }: CommandOf<'replied'>): Decision {
  const request = findAssignedRequest(state, requestId, staffId)
  if (isRefusal(request)) return request
  const { assignment } = request
  if (assignment === null || assignment.replyDueAt === null) return unchanged()
  return decided([{ type: 'request.replied', requestId, staffId: assignment.staff.id, at }])
}

export function end(state: DeskState, { requestId, staffId, at }: CommandOf<'end'>): Decision {
  const request = findAssignedRequest(state, requestId, staffId)
  if (isRefusal(request)) return request
  return decided([closeEvent(state, request, { outcome: 'ended', reason: null, at })])
}

export function release(state: DeskState, { requestId, by, exclude, staffId, at }: CommandOf<'release'>): Decision {
  const request = findAssignedRequest(state, requestId, staffId)
  if (isRefusal(request)) return request
  return decided(releaseEvents(state, request, { by, cause: 'released', exclude, at }))
}

/** Returns the event that opens an assigned request again; no event when it is not assigned. */
export function releaseEvents(
  state: DeskState,
  { id: requestId, assignment, routingResult }: RequestState,
  how: { readonly by: string; readonly cause: ReleaseCause; readonly exclude: boolean; readonly at: number },
): DomainEvent[] {
  if (assignment === null) return []
  const step = resolveStartStep(state, routingResult.route, 0)
  return [{ type: 'request.released', requestId, staffId: assignment.staff.id, step, ...how }]
}

/** Puts a chat, or an open request, on a new route. Only a chat has a giver, to whom it returns. */
export function transfer(
  state: DeskState,
  { requestId, by, route, staffId: owner, at }: CommandOf<'transfer'>,
): Decision {
  const request = state.requests.get(requestId)
  if (request === undefined) return closedOrUnknownRequest(state, requestId)
  const step = resolveStartStep(state, route, 0)
  const { assignment } = request
  if (assignment === null) {
    if (owner !== undefined) return refused({ code: 'not-assigned', requestId })
    return decided([{ type: 'request.transferred', requestId, staffId: null, by, route, step, returnAt: null, at }])
  }
  const owned = findAssignedRequest(state, requestId, owner)
  if (isRefusal(owned)) return owned
  const staffId = state.staff.has(by) ? by : assignment.staff.id
  const returnAt = at + state.policy.transferMs
  return decided([{ type: 'request.transferred', requestId, staffId, by, route, step, returnAt, at }])
}

/** Returns a request that is assigned, to `owner` if that is given, or the refusal. */
function findAssignedRequest(state: DeskState, requestId: string, owner?: string): RequestState | Decision {
  const request = state.requests.get(requestId)
  if (request === undefined && !state.closed.has(requestId)) return refused({ code: 'unknown-request', requestId })
  if (request?.assignment == null) return refused({ code: 'not-assigned', requestId })
  const by = request.assignment.staff.id
  return owner === undefined || owner === by ? request : refused({ code: 'taken', requestId, by })
}
