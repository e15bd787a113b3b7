import type { Target } from '../core'
import type { Distribution } from './distribution'

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
  /** How long somebody stays away whom the desk has set away for not answering (`policy.awayOnStrikes`). */
  readonly returning: Distribution
  /** From accept to end. What the arrival or its kind says goes before it. */
  readonly handling: Distribution
}

export interface StaffGroup extends Partial<StaffBehaviour> {
  /** Whom a target means by roster; shifts count as membership, on or off. */
  readonly who: Target
}
