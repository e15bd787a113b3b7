/** A list of listeners. What one of them throws is reported to the console and does not stop the others. */
export class Listeners<Payload = void> {
  readonly #listeners = new Set<(payload: Payload) => void>()

  /** Returns an unsubscribe function. */
  add(listener: (payload: Payload) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  notify(payload: Payload): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(payload)
      } catch (error) {
        console.error(error)
      }
    }
  }
}
