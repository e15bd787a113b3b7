/**
 * Listeners of one bell. One that throws silences no other: the bell is only a hint, and who ignores it pulls later.
 */
export class BellListeners {
  readonly #listeners = new Set<{ readonly listener: (version?: number) => void }>()

  get size(): number {
    return this.#listeners.size
  }

  /** Returns the way out. */
  add(listener: (version?: number) => void): () => void {
    const held = { listener }
    this.#listeners.add(held)
    return () => void this.#listeners.delete(held)
  }

  clear(): void {
    this.#listeners.clear()
  }

  ring(version?: number): void {
    for (const { listener } of this.#listeners) {
      try {
        listener(version)
      } catch {
        // Nobody to tell: whoever listens is a node with an error door of its own, and pulls later anyway.
      }
    }
  }
}
