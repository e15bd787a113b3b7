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
  readonly #byId = new Map<string, Set<Waiting>>()
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
      const same = this.#byId.get(commandId) ?? new Set()
      this.#byId.set(commandId, same.add(waiting))
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

  /** What the log says of those that wait: by their ids, as they were answered there. */
  answersIn({ commands }: LogPayload): (() => void)[] {
    if (this.#byId.size === 0) return []
    return commands.flatMap(({ id, outcome }) =>
      [...(this.#byId.get(id) ?? [])].map((waiting) => () => this.answer(waiting, frozen(outcome as Outcome))),
    )
  }

  #leave(waiting: Waiting): boolean {
    const { commandId } = waiting.task
    const same = commandId === null ? undefined : this.#byId.get(commandId)
    same?.delete(waiting)
    if (commandId !== null && same?.size === 0) this.#byId.delete(commandId)
    return this.#waiting.delete(waiting)
  }
}
