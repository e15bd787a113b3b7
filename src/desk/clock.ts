/** Where a desk gets the time from. Instants are milliseconds since the epoch. */
export interface Clock {
  now(): number
  /** Calls `wake` once `now()` has reached `at`, never inside this call. Returns the way out. */
  wakeAt(at: number, wake: () => void): () => void
}
