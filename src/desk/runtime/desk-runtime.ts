import type { Command, DeskState } from '../../core'
import type { Outcome } from '../api/outcome'

/** Brings commands into the store, and processes what is due. `LocalRuntime` and the cluster's `NodeRuntime` do. */
export interface DeskRuntime {
  readonly isClosed: boolean
  /** Resolves with the outcome after the listeners were called with everything that the command changed. */
  execute(command: QueuedCommand): Promise<Outcome>
  /** Processes what is due, if anything is. */
  processDue(): void
  /** Applies what other desks have appended to the same store, soon; `version` is the newest one that is known. */
  onAppended(version?: number): void
  /** Resolves when everything that was in the store at the time of the call has been applied. */
  sync(): Promise<void>
  /** Makes `idle` wait for something outside the queue, such as a route that is being evaluated. */
  track<Value>(pending: Promise<Value>): Promise<Value>
  /** Resolves when all commands have been answered and nothing is due. */
  idle(): Promise<void>
  /** Answers the commands given so far and cancels the timers. */
  close(): Promise<void>
  /** Sets the timer for the earliest deadline, also one that has passed. */
  scheduleWakeUp(): void
}

/** A command that waits for its turn. */
export interface QueuedCommand {
  /** `null`: the outcome need not be remembered. */
  readonly commandId: string | null
  /**
   * Returns the command, completed with the desk's time and what it takes from the state that it is decided on; `null`
   * where only what is due is to be processed.
   */
  toCommand(at: number, state: DeskState): Command | null
  /** Decided before the deadlines that have come. */
  readonly isBeforeDeadlines?: boolean
  /** Returns what the outcome of a success holds in addition. */
  readonly detailsOf: ((state: DeskState) => object) | null
}

/** After a restart: gives visitors the time to come back before any of their deadlines. */
export const resumeCommand: QueuedCommand = {
  commandId: null,
  toCommand: (at) => ({ type: 'resume', at }),
  isBeforeDeadlines: true,
  detailsOf: null,
}
