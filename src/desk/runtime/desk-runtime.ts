import { type Command, DeskError, type DeskState, errorMessageOf } from '../../core'
import type { EventStore } from '../../store'
import type { Outcome, Refused } from '../api/outcome'
import type { EventBus } from '../events/event-bus'

/**
 * Appends the events of commands and of due deadlines. Implemented by `LocalRuntime` and the cluster's `NodeRuntime`.
 */
export interface DeskRuntime {
  readonly isClosed: boolean
  /** Whether commands that were given have no outcome yet. */
  readonly isBusy: boolean
  /**
   * Resolves with the outcome after the listeners were called with everything that the command changed. Never rejects:
   * what fails is a refusal, `unavailable` or `outcome-unknown`.
   */
  execute(command: QueuedCommand): Promise<Outcome>
  /** Processes the due deadlines, if there are any. */
  processDue(): void
  /**
   * Soon applies the entries that other desks have appended to the same store, up to `version` at least where given.
   */
  onAppended(version?: number): void
  /** Resolves when everything that was in the store at the time of the call has been applied, or could not be read. */
  sync(): Promise<SyncOutcome>
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
   * Returns the command, completed with the desk's time and with the parts that depend on the state; `null` where
   * nothing is to be decided but due deadlines: the outcome is then `undecidedOutcome`.
   */
  toCommand(at: number, state: DeskState): Command | null
  /** Whether it is decided before the due deadlines. */
  readonly isBeforeDeadlines?: boolean
  /** Whether it restores a session whose connection, if there is one, need not be at this node. */
  readonly isConnectedElsewhere?: boolean
  /** Returns the trace to store with the routing result of the command; `undefined`: none. */
  readonly traceOf?: (() => unknown) | undefined
  /** Returns the details that a success holds in addition. */
  readonly detailsOf: ((state: DeskState) => object) | null
}

/** The outcome of a command that was not decided. It is not remembered. */
export const undecidedOutcome = Object.freeze({ ok: true }) as Outcome

/** Whether the store was read to its end; a refusal says why not. */
export type SyncOutcome = Readonly<{ ok: true }> | Refused

interface ClosedWithDesk {
  readonly unsubscribe: () => void
  readonly runtime: DeskRuntime
  readonly store: EventStore
  readonly eventBus: EventBus
}

/** Closes what a desk uses, in order. What fails is emitted as `error` and never thrown. */
export async function closeParts({ unsubscribe, runtime, store, eventBus }: ClosedWithDesk): Promise<void> {
  const report = (cause: unknown) =>
    eventBus.emit('error', new DeskError('store-failed', `the store could not be closed: ${cause}`, cause))
  try {
    unsubscribe()
  } catch (cause) {
    report(cause)
  }
  await runtime.close().catch(report)
  await new Promise((resolve) => resolve(store.close())).catch(report)
}

/** Returns the error of a desk that was closed. */
export const closedError = () => new DeskError('closed', 'expected an open desk, got one that was closed')

/** Returns a failure as a DeskError; one that no store has reported is a defect: `command-failed`. */
export function toDeskError(cause: unknown): DeskError {
  if (cause instanceof DeskError) return cause
  const message = errorMessageOf(cause)
  return new DeskError('command-failed', `a command or deadline could not be decided: ${message}`, cause)
}

/** Nodes that notice the same restart at once record it once. */
const restartMsMin = 1_000

/** The command after a restart: visitors get the time to come back before any of their deadlines. */
export const resumeCommand: QueuedCommand = {
  commandId: null,
  toCommand: (at, { resumedAt }) =>
    resumedAt !== null && at - resumedAt < restartMsMin ? null : { type: 'resume', at },
  isBeforeDeadlines: true,
  detailsOf: null,
}
