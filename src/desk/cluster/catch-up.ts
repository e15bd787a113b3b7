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
  /** Folds the entry that follows, and tells of it. */
  readonly apply: (entry: StoreEntry) => void
  /** Puts a state that was folded aside in the place of the kernel's. */
  readonly replaceState: (aside: RebuiltState) => void
  readonly repairsStore: boolean
}

const attemptsMax = 20

/** Brings the kernel to where the log is, whatever has become of the log. */
export class CatchUp {
  readonly #parts: CatchUpOptions

  constructor(parts: CatchUpOptions) {
    this.#parts = parts
  }

  /**
   * Reads the log to its end. Puts back what it has lost; folds anew, aside, where it does not continue what is known.
   * Returns whether it ended before what is known: then it may have lost more than this node can put back.
   * @throws what the log throws.
   */
  async run(isThorough: boolean): Promise<boolean> {
    let hasLost = false
    for (let turns = 0; turns < attemptsMax; turns += 1) {
      const { version: v, hash: h } = this.#parts.aggregate
      const read = await verifiedRead(this.#parts.store, { v, h }, isThorough)
      if (read.status === 'continues') {
        for (const entry of read.entries) this.#parts.apply(entry)
        if (read.isComplete) return hasLost
        turns = 0
      } else if (read.status === 'lost') {
        hasLost = true
        await this.#heal(read.head)
      } else this.#parts.replaceState(await rebuild(this.#parts.store))
    }
    throw new DeskError('store-failed', `the log's history changed ${attemptsMax} times while it was read`)
  }

  /**
   * The log ends before the kernel. What is held after its end goes back verbatim, and the log itself refuses what does
   * not continue it; one that lost everything goes on from a snapshot; one of another history is believed.
   */
  async #heal(head: StoreHead): Promise<void> {
    const { store, repairBuffer, aggregate, repairsStore, replaceState } = this.#parts
    const known = head.v === 0 ? '' : repairBuffer.entryAt(head.v)?.h
    const lost = repairsStore && (known ?? head.h) === head.h ? repairBuffer.entriesAfter(head.v) : null
    if (lost !== null && lost.length > 0) {
      const isBack = await store.restore(lost).then(() => true, ignoreDivergence)
      if (isBack || known !== undefined) return
    }
    if (head.v > 0 || !repairsStore) return replaceState(await rebuild(store))
    const { version: v, hash: h } = aggregate
    await store
      .saveSnapshot(toDeskSnapshot(aggregate, { v, h }, this.#parts.sessionOwnership.toSessionOwners()))
      .catch(ignoreDivergence)
  }
}

/** Somebody else has written there meanwhile: the next look shows what. */
function ignoreDivergence(error: unknown): false {
  if (!(error instanceof DeskError) || error.code !== 'store-diverged') throw error
  return false
}

/**
 * What lies after a position. `lost`: the log ends before it. `diverged`: the log has another entry there. `gap`: the
 * log has let go of what lies between.
 */
export type VerifiedRead =
  | { readonly status: 'continues'; readonly entries: readonly StoreEntry[]; readonly isComplete: boolean }
  | { readonly status: 'lost'; readonly head: StoreHead }
  | { readonly status: 'diverged' }
  | { readonly status: 'gap' }

const entriesPerReadMax = 1_000

/**
 * Reads on from a position and proves that what comes continues it: the entry at the position comes along and must be
 * the one that is known. Where nothing follows, a thorough look asks again for the next entry alone: a log tells of one
 * that is damaged only when it is the first asked for.
 */
export async function verifiedRead(store: EventStore, { v, h }: StoreHead, isThorough: boolean): Promise<VerifiedRead> {
  const read = await store.read(Math.max(0, v - 1), entriesPerReadMax)
  const isAll = read.length < entriesPerReadMax
  if (v === 0) return readFromStart(1, read, isAll)
  const [known, ...entries] = read
  if (known === undefined) return readPastEnd(await store.head(), { v, h })
  if (known.v > v)
    return (await hasSnapshotAt(store, known.v - 1, { v, h })) ? continuesWith(read, isAll) : { status: 'gap' }
  if (isThorough && entries.length === 0) await store.read(v, 1)
  return known.h === h ? continuesWith(entries, isAll) : { status: 'diverged' }
}

function continuesWith(entries: readonly StoreEntry[], isAll: boolean): VerifiedRead {
  return { status: 'continues', entries, isComplete: isAll }
}

/** A log that lost everything goes on from a snapshot: then that is what the first entry continues. */
async function hasSnapshotAt(store: EventStore, before: number, { v, h }: StoreHead): Promise<boolean> {
  if (before !== v) return false
  const saved = await store.loadSnapshot()
  return saved?.v === v && saved.h === h
}

function readFromStart(v: number, entries: readonly StoreEntry[], isAll: boolean): VerifiedRead {
  const [first] = entries
  if (first !== undefined && first.v > v) return { status: 'gap' }
  return continuesWith(entries, isAll)
}

/** Nothing was there to read: the log ends before the position, or right at it when it began with a snapshot. */
function readPastEnd(head: StoreHead, { v, h }: StoreHead): VerifiedRead {
  if (head.v < v) return { status: 'lost', head }
  if (head.v > v) return { status: 'gap' }
  return head.h === h ? continuesWith([], true) : { status: 'diverged' }
}

/** The newest entries that a node has folded: what it can put back when the engine has lost them. */
export class RepairBuffer {
  readonly #least: number
  #entries: StoreEntry[] = []

  /** Keeps at least so many, and at most twice as many. */
  constructor(least: number) {
    this.#least = least
  }

  add(entry: StoreEntry): void {
    this.#entries.push(entry)
    if (this.#entries.length >= 2 * this.#least) this.#entries = this.#entries.slice(-this.#least)
  }

  clear(): void {
    this.#entries = []
  }

  /** The entry at a version; `undefined` for one that is not held. */
  entryAt(v: number): StoreEntry | undefined {
    const first = this.#entries[0]
    return first === undefined ? undefined : this.#entries[v - first.v]
  }

  /** All after a version; `null` when the first of them is not held any more. */
  entriesAfter(v: number): readonly StoreEntry[] | null {
    const first = this.#entries[0]
    if (first === undefined || first.v > v + 1) return null
    return this.#entries.slice(v + 1 - first.v)
  }

  entries(): readonly StoreEntry[] {
    return this.#entries
  }
}

/** A whole desk, folded from the log beside the one that is shown. */
export interface RebuiltState {
  readonly state: DeskState
  readonly idempotencyCache: IdempotencyCache
  readonly v: number
  readonly h: string
  readonly sessionOwners: SessionOwners
  /** Where the fold began: entries up to here are in the snapshot, whose hash is `fromHash`. */
  readonly snapshotVersion: number
  readonly snapshotHash: string
  /** The entries after that. */
  readonly entries: readonly StoreEntry[]
}

const rebuildAttemptsMax = 5

/**
 * Folds the newest snapshot and what follows it, up to version `upTo` at most; nobody is told of anything. Another node
 * may save a snapshot and let entries go meanwhile: then it begins again.
 * @throws DeskError for a log that cannot be folded to its end.
 */
export async function rebuild(store: EventStore, upTo = Number.POSITIVE_INFINITY): Promise<RebuiltState> {
  for (let tries = 0; tries < rebuildAttemptsMax; tries += 1) {
    const folded = await rebuildOnce(store, upTo)
    if (folded !== null) return folded
  }
  throw new DeskError(
    'store-damaged',
    `the log's newest snapshot and its entries do not fit in ${rebuildAttemptsMax} tries`,
  )
}

async function rebuildOnce(store: EventStore, upTo: number): Promise<RebuiltState | null> {
  const saved = await store.loadSnapshot()
  const snapshot = saved === null || saved.v > upTo ? null : parseStoredSnapshot(saved)
  const state = snapshot === null ? emptyState() : restoreStateFrom(snapshot)
  const answers = new IdempotencyCache()
  const roll = new SessionOwnership('')
  for (const [id, outcome] of snapshot?.state.answers ?? []) answers.remember(id, outcome as Outcome)
  roll.restore(snapshot?.state.nodes ?? [])
  const from = snapshot?.v ?? 0
  const fromHash = snapshot?.h ?? ''
  let last = { v: from, h: fromHash }
  const entries: StoreEntry[] = []
  for (;;) {
    const read = await verifiedRead(store, last, false)
    if (read.status !== 'continues') return null
    for (const entry of read.entries) {
      if (entry.v > upTo) break
      for (const event of entry.payload.events) evolve(state, event)
      for (const { id, outcome } of entry.payload.commands) answers.rememberStored(id, outcome)
      roll.apply(entry)
      entries.push(entry)
      last = entry
    }
    if (read.isComplete || last.v >= upTo) {
      return {
        state,
        idempotencyCache: answers,
        ...last,
        sessionOwners: roll.toSessionOwners(),
        snapshotVersion: from,
        snapshotHash: fromHash,
        entries,
      }
    }
  }
}
