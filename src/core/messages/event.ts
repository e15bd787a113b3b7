import type { AssignmentId, Facts, RequestId, SessionId, StaffId, VisitorId } from '../model/ids'
import type { Policy } from '../model/policy'
import type { Route, RoutingResult, WorkflowRecord } from '../model/route'
import type { Availability, Shift, ShiftTime, Staff } from '../model/staff'
import type { ClosedOutcome } from './refusal'

/** What happened. The store holds these and nothing else; the state is their fold. */
export type DomainEvent = RosterEvent | PresenceEvent | ShiftEvent | VisitorEvent | RequestEvent

/** Changes of the policy, the workflows and the staff. `by`: the person who changed the rules; `null`: not named. */
export type RosterEvent =
  | EventShape<'policy.set', { policy: Policy }>
  | EventShape<'workflows.set', { workflows: readonly WorkflowRecord[]; by: string | null }>
  /** Put in the place of the workflow with the same name, or last. */
  | EventShape<'workflow.set', { workflow: WorkflowRecord; by: string | null }>
  | EventShape<'workflow.removed', { name: string; by: string | null }>
  | EventShape<'staff.set', { staff: Staff }>
  | EventShape<'staff.removed', { staffId: StaffId }>

/** Changes of the presence and the availability of staff. */
export type PresenceEvent =
  | EventShape<'session.started', { staffId: StaffId; sessionId: SessionId; leaseUntilAt: number | null }>
  | EventShape<'session.renewed', { staffId: StaffId; sessionId: SessionId; leaseUntilAt: number | null }>
  /**
   * `graceUntilAt`: until then the staff member stays present; `null` while other sessions last, or when there is no
   * grace.
   */
  | EventShape<
      'session.ended',
      { staffId: StaffId; sessionId: SessionId; cause: SessionEnd; graceUntilAt: number | null }
    >
  /** The grace after the last session is over: the staff member is absent. */
  | EventShape<'presence.ended', { staffId: StaffId }>
  | EventShape<'availability.changed', { staffId: StaffId; availability: Availability }>
  | EventShape<'staff.notResponding', { staffId: StaffId; missedOffers: number }>

/** Why a session has ended; `node-gone`: the process that held its connection no longer runs. */
export type SessionEnd = 'disconnected' | 'lease-expired' | 'node-gone'

/** Changes of the shifts, and their boundaries. */
export type ShiftEvent =
  | EventShape<'shifts.set', { shifts: readonly Shift[]; times: readonly ShiftTime[]; by: string | null }>
  | EventShape<'shift.started', ShiftTime>
  | EventShape<'shift.ended', ShiftTime>

/** Arrival and departure of visitors. */
export type VisitorEvent =
  /** `alerted`: the staff who are notified now; empty within `visitorAlertTtlMs` after the last notification. */
  | EventShape<'visitor.arrived', { visitorId: VisitorId; facts: Facts; alerted: readonly StaffId[] }>
  /** `abandonAt`: when the visitor's open request is closed; `null` when there is none. */
  | EventShape<'visitor.left', { visitorId: VisitorId; abandonAt: number | null }>
  /**
   * A tab or device of the visitor; `sessionId` is `''` where the host counts the tabs. `leaseUntilAt: null`: no lease.
   */
  | EventShape<'visitorSession.started', { visitorId: VisitorId; sessionId: SessionId; leaseUntilAt: number | null }>
  | EventShape<'visitorSession.renewed', { visitorId: VisitorId; sessionId: SessionId; leaseUntilAt: number | null }>
  /** When it was the last session of the visitor, `visitor.left` is the next event. */
  | EventShape<'visitorSession.ended', { visitorId: VisitorId; sessionId: SessionId; cause: SessionEnd }>
  /** No process that had the desk open before still runs: visitors get `visitorLeaseMs` to come back. */
  | EventShape<'desk.resumed', object>
  /** The desk forgets a visitor who left. */
  | EventShape<'visitor.forgotten', { visitorId: VisitorId }>

