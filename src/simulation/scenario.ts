import type { Policy, Route, Shift, Staff } from '../core'
import type { NamedConditions, Workflow } from '../routing'
import type { ArrivalSource } from './arrival-source'
import type { Behaviour } from './behaviour'

/** A stretch of time at the desk, complete and parsed: `parseScenario` makes it from what a person wrote. */
export interface Scenario {
  readonly name: string | null
  readonly staff: readonly Staff[]
  readonly shifts: readonly Shift[]
  readonly workflows: readonly Workflow[]
  readonly conditions: NamedConditions
  /** Where requests go that no workflow routes. */
  readonly defaultRoute: Route
  readonly policy: Policy
  /** Milliseconds since the epoch; `untilAt` is not in it. */
  readonly fromAt: number
  readonly untilAt: number
  /** The beginning that no figure counts, so that they do not tell of an empty desk. Default 0. */
  readonly warmUpMs: number
  /** Width of the steps of the figures over the day. Default half an hour. */
  readonly intervalMs: number
  /** Where the hours of rates and of figures by hour are told. Default `UTC`. */
  readonly timeZone: string
  /** Accepted within this counts for the service level. Default 20 s, as in a desk's `metrics`. */
  readonly serviceLevelMs: number
  readonly arrivals: ArrivalSource
  readonly behaviour: Behaviour
}
