import { DeskError, type DeskState, emptyState, evolve } from '../../core'
import type { EventStore, StoreEntry, StoreHead } from '../../store'
import type { Outcome } from '../api/outcome'
import type { DeskAggregate } from '../runtime/desk-aggregate'
import { IdempotencyCache } from '../runtime/desk-aggregate'
import { parseStoredSnapshot, restoreStateFrom, toDeskSnapshot } from '../runtime/desk-snapshot'
import { type SessionOwners, SessionOwnership } from './session-ownership'

export interface CatchUpOptions {
  readonly aggregate: DeskAggregate
  readonly store: EventStore
  readonly repairBuffer: RepairBuffer
  readonly sessionOwnership: SessionOwnership
  /** Applies the next entry. */
  readonly apply: (entry: StoreEntry) => void
  /** Replaces the aggregate's state by a rebuilt one. */
  readonly replaceState: (rebuilt: RebuiltState) => void
  readonly repairsStore: boolean
}

const attemptsMax = 20

/** Brings the aggregate to the head of the store, also when the store has lost entries or has another history. */
export class CatchUp {
  readonly #options: CatchUpOptions
  #needsSnapshot = false

  constructor(options: CatchUpOptions) {
    this.#options = options
  }

  /** Whether the store lacks entries, or holds damaged ones, that only another node's snapshot can stand for. */
  get needsSnapshot(): boolean {
    return this.#needsSnapshot
  }

  /**
   * Reads the store to its end. Puts back the entries it has lost; rebuilds the state where its entries do not continue
   * the aggregate's. Returns whether it ended before the aggregate: then it may have lost more than this node holds.
   * @throws what the store throws.
   */
  async run(isThorough: boolean): Promise<boolean> {
    const hasLost = await this.#run(isThorough)
    this.#needsSnapshot = false
    return hasLost
  }

  async #run(isThorough: boolean): Promise<boolean> {
    let hasLost = false
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const { version: v, hash: h } = this.#options.aggregate
      const reading = verifiedRead(this.#options.store, { v, h }, isThorough)
      const read = await reading.catch((error: unknown) => this.#readPastDamage(error))
      if (read.status === 'continues') {
        for (const entry of read.entries) this.#options.apply(entry)
        if (read.isComplete) return hasLost
        attempt = 0
      } else if (read.status === 'lost') {
        hasLost = true
        await this.#repair(read.head)
      } else this.#options.replaceState(await this.#rebuild())
    }
    throw new DeskError('store-failed', `the store's history changed ${attemptsMax} times while it was read`)
  }

  /** A snapshot that stands for the entries that are damaged, or missing in the middle, is as good as they were. */
  async #readPastDamage(error: unknown): Promise<VerifiedRead> {
    if (!(error instanceof DeskError) || error.code !== 'store-damaged') throw error
    this.#needsSnapshot = true
    const saved = await this.#options.store.loadSnapshot()
    if (saved === null || saved.v <= this.#options.aggregate.version) throw error
    return { status: 'gap' }
  }

