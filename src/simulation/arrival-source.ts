import type { Facts } from '../core'
import type { Arrival } from './arrival'
import type { ArrivalColumns } from './arrival-columns'
import type { Distribution } from './distribution'

/** Where a scenario's requests come from: a rate, a list, or a file that the caller reads (`withArrivals`). */
export type ArrivalSource = GeneratedArrivals | GivenArrivals | ArrivalFile

/** A Poisson process whose rate follows the hour of the week in the scenario's time zone. */
export interface GeneratedArrivals {
  readonly from: 'rate'
  /** Requests an hour, for the 168 hours of a week from Monday 00:00 on. */
  readonly perHour: readonly number[]
  readonly kinds: readonly RequestKind[]
}

/** One sort of request among the generated ones. */
export interface RequestKind {
  /** How frequent it is beside the others; only the ratio counts. */
  readonly share: number
  readonly facts: Facts
  readonly weight: number | null
  /** `null`: as the behaviour says. */
  readonly handling: Distribution | null
  readonly patience: Distribution | null
}

/** In order of time. Anything that can be walked again from its beginning; a list, or a source that makes them anew. */
export interface GivenArrivals {
  readonly from: 'list'
  readonly arrivals: Iterable<Arrival>
}

/** Not read yet: a simulation has no files. */
export interface ArrivalFile {
  readonly from: 'file'
  readonly file: string
  readonly format: 'jsonl' | 'csv'
  readonly columns: ArrivalColumns
}
