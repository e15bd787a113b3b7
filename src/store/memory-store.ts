import { DeskError, type DomainEvent, hashText } from '../core'
import type {
  AppendResult,
  NodeHeartbeat,
  NodeLiveness,
  SnapshotSource,
  StoreBatch,
  StoreEntry,
  StoreHead,
  StorePayload,
  StoreSnapshot,
  SynchronousStore,
} from './event-store'
import { Subscribers } from './subscribers'
import { conflictResult, WriterTurns } from './writer-turns'

export interface MemoryStoreOptions {
  /** The store's clock, in milliseconds since the epoch. Default: none, the store takes the times of its writers. */
  readonly now?: () => number
  /** Entries kept before the newest snapshot, so that readers a little behind still catch up. Default 1 000. */
  readonly keepEntries?: number
}

/**
 * Returns a store in memory, for one process: gone when the process ends. A second desk opened on the same store finds
 * the first one's history. Entries older than the newest snapshot are dropped, so that it does not grow without end.
 */
export function memoryStore(options: MemoryStoreOptions = {}): SynchronousStore {
  return new MemoryStore(options)
}

/** A reader that was given a snapshot goes on from there: this many entries after it are kept. */
const entriesKeptAfterSnapshot = 10_000

class MemoryStore implements SynchronousStore {
  readonly #now: (() => number) | null
  readonly #keepEntries: number
  readonly #subscribers = new Subscribers()
  readonly #heartbeats = new Map<string, number>()
  /** Without a clock a turn would not end by itself: then there is none. */
  readonly #turns: WriterTurns | null
  /** Entries `#start.v + 1` and later, in columns: many small long-lived objects slow the garbage collector down. */
  #payloads: PackedPayload[] = []
  #instants: number[] = []
  /** Of the first of them, computed on demand: desks in one process cannot diverge, so few hashes are needed. */
  #hashes: string[] = []
  #start: StoreHead & { readonly t: number } = { v: 0, h: '', t: Number.NEGATIVE_INFINITY }
  readonly #snapshotSources = new Set<SnapshotSource>()
  #trimFromVersion = 0
  #snapshot: { readonly v: number; readonly t: number; readonly state: unknown } | null = null

  constructor({ now, keepEntries = 1_000 }: MemoryStoreOptions) {
    this.#now = now ?? null
    this.#turns = now === undefined ? null : new WriterTurns()
    this.#keepEntries = keepEntries
  }

