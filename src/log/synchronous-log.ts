import type { EventLog, LogBatch } from './event-log'

/**
 * A log in the same process, which needs no promise to append. The desk asks for this capability by looking for
 * `appendNow`; a log that has it costs a command no turn of the event loop.
 */
export interface SynchronousLog extends EventLog {
  /**
   * Appends right after version `expected` and returns the new entry's version. Returns `null`, and changes nothing,
   * when the log's head is another one or the batch is early.
   */
  appendNow(expected: number, batch: LogBatch): number | null
  /** Like `saveSnapshot` for the state at the head, without making a hash; does nothing at any other version. */
  keepNow(version: number, state: unknown): void
  /** The hash at a version; `null` for one that was forgotten or is not there. */
  hashOf(version: number): string | null
}

export function isSynchronous(log: EventLog): log is SynchronousLog {
  return typeof (log as Partial<SynchronousLog>).appendNow === 'function'
}
