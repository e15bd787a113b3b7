import { DeskError, type DomainEvent } from '../core'

/**
 * Where events live: the one port of the desk. Every adapter passes the contract suite of `frontbell/testing`; the
 * backend is what the adapter stores in: a Redis, a Postgres, or the memory of this process.
 */
export interface EventStore {
  /** Entries after a version, oldest first; a pull, linearisable with `append`. */
  read(after: number, limit: number): Promise<readonly StoreEntry[]>
  append(expected: StoreHead, batch: StoreBatch): Promise<AppendResult>
  head(): Promise<StoreHead>
  /** Puts back entries that the backend lost, verbatim; only right after its head. */
  restore(entries: readonly StoreEntry[]): Promise<void>
  saveSnapshot(snapshot: StoreSnapshot): Promise<void>
  loadSnapshot(): Promise<StoreSnapshot | null>
  /** Resolves when everything appended before it has reached the durability the backend was set up for. */
  barrier(): Promise<void>
  /**
   * Calls the listener when there is something to read, with the version of the newest entry where it is known. It is a
   * hint and never relied upon. Returns an unsubscribe function.
   */
  subscribe(listener: (version?: number) => void): () => void
  /**
   * Records that a node lives and has the desk open, beside the history, and returns which other nodes do. With a store
   * that lacks it, sessions end by their leases only, and a node waits for no other one after a loss.
   */
  heartbeat?(heartbeat: NodeHeartbeat): Promise<NodeLiveness>
  close(): Promise<void>
}

/** One atomic batch of the store. */
export interface StoreEntry {
  /** Gapless version of this desk: 1, 2, 3, … */
  readonly v: number
  /** Chain hash over the predecessor's: equal `(v, h)` means equal history. */
  readonly h: string
  /** Instant given by the store's backend, milliseconds since the epoch; never falls. */
  readonly t: number
  readonly payload: StorePayload
}

export interface StorePayload {
  readonly schema: 1
  /** The node that wrote it, by the id of its opening; left out where the store is in this process. */
  readonly src?: string
  /** The commands it answers, with the outcomes they were given, so that a repeated id gets the first answer again. */
  readonly commands: readonly { readonly id: string; readonly outcome: unknown }[]
  readonly events: readonly DomainEvent[]
  /**
   * Why requests were routed as they were, by the index of the event that holds the routing result: other nodes explain
   * by them. Left out where no workflow was evaluated.
   */
  readonly traces?: readonly (readonly [eventIndex: number, trace: unknown])[]
}

/** A position in the history. `{v: 0, h: ''}` is before the first entry. */
export interface StoreHead {
  readonly v: number
  readonly h: string
}

export interface StoreBatch {
  readonly payload: StorePayload
  /** The backend refuses the batch before this instant of its own clock: no timer fires early. */
  readonly notBeforeAt: number | null
  /**
   * Asks for a turn, in milliseconds: when another writer was first, the backend holds all others back for at most so
   * long, as soon as it is the turn of the payload's `src`. Left out: asks for none.
   */
  readonly turnMs?: number
}

export type AppendResult =
  | { readonly status: 'appended'; readonly entry: StoreEntry }
  /** Another writer was first: the entries missed. With `hasTurn` these are all, and other writers are held back. */
  | { readonly status: 'conflict'; readonly missed: readonly StoreEntry[]; readonly hasTurn?: true }
  /** It is the turn of another writer, for at most so many milliseconds. Nothing was appended. */
  | { readonly status: 'deferred'; readonly forMs: number }
  /** The store's entry at that version is not the one expected. */
  | { readonly status: 'diverged' }
  | { readonly status: 'early'; readonly t: number }

export interface StoreSnapshot extends StoreHead {
  readonly t: number
  readonly schema: 1
  readonly state: unknown
}

/** A node's statement that it lives, and its question which others do. */
export interface NodeHeartbeat {
  readonly node: string
  /** How long the heartbeat counts, in milliseconds; the node stays on the roll for 15 times as long. */
  readonly forMs: number
  /** Nodes whose liveness is asked for. */
  readonly others: readonly string[]
  /** The incarnation of the backend in which the node has put back what it holds and the backend had lost. */
  readonly syncedIn?: string
  /** The nodes that this node knows to have the desk open: after a loss the store adds those that it lacks. */
  readonly roll?: readonly string[]
  /** The node lacks entries that the store has lost: any node that holds the desk is to save a snapshot. */
  readonly needsSnapshot?: boolean
  /** The node closes the desk, and leaves the roll. */
  readonly isLeaving?: boolean
}

