/**
 * Listeners of one bell. One that throws silences no other: the bell is only a hint, and who ignores it pulls later.
 */
export class Subscribers {
  #listeners: readonly Subscriber[] = []

  get size(): number {
    return this.#listeners.length
  }

  /** Returns the way out. */
  add(listener: (version?: number) => void): () => void {
    const held = { listener }
    this.#listeners = [...this.#listeners, held]
    return () => {
      this.#listeners = this.#listeners.filter((each) => each !== held)
    }
  }

  clear(): void {
    this.#listeners = []
  }

  notify(version?: number): void {
    for (const { listener } of this.#listeners) {
      try {
        listener(version)
      } catch {
        // Nobody to tell: whoever listens is a node with an error door of its own, and pulls later anyway.
      }
    }
  }
}

interface Subscriber {
  readonly listener: (version?: number) => void
}