  appendSync(expected: number, batch: StoreBatch): number | null {
    if (expected !== this.#version || this.#isEarly(batch)) return null
    this.#instants.push(this.#instantOf(batch))
    this.#payloads.push(packPayload(batch.payload))
    if (this.#snapshotSources.size > 0 && this.#payloads.length >= 2 * this.#keepEntries) this.#trimBehindSources()
    this.#subscribers.notify(expected + 1)
    return expected + 1
  }

  get isOpen(): boolean {
    return this.#snapshotSources.size > 0 || this.#subscribers.size > 0
  }

  attachSnapshotSource(source: SnapshotSource): () => void {
    this.#snapshotSources.add(source)
    return () => {
      if (this.#snapshotSources.delete(source)) this.#saveSnapshotFrom(source)
    }
  }

  hashOf(v: number): string | null {
    const index = v - this.#start.v
    if (index < 0 || index > this.#payloads.length) return null
    for (let next = this.#hashes.length; next < index; next += 1) this.#hashes.push(this.#hashAt(next))
    return this.#hashes[index - 1] ?? this.#start.h
  }

  async append(expected: StoreHead, batch: StoreBatch): Promise<AppendResult> {
    if (expected.v > this.#version || this.hashOf(expected.v) !== expected.h) return { status: 'diverged' }
    const nowMs = this.#now?.() ?? 0
    const forMs = this.#turns?.waitMs(batch.payload.src, nowMs) ?? 0
    if (expected.v < this.#version || forMs > 0) {
      const hasTurn = this.#turns?.request(batch, nowMs) === true
      if (expected.v === this.#version) return { status: 'deferred', forMs }
      const missed = this.#entriesAfter(expected.v, this.#payloads.length)
      return conflictResult(missed, hasTurn)
    }
    if (this.#isEarly(batch)) return { status: 'early', t: Math.max(this.#lastTime, this.#now?.() ?? 0) }
    const v = this.appendSync(expected.v, batch)
    this.#turns?.end(batch.payload.src, nowMs)
    if (v === null) throw new DeskError('store-failed', `the memory store moved past version ${expected.v} in one step`)
    return { status: 'appended', entry: this.#entryAt(v) }
  }

  async read(after: number, limit: number): Promise<readonly StoreEntry[]> {
    return this.#entriesAfter(after, limit)
  }

  async head(): Promise<StoreHead> {
    return { v: this.#version, h: this.hashOf(this.#version) ?? '' }
  }

  /** Entries that are there already stay as they are; all of the others are put back, or none. */
  async restore(entries: readonly StoreEntry[]): Promise<void> {
    const lost: StoreEntry[] = []
    let last = { h: this.hashOf(this.#version) ?? '', t: this.#lastTime }
    for (const entry of entries) {
      const { v, h, t, payload } = entry
      if (v <= this.#version && (v < this.#start.v || this.hashOf(v) === h)) continue
      const isNext = v === this.#version + lost.length + 1 && t >= last.t
      if (!isNext || h !== chainHash(last.h, t, payload)) {
        throw new DeskError('store-diverged', `expected the entry after version ${this.#version}, got version ${v}`)
      }
      last = { h, t }
      lost.push(entry)
    }
    for (const { h, t, payload } of lost) {
      this.#payloads.push(payload)
      this.#instants.push(t)
      this.#hashes.push(h)
    }
  }

  /** An empty store takes the snapshot's position for its own; otherwise it must hold that position. */
  async saveSnapshot(snapshot: StoreSnapshot): Promise<void> {
    if (this.#version === 0) {
      this.#start = { v: snapshot.v, h: snapshot.h, t: snapshot.t }
    } else if (this.hashOf(snapshot.v) !== snapshot.h) {
      const message = `expected a snapshot of this store's history, got another one's version ${snapshot.v}`
      throw new DeskError('store-diverged', message)
    }
    if (snapshot.v < (this.#snapshot?.v ?? 0)) return
    this.#snapshot = { v: snapshot.v, t: snapshot.t, state: snapshot.state }
    this.#trim(Math.min(snapshot.v, this.#oldestSourceVersion()) - this.#keepEntries)
  }

  async loadSnapshot(): Promise<StoreSnapshot | null> {
    for (const source of this.#snapshotSources) this.#saveSnapshotFrom(source)
    if (this.#snapshotSources.size > 0) this.#trimFromVersion = this.#version + entriesKeptAfterSnapshot
    if (this.#snapshot === null) return null
    const { v, t, state } = this.#snapshot
    return { schema: 1, v, h: this.hashOf(v) ?? '', t, state }
  }

  async barrier(): Promise<void> {}

  subscribe(listener: (version?: number) => void): () => void {
    return this.#subscribers.add(listener)
  }

  /** Only for nodes that reach it through a store of their own; a desk that finds it in its process needs none. */
  async heartbeat({ node, forMs, others }: NodeHeartbeat): Promise<NodeLiveness> {
    const t = Math.max(this.#lastTime, this.#now?.() ?? 0)
    this.#heartbeats.set(node, t + forMs)
    return { t, alive: others.filter((other) => (this.#heartbeats.get(other) ?? 0) > t) }
  }

  /** Stays readable, and notifies the other desks that are open on it: each unsubscribes for itself. */
  async close(): Promise<void> {}

  get #version(): number {
    return this.#start.v + this.#payloads.length
  }

  get #lastTime(): number {
    return this.#instants.at(-1) ?? this.#start.t
  }

  #isEarly({ notBeforeAt }: StoreBatch): boolean {
    return this.#now !== null && notBeforeAt !== null && this.#now() < notBeforeAt
  }

  #instantOf({ payload, notBeforeAt }: StoreBatch): number {
    const written = this.#now?.() ?? payload.events.at(-1)?.at ?? notBeforeAt ?? 0
    return Math.max(this.#lastTime, written)
  }

  #entriesAfter(version: number, limit: number): StoreEntry[] {
    const first = Math.max(version, this.#start.v)
    const last = Math.min(this.#version, first + limit)
    return Array.from({ length: Math.max(0, last - first) }, (_, index) => this.#entryAt(first + index + 1))
  }

  #entryAt(v: number): StoreEntry {
    const index = v - this.#start.v - 1
    return { v, h: this.hashOf(v) ?? '', t: this.#instants[index] ?? this.#start.t, payload: this.#payloadAt(index) }
  }

  #payloadAt(index: number): StorePayload {
    const packed = this.#payloads[index]
    if (packed !== undefined) return unpackPayload(packed)
    throw new DeskError('store-failed', `the memory store has no version ${this.#start.v + index + 1}`)
  }

  #hashAt(index: number): string {
    const previous = this.#hashes[index - 1] ?? this.#start.h
    return chainHash(previous, this.#instants[index] ?? this.#start.t, this.#payloadAt(index))
  }

  #saveSnapshotFrom(source: SnapshotSource): void {
    const v = source.version()
    if (v <= (this.#snapshot?.v ?? 0) || v < this.#start.v || v > this.#version) return
    const t = this.#instants[v - this.#start.v - 1] ?? this.#start.t
    this.#snapshot = { v, t, state: source.state() }
  }

  #trimBehindSources(): void {
    if (this.#version < this.#trimFromVersion) return
    this.#trim(this.#oldestSourceVersion() - this.#keepEntries)
  }

  /** Entries that a desk has not applied yet are kept for it. */
  #oldestSourceVersion(): number {
    return Math.min(...[...this.#snapshotSources].map((source) => source.version()))
  }

  /** A hash that was never computed may be any unique one: the entries that went into it are dropped. */
  #trim(upTo: number): void {
    const count = Math.min(upTo - this.#start.v, this.#payloads.length)
    const t = this.#instants[count - 1]
    if (t === undefined) return
    this.#start = { v: this.#start.v + count, h: this.#hashes[count - 1] ?? crypto.randomUUID(), t }
    this.#payloads = this.#payloads.slice(count)
    this.#instants = this.#instants.slice(count)
    this.#hashes = this.#hashes.slice(count)
  }
}

/**
 * Returns 64 bits over the predecessor's hash, the instant and the payload. In one process the hash protects from
 * mistakes, not from forgery, so it need not be a cryptographic one (docs/decisions/619).
 */
function chainHash(previous: string, t: number, payload: StorePayload): string {
  const text = `${previous}|${t}|${JSON.stringify(payload)}`
  return [hashText(text), hashText(text, 0x9e3779b1)].map((half) => half.toString(16).padStart(8, '0')).join('')
}

/** Most entries are one event that belongs to no command id: kept as the event alone, they are half as large. */
type PackedPayload = StorePayload | DomainEvent

function packPayload(payload: StorePayload): PackedPayload {
  const { src, commands, events } = payload
  const event = events[0]
  return event !== undefined && events.length === 1 && commands.length === 0 && src === undefined ? event : payload
}

function unpackPayload(packed: PackedPayload): StorePayload {
  return 'type' in packed ? { schema: 1, commands: noCommands, events: [packed] } : packed
}

const noCommands: readonly never[] = []
