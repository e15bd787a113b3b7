import type { Policy, Route, Shift, Staff, Target } from '../../core'
import type { NamedConditions, Workflow } from '../../routing'
import type { Arrival, ArrivalSource } from '../arrivals/arrival-source'
import type { Distribution } from './distribution'

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

/** How people act in a simulation. */
export interface Behaviour extends StaffBehaviour {
  /** How long a visitor waits before giving up; `null`: for ever. */
  readonly patience: Distribution | null
  /** Who acts otherwise than the rest; the first group that somebody belongs to counts. */
  readonly groups: readonly StaffGroup[]
}

export interface StaffBehaviour {
  /** From the ring until somebody acts on it. */
  readonly answer: Distribution
  /** How often, 0 to 1, somebody who acts mutes instead of accepting. */
  readonly muteShare: number
  /** How long somebody stays away whom the desk has set away for not answering (`policy.awayAfterMissedOffers`). */
  readonly awayDuration: Distribution
  /** From accept to end. What the arrival or its kind says goes before it. */
  readonly handling: Distribution
}

export interface StaffGroup extends Partial<StaffBehaviour> {
  /** Whom a target means by roster; shifts count as membership, on or off. */
  readonly who: Target
}

/** The same scenario with these arrivals, in order of time: what `readArrivals` gave for its file. */
export function withArrivals(scenario: Scenario, arrivals: Iterable<Arrival>): Scenario {
  return { ...scenario, arrivals: { from: 'list', arrivals } }
}
