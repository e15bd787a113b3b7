import { DeskError } from '../../../src'
import type {
  AppendResult,
  NodeHeartbeat,
  NodeLiveness,
  StoreBatch,
  StoreEntry,
  StoreHead,
  StoreSnapshot,
} from '../../../src/store'
import { conflictResult, WriterTurns } from '../../../src/store/writer-turns'

/** What the negative controls switch off, to see that the simulation detects it. */
export interface SafetyChecks {
  /** Whether a node that is far from the backend is given a turn. */
  readonly givesTurns: boolean
  readonly checksVersions: boolean
  readonly keepsIds: boolean
  readonly checksGeneration: boolean
  readonly repairsStore: boolean
  readonly awaitsRoll: boolean
  readonly savesForOthers: boolean
  readonly watchesWrites: boolean
}

export const allSafetyChecks: SafetyChecks = {
  givesTurns: true,
  checksVersions: true,
  keepsIds: true,
  checksGeneration: true,
  repairsStore: true,
  awaitsRoll: true,
  savesForOthers: true,
  watchesWrites: true,
}

/** Is notified of every change of the one history. */
export interface StoreObserver {
  appended(entry: StoreEntry): void
  /** The entries after this version are lost. */
  truncated(v: number): void
  erased(): void
  /** The empty store continues from a snapshot of this position. */
  resumedFromSnapshot(head: StoreHead): void
}

const missedEntriesMax = 20
const emptyHead = { v: 0, h: '', t: 0 }

/** The one backend of all nodes, with a correct clock. It can lose, trim and erase entries. */
export class SimulatedStore {
  generation = 1
  /** Counts its restarts: the first append of a writer that knows an earlier one fails. */
  epoch = 1
  isDown = false
  /** It can be read, and refuses to be written. */
  isReadOnly = false
  readonly #now: () => number
  readonly #observer: StoreObserver
  readonly #safety: SafetyChecks
  readonly #subscribers = new Set<(version?: number) => void>()
  readonly #previousHashes = new Map<string, string>()
  readonly #heartbeats = new Map<string, number>()
  readonly #turns = new WriterTurns()
  /** When each node that has the desk open was seen, and the epoch in which it is synced. */
  readonly #roll = new Map<string, { seenAt: number; syncedIn: string }>()
  #rollEpoch = { epoch: 0, since: 0 }
  #snapshotNeededBy: { readonly node: string; readonly until: number } | null = null
  #entries: StoreEntry[] = []
  #start = emptyHead
  #snapshot: StoreSnapshot | null = null
  #hashCount = 0
  keepEntries = 1_000

  constructor({ now, observer, safety }: { now: () => number; observer: StoreObserver; safety: SafetyChecks }) {
    this.#now = now
    this.#observer = observer
    this.#safety = safety
  }

  get head(): StoreHead & { readonly t: number } {
    const { v, h, t } = this.#entries.at(-1) ?? this.#start
    return { v, h, t }
  }

  subscribe(listener: (version?: number) => void): () => void {
    this.#subscribers.add(listener)
    return () => void this.#subscribers.delete(listener)
  }

