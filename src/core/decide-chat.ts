import { startStep } from './advance'
import type { CommandOf } from './command'
import { closing } from './decide-request'
import { type Decision, decided, refused, unchanged } from './decision'
import type { DomainEvent, EventOf, ReleaseCause } from './event'
import { findRequest, findStaff, isDecision, whyNotInAudience } from './lookup'
import type { DeskState, RequestState, StaffState } from './state'
import { nextAssignmentId } from './take'

type ChatCommand = CommandOf<'accept' | 'assign' | 'replied' | 'end' | 'release' | 'transfer'>

/** Taking a request, and all that follows. */
export function decideChat(state: DeskState, command: ChatCommand): Decision {
  switch (command.type) {
    case 'accept':
      return accept(state, command)
    case 'assign':
      return assign(state, command)
    case 'replied':
      return replied(state, command)
    case 'end':
      return end(state, command)
    case 'release':
      return release(state, command)
    case 'transfer':
      return transfer(state, command)
    default:
      return command satisfies never
  }
}

/** Neither away, nor absent, nor off shift forbids it: whoever can press the button is there. */
function accept(state: DeskState, { requestId, staffId, at }: CommandOf<'accept'>): Decision {
  const staff = findStaff(state, staffId)
  if (isDecision(staff)) return staff
  const request = findRequest(state, requestId)
  if (isDecision(request)) return request
  const { assignment, weight } = request
  if (assignment?.staff === staff) return unchanged({ ok: true, assignmentId: assignment.id, already: true })
  if (assignment !== null) return refused({ code: 'taken', requestId, by: assignment.staff.id })
  const why = whyNotInAudience(request, staff)
  if (why !== null) return refused({ code: 'not-in-audience', requestId, staffId, why })
  const { load, capacity } = staff
  if (load + weight > capacity) return refused({ code: 'at-capacity', requestId, staffId, load, capacity })
  return taking(state, request, staff, { by: null, at })
}

function assign(state: DeskState, { requestId, staffId, by, at }: CommandOf<'assign'>): Decision {
  const staff = findStaff(state, staffId)
  if (isDecision(staff)) return staff
  const request = findRequest(state, requestId)
  if (isDecision(request)) return request
  const { assignment } = request
  if (assignment?.staff === staff) return unchanged({ ok: true, assignmentId: assignment.id, already: true })
  return taking(state, request, staff, { by, at })
}

function taking(
  { policy }: DeskState,
  request: RequestState,
  staff: StaffState,
  { by, at }: { by: string | null; at: number },
): Decision {
  const assignmentId = nextAssignmentId(request)
  const replyDueAt = policy.firstReplyMs === null ? null : at + policy.firstReplyMs
  const taken: EventOf<'request.accepted'> = {
    type: 'request.accepted',
    requestId: request.id,
    staffId: staff.id,
    assignmentId,
    by,
    replyDueAt,
    at,
  }
  return decided([taken], { ok: true, assignmentId, already: false })
}

function replied(state: DeskState, { requestId, staffId, at }: CommandOf<'replied'>): Decision {
  const request = findAssigned(state, requestId, staffId)
  if (isDecision(request)) return request
  const { assignment } = request
  if (assignment === null || assignment.replyDueAt === null) return unchanged()
  return decided([{ type: 'request.replied', requestId, staffId: assignment.staff.id, at }])
}

function end(state: DeskState, { requestId, staffId, at }: CommandOf<'end'>): Decision {
  const request = findAssigned(state, requestId, staffId)
  if (isDecision(request)) return request
  return decided([closing(state, request, { outcome: 'ended', reason: null, at })])
}

function release(state: DeskState, { requestId, by, exclude, staffId, at }: CommandOf<'release'>): Decision {
  const request = findAssigned(state, requestId, staffId)
  if (isDecision(request)) return request
  return decided(releasing(state, request, { by, cause: 'released', exclude, at }))
}

/** The event that gives a chat back to the ring; none when nobody has it. */
export function releasing(
  state: DeskState,
  { id: requestId, assignment, verdict }: RequestState,
  how: { readonly by: string; readonly cause: ReleaseCause; readonly exclude: boolean; readonly at: number },
): DomainEvent[] {
  if (assignment === null) return []
  const step = startStep(state, verdict.route, 0)
  return [{ type: 'request.released', requestId, staffId: assignment.staff.id, step, ...how }]
}

function transfer(state: DeskState, { requestId, by, route, staffId: owner, at }: CommandOf<'transfer'>): Decision {
  const request = findAssigned(state, requestId, owner)
  if (isDecision(request)) return request
  const staffId = state.staff.has(by) ? by : (request.assignment?.staff.id ?? by)
  const returnAt = at + state.policy.transferMs
  const step = startStep(state, route, 0)
  return decided([{ type: 'request.transferred', requestId, staffId, by, route, step, returnAt, at }])
}

/** A chat that somebody has; with `owner`, that this person has. */
function findAssigned(state: DeskState, requestId: string, owner?: string): RequestState | Decision {
  const request = state.requests.get(requestId)
  if (request === undefined && !state.closed.has(requestId)) return refused({ code: 'unknown-request', requestId })
  if (request?.assignment == null) return refused({ code: 'not-assigned', requestId })
  const by = request.assignment.staff.id
  return owner === undefined || owner === by ? request : refused({ code: 'taken', requestId, by })
}