  #rebuild(): Promise<RebuiltState> {
    return rebuild(this.#options.store).catch((error: unknown) => {
      this.#needsSnapshot = error instanceof DeskError && error.code === 'store-damaged'
      throw error
    })
  }

  /**
   * The store ends before the aggregate. Puts back the entries held after its end, verbatim; the store refuses those
   * that do not continue it. A store that lost all entries gets a snapshot; from one with another history the state is
   * rebuilt.
   */
  async #repair(head: StoreHead): Promise<void> {
    const { store, repairBuffer, aggregate, repairsStore, replaceState } = this.#options
    const known = head.v === 0 ? '' : repairBuffer.entryAt(head.v)?.h
    const lost = repairsStore && (known ?? head.h) === head.h ? repairBuffer.entriesAfter(head.v) : null
    if (lost !== null && lost.length > 0) {
      const isRestored = await store.restore(lost).then(() => true, ignoreDivergence)
      if (isRestored || known !== undefined) return
    }
    if (head.v > 0 || !repairsStore) return replaceState(await this.#rebuild())
    const { version: v, hash: h } = aggregate
    await store
      .saveSnapshot(toDeskSnapshot(aggregate, { v, h }, this.#options.sessionOwnership.toSessionOwners()))
      .catch(ignoreDivergence)
  }
}

/** Another node has written to the store meanwhile: the next read returns its entries. */
function ignoreDivergence(error: unknown): false {
  if (!(error instanceof DeskError) || error.code !== 'store-diverged') throw error
  return false
}

/**
 * The entries after a position. `lost`: the store ends before it. `diverged`: the store has another entry there. `gap`:
 * the store has dropped the entries between.
 */
export type VerifiedRead =
  | { readonly status: 'continues'; readonly entries: readonly StoreEntry[]; readonly isComplete: boolean }
  | { readonly status: 'lost'; readonly head: StoreHead }
  | { readonly status: 'diverged' }
  | { readonly status: 'gap' }

const entriesPerReadMax = 1_000

/**
 * Reads the entries after a position and checks that they continue it: the entry at the position is read as well and
 * must be the known one. Where no entry follows, a thorough read reads again from the next entry on: a store reports a
 * damaged entry only when it is the first one of a read.
 */
export async function verifiedRead(store: EventStore, { v, h }: StoreHead, isThorough: boolean): Promise<VerifiedRead> {
  const read = await store.read(Math.max(0, v - 1), entriesPerReadMax)
  const isComplete = read.length < entriesPerReadMax
  if (v === 0) return readFromStart(1, read, isComplete)
  const [known, ...entries] = read
  if (known === undefined) return readPastEnd(await store.head(), { v, h })
  if (known.v > v)
    return (await hasSnapshotAt(store, known.v - 1, { v, h })) ? continuesWith(read, isComplete) : { status: 'gap' }
  if (isThorough && entries.length === 0) await store.read(v, 1)
  return known.h === h ? continuesWith(entries, isComplete) : { status: 'diverged' }
}

function continuesWith(entries: readonly StoreEntry[], isComplete: boolean): VerifiedRead {
  return { status: 'continues', entries, isComplete }
}

/** Returns whether a store that lost all entries has this snapshot, which its first entry then continues. */
async function hasSnapshotAt(store: EventStore, version: number, { v, h }: StoreHead): Promise<boolean> {
  if (version !== v) return false
  const saved = await store.loadSnapshot()
  return saved?.v === v && saved.h === h
}

function readFromStart(v: number, entries: readonly StoreEntry[], isComplete: boolean): VerifiedRead {
  const [first] = entries
  if (first !== undefined && first.v > v) return { status: 'gap' }
  return continuesWith(entries, isComplete)
}

/** Returns the read without any entry: the store ends before the position, or right at it after a snapshot. */
function readPastEnd(head: StoreHead, { v, h }: StoreHead): VerifiedRead {
  if (head.v < v) return { status: 'lost', head }
  if (head.v > v) return { status: 'gap' }
  return head.h === h ? continuesWith([], true) : { status: 'diverged' }
}

/** The newest entries that a node has applied: it puts them back when the backend has lost them. */
export class RepairBuffer {
  readonly #entriesMin: number
  #entries: StoreEntry[] = []

  /** Keeps at least `entriesMin` entries, and at most twice as many. */
  constructor(entriesMin: number) {
    this.#entriesMin = entriesMin
  }

  add(entry: StoreEntry): void {
    this.#entries.push(entry)
    if (this.#entries.length >= 2 * this.#entriesMin) this.#entries = this.#entries.slice(-this.#entriesMin)
  }

  clear(): void {
    this.#entries = []
  }

  /** Returns the entry at a version; `undefined` for one that is not held. */
  entryAt(v: number): StoreEntry | undefined {
    const first = this.#entries[0]
    return first === undefined ? undefined : this.#entries[v - first.v]
  }

  /** Returns all entries after a version; `null` when the first of them is no longer held. */
  entriesAfter(v: number): readonly StoreEntry[] | null {
    const first = this.#entries[0]
    if (first === undefined || first.v > v + 1) return null
    return this.#entries.slice(v + 1 - first.v)
  }

  entries(): readonly StoreEntry[] {
    return this.#entries
  }
}

/** A state folded from the store, while the node still shows its former one. */
export interface RebuiltState {
  readonly state: DeskState
  readonly idempotencyCache: IdempotencyCache
  readonly v: number
  readonly h: string
  readonly sessionOwners: SessionOwners
  /** The snapshot at which the fold began: `v` and `h` of the last entry in it. */
  readonly snapshotVersion: number
  readonly snapshotHash: string
  /** The entries after the snapshot. */
  readonly entries: readonly StoreEntry[]
}

const rebuildAttemptsMax = 5

/**
 * Folds the newest snapshot and the entries after it, up to version `upTo` at most, without any notification. Another
 * node may save a snapshot and drop entries meanwhile: then the fold begins again.
 * @throws DeskError for a store that cannot be folded to its end.
 */
export async function rebuild(store: EventStore, upTo = Number.POSITIVE_INFINITY): Promise<RebuiltState> {
  for (let attempt = 0; attempt < rebuildAttemptsMax; attempt += 1) {
    const rebuilt = await rebuildOnce(store, upTo)
    if (rebuilt !== null) return rebuilt
  }
  throw new DeskError(
    'store-damaged',
    `the store's newest snapshot and its entries did not match in ${rebuildAttemptsMax} attempts`,
  )
}

async function rebuildOnce(store: EventStore, upTo: number): Promise<RebuiltState | null> {
  const saved = await store.loadSnapshot()
  const snapshot = saved === null || saved.v > upTo ? null : parseStoredSnapshot(saved)
  const state = snapshot === null ? emptyState() : restoreStateFrom(snapshot)
  const idempotencyCache = new IdempotencyCache()
  const sessionOwnership = new SessionOwnership('')
  for (const [id, outcome] of snapshot?.state.answers ?? []) idempotencyCache.remember(id, outcome as Outcome)
  sessionOwnership.restore(snapshot?.state.nodes ?? [])
  const snapshotVersion = snapshot?.v ?? 0
  const snapshotHash = snapshot?.h ?? ''
  let last = { v: snapshotVersion, h: snapshotHash }
  const entries: StoreEntry[] = []
  for (;;) {
    const read = await verifiedRead(store, last, false)
    if (read.status !== 'continues') return null
    for (const entry of read.entries) {
      if (entry.v > upTo) break
      for (const event of entry.payload.events) evolve(state, event)
      for (const { id, outcome } of entry.payload.commands) idempotencyCache.rememberStored(id, outcome)
      sessionOwnership.apply(entry)
      entries.push(entry)
      last = entry
    }
    if (read.isComplete || last.v >= upTo) {
      return {
        state,
        idempotencyCache,
        ...last,
        sessionOwners: sessionOwnership.toSessionOwners(),
        snapshotVersion,
        snapshotHash,
        entries,
      }
    }
  }
}
