import { DeskError, type DomainEvent } from '../core'
import { BellListeners } from './bell-listeners'
import { chainHash } from './chain-hash'
import type {
  AppendResult,
  LogBatch,
  LogEntry,
  LogHead,
  LogPayload,
  LogSnapshot,
  RollAnswer,
  RollCall,
} from './event-log'
import type { StateHolder, SynchronousLog } from './synchronous-log'

export interface MemoryLogOptions {
  /** The engine's clock, in milliseconds since the epoch. Default: none, the log believes the times of its writers. */
  readonly now?: () => number
  /** Entries kept before the newest snapshot, so that readers a little behind still catch up. Default 1 000. */
  readonly keepEntries?: number
}

/**
 * A log in memory, for one process: gone when the process ends. A second desk opened on the same log finds the first
 * one's history. Entries older than the newest snapshot are forgotten, so that it does not grow without end.
 */
export function memoryLog(options: MemoryLogOptions = {}): SynchronousLog {
  return new MemoryLog(options)
}

/** Who has just been given a snapshot goes on from there: so many entries are not let go of. */
const entriesAfterSnapshot = 10_000

class MemoryLog implements SynchronousLog {
  readonly #now: (() => number) | null
  readonly #keep: number
  readonly #bells = new BellListeners()
  readonly #signs = new Map<string, number>()
  /** Entries `#start.v + 1` and later, in columns: many small objects that live long are dear to the collector. */
  #payloads: Kept[] = []
  #instants: number[] = []
  /** Of the first of them, as far as somebody asked: desks in one process cannot disagree, so hardly anybody does. */
  #hashes: string[] = []
  #start: LogHead & { readonly t: number } = { v: 0, h: '', t: Number.NEGATIVE_INFINITY }
  readonly #holders = new Set<StateHolder>()
  #forgetFrom = 0
  #snapshot: { readonly v: number; readonly t: number; readonly state: unknown } | null = null

  constructor({ now, keepEntries = 1_000 }: MemoryLogOptions) {
    this.#now = now ?? null
    this.#keep = keepEntries
  }