export interface NodeLiveness {
  /** The backend's clock, milliseconds since the epoch, or the newest entry's instant when that is later. */
  readonly t: number
  /** Those of the others whose heartbeat still counts. */
  readonly alive: readonly string[]
  /** Left out by a store that loses nothing as long as this process lives. */
  readonly roll?: NodeRoll
  /** Another node needs a snapshot, or the store lacks its first entries and any snapshot that stands for them. */
  readonly isSnapshotNeeded?: boolean
  /** Which setting of the backend no longer keeps what the store requires, and what to set; `null` for none. */
  readonly settingsProblem?: string | null
}

/** The nodes that have the desk open, as the store knows them. */
export interface NodeRoll {
  /** Identifies the backend until it is restarted, emptied or replaced: then it may have lost entries. */
  readonly incarnation: string
  /** For how long the nodes have known this incarnation, in milliseconds. */
  readonly ageMs: number
  /** The other nodes that have the desk open. */
  readonly nodes: readonly NodeOnRoll[]
}

export interface NodeOnRoll {
  readonly node: string
  /** Whether it has put back, in this incarnation, what it holds. Otherwise it may hold entries that were lost. */
  readonly isSynced: boolean
}

/** An open desk, which has folded a store's entries up to a version. */
export interface SnapshotSource {
  version(): number
  /** The state at that version, as JSON. */
  state(): unknown
}

/**
 * A store in the same process, which needs no promise to append. The desk finds this capability by `appendSync`; with
 * it a command costs no turn of the event loop.
 */
export interface SynchronousStore extends EventStore {
  /**
   * Appends right after version `expected` and returns the new entry's version. Returns `null`, and changes nothing,
   * when the store's head is another one or the batch is early. When it throws, it has appended nothing.
   */
  appendSync(expected: number, batch: StoreBatch): number | null
  /**
   * Registers an open desk, which holds the state of its version: the store asks it for its state when a snapshot is
   * loaded, and drops entries well behind it. Returns a function that detaches it, on which the store keeps a last
   * snapshot.
   */
  attachSnapshotSource(source: SnapshotSource): () => void
  /** Whether a desk that is open uses the store. */
  readonly isOpen: boolean
  /** The hash at a version; `null` for one that was dropped or does not exist. */
  hashOf(version: number): string | null
}

export function isSynchronous(store: EventStore): store is SynchronousStore {
  return typeof (store as Partial<SynchronousStore>).appendSync === 'function'
}

type StoredRecord = Readonly<Record<string, unknown>>

/** Makes what one schema wrote into what the next one writes. */
export type Upcast = (old: StoredRecord) => StoredRecord

/** What outlives a release. The first upcast of a list makes schema 2 of schema 1; so far none was needed. */
const upcasters: Readonly<Record<'entry' | 'snapshot', readonly Upcast[]>> = { entry: [], snapshot: [] }

/**
 * Returns what this release or an earlier one wrote, as this release writes it. A record without a schema is returned
 * as it is: the caller finds whether it is damaged. A record of a newer release gives `store-newer-schema`: it is
 * refused, never guessed.
 */
export function upcast(
  name: string,
  written: StoredRecord,
  upcasts: readonly Upcast[] | keyof typeof upcasters,
): StoredRecord | DeskError {
  const known = typeof upcasts === 'string' ? upcasters[upcasts] : upcasts
  const { schema } = written
  if (!Number.isSafeInteger(schema) || Number(schema) < 1) return written
  const from = Number(schema)
  const newest = known.length + 1
  if (from > newest) {
    const message = `${name} has schema ${from}, and this release reads schemas up to ${newest}.`
    return new DeskError('store-newer-schema', `${message} Update frontbell on this node.`)
  }
  return known.slice(from - 1).reduce((old, step, index) => ({ ...step(old), schema: from + index + 1 }), written)
}
