import type { Outcome } from './desk-outcome'

export const answersMax = 10_000

/** The first answers to the latest command ids, so that the same id again gets the same answer and changes nothing. */
export class Answers {
  readonly #byId = new Map<string, Outcome>()

  /** The first answer stays. */
  remember(commandId: string, outcome: Outcome): void {
    if (this.#byId.has(commandId)) return
    this.#byId.set(commandId, outcome)
    if (this.#byId.size <= answersMax) return
    for (const oldest of this.#byId.keys()) {
      this.#byId.delete(oldest)
      return
    }
  }

  /** An answer that another node, or an earlier run, wrote into the log: read back as it was written. */
  rememberLogged(commandId: string, outcome: unknown): void {
    this.remember(commandId, outcome as Outcome)
  }

  get(commandId: string): Outcome | undefined {
    return this.#byId.get(commandId)
  }

  /** Oldest first. */
  entries(): (readonly [string, Outcome])[] {
    return [...this.#byId]
  }
}
