import type { Outcome } from './desk-outcome'
import type { Task } from './work'

/** What a desk asks of whatever brings its commands into the log. */
export interface Dispatching {
  readonly isClosed: boolean
  /** Resolves with the outcome after everything that the task changed has been told. */
  do(task: Task): Promise<Outcome>
  /** Sees to what is due, if anything is. */
  tick(): void
  /** Takes what other desks have appended to the same log, soon; `version` is the newest one that it is told of. */
  follow(version?: number): void
  /** Resolves when everything that was in the log at the time of asking has been taken. */
  fresh(): Promise<void>
  /** Lets `idle` wait for something that goes on outside the mailbox, such as rules that are being asked. */
  awaits<Value>(outside: Promise<Value>): Promise<Value>
  /** Resolves when all that was asked has been answered and nothing is due. */
  idle(): Promise<void>
  /** Answers what was asked before, and wakes for nothing any more. */
  close(): Promise<void>
  /** Sets the timer for the earliest deadline, also one that has passed already. */
  wakeWhenDue(): void
}