/** Changes of one request, from its opening to its closing and the wrap-up. */
export type RequestEvent =
  | EventShape<'request.opened', RequestOpened>
  /** `facts`: all facts of the request, with the new ones merged in. */
  | EventShape<'request.factsUpdated', { requestId: RequestId; facts: Facts }>
  /** `untilAt`: when a snooze ends; `null` for a mute. */
  | EventShape<'request.muted', RequestAndStaff & { untilAt: number | null }>
  | EventShape<'request.unmuted', RequestAndStaff>
  | EventShape<'snooze.ended', RequestAndStaff>
  | EventShape<'request.declined', RequestAndStaff & { reason: string | null }>
  | EventShape<'request.accepted', RequestAccepted>
  /** The visitor waits for an answer from now on. */
  | EventShape<'visitor.wrote', { requestId: RequestId }>
  | EventShape<'request.replied', RequestAndStaff>
  /** `route`: it rings its present route again, or that of its workflow, as nobody else is on the present one. */
  | EventShape<
      'request.released',
      RequestAndStaff & { by: string; cause: ReleaseCause; exclude: boolean; route: ReturnRoute; step: number }
    >
  /**
   * `staffId`: the giver of a chat, to whom it returns at `returnAt`; both `null` for an open request that a supervisor
   * sent on another route. Staff whom the route names are rung again although they declined. `wrapUpUntilAt`: until
   * then the slot of a chat stays occupied; `null`: it is free at once.
   */
  | EventShape<
      'request.transferred',
      {
        requestId: RequestId
        staffId: StaffId | null
        by: string
        route: Route
        step: number
        returnAt: number | null
        wrapUpUntilAt: number | null
      }
    >
  /**
   * The transfer was not accepted in time. `to`: the staff member who transferred the chat gets it back; `null`: that
   * person is absent or has no room, and it rings for everyone.
   */
  | EventShape<
      'transfer.returned',
      { requestId: RequestId; to: { staffId: StaffId; assignmentId: AssignmentId } | null }
    >
  | EventShape<'request.rerouted', { requestId: RequestId; routingResult: RoutingResult; step: number }>
  /**
   * `step` equal to the number of the route's steps: the staff of its last steps are absent, so that it has widened to
   * everyone, or, with `hold`, to all its steps.
   */
  | EventShape<'step.started', { requestId: RequestId; step: number; cause: StepCause }>
  | EventShape<'request.reminded', { requestId: RequestId }>
  | EventShape<'offer.made', { requestId: RequestId; staffIds: readonly StaffId[]; untilAt: number }>
  | EventShape<'offer.expired', RequestAndStaff>
  | EventShape<'offerRound.ended', { requestId: RequestId; nextRoundAt: number }>
  | EventShape<'offerRound.started', { requestId: RequestId }>
  /** `nextAt`: when the reminder, the next report of a long wait, or the return of a chat to the ring is due. */
  | EventShape<'request.unattended', { requestId: RequestId; cause: UnattendedCause; nextAt: number | null }>
  | EventShape<'request.closed', RequestClosed>
  /** The wrap-up is over, and its slot is free. */
  | EventShape<'wrapUp.ended', RequestAndStaff & { visitorId: VisitorId; assignmentId: AssignmentId }>

/** The parts of the event `request.opened`. */
export interface RequestOpened {
  readonly requestId: RequestId
  readonly visitorId: VisitorId
  readonly facts: Facts
  readonly weight: number
  readonly routingResult: RoutingResult
  /** The step that rings first, after skipped ones; the number of the route's steps when it is exhausted. */
  readonly step: number
}

/** The parts of the event `request.accepted`. */
export interface RequestAccepted extends RequestAndStaff {
  readonly assignmentId: AssignmentId
  /** The supervisor who assigned it; `null` when the staff member accepted it. */
  readonly by: string | null
}

/** The parts of the event `request.closed`. It holds the visitor, as the desk forgets the request with it. */
export interface RequestClosed {
  readonly requestId: RequestId
  readonly visitorId: VisitorId
  readonly outcome: ClosedOutcome
  /** The staff member who had it; `null` when it was open. */
  readonly staffId: StaffId | null
  readonly reason: string | null
  /** Until then the slot stays occupied; `null`: it is free at once. */
  readonly wrapUpUntilAt: number | null
}

/** Why an assigned request rings again. */
export type ReleaseCause = 'released' | 'staff-removed' | 'no-reply' | 'assignee-absent'
/** Which route an assigned request rings again: the one it was last given, or that of its workflow. */
export type ReturnRoute = 'present' | 'workflow'
/** Why the next step of a route starts. */
export type StepCause = 'time' | 'nobody-present' | 'nobody-free' | 'reminder'
/** Why a request is reported as unattended: while it is open, and, the last two, while a staff member has it. */
export type UnattendedCause = 'all-muted' | 'nobody-reachable' | 'waited-too-long' | 'assignee-absent' | 'no-reply'

interface RequestAndStaff {
  readonly requestId: RequestId
  readonly staffId: StaffId
}

/** `at`: instant of the command that caused it, in milliseconds since the epoch; never below its predecessor's. */
type EventShape<Type extends string, Data> = Readonly<{ type: Type; at: number } & Data>

/** The type of a domain event. */
export type EventType = DomainEvent['type']
/** The domain event of a type. */
export type EventOf<Type extends EventType> = Extract<DomainEvent, { type: Type }>
