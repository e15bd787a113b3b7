import type { StorePayload } from '../../store'
import type { Outcome } from '../api/outcome'
import type { QueuedCommand } from '../runtime/desk-runtime'
import { devFreeze } from '../runtime/dev-freeze'

/** A command that has come in and is not answered yet. */
export interface PendingCommand {
  readonly command: QueuedCommand
  /** Counts commands as they come in. */
  readonly sequence: number
  readonly sinceMs: number
  /** It may stand in the log: an append that held it was sent. */
  isSent: boolean
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: unknown) => void
}

/** Commands in the order in which they came, until they are answered. */
export class CommandQueue {
  readonly #waiting = new Set<PendingCommand>()
  readonly #byId = new Map<string, readonly PendingCommand[]>()
  #newest = 0
  #freshUpTo = 0

  get size(): number {
    return this.#waiting.size
  }

  /** The number of the latest that came in. */
  get lastSequence(): number {
    return this.#newest
  }

  /** The log was seen to its end after all up to this number had come in. */
  markSyncedUpTo(order: number): void {
    this.#freshUpTo = Math.max(this.#freshUpTo, order)
  }

  /** Whether an answer that changes nothing rests on what the log held after the command had come in. */
  isSynced({ sequence }: PendingCommand): boolean {
    return sequence <= this.#freshUpTo
  }

  add(task: QueuedCommand, sinceMs: number): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#newest += 1
      const waiting: PendingCommand = { command: task, sequence: this.#newest, sinceMs, isSent: false, resolve, reject }
      this.#waiting.add(waiting)
      const { commandId } = task
      if (commandId === null) return
      const same = this.#byId.get(commandId)
      this.#byId.set(commandId, same === undefined ? [waiting] : [...same, waiting])
    })
  }

  /** The ones that came first. */
  first(count: number): PendingCommand[] {
    const first: PendingCommand[] = []
    for (const waiting of this.#waiting) {
      if (first.length === count) break
      first.push(waiting)
    }
    return first
  }

  resolve(waiting: PendingCommand, outcome: Outcome): void {
    if (this.#leave(waiting)) waiting.resolve(outcome)
  }

  reject(waiting: PendingCommand, error: unknown): void {
    if (this.#leave(waiting)) waiting.reject(error)
  }

  rejectAll(errorOf: (waiting: PendingCommand) => unknown): void {
    for (const waiting of [...this.#waiting]) this.reject(waiting, errorOf(waiting))
  }

  /** Answers those that wait as the log says, by their ids; or has them wait for more, with their answers. */
  resolveFromEntry({ commands }: StorePayload, later: (() => void)[] | null): void {
    if (this.#byId.size === 0) return
    for (const { id, outcome } of commands) {
      for (const waiting of this.#byId.get(id) ?? noPendingCommands) {
        const answer = () => this.resolve(waiting, devFreeze(outcome as Outcome))
        if (later === null) answer()
        else later.push(answer)
      }
    }
  }

  #leave(waiting: PendingCommand): boolean {
    const { commandId } = waiting.command
    const same = commandId === null ? undefined : this.#byId.get(commandId)
    if (commandId !== null && same !== undefined) {
      const others =
        same.length === 1 && same[0] === waiting ? noPendingCommands : same.filter((each) => each !== waiting)
      if (others.length === 0) this.#byId.delete(commandId)
      else this.#byId.set(commandId, others)
    }
    return this.#waiting.delete(waiting)
  }
}

const noPendingCommands: readonly PendingCommand[] = []
