/** Listeners of one subscription. One that throws silences no other: a notification is a hint, and every node polls. */
export class Subscribers {
  #subscribers: readonly Subscriber[] = []

  get size(): number {
    return this.#subscribers.length
  }

  /** Returns an unsubscribe function. */
  add(listener: (version?: number) => void): () => void {
    const subscriber = { listener }
    this.#subscribers = [...this.#subscribers, subscriber]
    return () => {
      this.#subscribers = this.#subscribers.filter((each) => each !== subscriber)
    }
  }

  clear(): void {
    this.#subscribers = []
  }

  notify(version?: number): void {
    for (const { listener } of this.#subscribers) {
      try {
        listener(version)
      } catch {
        // The listener is a node, which reports its own errors and reads the store later anyway.
      }
    }
  }
}

interface Subscriber {
  readonly listener: (version?: number) => void
}
