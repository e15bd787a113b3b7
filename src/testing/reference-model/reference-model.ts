import type { EventOf, EventType } from '../../core'
import {
  type AssignmentId,
  type Availability,
  type ClosedOutcome,
  defaultPolicy,
  type Facts,
  type Policy,
  type RequestId,
  type Route,
  type SessionId,
  type ShiftTime,
  type Staff,
  type StaffId,
  type VisitorId,
} from '../../core'

/**
 * The state that the events of a desk describe, in plain arrays: no index, nothing derived. The invariants compare a
 * desk with it, so it shares no code with the core.
 */
export interface ReferenceModel {
  at: number
  policy: Policy
  /** When the desk was last opened again after every process that had it open was gone. */
  resumedAt: number | null
  shifts: ShiftTime[]
  staff: StaffRecord[]
  visitors: VisitorRecord[]
  /** Every request there ever was, in the order of opening. */
  requests: RequestRecord[]
  wrapUps: WrapUpRecord[]
}

export interface StaffRecord {
  staff: Staff
  isPresent: boolean
  graceUntilAt: number | null
  sessions: { sessionId: SessionId; leaseUntilAt: number | null }[]
  availability: Availability
  /** When last available anew, or with a chat begun or ended. */
  idleSinceAt: number
}

export interface VisitorRecord {
  visitorId: VisitorId
  isHere: boolean
  sessions: { sessionId: SessionId; leaseUntilAt: number | null }[]
}

export interface RequestRecord {
  requestId: RequestId
  visitorId: VisitorId
  facts: Facts
  weight: number
  priority: number
  tags: readonly string[]
  workflow: string | null
  route: Route
  /** Index of the latest step; the number of steps when widened to everyone. */
  step: number
  openedAt: number
  routedAt: number
  outcome: ClosedOutcome | null
  assignment: { assignmentId: AssignmentId; staffId: StaffId; at: number; replyDueAt: number | null } | null
  /** Mutes (`untilAt: null`) and snoozes. */
  mutes: { staffId: StaffId; untilAt: number | null }[]
  declinedBy: StaffId[]
  offers: { staffId: StaffId; untilAt: number }[]
  /** Whom it keeps free, since nobody has room for its weight. */
  reservedStaffId: StaffId | null
  /** Staff members whose offer has expired in this round. */
  missedThisRound: StaffId[]
  nextRoundAt: number | null
  transfer: { by: StaffId; returnAt: number } | null
  /** Who sent it on its present route by a transfer. */
  transferredBy: string | null
  /** When the desk will report the long wait again; `null` before the first report. */
  nextUnattendedAt: number | null
  /** When it is abandoned because its visitor left. */
  abandonAt: number | null
}

export interface WrapUpRecord {
  requestId: RequestId
  staffId: StaffId
  weight: number
  untilAt: number
}

export function emptyReferenceModel(policy: Policy = defaultPolicy): ReferenceModel {
  return { at: 0, policy, resumedAt: null, shifts: [], staff: [], visitors: [], requests: [], wrapUps: [] }
}

export function findRequest(model: ReferenceModel, requestId: RequestId): RequestRecord | undefined {
  return model.requests.find((request) => request.requestId === requestId)
}

export function findStaff(model: ReferenceModel, staffId: StaffId): StaffRecord | undefined {
  return model.staff.find(({ staff }) => staff.id === staffId)
}

export function isOpen(request: RequestRecord): boolean {
  return request.outcome === null && request.assignment === null
}

/** For each event type, the change that it makes to the model. */
export type EventHandlers<Type extends EventType> = {
  readonly [Each in Type]: (model: ReferenceModel, event: EventOf<Each>) => void
}
