import type { Policy, Route, Shift, Staff, Target } from '../../core'
import type { NamedConditions, Workflow } from '../../routing'
import type { Arrival, ArrivalSource } from '../arrivals/arrival-source'
import type { Distribution } from './distribution'

/** A scenario with every default filled in, as `parseScenario` returns it. */
export interface Scenario {
  readonly name: string | null
  readonly staff: readonly Staff[]
  readonly shifts: readonly Shift[]
  readonly workflows: readonly Workflow[]
  readonly conditions: NamedConditions
  /** The route of requests that no workflow routes. */
  readonly defaultRoute: Route
  readonly policy: Policy
  /** Milliseconds since the epoch; `untilAt` is not in it. */
  readonly fromAt: number
  readonly untilAt: number
  /** The time at the start that is not counted, in which the desk fills. Default 0. */
  readonly warmUpMs: number
  /** Width of an interval of the series. Default half an hour. */
  readonly intervalMs: number
  /** Time zone of the hours of rates and of `byHour`. Default `UTC`. */
  readonly timeZone: string
  /** Accepted within this counts for the service level. Default 20 s, as in a desk's `metrics`. */
  readonly serviceLevelMs: number
  readonly arrivals: ArrivalSource
  readonly behaviour: Behaviour
}

/** The behaviour of staff and visitors. */
export interface Behaviour extends StaffBehaviour {
  /** How long a visitor waits before giving up; `null`: for ever. */
  readonly patience: Distribution | null
  /** Groups of staff with a behaviour of their own; a staff member has that of the first group that matches. */
  readonly groups: readonly StaffGroup[]
}

export interface StaffBehaviour {
  /** From the ring to the staff member's response. */
  readonly answer: Distribution
  /** The share, 0 to 1, of responses that mute instead of accepting. */
  readonly muteShare: number
  /** How long a staff member stays away whom the desk set away for missed offers (`policy.awayAfterMissedOffers`). */
  readonly awayDuration: Distribution
  /** From accept to end. That of the arrival or its kind has precedence. */
  readonly handling: Distribution
}

export interface StaffGroup extends Partial<StaffBehaviour> {
  /** A target, by roster; shifts count as membership, on or off. */
  readonly who: Target
}

/** Returns the scenario with these arrivals, in order of time, such as those of `readArrivals`. */
export function withArrivals(scenario: Scenario, arrivals: Iterable<Arrival>): Scenario {
  return { ...scenario, arrivals: { from: 'list', arrivals } }
}
