import type { LogPayload } from '../../log'
import type { Outcome } from '../desk-outcome'
import { frozen } from '../frozen'
import type { Task } from '../work'

/** A command that has come in and is not answered yet. */
export interface Waiting {
  readonly task: Task
  /** Counts commands as they come in. */
  readonly order: number
  readonly sinceMs: number
  /** It may stand in the log: an append that held it was sent. */
  isSent: boolean
  readonly answer: (outcome: Outcome) => void
  readonly fail: (error: unknown) => void
}

/** Commands in the order in which they came, until they are answered. */
export class CommandQueue {
  readonly #waiting = new Set<Waiting>()
  readonly #byId = new Map<string, readonly Waiting[]>()
  #newest = 0
  #freshUpTo = 0

  get size(): number {
    return this.#waiting.size
  }

  /** The number of the latest that came in. */
  get newest(): number {
    return this.#newest
  }

  /** The log was seen to its end after all up to this number had come in. */
  freshUpTo(order: number): void {
    this.#freshUpTo = Math.max(this.#freshUpTo, order)
  }

  /** Whether an answer that changes nothing rests on what the log held after the command had come in. */
  isFresh({ order }: Waiting): boolean {
    return order <= this.#freshUpTo
  }

  add(task: Task, sinceMs: number): Promise<Outcome> {
    return new Promise((answer, fail) => {
      this.#newest += 1
      const waiting = { task, order: this.#newest, sinceMs, isSent: false, answer, fail }
      this.#waiting.add(waiting)
      const { commandId } = task
      if (commandId === null) return
      const same = this.#byId.get(commandId)
      this.#byId.set(commandId, same === undefined ? [waiting] : [...same, waiting])
    })
  }

  /** The ones that came first. */
  first(count: number): Waiting[] {
    const first: Waiting[] = []
    for (const waiting of this.#waiting) {
      if (first.length === count) break
      first.push(waiting)
    }
    return first
  }

  answer(waiting: Waiting, outcome: Outcome): void {
    if (this.#leave(waiting)) waiting.answer(outcome)
  }

  fail(waiting: Waiting, error: unknown): void {
    if (this.#leave(waiting)) waiting.fail(error)
  }

  failAll(errorOf: (waiting: Waiting) => unknown): void {
    for (const waiting of [...this.#waiting]) this.fail(waiting, errorOf(waiting))
  }

  /** Answers those that wait as the log says, by their ids; or has them wait for more, with their answers. */
  answerBy({ commands }: LogPayload, later: (() => void)[] | null): void {
    if (this.#byId.size === 0) return
    for (const { id, outcome } of commands) {
      for (const waiting of this.#byId.get(id) ?? none) {
        const answer = () => this.answer(waiting, frozen(outcome as Outcome))
        if (later === null) answer()
        else later.push(answer)
      }
    }
  }

  #leave(waiting: Waiting): boolean {
    const { commandId } = waiting.task
    const same = commandId === null ? undefined : this.#byId.get(commandId)
    if (commandId !== null && same !== undefined) {
      const others = same.length === 1 && same[0] === waiting ? none : same.filter((each) => each !== waiting)
      if (others.length === 0) this.#byId.delete(commandId)
      else this.#byId.set(commandId, others)
    }
    return this.#waiting.delete(waiting)
  }
}

const none: readonly Waiting[] = []
