/** A story in which a property does not hold, as simple as could be found. */
export interface CounterExample {
  /** The name under which the property was given. */
  readonly property: string
  /** What is wrong at the end of the story. */
  readonly breach: string
  /** The story in plain words, one sentence a line. */
  readonly story: readonly string[]
  /** Give this to `checkWorkflows` and it tells the same story again. */
  readonly replay: Replay
}

/** Leads to one story of one property. */
export interface Replay {
  readonly property: string
  readonly seed: number
  readonly path: string
}
