/** How far a simulation has come. */
export interface Progress {
  /** 0 to 1, of all that was asked for: with several seeds, of all of them. */
  readonly share: number
  /** The simulated instant. */
  readonly at: number
  /** Requests that have arrived in this run. */
  readonly requests: number
}

/** Called about a hundred times a run, in the same turn of the loop. */
export type OnProgress = (progress: Progress) => void
