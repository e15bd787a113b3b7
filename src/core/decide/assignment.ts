import { nextAssignmentNumber } from '../evolve/assignment'
import type { CommandOf } from '../messages/command'
import type { DomainEvent, EventOf, ReleaseCause } from '../messages/event'
import type { AssignmentId } from '../model/ids'
import { notInAudienceReason, staffIdsNamedBy } from '../ringing/audience'
import { isInAudience } from '../ringing/rings'
import { resolveReturn, resolveStartStep, seekerOf } from '../ringing/steps'
import { isGiverOf, roomFor } from '../state/request-detail'
import type { DeskState, RequestState, StaffState } from '../state/state'
import { closedOrUnknownRequest, type Decision, decided, isRefusal, refused, unchanged, unknownStaff } from './decision'
import { closeEvent, wrapUpEndOf } from './request'

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
  if (load + weight > capacity && roomFor(state, request, staff) < weight)
    return refused({ code: 'at-capacity', requestId, staffId, load, capacity })
  return acceptAs(request, staff, { by: null, at })
}

export function assign(state: DeskState, { requestId, staffId, by, at }: CommandOf<'assign'>): Decision {
  const staff = state.staff.get(staffId)
  if (staff === undefined) return unknownStaff(staffId)
  const request = state.requests.get(requestId)
  if (request === undefined) return closedOrUnknownRequest(state, requestId)
  const { assignment } = request
  if (assignment?.staff === staff) return unchanged({ ok: true, assignmentId: assignment.id, already: true })
  return acceptAs(request, staff, { by, at })
}

function acceptAs(request: RequestState, staff: StaffState, { by, at }: { by: string | null; at: number }): Decision {
  const assignmentId = nextAssignmentId(request)
  const accepted: EventOf<'request.accepted'> = {
    type: 'request.accepted',
    requestId: request.id,
    staffId: staff.id,
    assignmentId,
    by,
    at,
  }
  return { events: [accepted], outcome: { ok: true, assignmentId, already: false } }
}

/** Returns the id of a request's next assignment: the same on every node and at every replay. */
export function nextAssignmentId(request: RequestState): AssignmentId {
  return `${request.id}/${nextAssignmentNumber(request)}`
}

/** Records that the visitor waits for an answer; one who waits already waits on. */
export function visitorWrote(state: DeskState, { requestId, at }: CommandOf<'visitorWrote'>): Decision {
  const request = findAssignedRequest(state, requestId)
  if (isRefusal(request)) return request
  if (request.assignment?.replySinceAt !== null) return unchanged()
  return decided([{ type: 'visitor.wrote', requestId, at }])
}

export function replied(state: DeskState, { requestId, staffId, at }: CommandOf<'replied'>): Decision {
  const request = findAssignedRequest(state, requestId, staffId)
  if (isRefusal(request)) return request
  const { assignment } = request
  if (assignment === null || (assignment.firstReplySinceAt === null && assignment.replySinceAt === null))
    return unchanged()
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
export function releaseEvents(state: DeskState, request: RequestState, how: Release): DomainEvent[] {
  const { id: requestId, assignment, detail } = request
  if (assignment === null) return []
  const staffId = assignment.staff.id
  const excluded = how.exclude && state.staff.has(how.by) ? how.by : staffId
  const leaving = how.cause === 'released' && !how.exclude ? null : excluded
  const returning = resolveReturn(
    state,
    request,
    ({ id }) => id === leaving || detail?.declines.has(id) === true || detail?.silent.has(id) === true,
  )
  return [{ type: 'request.released', requestId, staffId, ...returning, ...how }]
}

interface Release {
  readonly by: string
  readonly cause: ReleaseCause
  readonly exclude: boolean
  readonly at: number
}

/** Puts a chat, or an open request, on a new route. Only a chat has a giver, to whom it returns. */
export function transfer(
  state: DeskState,
  { requestId, by, route, staffId: owner, at }: CommandOf<'transfer'>,
): Decision {
  const request = state.requests.get(requestId)
  if (request === undefined) return closedOrUnknownRequest(state, requestId)
  const step = resolveStartStep(state, route, 0, seekerOf(request, { named: staffIdsNamedBy(route) }))
  const { assignment } = request
  if (assignment === null) {
    if (owner !== undefined) return refused({ code: 'not-assigned', requestId })
    const isOfNobody = { staffId: null, returnAt: null, wrapUpUntilAt: null }
    return decided([{ type: 'request.transferred', requestId, by, route, step, ...isOfNobody, at }])
  }
  const owned = findAssignedRequest(state, requestId, owner)
  if (isRefusal(owned)) return owned
  const staffId = state.staff.has(by) ? by : assignment.staff.id
  const returnAt = at + state.policy.transferMs
  const wrapUpUntilAt = wrapUpEndOf(state, at)
  return decided([{ type: 'request.transferred', requestId, staffId, by, route, step, returnAt, wrapUpUntilAt, at }])
}

/** Returns a request that is assigned, to `owner` if that is given, or the refusal. */
function findAssignedRequest(state: DeskState, requestId: string, owner?: string): RequestState | Decision {
  const request = state.requests.get(requestId)
  if (request === undefined && !state.closed.has(requestId)) return refused({ code: 'unknown-request', requestId })
  if (request?.assignment == null) return refused({ code: 'not-assigned', requestId })
  const by = request.assignment.staff.id
  return owner === undefined || owner === by ? request : refused({ code: 'taken', requestId, by })
}