  append(expected: StoreHead, batch: StoreBatch): AppendResult {
    const { payload, notBeforeAt } = batch
    const { v, h, t } = this.head
    if (this.#safety.checksVersions) {
      if (expected.v > v) return { status: 'diverged' }
      if (expected.v < v) return this.#conflict(expected, batch)
      if (expected.h !== h) return { status: 'diverged' }
    }
    const forMs = this.#turns.waitMs(payload.src, this.#now())
    if (forMs > 0) {
      this.#requestTurn(batch)
      return { status: 'deferred', forMs }
    }
    const now = Math.max(t, this.#now())
    if (notBeforeAt !== null && now < notBeforeAt) return { status: 'early', t: now }
    this.#hashCount += 1
    const entry = { v: v + 1, h: `h${this.#hashCount}`, t: now, payload }
    this.#previousHashes.set(entry.h, h)
    this.#add(entry)
    this.#turns.end(payload.src, this.#now())
    for (const notify of [...this.#subscribers]) notify(entry.v)
    return { status: 'appended', entry: this.#safety.checksVersions ? entry : { ...entry, v: expected.v + 1 } }
  }

  read(after: number, limit: number): readonly StoreEntry[] {
    return this.#deliveredEntries(this.#entriesAfter(after).slice(0, limit))
  }

  restore(entries: readonly StoreEntry[]): void {
    let last: StoreHead = this.head
    const lost: StoreEntry[] = []
    for (const entry of entries) {
      const existing = this.#entries.find(({ v }) => v === entry.v)
      if (existing?.h === entry.h || entry.v < this.#start.v) continue
      const isNext = existing === undefined && entry.v === last.v + 1 && this.#previousHashes.get(entry.h) === last.h
      if (!isNext) throw new DeskError('store-diverged', `entry ${entry.v} does not follow ${last.v}`)
      lost.push(entry)
      last = entry
    }
    for (const entry of lost) this.#add(entry)
    for (const notify of lost.length === 0 ? [] : [...this.#subscribers]) notify(last.v)
  }

  saveSnapshot(snapshot: StoreSnapshot): void {
    const isHeld = this.#entries.some(({ v, h }) => v === snapshot.v && h === snapshot.h)
    if (this.head.v > 0 && !isHeld) throw new DeskError('store-diverged', `no version ${snapshot.v} with its hash`)
    if (snapshot.v <= (this.#snapshot?.v ?? 0)) return
    if (this.head.v === 0) this.#resumeFromSnapshot(snapshot)
    this.#snapshot = structuredClone(snapshot)
    this.#snapshotNeededBy = null
    this.trim(snapshot.v - this.keepEntries)
  }

  get snapshot(): StoreSnapshot | null {
    return this.#snapshot
  }

  /** Drops entries up to a version, never beyond the snapshot. */
  trim(upTo: number): void {
    const last = this.#entries.findLast(({ v }) => v <= Math.min(upTo, (this.#snapshot?.v ?? 0) - 1))
    if (last === undefined) return
    this.#entries = this.#entries.filter(({ v }) => v > last.v)
    this.#start = { v: last.v, h: last.h, t: last.t }
  }

  /** Loses the newest entries, except those in the snapshot. */
  loseNewestEntries(count: number): number {
    const keep = Math.max(this.head.v - count, this.#snapshot?.v ?? 0, this.#start.v)
    const lost = this.#entries.filter(({ v }) => v > keep).length
    this.#entries = this.#entries.filter(({ v }) => v <= keep)
    this.epoch += 1
    if (lost > 0) this.#observer.truncated(keep)
    return lost
  }

  /** Loses the oldest entries up to a version, and the snapshot; the newest entry stays. */
  loseOldestEntries(upTo: number): number {
    const last = this.#entries.findLast(({ v }) => v <= Math.min(upTo, this.head.v - 1))
    if (last === undefined) return 0
    const before = this.#entries.length
    this.#entries = this.#entries.filter(({ v }) => v > last.v)
    this.#start = { v: last.v, h: last.h, t: last.t }
    this.#snapshot = null
    return before - this.#entries.length
  }

  /** Loses all entries and the snapshot. */
  loseEverything(): number {
    const lost = this.head.v
    this.#roll.clear()
    this.#entries = []
    this.#start = emptyHead
    this.#snapshot = null
    this.epoch += 1
    this.#observer.truncated(0)
    return lost
  }

  notifyAll(): void {
    for (const notify of [...this.#subscribers]) notify(Number.MAX_SAFE_INTEGER)
  }

  heartbeat({ node, forMs, others, ...onRoll }: NodeHeartbeat): NodeLiveness {
    const { syncedIn = '', roll = [], needsSnapshot = false, isLeaving = false } = onRoll
    const t = Math.max(this.head.t, this.#now())
    if (!isLeaving) this.#heartbeats.set(node, t + forMs)
    if (this.#rollEpoch.epoch !== this.epoch) this.#rollEpoch = { epoch: this.epoch, since: t }
    const ageMs = t - this.#rollEpoch.since
    for (const known of ageMs < forMs ? roll : []) {
      if (!this.#roll.has(known)) this.#roll.set(known, { seenAt: t, syncedIn: '' })
    }
    this.#roll.set(node, { seenAt: t, syncedIn: isLeaving ? 'left' : syncedIn })
    for (const [other, { seenAt }] of this.#roll) if (t - seenAt > 15 * forMs) this.#roll.delete(other)
    const nodes = [...this.#roll].filter(([other, known]) => other !== node && known.syncedIn !== 'left')
    const needed = this.#snapshotNeededBy
    if (needsSnapshot) {
      this.#snapshotNeededBy = { node, until: t + forMs }
      if (needed === null || needed.until <= t) for (const notify of [...this.#subscribers]) notify()
    }
    return {
      t,
      alive: others.filter((other) => (this.#heartbeats.get(other) ?? 0) > t),
      roll: {
        incarnation: String(this.epoch),
        ageMs,
        nodes: nodes.map(([other, known]) => ({ node: other, isSynced: known.syncedIn === String(this.epoch) })),
      },
      isSnapshotNeeded:
        this.#start.v > (this.#snapshot?.v ?? 0) || (needed !== null && needed.node !== node && needed.until > t),
    }
  }

  erase(): void {
    if (this.#safety.checksGeneration) this.generation += 1
    this.#entries = []
    this.#start = emptyHead
    this.#snapshot = null
    this.epoch += 1
    this.#observer.erased()
  }

  #resumeFromSnapshot({ v, h, t }: StoreSnapshot): void {
    this.#start = { v, h, t }
    this.#observer.resumedFromSnapshot({ v, h })
  }

  #requestTurn(batch: StoreBatch, isComplete = true): boolean {
    return this.#safety.givesTurns && this.#turns.request(batch, this.#now(), isComplete)
  }

  #conflict(expected: StoreHead, batch: StoreBatch): AppendResult {
    const held = this.#entries.find(({ v }) => v === expected.v) ?? (this.#start.v === expected.v ? this.#start : null)
    if (held !== null && held.h !== expected.h) return { status: 'diverged' }
    const missed = this.#deliveredEntries(this.#entriesAfter(expected.v).slice(0, missedEntriesMax))
    return conflictResult(missed, this.#requestTurn(batch, this.head.v - expected.v <= missedEntriesMax))
  }

  #entriesAfter(version: number): StoreEntry[] {
    return this.#entries.slice(Math.max(0, version - this.#start.v))
  }

  #add(entry: StoreEntry): void {
    this.#entries.push(entry)
    this.#observer.appended(entry)
  }

  /** Without the ids no node finds its own command again. */
  #deliveredEntries(entries: readonly StoreEntry[]): readonly StoreEntry[] {
    if (this.#safety.keepsIds) return entries
    return entries.map((entry) => ({ ...entry, payload: { ...entry.payload, commands: [] } }))
  }
}
