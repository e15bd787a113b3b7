import { DeskError, type DomainEvent } from '../core'
import { chainHash } from './chain-hash'
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

export interface MemoryStoreOptions {
  /** The engine's clock, in milliseconds since the epoch. Default: none, the log believes the times of its writers. */
  readonly now?: () => number
  /** Entries kept before the newest snapshot, so that readers a little behind still catch up. Default 1 000. */
  readonly keepEntries?: number
}

/**
 * A log in memory, for one process: gone when the process ends. A second desk opened on the same log finds the first
 * one's history. Entries older than the newest snapshot are forgotten, so that it does not grow without end.
 */
export function memoryStore(options: MemoryStoreOptions = {}): SynchronousStore {
  return new MemoryStore(options)
}

/** Who has just been given a snapshot goes on from there: so many entries are not let go of. */
const entriesKeptAfterSnapshot = 10_000

class MemoryStore implements SynchronousStore {
  readonly #now: (() => number) | null
  readonly #keepEntries: number
  readonly #subscribers = new Subscribers()
  readonly #heartbeats = new Map<string, number>()
  /** Entries `#start.v + 1` and later, in columns: many small objects that live long are dear to the collector. */
  #payloads: PackedPayload[] = []
  #instants: number[] = []
  /** Of the first of them, as far as somebody asked: desks in one process cannot disagree, so hardly anybody does. */
  #hashes: string[] = []
  #start: StoreHead & { readonly t: number } = { v: 0, h: '', t: Number.NEGATIVE_INFINITY }
  readonly #snapshotSources = new Set<SnapshotSource>()
  #trimFromVersion = 0
  #snapshot: { readonly v: number; readonly t: number; readonly state: unknown } | null = null

  constructor({ now, keepEntries = 1_000 }: MemoryStoreOptions) {
    this.#now = now ?? null
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

  attachSnapshotSource(holder: SnapshotSource): () => void {
    this.#snapshotSources.add(holder)
    return () => {
      if (this.#snapshotSources.delete(holder)) this.#saveSnapshotFrom(holder)
    }
  }

  hashOf(v: number): string | null {
    const index = v - this.#start.v
    if (index < 0 || index > this.#payloads.length) return null
    for (let next = this.#hashes.length; next < index; next += 1) {
      this.#hashes.push(this.#hashAt(next))
    }
    return this.#hashes[index - 1] ?? this.#start.h
  }

  async append(expected: StoreHead, batch: StoreBatch): Promise<AppendResult> {
    if (expected.v > this.#version || this.hashOf(expected.v) !== expected.h) return { status: 'diverged' }
    if (expected.v < this.#version)
      return { status: 'conflict', missed: this.#entriesAfter(expected.v, this.#payloads.length) }
    if (this.#isEarly(batch)) return { status: 'early', t: Math.max(this.#lastTime, this.#now?.() ?? 0) }
    const v = this.appendSync(expected.v, batch)
    if (v === null) throw new DeskError('store-failed', `the memory log moved past version ${expected.v} in one step`)
    return { status: 'appended', entry: this.#entryAt(v) }
  }

  async read(after: number, limit: number): Promise<readonly StoreEntry[]> {
    return this.#entriesAfter(after, limit)
  }

  async head(): Promise<StoreHead> {
    return { v: this.#version, h: this.hashOf(this.#version) ?? '' }
  }

  /** Entries that are there already are left as they are; all of the others are put back, or none. */
  async restore(entries: readonly StoreEntry[]): Promise<void> {
    const lost: StoreEntry[] = []
    let last = { h: this.hashOf(this.#version) ?? '', t: this.#lastTime }
    for (const entry of entries) {
      const { v, h, t, payload } = entry
      if (v <= this.#version && (v < this.#start.v || this.hashOf(v) === h)) continue
      const follows = v === this.#version + lost.length + 1 && t >= last.t
      if (!follows || h !== chainHash(last.h, t, JSON.stringify(payload))) {
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

  /** An empty log takes the snapshot's position for its own; otherwise it must hold that position. */
  async saveSnapshot(snapshot: StoreSnapshot): Promise<void> {
    if (this.#version === 0) {
      this.#start = { v: snapshot.v, h: snapshot.h, t: snapshot.t }
    } else if (this.hashOf(snapshot.v) !== snapshot.h) {
      throw new DeskError(
        'store-diverged',
        `expected a snapshot of this log's history, got another one's ${snapshot.v}`,
      )
    }
    if (snapshot.v < (this.#snapshot?.v ?? 0)) return
    this.#snapshot = { v: snapshot.v, t: snapshot.t, state: snapshot.state }
    this.#trim(snapshot.v - this.#keepEntries)
  }

  async loadSnapshot(): Promise<StoreSnapshot | null> {
    for (const holder of this.#snapshotSources) this.#saveSnapshotFrom(holder)
    if (this.#snapshotSources.size > 0) this.#trimFromVersion = this.#version + entriesKeptAfterSnapshot
    if (this.#snapshot === null) return null
    const { v, t, state } = this.#snapshot
    return { schema: 1, v, h: this.hashOf(v) ?? '', t, state }
  }

  async barrier(): Promise<void> {}

  subscribe(listener: (version?: number) => void): () => void {
    return this.#subscribers.add(listener)
  }

  /** Only for nodes that reach it through a log of their own; a desk that finds it in its process needs no sign. */
  async heartbeat({ node, forMs, others }: NodeHeartbeat): Promise<NodeLiveness> {
    const t = Math.max(this.#lastTime, this.#now?.() ?? 0)
    this.#heartbeats.set(node, t + forMs)
    return { t, alive: others.filter((other) => (this.#heartbeats.get(other) ?? 0) > t) }
  }

  /** Stays readable: what it holds is gone with the process, not with the desk. */
  async close(): Promise<void> {
    this.#subscribers.clear()
  }

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
    const entry = this.#payloads[index]
    if (entry !== undefined) return unpackPayload(entry)
    throw new DeskError('store-failed', `the memory log has no version ${this.#start.v + index + 1}`)
  }

  #hashAt(index: number): string {
    const previous = this.#hashes[index - 1] ?? this.#start.h
    return chainHash(previous, this.#instants[index] ?? this.#start.t, JSON.stringify(this.#payloadAt(index)))
  }

  #saveSnapshotFrom(holder: SnapshotSource): void {
    const v = holder.version()
    if (v <= (this.#snapshot?.v ?? 0) || v < this.#start.v || v > this.#version) return
    const t = this.#instants[v - this.#start.v - 1] ?? this.#start.t
    this.#snapshot = { v, t, state: holder.state() }
  }

  #trimBehindSources(): void {
    if (this.#version < this.#trimFromVersion) return
    const held = Math.min(...[...this.#snapshotSources].map((holder) => holder.version()))
    this.#trim(held - this.#keepEntries)
  }

  /** A hash that nobody has asked for yet may be any that occurs once: what went into it is gone. */
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

/** Most entries are one event that belongs to no command id: kept as the event alone, they are half as large. */
type PackedPayload = StorePayload | DomainEvent

function packPayload(payload: StorePayload): PackedPayload {
  const { src, commands, events } = payload
  const event = events[0]
  return event !== undefined && events.length === 1 && commands.length === 0 && src === undefined ? event : payload
}

function unpackPayload(entry: PackedPayload): StorePayload {
  return 'type' in entry ? { schema: 1, commands: noCommands, events: [entry] } : entry
}

const noCommands: readonly never[] = []
