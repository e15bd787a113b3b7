import type { AssignmentId, Facts, Json, RequestId, SessionId, StaffId, VisitorId } from './ids'
import type { Policy } from './policy'
import type { ClosedOutcome } from './refusal'
import type { Route } from './route'
import type { Shift, ShiftTime } from './shift'
import type { Availability, Staff } from './staff'
import type { Verdict } from './verdict'

/** What happened. The log holds these and nothing else; the state is their fold. */
export type DomainEvent = RosterEvent | PresenceEvent | ShiftEvent | VisitorEvent | RequestEvent

export type RosterEvent =
  | Fact<'policy.set', { policy: Policy }>
  | Fact<'workflows.set', { workflows: readonly Json[] }>
  | Fact<'staff.set', { staff: Staff }>
  | Fact<'staff.removed', { staffId: StaffId }>

export type PresenceEvent =
  | Fact<'session.started', { staffId: StaffId; sessionId: SessionId; leaseUntilAt: number | null }>
  | Fact<'session.renewed', { staffId: StaffId; sessionId: SessionId; leaseUntilAt: number | null }>
  /**
   * `graceUntilAt`: until then the person stays present; `null` while other sessions live, or when there is no grace.
   */
  | Fact<'session.ended', { staffId: StaffId; sessionId: SessionId; cause: SessionEnd; graceUntilAt: number | null }>
  /** The grace after the last session is over: the person is absent. */
  | Fact<'presence.ended', { staffId: StaffId }>
  | Fact<'availability.changed', { staffId: StaffId; availability: Availability }>
  | Fact<'staff.notResponding', { staffId: StaffId; strikes: number }>

export type SessionEnd = 'disconnected' | 'lease-expired'

export type ShiftEvent =
  | Fact<'shifts.set', { shifts: readonly Shift[]; times: readonly ShiftTime[] }>
  | Fact<'shift.started', ShiftTime>
  | Fact<'shift.ended', ShiftTime>

export type VisitorEvent =
  /** `alerted`: the staff who get the notice now; empty for one who was announced before. */
  | Fact<'visitor.arrived', { visitorId: VisitorId; facts: Facts; alerted: readonly StaffId[] }>
  /** `abandonAt`: when the visitor's open request is given up; `null` when there is none. */
  | Fact<'visitor.left', { visitorId: VisitorId; abandonAt: number | null }>
  /** A visitor who left is no longer remembered. */
  | Fact<'visitor.forgotten', { visitorId: VisitorId }>

export type RequestEvent =
  | Fact<'request.opened', RequestOpened>
  /** `untilAt`: when a snooze ends; `null` for a mute. */
  | Fact<'request.muted', Pair & { untilAt: number | null }>
  | Fact<'request.unmuted', Pair>
  | Fact<'snooze.ended', Pair>
  | Fact<'request.declined', Pair & { reason: string | null }>
  | Fact<'request.accepted', RequestAccepted>
  | Fact<'request.replied', Pair>
  | Fact<'request.released', Pair & { by: string; cause: ReleaseCause; exclude: boolean; step: number }>
  | Fact<'request.transferred', Pair & { by: string; route: Route; step: number; returnAt: number }>
  /** Nobody took the transfer: back to who gave it away, or, when they have gone, to everyone. */
  | Fact<'transfer.returned', { requestId: RequestId; to: { staffId: StaffId; assignmentId: AssignmentId } | null }>
  | Fact<'request.rerouted', { requestId: RequestId; verdict: Verdict; step: number }>
  /**
   * `step` equal to the number of the route's steps: widened to everyone because the route's own staff are not there.
   */
  | Fact<'step.started', { requestId: RequestId; step: number; cause: StepCause }>
  | Fact<'request.reminded', { requestId: RequestId }>
  | Fact<'offer.made', { requestId: RequestId; staffIds: readonly StaffId[]; untilAt: number }>
  | Fact<'offer.expired', Pair>
  | Fact<'pass.ended', { requestId: RequestId; restUntilAt: number }>
  | Fact<'pass.started', { requestId: RequestId }>
  /** `nextAt`: when the desk looks again for this cause: the reminder, or the next warning of a long wait. */
  | Fact<'request.unattended', { requestId: RequestId; cause: UnattendedCause; nextAt: number | null }>
  | Fact<'request.closed', RequestClosed>
  /** The wrap-up is over and the slot free. */
  | Fact<'wrapUp.ended', Pair>

export interface RequestOpened {
  readonly requestId: RequestId
  readonly visitorId: VisitorId
  readonly facts: Facts
  readonly weight: number
  readonly verdict: Verdict
  /** The first step that has somebody present. */
  readonly step: number
}

export interface RequestAccepted extends Pair {
  readonly assignmentId: AssignmentId
  /** The supervisor who assigned it; `null` when the staff member took it. */
  readonly by: string | null
  readonly replyDueAt: number | null
}

export interface RequestClosed {
  readonly requestId: RequestId
  readonly outcome: ClosedOutcome
  /** Who had it; `null` when nobody did. */
  readonly staffId: StaffId | null
  readonly reason: string | null
  /** Until then the slot stays taken; `null`: it is free at once. */
  readonly wrapUpUntilAt: number | null
}

export type ReleaseCause = 'released' | 'staff-removed' | 'no-reply'
export type StepCause = 'time' | 'nobody-present' | 'reminder'
export type UnattendedCause = 'all-muted' | 'nobody-reachable' | 'waited-too-long'

interface Pair {
  readonly requestId: RequestId
  readonly staffId: StaffId
}

/** `at`: instant of the command that caused it, in milliseconds since the epoch; never below its predecessor's. */
type Fact<Type extends string, Data> = Readonly<{ type: Type; at: number } & Data>

export type EventType = DomainEvent['type']
export type EventOf<Type extends EventType> = Extract<DomainEvent, { type: Type }>
