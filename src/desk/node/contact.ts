import type { Means } from './means'

/** How long the log has owed an answer. */
export class Contact {
  readonly #means: Means
  #askedMs: number | null = null

  constructor(means: Means) {
    this.#means = means
  }

  /** Milliseconds since the first question that has not been answered; 0 when there is none. */
  get silentMs(): number {
    return this.#askedMs === null ? 0 : this.#means.elapsedMs() - this.#askedMs
  }

  /** This process has been asleep: what came meanwhile could not be heard. */
  excuse(): void {
    if (this.#askedMs !== null) this.#askedMs = this.#means.elapsedMs()
  }

  /** Asks the log; what it throws is thrown on. */
  async with<Answer>(asked: () => Promise<Answer>): Promise<Answer> {
    this.#askedMs ??= this.#means.elapsedMs()
    const answer = await asked()
    this.#askedMs = null
    return answer
  }
}
