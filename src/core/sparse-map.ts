/** A map that is empty on most requests and then costs one word: its inside is made when something is first put in. */
export class SparseMap<Key, Value> {
  #inner: Map<Key, Value> | null = null

  get size(): number {
    return this.#inner === null ? 0 : this.#inner.size
  }

  get(key: Key): Value | undefined {
    return this.#inner?.get(key)
  }

  has(key: Key): boolean {
    return this.#inner?.has(key) === true
  }

  set(key: Key, value: Value): void {
    this.#inner ??= new Map()
    this.#inner.set(key, value)
  }

  delete(key: Key): void {
    this.#inner?.delete(key)
  }

  clear(): void {
    this.#inner = null
  }

  keys(): Iterable<Key> {
    return this.#inner?.keys() ?? nothing
  }

  values(): Iterable<Value> {
    return this.#inner?.values() ?? nothing
  }

  [Symbol.iterator](): Iterator<[Key, Value]> {
    return (this.#inner ?? nothing)[Symbol.iterator]()
  }
}

const nothing: readonly never[] = []
