import type { DeskError } from '../../core'
import type { StorePayload } from '../../store'
import { type Outcome, toOutcomeUnknown, toUnavailable } from '../api/outcome'
import type { QueuedCommand } from '../runtime/desk-runtime'
import { devFreeze } from '../runtime/dev-freeze'

/** A command that was received and is not answered yet. */
export interface PendingCommand {
  readonly command: QueuedCommand
  /** Its number in the order of arrival. */
  readonly sequence: number
  readonly sinceMs: number
  /** The node itself has given it: what is lost without it, such as a request to open again, no caller repeats. */
  readonly isOwn: boolean
  /** An append with this command was sent, so the store may hold it. */
  isSent: boolean
  readonly resolve: (outcome: Outcome) => void
}

/** The commands of a node in the order of their arrival, until they are answered. */
export class CommandQueue {
  #pending = new Set<PendingCommand>()
  readonly #byId = new Map<string, readonly PendingCommand[]>()
  #lastSequence = 0
  #syncedUpTo = 0

  get size(): number {
    return this.#pending.size
  }

  /** Whether a caller waits for the outcome of a command. */
  get hasCallers(): boolean {
    for (const { isOwn } of this.#pending) if (!isOwn) return true
    return false
  }

  get lastSequence(): number {
    return this.#lastSequence
  }

  /** Records that the store was read to its end after the command with this number had arrived. */
  markSyncedUpTo(sequence: number): void {
    this.#syncedUpTo = Math.max(this.#syncedUpTo, sequence)
  }

  /**
   * Returns whether the store was read to its end since the command arrived: then an outcome without events is up to
   * date.
   */
  isSynced({ sequence }: PendingCommand): boolean {
    return sequence <= this.#syncedUpTo
  }

  add(command: QueuedCommand, sinceMs: number, isOwn = false): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#lastSequence += 1
      const pending = { command, sequence: this.#lastSequence, sinceMs, isOwn, isSent: false, resolve }
      if (command.isBeforeDeadlines === true) this.#pending = new Set([pending, ...this.#pending])
      else this.#pending.add(pending)
      const { commandId } = command
      if (commandId === null) return
      const same = this.#byId.get(commandId)
      this.#byId.set(commandId, same === undefined ? [pending] : [...same, pending])
    })
  }

  /** Returns the oldest pending commands, at most `count`. */
  first(count: number): PendingCommand[] {
    const first: PendingCommand[] = []
    for (const pending of this.#pending) {
      if (first.length === count) break
      first.push(pending)
    }
    return first
  }

  /** Returns the commands that have waited since an instant or for longer; the node's own ones only while it closes. */
  expired(untilMs: number, isClosing: boolean): PendingCommand[] {
    return [...this.#pending].filter(({ sinceMs, isOwn }) => sinceMs <= untilMs && (isClosing || !isOwn))
  }

  resolve(pending: PendingCommand, outcome: Outcome): void {
    if (this.#remove(pending)) pending.resolve(outcome)
  }

  /**
   * Refuses a command because of an error. One that was sent may have been executed, unless its desk exists no more.
   */
  refuse(pending: PendingCommand, error: DeskError): void {
    const isUnknown = pending.isSent && error.code !== 'closed'
    this.resolve(pending, isUnknown ? toOutcomeUnknown(pending.command.commandId, error) : toUnavailable(error))
  }

  /** Refuses what callers wait for; what the node itself has to do only when the desk exists no more. */
  refuseAll(error: DeskError): void {
    for (const pending of [...this.#pending]) if (!pending.isOwn || error.code === 'closed') this.refuse(pending, error)
  }

  /** Answers the commands whose ids an entry holds; with a list `held` it only adds the functions that answer them. */
  resolveFromEntry({ commands }: StorePayload, held: (() => void)[] | null): void {
    if (this.#byId.size === 0) return
    for (const { id, outcome } of commands) {
      for (const pending of this.#byId.get(id) ?? noPendingCommands) {
        const answer = () => this.resolve(pending, devFreeze(outcome as Outcome))
        if (held === null) answer()
        else held.push(answer)
      }
    }
  }

  #remove(pending: PendingCommand): boolean {
    const { commandId } = pending.command
    const same = commandId === null ? undefined : this.#byId.get(commandId)
    if (commandId !== null && same !== undefined) {
      const others =
        same.length === 1 && same[0] === pending ? noPendingCommands : same.filter((each) => each !== pending)
      if (others.length === 0) this.#byId.delete(commandId)
      else this.#byId.set(commandId, others)
    }
    return this.#pending.delete(pending)
  }
}

const noPendingCommands: readonly PendingCommand[] = []
