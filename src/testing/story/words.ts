import {
  completeRoute,
  type DomainEvent,
  defaultPolicy,
  type Policy,
  type RequestId,
  type RingEdge,
  type RouteInput,
  type Staff,
  type StaffId,
  type StopEdge,
  type StopReason,
  type VisitorId,
} from '../../core'

/** The past of a story, in the desk's own words. Everything happens at instant 0 unless `at` says otherwise. */

/** The desk's policy from now on; what is left out has its default. */
export function policy(changes: Partial<Policy>, at = 0): DomainEvent {
  return { type: 'policy.set', policy: { ...defaultPolicy, ...changes }, at }
}

/** Somebody of the roster who is not there. */
export function absent(staff: Staff | StaffId, at = 0): DomainEvent {
  return { type: 'staff.set', staff: described(staff), at }
}

/** Somebody of the roster who is there, with one session that does not end by itself. */
export function present(staff: Staff | StaffId, at = 0): readonly DomainEvent[] {
  const staffId = described(staff).id
  return [absent(staff, at), { type: 'session.started', staffId, sessionId: 'tab', leaseUntilAt: null, at }]
}

/** What a story may say of a request; the rest has its default. */
export interface Opening {
  /** Where it goes. Default: everyone. */
  readonly route?: RouteInput
  readonly visitorId?: VisitorId
  readonly weight?: number
  readonly priority?: number
  /** The step it starts with. Default 0. */
  readonly step?: number
  readonly at?: number
}

/** A request, ringing from its first step on. */
export function opened(requestId: RequestId, opening: Opening = {}): DomainEvent {
  const { route = { to: 'everyone' }, visitorId = `visitor of ${requestId}`, weight = 1, priority = 0 } = opening
  const verdict = { workflow: null, route: completeRoute(route), priority, tags: [] }
  const { step = 0, at = 0 } = opening
  return { type: 'request.opened', requestId, visitorId, facts: {}, weight, verdict, step, at }
}

/** A mute, or a snooze when `untilAt` says when it ends. */
export function muted(requestId: RequestId, staffId: StaffId, untilAt: number | null = null): DomainEvent {
  return { type: 'request.muted', requestId, staffId, untilAt, at: 0 }
}

/** A chat in hand. */
export function accepted(requestId: RequestId, staffId: StaffId, at = 0): DomainEvent {
  const assignmentId = `${requestId}/1`
  return { type: 'request.accepted', requestId, staffId, assignmentId, by: null, replyDueAt: null, at }
}

/** An edge that starts. */
export function ring(requestId: RequestId, staffIds: readonly StaffId[]): RingEdge {
  return { type: 'ring', requestId, staffIds }
}

/** An edge that ends, why, and through whom. */
export function stop(
  requestId: RequestId,
  staffIds: readonly StaffId[],
  reason: StopReason,
  by: string | null = null,
): StopEdge {
  return { type: 'stop', requestId, staffIds, reason, by }
}

function described(staff: Staff | StaffId): Staff {
  return typeof staff === 'string' ? { id: staff } : staff
}
