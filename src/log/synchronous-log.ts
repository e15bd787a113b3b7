import type { EventLog, LogBatch } from './event-log'

/** Whoever has folded a log up to a version. */
export interface StateHolder {
  version(): number
  /** The state at that version, as JSON. */
  state(): unknown
}

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
  /**
   * A desk that is open holds the state of its version: the log asks for it when somebody wants a snapshot, and lets
   * go of entries well behind it. Returns the way out, on which the log keeps a last snapshot.
   */
  heldBy(holder: StateHolder): () => void
  /** The hash at a version; `null` for one that was forgotten or is not there. */
  hashOf(version: number): string | null
}

export function isSynchronous(log: EventLog): log is SynchronousLog {
  return typeof (log as Partial<SynchronousLog>).appendNow === 'function'
}
