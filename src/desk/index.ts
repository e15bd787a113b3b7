export type { CommandReport } from './api/command-report'
export type { Explanation, RoutePreview, RoutePreviewInput } from './api/explanation'
export type { Outcome, OutcomeOf, Refused, Warning } from './api/outcome'
export { Desk } from './desk'
export { createDeskPool, type DeskPool, type DeskPoolOptions } from './desk-pool'
export type {
  DeskEvents,
  DeskEventType,
  DomainEventNotification,
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
  OptionsOf,
  OwnerOptions,
  RequestChatInput,
  RulesOptions,
} from './parse/command-input'
export type { DeskOptions, RoutingOptions } from './parse/desk-options'
export { factsSchema } from './parse/parse-facts'
export { parsePolicy, parseRoster } from './parse/parse-staff'
export type { Clock } from './runtime/clock'
export { type ManualClock, manualClock, systemClock } from './runtime/clock'
export type { DeskSnapshot } from './runtime/desk-snapshot'
export { createDeskFacts } from './runtime/request-router'
