import { DeskError } from '../../../src'
import type { AppendResult, LogBatch, LogEntry, LogHead, LogSnapshot, RollAnswer, RollCall } from '../../../src/log'

/** What can be switched off, to see that the simulation notices. */
export interface Safety {
  readonly checksVersions: boolean
  readonly keepsIds: boolean
  readonly checksGeneration: boolean
  readonly heals: boolean
}

export const allSafe: Safety = { checksVersions: true, keepsIds: true, checksGeneration: true, heals: true }

/** Hears what the log holds, whoever wrote it. */
export interface LogWatcher {
  taken(entry: LogEntry): void
  /** The entries after this version are gone. */
  cut(v: number): void
  erased(): void
  /** The empty log goes on from a snapshot of this position. */
  adopted(head: LogHead): void
}

const missedMax = 20
const start = { v: 0, h: '', t: 0 }

/** The one engine behind the wires: a log with a clock that is right, which can lose, trim and forget. */
export class Engine {
  generation = 1
  /** Counts its starts: a writer that knows another start fails once. */
  epoch = 1
  isDown = false
  readonly #now: () => number
  readonly #watcher: LogWatcher
  readonly #safety: Safety
  readonly #rings = new Set<(version: number) => void>()
  readonly #follows = new Map<string, string>()
  readonly #signs = new Map<string, number>()
  #entries: LogEntry[] = []
  #start = start
  #snapshot: LogSnapshot | null = null
  #made = 0
  keepEntries = 1_000

  constructor({ now, watcher, safety }: { now: () => number; watcher: LogWatcher; safety: Safety }) {
    this.#now = now
    this.#watcher = watcher
    this.#safety = safety
  }

  get head(): LogHead & { readonly t: number } {
    const { v, h, t } = this.#entries.at(-1) ?? this.#start
    return { v, h, t }
  }

  hear(ring: (version: number) => void): () => void {
    this.#rings.add(ring)
    return () => void this.#rings.delete(ring)
  }

  append(expected: LogHead, { payload, notBeforeAt }: LogBatch): AppendResult {
    const { v, h, t } = this.head
    if (this.#safety.checksVersions) {
      if (expected.v > v) return { status: 'diverged' }
      if (expected.v < v) return this.#conflict(expected)
      if (expected.h !== h) return { status: 'diverged' }
    }
    const now = Math.max(t, this.#now())
    if (notBeforeAt !== null && now < notBeforeAt) return { status: 'early', t: now }
    this.#made += 1
    const entry = { v: v + 1, h: `h${this.#made}`, t: now, payload }
    this.#follows.set(entry.h, h)
    this.#add(entry)
    for (const ring of [...this.#rings]) ring(entry.v)
    return { status: 'appended', entry: this.#safety.checksVersions ? entry : { ...entry, v: expected.v + 1 } }
  }

  read(after: number, limit: number): readonly LogEntry[] {
    return this.#told(this.#after(after).slice(0, limit))
  }

  restore(entries: readonly LogEntry[]): void {
    let last: LogHead = this.head
    const lost: LogEntry[] = []
    for (const entry of entries) {
      const held = this.#entries.find(({ v }) => v === entry.v)
      if (held?.h === entry.h || entry.v < this.#start.v) continue
      const fits = held === undefined && entry.v === last.v + 1 && this.#follows.get(entry.h) === last.h
      if (!fits) throw new DeskError('log-diverged', `entry ${entry.v} does not follow ${last.v}`)
      lost.push(entry)
      last = entry
    }
    for (const entry of lost) this.#add(entry)
    for (const ring of lost.length === 0 ? [] : [...this.#rings]) ring(last.v)
  }

  saveSnapshot(snapshot: LogSnapshot): void {
    const isHeld = this.#entries.some(({ v, h }) => v === snapshot.v && h === snapshot.h)
    if (this.head.v > 0 && !isHeld) throw new DeskError('log-diverged', `no version ${snapshot.v} with its hash`)
    if (snapshot.v <= (this.#snapshot?.v ?? 0)) return
    if (this.head.v === 0) this.#adopt(snapshot)
    this.#snapshot = structuredClone(snapshot)
    this.trim(snapshot.v - this.keepEntries)
  }

  get snapshot(): LogSnapshot | null {
    return this.#snapshot
  }

  /** Lets go of entries up to a version, never beyond the snapshot. */
  trim(upTo: number): void {
    const last = this.#entries.findLast(({ v }) => v <= Math.min(upTo, (this.#snapshot?.v ?? 0) - 1))
    if (last === undefined) return
    this.#entries = this.#entries.filter(({ v }) => v > last.v)
    this.#start = { v: last.v, h: last.h, t: last.t }
  }

  /** The newest entries are gone, but for those that a snapshot rests on. */
  loseTail(count: number): number {
    const keep = Math.max(this.head.v - count, this.#snapshot?.v ?? 0)
    const lost = this.#entries.filter(({ v }) => v > keep).length
    this.#entries = this.#entries.filter(({ v }) => v <= keep)
    this.epoch += 1
    if (lost > 0) this.#watcher.cut(keep)
    return lost
  }

  /** Everything is gone. */
  flush(): number {
    const lost = this.head.v
    this.#entries = []
    this.#start = start
    this.#snapshot = null
    this.epoch += 1
    this.#watcher.cut(0)
    return lost
  }

  ringAll(): void {
    for (const ring of [...this.#rings]) ring(Number.MAX_SAFE_INTEGER)
  }

  rollCall({ node, forMs, others }: RollCall): RollAnswer {
    const t = Math.max(this.head.t, this.#now())
    this.#signs.set(node, t + forMs)
    return { t, alive: others.filter((other) => (this.#signs.get(other) ?? 0) > t) }
  }

  erase(): void {
    if (this.#safety.checksGeneration) this.generation += 1
    this.#entries = []
    this.#start = start
    this.#snapshot = null
    this.epoch += 1
    this.#watcher.erased()
  }

  #adopt({ v, h, t }: LogSnapshot): void {
    this.#start = { v, h, t }
    this.#watcher.adopted({ v, h })
  }

  #conflict(expected: LogHead): AppendResult {
    const held = this.#entries.find(({ v }) => v === expected.v) ?? (this.#start.v === expected.v ? this.#start : null)
    if (held !== null && held.h !== expected.h) return { status: 'diverged' }
    return { status: 'conflict', missed: this.#told(this.#after(expected.v).slice(0, missedMax)) }
  }

  #after(version: number): LogEntry[] {
    return this.#entries.slice(Math.max(0, version - this.#start.v))
  }

  #add(entry: LogEntry): void {
    this.#entries.push(entry)
    this.#watcher.taken(entry)
  }

  /** Without the ids nobody finds a command of theirs again. */
  #told(entries: readonly LogEntry[]): readonly LogEntry[] {
    if (this.#safety.keepsIds) return entries
    return entries.map((entry) => ({ ...entry, payload: { ...entry.payload, commands: [] } }))
  }
}
