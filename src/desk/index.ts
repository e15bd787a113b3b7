export type { RulesOptions } from './api/desk-commands'
export type { CommandNotification, Outcome, OutcomeOf, Refused, Warning } from './api/outcome'
export { Desk, type RecentCommands, recentCommands } from './desk'
export { createDeskPool, type DeskPool, type DeskPoolOptions } from './desk-pool'
export type {
  DeskEvents,
  DeskEventType,
  PositionChanged,
  RecoveredNotification,
  RevokedNotification,
  RingNotification,
  StaleNotification,
  StopNotification,
  VisitorNotification,
} from './events/desk-events'
export type { DeskListener } from './events/event-bus'
export { openDesk } from './open-desk'
export type {
  CommandInput,
  CommandInputOf,
  CommandInputType,
  CommandOptions,
  OwnerOptions,
  RequestChatInput,
} from './parse/command-input'
export type { DeskOptions, RoutingOptions } from './parse/desk-options'
// guards, for the floors above
export {
  addIssue,
  durationMs,
  factsGuard,
  type Guard,
  id,
  isRecord,
  listOf,
  oneOf,
  orNull,
  type Path,
  record,
  text,
  wholeNumber,
} from './parse/guard'

export { parsePolicy, parseRoster } from './parse/parse-staff'
export type { Clock } from './runtime/clock'
export { type ManualClock, manualClock, systemClock } from './runtime/clock'
export type { DeskSnapshot } from './runtime/desk-snapshot'
export type { Explanation, RoutePreview } from './runtime/request-router'
export { createDeskFacts } from './runtime/request-router'
