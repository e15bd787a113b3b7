import type { Outcome } from './desk-outcome'

export const answersMax = 10_000

/** Ids that a desk makes itself, to find its own entry again when the log's answer was lost; nobody repeats them. */
export const ownIdPrefix = 'frontbell:'
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
    if (answers.size <= (isOwn ? ownAnswersMax : answersMax)) return
    for (const oldest of answers.keys()) {
      answers.delete(oldest)
      return
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
