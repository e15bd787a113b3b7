import type { Command, DeskState } from '../core'
import { dueShifts } from '../core'
import type { LogBatch } from '../log'
import { shiftTimeAt } from '../routing'
import { answerOf } from './answer-of'
import type { Outcome } from './desk-outcome'
import { frozen } from './frozen'
import type { Kernel } from './kernel'

/** One thing to do in the mailbox. */
export interface Task {
  /** `null`: the answer need not be remembered. */
  readonly commandId: string | null
  /**
   * The command, complete with the desk's time and what it takes over from the state it is decided on; `null` when the
   * task is only to see to what is due.
   */
  complete(at: number, state: DeskState): Command | null
  /** What a success tells besides. */
  readonly details: ((state: DeskState) => object) | null
}

/** At most so many deadlines at one instant: more of them would be a desk that never comes to rest. */
const ticksMax = 1_000_000

/**
 * A task as a series of batches: what was due before it, the command itself, what follows from it at once. Each batch
 * is decided on the state that all before it have left, so it is asked for only when those have been taken.
 */
export class Work {
  outcome: Outcome | null = null
  /** The desk's time when it began. */
  readonly at: number
  /** What `next` found to be due next when it last looked. */
  dueAt: number | null = null
  readonly #kernel: Kernel
  readonly #task: Task
  #phase: 'before' | 'command' | 'after' = 'before'
  #ticks = 0

  constructor(kernel: Kernel, task: Task) {
    this.#kernel = kernel
    this.#task = task
    this.at = kernel.now()
  }

  /** The next batch to append; `null` when all is done. Asking again without `taken` decides the same anew. */
  next(): LogBatch | null {
    if (this.#phase === 'before') {
      const tick = this.#tick()
      if (tick !== null) return tick
      this.#phase = 'command'
    }
    if (this.#phase === 'command') {
      const batch = this.#command()
      if (batch !== null) return batch
      this.#phase = 'after'
    }
    return this.#tick()
  }

  /** The batch that `next` gave is in the log. */
  taken(): void {
    if (this.#phase === 'command') this.#phase = 'after'
  }

  /** The log's own clock says that it is too early for what is due. */
  postponed(): void {
    this.#ticks = ticksMax
  }

  #tick(): LogBatch | null {
    const { state } = this.#kernel
    const at = this.at
    this.dueAt = this.#kernel.nextDueAt()
    if (this.dueAt === null || this.dueAt > at || this.#ticks >= ticksMax) return null
    this.#ticks += 1
    const times = dueShifts(state, at).map((shift) => shiftTimeAt(shift, at))
    const { events } = this.#kernel.decide({ type: 'tick', times, at })
    return events.length === 0 ? null : { payload: { schema: 1, commands: none, events }, notBeforeAt: at }
  }

  #command(): LogBatch | null {
    const { commandId, details } = this.#task
    this.outcome = commandId === null ? null : (this.#kernel.answers.get(commandId) ?? null)
    if (this.outcome !== null) return null
    const command = this.#task.complete(this.at, this.#kernel.state)
    if (command === null) return null
    const { outcome, events } = this.#kernel.decide(command)
    this.outcome = frozen(answerOf(outcome, details, this.#kernel.state))
    if (events.length === 0) {
      if (commandId !== null) this.#kernel.answers.remember(commandId, this.outcome)
      return null
    }
    const commands = commandId === null ? none : [{ id: commandId, outcome: this.outcome }]
    return { payload: { schema: 1, commands, events }, notBeforeAt: null }
  }
}

const none: readonly never[] = []
