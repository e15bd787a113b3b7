/** Who is told of something. What one of them throws is reported and stops no other. */
export class Listeners<Told = void> {
  readonly #listeners = new Set<(told: Told) => void>()

  /** Returns the way out. */
  add(listener: (told: Told) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  notify(told: Told): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(told)
      } catch (error) {
        console.error(error)
      }
    }
  }
}
