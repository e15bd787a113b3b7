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
 * What the events of a desk say, written down plainly: arrays, no index, nothing derived. It is the independent witness
 * of the invariants and shares no code with the core.
 */
export interface ReferenceModel {
  at: number
  policy: Policy
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
}

export interface VisitorRecord {
  visitorId: VisitorId
  isHere: boolean
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
  silences: { staffId: StaffId; untilAt: number | null }[]
  declinedBy: StaffId[]
  offers: { staffId: StaffId; untilAt: number }[]
  /** Whose offer has expired in this pass. */
  triedThisPass: StaffId[]
  restUntilAt: number | null
  transfer: { by: StaffId; returnAt: number } | null
  /** When the desk has promised to warn of the long wait; `null` before the first warning. */
  warnAt: number | null
  /** When it is given up because its visitor left. */
  abandonAt: number | null
}

export interface WrapUpRecord {
  requestId: RequestId
  staffId: StaffId
  weight: number
  untilAt: number
}

/** The first, empty page. */
export function emptyReferenceModel(policy: Policy = defaultPolicy): ReferenceModel {
  return { at: 0, policy, shifts: [], staff: [], visitors: [], requests: [], wrapUps: [] }
}

export function findRequest(book: ReferenceModel, requestId: RequestId): RequestRecord | undefined {
  return book.requests.find((request) => request.requestId === requestId)
}

export function findStaff(book: ReferenceModel, staffId: StaffId): StaffRecord | undefined {
  return book.staff.find(({ staff }) => staff.id === staffId)
}

export function isOpen(request: RequestRecord): boolean {
  return request.outcome === null && request.assignment === null
}

/** How each of some events is written down. */
export type EventHandlers<Type extends EventType> = {
  readonly [Each in Type]: (book: ReferenceModel, event: EventOf<Each>) => void
}
