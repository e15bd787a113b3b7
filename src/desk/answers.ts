import type { Outcome } from './desk-outcome'

export const answersMax = 10_000

/** Ids that a desk makes itself, to find its own entry again when the log's answer was lost; nobody repeats them. */
export const ownIdPrefix = 'frontbell:'
/** So many are kept at least, and at most twice as many. */
const ownAnswersMax = 1_000

/** The first answers to the latest command ids, so that the same id again gets the same answer and changes nothing. */
export class Answers {
  readonly #given = new Map<string, Outcome>()
  readonly #own = new Map<string, Outcome>()

  /** The first answer stays. */
  remember(commandId: string, outcome: Outcome): void {
    const isOwn = commandId.startsWith(ownIdPrefix)
    const answers = isOwn ? this.#own : this.#given
    if (answers.has(commandId)) return
    answers.set(commandId, outcome)
    if (answers.size <= (isOwn ? 2 * ownAnswersMax : answersMax)) return
    // Many at once: a map of which only the first is deleted again and again is slow to find its first.
    const least = isOwn ? ownAnswersMax : answersMax
    for (const oldest of answers.keys()) {
      if (answers.size <= least) return
      answers.delete(oldest)
    }
  }

  /** An answer that another node, or an earlier run, wrote into the log: read back as it was written. */
  rememberLogged(commandId: string, outcome: unknown): void {
    this.remember(commandId, outcome as Outcome)
  }

  get(commandId: string): Outcome | undefined {
    return this.#given.get(commandId) ?? this.#own.get(commandId)
  }

  /** Oldest first; those to ids of the desk's own after the others. */
  entries(): (readonly [string, Outcome])[] {
    return [...this.#given, ...this.#own]
  }
}
