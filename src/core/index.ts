export { DeadlineHeap, type HeapItem } from './collections/deadline-heap'
export { DurationHistogram, durationBinOf } from './collections/duration-histogram'
export { recentEntriesMin } from './collections/recent-map'
export { decide } from './decide/decide'
export type { AcceptedOutcome, Decision, OpenedOutcome, Refused, Success } from './decide/decision'
export { evolve } from './evolve/evolve'
export type { Command, CommandOf, CommandType, RequestChat } from './messages/command'
export { ChangeSet, type Edge, type RingEdge, type StopEdge, type StopReason, type VisitorEdge } from './messages/edge'
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
} from './messages/event'
export type { ClosedOutcome, NotInAudienceReason, Refusal, RefusalCode, UnavailableReason } from './messages/refusal'
export {
  DeskError,
  type DeskErrorCode,
  describeIssue,
  describeValue,
  errorMessageOf,
  formatPath,
  type InputIssue,
  InvalidInputError,
  isPlainObject,
} from './model/errors'
export {
  type AssignmentId,
  type Facts,
  hashText,
  isEqualJson,
  type Json,
  jsonBytesOf,
  type RequestId,
  type SessionId,
  type ShiftId,
  type StaffId,
  type VisitorId,
} from './model/ids'
export { defaultPolicy, type Policy, visitorFactsBytesMax } from './model/policy'
export type { RoutingResult, Target, TargetParts, WorkflowRecord } from './model/route'
export {
  completeRoute,
  everyoneRoute,
  type MultiStepRoute,
  type Order,
  type Ring,
  type Route,
  type RouteInput,
  type SelectiveRing,
  type SingleStepRoute,
  type SkipWhen,
  type Step,
  type StepInput,
  type StepMode,
  type WhenExhausted,
  workflowBytesMax,
  workflowsMax,
} from './model/route'
export type {
  Availability,
  DayHours,
  ExceptionDays,
  Shift,
  ShiftException,
  ShiftTime,
  Staff,
  Weekday,
  WeeklyHours,
} from './model/staff'
export { Metrics, type MetricsOptions, type MetricsView, type StaffMetrics } from './projections/metrics'
export { type QueuePosition, type QueuePositionChange, QueuePositions } from './projections/queue-positions'
export { ScreenProjection, type ScreenRecipient } from './projections/screen-projection'
export { couldBeTaken, countAvailable, countWaiting } from './ringing/audience'
export { abandonDueAt, chatEndsAt, dueShifts, nextDueAt } from './ringing/next-action'
export { type RunObserver, run, runDue } from './run'
export { type DeskState, emptyState } from './state/state'
export { explainStaff, type RingReason, type StaffReason } from './views/explain'
export {
  awaitingListOf,
  portalSnapshotOf,
  ringingRequestIds,
  supervisorAwaitingList,
} from './views/portal-snapshot'
export { restoreState, type StateSnapshot, toStateSnapshot } from './views/state-snapshot'
export type {
  AwaitingItem,
  AwaitingReason,
  PortalSnapshot,
  RequestFilter,
  RequestView,
  ScreenOperation,
  StaffView,
  VisitorView,
} from './views/views'
export { requestView, requestViews, staffView, visitorViews } from './views/views'