  appendNow(expected: number, batch: LogBatch): number | null {
    if (expected !== this.#version || this.#tooEarly(batch)) return null
    this.#instants.push(this.#timeOf(batch))
    this.#payloads.push(kept(batch.payload))
    if (this.#holders.size > 0 && this.#payloads.length >= 2 * this.#keep) this.#forgetHeld()
    this.#bells.ring(expected + 1)
    return expected + 1
  }

  heldBy(holder: StateHolder): () => void {
    this.#holders.add(holder)
    return () => {
      if (this.#holders.delete(holder)) this.#keepFrom(holder)
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

  async append(expected: LogHead, batch: LogBatch): Promise<AppendResult> {
    if (expected.v > this.#version || this.hashOf(expected.v) !== expected.h) return { status: 'diverged' }
    if (expected.v < this.#version)
      return { status: 'conflict', missed: this.#after(expected.v, this.#payloads.length) }
    if (this.#tooEarly(batch)) return { status: 'early', t: Math.max(this.#lastTime, this.#now?.() ?? 0) }
    const v = this.appendNow(expected.v, batch)
    if (v === null) throw new DeskError('log-failed', `the memory log moved past version ${expected.v} in one step`)
    return { status: 'appended', entry: this.#entryAt(v) }
  }

  async read(after: number, limit: number): Promise<readonly LogEntry[]> {
    return this.#after(after, limit)
  }

  async head(): Promise<LogHead> {
    return { v: this.#version, h: this.hashOf(this.#version) ?? '' }
  }

  /** Entries that are there already are left as they are; all of the others are put back, or none. */
  async restore(entries: readonly LogEntry[]): Promise<void> {
    const lost: LogEntry[] = []
    let last = { h: this.hashOf(this.#version) ?? '', t: this.#lastTime }
    for (const entry of entries) {
      const { v, h, t, payload } = entry
      if (v <= this.#version && (v < this.#start.v || this.hashOf(v) === h)) continue
      const follows = v === this.#version + lost.length + 1 && t >= last.t
      if (!follows || h !== chainHash(last.h, t, JSON.stringify(payload))) {
        throw new DeskError('log-diverged', `expected the entry after version ${this.#version}, got version ${v}`)
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
  async saveSnapshot(snapshot: LogSnapshot): Promise<void> {
    if (this.#version === 0) {
      this.#start = { v: snapshot.v, h: snapshot.h, t: snapshot.t }
    } else if (this.hashOf(snapshot.v) !== snapshot.h) {
      throw new DeskError('log-diverged', `expected a snapshot of this log's history, got another one's ${snapshot.v}`)
    }
    if (snapshot.v < (this.#snapshot?.v ?? 0)) return
    this.#snapshot = { v: snapshot.v, t: snapshot.t, state: snapshot.state }
    this.#forget(snapshot.v - this.#keep)
  }

  async loadSnapshot(): Promise<LogSnapshot | null> {
    for (const holder of this.#holders) this.#keepFrom(holder)
    if (this.#holders.size > 0) this.#forgetFrom = this.#version + entriesAfterSnapshot
    if (this.#snapshot === null) return null
    const { v, t, state } = this.#snapshot
    return { schema: 1, v, h: this.hashOf(v) ?? '', t, state }
  }

  async barrier(): Promise<void> {}

  bell(listener: (version?: number) => void): () => void {
    return this.#bells.add(listener)
  }

  /** Only for nodes that reach it through a log of their own; a desk that finds it in its process needs no sign. */
  async rollCall({ node, forMs, others }: RollCall): Promise<RollAnswer> {
    const t = Math.max(this.#lastTime, this.#now?.() ?? 0)
    this.#signs.set(node, t + forMs)
    return { t, alive: others.filter((other) => (this.#signs.get(other) ?? 0) > t) }
  }

  /** Stays readable: what it holds is gone with the process, not with the desk. */
  async close(): Promise<void> {
    this.#bells.clear()
  }

  get #version(): number {
    return this.#start.v + this.#payloads.length
  }

  get #lastTime(): number {
    return this.#instants.at(-1) ?? this.#start.t
  }

  #tooEarly({ notBeforeAt }: LogBatch): boolean {
    return this.#now !== null && notBeforeAt !== null && this.#now() < notBeforeAt
  }

  #timeOf({ payload, notBeforeAt }: LogBatch): number {
    const written = this.#now?.() ?? payload.events.at(-1)?.at ?? notBeforeAt ?? 0
    return Math.max(this.#lastTime, written)
  }

  #after(version: number, limit: number): LogEntry[] {
    const first = Math.max(version, this.#start.v)
    const last = Math.min(this.#version, first + limit)
    return Array.from({ length: Math.max(0, last - first) }, (_, index) => this.#entryAt(first + index + 1))
  }

  #entryAt(v: number): LogEntry {
    const index = v - this.#start.v - 1
    return { v, h: this.hashOf(v) ?? '', t: this.#instants[index] ?? this.#start.t, payload: this.#payloadAt(index) }
  }

  #payloadAt(index: number): LogPayload {
    const entry = this.#payloads[index]
    if (entry !== undefined) return payloadOf(entry)
    throw new DeskError('log-failed', `the memory log has no version ${this.#start.v + index + 1}`)
  }

  #hashAt(index: number): string {
    const previous = this.#hashes[index - 1] ?? this.#start.h
    return chainHash(previous, this.#instants[index] ?? this.#start.t, JSON.stringify(this.#payloadAt(index)))
  }

  #keepFrom(holder: StateHolder): void {
    const v = holder.version()
    if (v <= (this.#snapshot?.v ?? 0) || v < this.#start.v || v > this.#version) return
    const t = this.#instants[v - this.#start.v - 1] ?? this.#start.t
    this.#snapshot = { v, t, state: holder.state() }
  }

  #forgetHeld(): void {
    if (this.#version < this.#forgetFrom) return
    const held = Math.min(...[...this.#holders].map((holder) => holder.version()))
    this.#forget(held - this.#keep)
  }

  /** A hash that nobody has asked for yet may be any that occurs once: what went into it is gone. */
  #forget(upTo: number): void {
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
type Kept = LogPayload | DomainEvent

function kept(payload: LogPayload): Kept {
  const { src, commands, events } = payload
  const event = events[0]
  return event !== undefined && events.length === 1 && commands.length === 0 && src === undefined ? event : payload
}

function payloadOf(entry: Kept): LogPayload {
  return 'type' in entry ? { schema: 1, commands: none, events: [entry] } : entry
}

const none: readonly never[] = []
