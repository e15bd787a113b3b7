export { awaitingOf, awaitingOfAll } from './awaiting'
export type { Command, CommandOf, CommandType, RequestChat } from './command'
export { decide } from './decide'
export type { Decision, Opened, Refused, Success, Taken } from './decision'
export { described, isPlain } from './described'
export { DeskError, type DeskErrorCode } from './desk-error'
export type { Edge, RingEdge, StopEdge, StopReason, VisitorEdge } from './edge'
export type {
  DomainEvent,
  EventOf,
  EventType,
  PresenceEvent,
  ReleaseCause,
  RequestEvent,
  RosterEvent,
  SessionEnd,
  ShiftEvent,
  StepCause,
  UnattendedCause,
  VisitorEvent,
} from './event'
export { evolve } from './evolve'
export { explainStaff, type StaffReason, type WhyRung } from './explain-staff'
export type { AssignmentId, Facts, Json, RequestId, SessionId, ShiftId, StaffId, VisitorId } from './ids'
export { type InputIssue, InvalidInputError, readablePath } from './invalid-input-error'
export { Metrics, type MetricsOptions, type MetricsView, type StaffMetrics } from './metrics'
export { dueShifts, nextDueAt } from './next-due'
export { defaultPolicy, type Policy } from './policy'
export { portalOf, ringingOf } from './portal-of'
export { Queue, type QueueMove, type QueuePosition } from './queue'
export { recentMin } from './recent'
export type { ClosedOutcome, Refusal, RefusalCode, WhyNotInAudience } from './refusal'
export {
  completeRoute,
  everyoneRoute,
  type OneStep,
  type Order,
  type Ring,
  type Route,
  type RouteInput,
  type SelectiveRing,
  type SeveralSteps,
  type Step,
  type StepInput,
  type WhenExhausted,
} from './route'
export type { Shift, ShiftException, ShiftTime, Weekday, WeeklyHours } from './shift'
export { type StateSnapshot, snapshotOf, stateFrom } from './snapshot'
export type { Availability, Staff } from './staff'
export { type DeskState, emptyState } from './state'
export type { Target, TargetParts } from './target'
export { countAvailable, countWaiting } from './target-counts'
export type { Verdict } from './verdict'
export type { AwaitingItem, PortalSnapshot, RequestView, StaffView, VisitorView, WhyAwaiting } from './view'
export { requestView, staffView, visitorViews } from './views'
