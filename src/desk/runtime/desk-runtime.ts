import type { Command, DeskState } from '../../core'
import { dueShifts } from '../../core'
import { shiftTimeAt } from '../../routing'
import type { StoreBatch } from '../../store'
import type { Outcome } from '../api/outcome'
import { toOutcome } from '../api/outcome'
import type { DeskAggregate } from './desk-aggregate'
import { devFreeze } from './dev-freeze'

/** What a desk asks of whatever brings its commands into the log. */
export interface DeskRuntime {
  readonly isClosed: boolean
  /** Resolves with the outcome after everything that the task changed has been told. */
  execute(task: QueuedCommand): Promise<Outcome>
  /** Sees to what is due, if anything is. */
  processDue(): void
  /** Takes what other desks have appended to the same log, soon; `version` is the newest one that it is told of. */
  onAppended(version?: number): void
  /** Resolves when everything that was in the log at the time of asking has been taken. */
  sync(): Promise<void>
  /** Lets `idle` wait for something that goes on outside the mailbox, such as rules that are being asked. */
  track<Value>(outside: Promise<Value>): Promise<Value>
  /** Resolves when all that was asked has been answered and nothing is due. */
  idle(): Promise<void>
  /** Answers what was asked before, and wakes for nothing any more. */
  close(): Promise<void>
  /** Sets the timer for the earliest deadline, also one that has passed already. */
  scheduleWakeUp(): void
}

/** One thing to do in the mailbox. */
export interface QueuedCommand {
  /** `null`: the answer need not be remembered. */
  readonly commandId: string | null
  /**
   * The command, complete with the desk's time and what it takes over from the state it is decided on; `null` when the
   * task is only to see to what is due.
   */
  toCommand(at: number, state: DeskState): Command | null
  /** What a success tells besides. */
  readonly detailsOf: ((state: DeskState) => object) | null
}

/** At most so many deadlines at one instant: more of them would be a desk that never comes to rest. */
const ticksMax = 1_000_000

/**
 * A task as a series of batches: what was due before it, the command itself, what follows from it at once. Each batch
 * is decided on the state that all before it have left, so it is asked for only when those have been taken.
 */
export class CommandExecution {
  outcome: Outcome | null = null
  /** The desk's time when it began. */
  readonly at: number
  /** What `next` found to be due next when it last looked. */
  dueAt: number | null = null
  readonly #kernel: DeskAggregate
  readonly #task: QueuedCommand
  #phase: 'before' | 'command' | 'after' = 'before'
  #ticks = 0

  constructor(kernel: DeskAggregate, task: QueuedCommand) {
    this.#kernel = kernel
    this.#task = task
    this.at = kernel.now()
  }

  /** The next batch to append; `null` when all is done. Asking again without `taken` decides the same anew. */
  nextBatch(): StoreBatch | null {
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
  onAppended(): void {
    if (this.#phase === 'command') this.#phase = 'after'
  }

  /** The log's own clock says that it is too early for what is due. */
  stopTicking(): void {
    this.#ticks = ticksMax
  }

  #tick(): StoreBatch | null {
    const { state } = this.#kernel
    const at = this.at
    this.dueAt = this.#kernel.nextDueAt()
    if (this.dueAt === null || this.dueAt > at || this.#ticks >= ticksMax) return null
    this.#ticks += 1
    const times = dueShifts(state, at).map((shift) => shiftTimeAt(shift, at))
    const { events } = this.#kernel.decide({ type: 'tick', times, at })
    return events.length === 0 ? null : { payload: { schema: 1, commands: emptyList, events }, notBeforeAt: at }
  }

  #command(): StoreBatch | null {
    const { commandId, detailsOf } = this.#task
    this.outcome = commandId === null ? null : (this.#kernel.idempotencyCache.get(commandId) ?? null)
    if (this.outcome !== null) return null
    const command = this.#task.toCommand(this.at, this.#kernel.state)
    if (command === null) return null
    const { outcome, events } = this.#kernel.decide(command)
    this.outcome = devFreeze(toOutcome(outcome, detailsOf, this.#kernel.state))
    if (events.length === 0) {
      if (commandId !== null) this.#kernel.idempotencyCache.remember(commandId, this.outcome)
      return null
    }
    const commands = commandId === null ? emptyList : [{ id: commandId, outcome: this.outcome }]
    return { payload: { schema: 1, commands, events }, notBeforeAt: null }
  }
}

const emptyList: readonly never[] = []
