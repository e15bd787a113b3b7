import type { DomainEvent } from '../core'

/** One atomic batch of the log. */
export interface StoreEntry {
  /** Gapless version of this desk: 1, 2, 3, … */
  readonly v: number
  /** Chain hash over the predecessor's: equal `(v, h)` means equal history. */
  readonly h: string
  /** Instant given by the log's engine, milliseconds since the epoch; never falls. */
  readonly t: number
  readonly payload: StorePayload
}

export interface StorePayload {
  readonly schema: 1
  /** The opening of a desk at one node that wrote it; left out where the log is in this process. */
  readonly src?: string
  /** The commands it answers, with the outcomes they were given, so that a repeated id gets the first answer again. */
  readonly commands: readonly { readonly id: string; readonly outcome: unknown }[]
  readonly events: readonly DomainEvent[]
}

/** A position in the history. `{v: 0, h: ''}` is before the first entry. */
export interface StoreHead {
  readonly v: number
  readonly h: string
}

export interface StoreBatch {
  readonly payload: StorePayload
  /** The engine refuses the batch before this instant of its own clock: no timer fires early. */
  readonly notBeforeAt: number | null
}

export type AppendResult =
  | { readonly status: 'appended'; readonly entry: StoreEntry }
  /** Somebody else was first: the entries missed. */
  | { readonly status: 'conflict'; readonly missed: readonly StoreEntry[] }
  /** The log's entry at that version is not the one expected. */
  | { readonly status: 'diverged' }
  | { readonly status: 'early'; readonly t: number }

export interface StoreSnapshot extends StoreHead {
  readonly t: number
  readonly schema: 1
  readonly state: unknown
}

/** A node says that it lives, and asks who else does. */
export interface NodeHeartbeat {
  readonly node: string
  /** How long its own sign lasts, in milliseconds. */
  readonly forMs: number
  /** Nodes of which it wants to know. */
  readonly others: readonly string[]
}

export interface NodeLiveness {
  /** The engine's clock, milliseconds since the epoch, or the newest entry's instant when that is later. */
  readonly t: number
  /** Those of the others whose sign lasts. */
  readonly alive: readonly string[]
}

/** Where events live: the one port of the desk. Every adapter passes the contract suite of `frontbell/testing`. */
export interface EventStore {
  /** Entries after a version, oldest first; a pull, linearisable with `append`. */
  read(after: number, limit: number): Promise<readonly StoreEntry[]>
  append(expected: StoreHead, batch: StoreBatch): Promise<AppendResult>
  head(): Promise<StoreHead>
  /** Puts back entries that the engine lost, verbatim; only right after its head. */
  restore(entries: readonly StoreEntry[]): Promise<void>
  saveSnapshot(snapshot: StoreSnapshot): Promise<void>
  loadSnapshot(): Promise<StoreSnapshot | null>
  /** Resolves when everything appended before it has reached the durability the engine was set up for. */
  barrier(): Promise<void>
  /**
   * A hint that there is something to read, with the version of the newest entry where it is known; never relied upon.
   * Returns the way out.
   */
  subscribe(listener: (version?: number) => void): () => void
  /** Signs of life, beside the history. A log without it has sessions end by their leases only. */
  heartbeat?(call: NodeHeartbeat): Promise<NodeLiveness>
  close(): Promise<void>
}

/** Whoever has folded a log up to a version. */
export interface SnapshotSource {
  version(): number
  /** The state at that version, as JSON. */
  state(): unknown
}

/**
 * A log in the same process, which needs no promise to append. The desk asks for this capability by looking for
 * `appendNow`; a log that has it costs a command no turn of the event loop.
 */
export interface SynchronousStore extends EventStore {
  /**
   * Appends right after version `expected` and returns the new entry's version. Returns `null`, and changes nothing,
   * when the log's head is another one or the batch is early.
   */
  appendSync(expected: number, batch: StoreBatch): number | null
  /**
   * A desk that is open holds the state of its version: the log asks for it when somebody wants a snapshot, and lets
   * go of entries well behind it. Returns the way out, on which the log keeps a last snapshot.
   */
  attachSnapshotSource(holder: SnapshotSource): () => void
  /** The hash at a version; `null` for one that was forgotten or is not there. */
  hashOf(version: number): string | null
}

export function isSynchronous(store: EventStore): store is SynchronousStore {
  return typeof (store as Partial<SynchronousStore>).appendSync === 'function'
}
