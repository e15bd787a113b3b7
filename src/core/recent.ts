/**
 * Remembers the newest entries, at least `least` and at most twice as many. Two generations instead of one list:
 * dropping the oldest entry of a large `Map` one by one walks over its graves.
 */
export class Recent<Key, Value> {
  #young = new Map<Key, Value>()
  #old = new Map<Key, Value>()
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
    this.#young = new Map()
  }

  delete(key: Key): void {
    this.#young.delete(key)
    this.#old.delete(key)
  }

  /** Both generations, the old one first, for a snapshot. */
  toGenerations(): [old: [Key, Value][], young: [Key, Value][]] {
    return [[...this.#old], [...this.#young]]
  }

  restore([old, young]: readonly [readonly (readonly [Key, Value])[], readonly (readonly [Key, Value])[]]): void {
    this.#old = new Map(old)
    this.#young = new Map(young)
  }
}
