import type { DomainEvent } from '../core'

/** One atomic batch of the log. */
export interface LogEntry {
  /** Gapless version of this desk: 1, 2, 3, … */
  readonly v: number
  /** Chain hash over the predecessor's: equal `(v, h)` means equal history. */
  readonly h: string
  /** Instant given by the log's engine, milliseconds since the epoch; never falls. */
  readonly t: number
  readonly payload: LogPayload
}

export interface LogPayload {
  readonly schema: 1
  /** The opening of a desk at one node that wrote it; left out where the log is in this process. */
  readonly src?: string
  /** The commands it answers, with the outcomes they were given, so that a repeated id gets the first answer again. */
  readonly commands: readonly { readonly id: string; readonly outcome: unknown }[]
  readonly events: readonly DomainEvent[]
}

/** A position in the history. `{v: 0, h: ''}` is before the first entry. */
export interface LogHead {
  readonly v: number
  readonly h: string
}

export interface LogBatch {
  readonly payload: LogPayload
  /** The engine refuses the batch before this instant of its own clock: no timer fires early. */
  readonly notBeforeAt: number | null
}

export type AppendResult =
  | { readonly status: 'appended'; readonly entry: LogEntry }
  /** Somebody else was first: the entries missed. */
  | { readonly status: 'conflict'; readonly missed: readonly LogEntry[] }
  /** The log's entry at that version is not the one expected. */
  | { readonly status: 'diverged' }
  | { readonly status: 'early'; readonly t: number }

export interface LogSnapshot extends LogHead {
  readonly t: number
  readonly schema: 1
  readonly state: unknown
}

/** A node says that it lives, and asks who else does. */
export interface RollCall {
  readonly node: string
  /** How long its own sign lasts, in milliseconds. */
  readonly forMs: number
  /** Nodes of which it wants to know. */
  readonly others: readonly string[]
}

export interface RollAnswer {
  /** The engine's clock, milliseconds since the epoch, or the newest entry's instant when that is later. */
  readonly t: number
  /** Those of the others whose sign lasts. */
  readonly alive: readonly string[]
}

/** Where events live: the one port of the desk. Every adapter passes the contract suite of `frontbell/testing`. */
export interface EventLog {
  /** Entries after a version, oldest first; a pull, linearisable with `append`. */
  read(after: number, limit: number): Promise<readonly LogEntry[]>
  append(expected: LogHead, batch: LogBatch): Promise<AppendResult>
  head(): Promise<LogHead>
  /** Puts back entries that the engine lost, verbatim; only right after its head. */
  restore(entries: readonly LogEntry[]): Promise<void>
  saveSnapshot(snapshot: LogSnapshot): Promise<void>
  loadSnapshot(): Promise<LogSnapshot | null>
  /** Resolves when everything appended before it has reached the durability the engine was set up for. */
  barrier(): Promise<void>
  /**
   * A hint that there is something to read, with the version of the newest entry where it is known; never relied upon.
   * Returns the way out.
   */
  bell(listener: (version?: number) => void): () => void
  /** Signs of life, beside the history. A log without it has sessions end by their leases only. */
  rollCall?(call: RollCall): Promise<RollAnswer>
  close(): Promise<void>
}
