/** What a desk remembers of the past is at least so much: closed requests, and who served whom. */
export const recentEntriesMin = 10_000

/**
 * Remembers the newest entries, at least `least` and at most twice as many. Two generations instead of one list:
 * dropping the oldest entry of a large `Map` one by one walks over its graves.
 */
export class RecentMap<Key, Value> {
  #young = new Map<Key, Value>()
  #old = new Map<Key, Value>()
  /** What a snapshot says of the old generation, which hardly ever changes. */
  #oldEntries: Entries<Key, Value> | null = null
  readonly #least: number

  constructor(least: number) {
    this.#least = least
  }

  get(key: Key): Value | undefined {
    return this.#young.get(key) ?? this.#old.get(key)
  }

  has(key: Key): boolean {
    return this.#young.has(key) || this.#old.has(key)
  }

  set(key: Key, value: Value): void {
    this.#young.set(key, value)
    if (this.#young.size < this.#least) return
    this.#old = this.#young
    this.#oldEntries = null
    this.#young = new Map()
  }

  delete(key: Key): void {
    this.#young.delete(key)
    if (this.#old.delete(key)) this.#oldEntries = null
  }

  /** Both generations, the old one first, for a snapshot. The old one is shared between snapshots, and frozen. */
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
