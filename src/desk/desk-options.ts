import type { MetricsOptions, Policy, RouteInput, Shift, Staff } from '../core'
import type { EventLog } from '../log'
import type { HostDecorators, HostFacts, HostOperators, NamedConditions } from '../routing'
import type { Clock } from './clock'
import type { DeskSnapshot } from './desk-snapshot'

/** What a desk is opened with. Staff, shifts, workflows and policy left out stay as the log has them. */
export interface DeskOptions {
  readonly staff?: readonly Staff[]
  readonly shifts?: readonly Shift[]
  /** json-rules-engine rules with a unique `name` and an event of type `route`, `prioritize` or `tag`. */
  readonly workflows?: readonly unknown[]
  readonly policy?: Partial<Policy>
  readonly routing?: RoutingOptions
  /** Length of the window of `metrics()`, and the threshold of its service level. */
  readonly metrics?: MetricsOptions
  /** Default: `memoryLog()`. */
  readonly log?: EventLog
  /** Default: the machine's. */
  readonly clock?: Clock
  /** What `desk.snapshot()` gave, also after a way through JSON. */
  readonly snapshot?: DeskSnapshot
  /** Makes the ids of requests that bring none. Default: `crypto.randomUUID`. */
  readonly newId?: () => string
}

export interface RoutingOptions {
  /** The host's own facts, by name: values, or functions that may be async. */
  readonly facts?: HostFacts
  /** The host's own operators, by name. */
  readonly operators?: HostOperators
  /** The host's own decorators of operators, by name. */
  readonly decorators?: HostDecorators
  /** Conditions that workflows refer to by name. */
  readonly conditions?: NamedConditions
  /** Where requests go that no workflow routes. Default: everyone. */
  readonly defaultRoute?: RouteInput
  /** A fact that takes longer counts as failed. Default 250. */
  readonly factTimeoutMs?: number
}
