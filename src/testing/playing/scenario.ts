import type { Policy } from '../../core'
import type { Deed, Move } from './move'

/** A desk's whole story before it is told: its policy, what is set up at the first instant, and the moves. */
export interface Scenario {
  readonly startAt: number
  readonly policy: Policy
  readonly setup: readonly Deed[]
  readonly moves: readonly Move[]
}
