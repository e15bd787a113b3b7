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
  graceSinceAt: number | null
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
  /** Index of the latest step; the number of steps when exhausted. */
  step: number
  openedAt: number
  routedAt: number
  outcome: ClosedOutcome | null
  assignment: AssignmentRecord | null
  /** Mutes (`untilAt: null`) and snoozes. */
  mutes: { staffId: StaffId; untilAt: number | null }[]
  declinedBy: StaffId[]
  /** `timeoutMs: null`: the policy's. */
  offers: { staffId: StaffId; sinceAt: number; timeoutMs: number | null }[]
  /** Whom it keeps free, since nobody has room for its weight. */
  reservedStaffId: StaffId | null
  /** Staff members whose offer has expired in this round. */
  missedThisRound: StaffId[]
  roundEndedAt: number | null
  transfer: { by: StaffId; sinceAt: number } | null
  /** Who sent it on its present route by a transfer. */
  transferredBy: string | null
  /** What its workflow gave it. */
  workflowRoute: { workflow: string | null; route: Route }
  /** When its long wait was reported, and how often; `null` before the first report. */
  longWait: { reportedAt: number; reports: number } | null
  visitorLeftAt: number | null
  /** When it last became open. */
  reopenedAt: number
  /** Whether the visitor had no answer when it last became open again. */
  isReplyOwed: boolean
}

export interface AssignmentRecord {
  assignmentId: AssignmentId
  staffId: StaffId
  at: number
  /** Since when its staff member is absent, who was there with it. */
  absentSinceAt: number | null
  isAbsenceReported: boolean
  /** Since when the first reply, and an answer to what the visitor wrote, are owed. */
  firstReplySinceAt: number | null
  replySinceAt: number | null
  /** When the missing answer was reported. */
  silentSinceAt: number | null
}

export interface WrapUpRecord {
  requestId: RequestId
  assignmentId: AssignmentId
  staffId: StaffId
  weight: number
  sinceAt: number
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

/** Whether a staff member has it, and is absent or owes a reply for too long. */
export function isLeftAlone({ assignment }: RequestRecord): boolean {
  return assignment !== null && (assignment.absentSinceAt !== null || assignment.silentSinceAt !== null)
}

/** For each event type, the change that it makes to the model. */
export type EventHandlers<Type extends EventType> = {
  readonly [Each in Type]: (model: ReferenceModel, event: EventOf<Each>) => void
}
