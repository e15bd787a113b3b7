/** A list of listeners. What one of them throws is reported to the console and does not stop the others. */
export class Listeners<Payload = void> {
  readonly #listeners = new Set<(payload: Payload) => void>()

  /** Returns an unsubscribe function. */
  add(listener: (payload: Payload) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  notify(payload: Payload): void {
    for (const listener of [...this.#listeners]) guarded(() => listener(payload))
  }
}

/** Returns what a function of the host returns; reports what it throws to the console, and returns the fallback. */
export function guarded<Value>(call: () => Value, fallback: Value): Value
export function guarded<Value>(call: () => Value): Value | undefined
export function guarded<Value>(call: () => Value, fallback?: Value): Value | undefined {
  try {
    return call()
  } catch (error) {
    console.error(error)
    return fallback
  }
}
