export type { Command, CommandOf, CommandType, RequestChat } from './command'
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
  ShiftEvent,
  StepCause,
  UnattendedCause,
  VisitorEvent,
} from './event'
export type { AssignmentId, Facts, Json, RequestId, SessionId, ShiftId, StaffId, VisitorId } from './ids'
export { type InputIssue, InvalidInputError, readablePath } from './invalid-input-error'
export { defaultPolicy, type Policy } from './policy'
export type { ClosedOutcome, Refusal, RefusalCode, WhyNotInAudience } from './refusal'
export {
  completeRoute,
  everyoneRoute,
  type Order,
  type Ring,
  type Route,
  type RouteInput,
  type SelectiveRing,
  type Step,
  type StepInput,
  type WhenExhausted,
} from './route'
export type { Shift, ShiftException, ShiftTime, Weekday, WeeklyHours } from './shift'
export type { Availability, Staff } from './staff'
export type { Target, TargetParts } from './target'
export type { Verdict } from './verdict'
export type { AwaitingItem, PortalSnapshot, RequestView, StaffView, VisitorView, WhyAwaiting } from './view'
