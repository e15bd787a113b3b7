import type { Estimate } from './estimate'
import type { SimulationResult } from './simulation-result'

/** Two sets of workflows on the same arrivals: same visitors, same patience, same lengths of chats, seed by seed. */
export interface Comparison {
  readonly a: ComparedSide
  readonly b: ComparedSide
  readonly seeds: readonly number[]
  /** Of the intervals: 0.95. */
  readonly confidence: number
  readonly figures: readonly ComparedFigure[]
}

export interface ComparedSide {
  readonly name: string
  /** One for each seed. */
  readonly results: readonly SimulationResult[]
}

export interface ComparedFigure {
  readonly figure: FigureName
  readonly a: Estimate
  readonly b: Estimate
  /** B less A, from the differences seed by seed: narrower than the two apart. */
  readonly difference: Estimate
  /** Whether the interval of the difference leaves 0 out; `null` for fewer than two seeds. */
  readonly isClear: boolean | null
}

export type FigureName =
  | 'meanWaitMs'
  | 'p90WaitMs'
  | 'p99WaitMs'
  | 'serviceLevel'
  | 'abandonment'
  | 'unattendedShare'
  | 'stillOpen'
  | 'meanQueueLength'
  | 'occupancy'
