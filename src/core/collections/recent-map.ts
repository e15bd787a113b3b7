/** How many closed requests, and how many visitors with their last staff member, the desk remembers at least. */
export const recentEntriesMin = 10_000

/**
 * Remembers the newest entries, at least `entriesMin` and at most twice as many. Two generations instead of one list:
 * deleting the oldest entry of a large `Map` again and again is slow, since each search for the first entry passes all
 * that were deleted before.
 */
export class RecentMap<Key, Value> {
  #young = new Map<Key, Value>()
  #old = new Map<Key, Value>()
  /** The old generation as snapshots hold it: it rarely changes. */
  #oldEntries: Entries<Key, Value> | null = null
  readonly #entriesMin: number

  constructor(entriesMin: number) {
    this.#entriesMin = entriesMin
  }

  get(key: Key): Value | undefined {
    return this.#young.get(key) ?? this.#old.get(key)
  }

  has(key: Key): boolean {
    return this.#young.has(key) || this.#old.has(key)
  }

  set(key: Key, value: Value): void {
    this.#young.set(key, value)
    if (this.#young.size < this.#entriesMin) return
    this.#old = this.#young
    this.#oldEntries = null
    this.#young = new Map()
  }

  delete(key: Key): void {
    this.#young.delete(key)
    if (this.#old.delete(key)) this.#oldEntries = null
  }

  /**
   * Returns both generations, the old one first, for a snapshot. The old one is shared between snapshots, and frozen.
   */
  toGenerations(): readonly [old: Entries<Key, Value>, young: Entries<Key, Value>] {
    this.#oldEntries ??= Object.freeze([...this.#old].map((entry) => Object.freeze(entry)))
    return [this.#oldEntries, [...this.#young]]
  }

  restore([old, young]: readonly [Entries<Key, Value>, Entries<Key, Value>]): void {
    this.#old = new Map(old)
    this.#oldEntries = null
    this.#young = new Map(young)
  }
}

type Entries<Key, Value> = readonly (readonly [Key, Value])[]
