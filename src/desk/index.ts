export type { DeskListener } from './announcer'
export { answerFacts } from './answer-facts'
export type { Clock } from './clock'
export type {
  CommandInput,
  CommandInputOf,
  CommandInputType,
  CommandOptions,
  OwnerOptions,
  RequestChatInput,
} from './command-input'
export type { CommandNotice } from './command-notice'
export { Desk } from './desk'
export type { RulesOptions } from './desk-commands'
export type {
  CurrentNotice,
  DeskEvents,
  DeskEventType,
  PositionChanged,
  RevokedNotice,
  RingNotice,
  StaleNotice,
  StopNotice,
  VisitorNotice,
} from './desk-events'
export type { DeskOptions, RoutingOptions } from './desk-options'
export type { Outcome, OutcomeOf, Refused } from './desk-outcome'
export type { DeskSnapshot } from './desk-snapshot'
export type { DryRun, Explanation } from './explanation'
// guards, for the floors above
export {
  durationMs,
  type Guard,
  id,
  isRecord,
  listOf,
  oneOf,
  orNull,
  type Path,
  record,
  text,
  whole,
  wrong,
} from './guard'
export { type ManualClock, manualClock } from './manual-clock'
export { type Desks, type ManyDesksOptions, manyDesks } from './many-desks'
export { openDesk } from './open-desk'
export { factsGuard } from './parse-facts'
export { parsePolicy } from './parse-policy'
export { parseRoster } from './parse-staff'
export { type RecentCommands, recentCommands } from './recent-commands'
export { systemClock } from './system-clock'
export type { Warning } from './warning'
