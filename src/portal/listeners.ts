/** Who is told of something. What one of them throws is reported and stops no other. */
export class Listeners<Told = void> {
  readonly #all = new Set<(told: Told) => void>()

  /** Returns the way out. */
  add(listener: (told: Told) => void): () => void {
    this.#all.add(listener)
    return () => this.#all.delete(listener)
  }

  tell(told: Told): void {
    for (const listener of [...this.#all]) {
      try {
        listener(told)
      } catch (error) {
        console.error(error)
      }
    }
  }
}
