import type { Facts, Policy, RouteInput, Shift, Staff, Target } from '../core'
import type { NamedConditions } from '../routing'
import type { Arrival } from './arrival'
import type { ArrivalColumns } from './arrival-columns'
import type { Distribution } from './distribution'

/** A scenario as a person writes it, in code or in a JSON file. Staff without shifts are there all the time. */
export interface ScenarioInput {
  readonly name?: string
  /** ISO 8601 with an offset or `Z`, or milliseconds since the epoch. */
  readonly from: string | number
  /** Length in hours. Default 24. */
  readonly forHours?: number
  readonly staff: readonly Staff[]
  readonly shifts?: readonly Shift[]
  readonly workflows?: readonly unknown[]
  /** Conditions that workflows refer to by name. */
  readonly conditions?: NamedConditions
  readonly defaultRoute?: RouteInput
  /** `sessionLeaseMs` counts for nothing: whoever is simulated never loses a connection. */
  readonly policy?: Partial<Policy>
  readonly warmUpMs?: number
  readonly intervalMs?: number
  readonly timeZone?: string
  readonly serviceLevelMs?: number
  readonly arrivals: ArrivalsInput
  readonly behaviour: BehaviourInput
}

export type ArrivalsInput = RateInput | { readonly list: Iterable<Arrival> } | ArrivalFileInput

export interface RateInput {
  /** Requests an hour: one number, 24 by hour of the day, or 168 by hour of the week from Monday on. */
  readonly perHour: number | readonly number[]
  /** Default: one kind without facts. */
  readonly kinds?: readonly KindInput[]
}

export interface KindInput {
  readonly share?: number
  readonly facts?: Facts
  readonly weight?: number
  readonly handling?: Distribution
  readonly patience?: Distribution
}

export interface ArrivalFileInput {
  readonly file: string
  /** Default: by the ending of the name. */
  readonly format?: 'jsonl' | 'csv'
  readonly columns?: Partial<ArrivalColumns>
}

export interface BehaviourInput extends StaffBehaviourInput {
  readonly handling: Distribution
  /** Default `null`: visitors wait for ever. */
  readonly patience?: Distribution | null
  readonly groups?: readonly (StaffBehaviourInput & { readonly who: Target })[]
}

interface StaffBehaviourInput {
  /** Default: at once. */
  readonly answer?: Distribution
  /** Default 0. */
  readonly muteShare?: number
  /** Default: five minutes. */
  readonly returning?: Distribution
  readonly handling?: Distribution
}
