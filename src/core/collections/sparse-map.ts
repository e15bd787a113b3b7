/** A map that rarely has more than one entry, and allocates no table until it does. */
export class SparseMap<Key extends object | string, Value> {
  #key: Key | undefined = undefined
  #value: Value | undefined = undefined
  #several: Map<Key, Value> | null = null

  get size(): number {
    if (this.#several !== null) return this.#several.size
    return this.#key === undefined ? 0 : 1
  }

  get(key: Key): Value | undefined {
    if (this.#several !== null) return this.#several.get(key)
    return this.#key === key ? this.#value : undefined
  }

  has(key: Key): boolean {
    return this.#several === null ? this.#key === key : this.#several.has(key)
  }

  set(key: Key, value: Value): void {
    if (this.#several === null) {
      if (this.#key === undefined || this.#key === key) return this.#hold(key, value)
      this.#several = new Map()
      this.#several.set(this.#key, this.#value as Value)
    }
    this.#several.set(key, value)
  }

  delete(key: Key): void {
    if (this.#several !== null) this.#several.delete(key)
    else if (this.#key !== key) return
    if (this.#several === null || this.#several.size === 0) this.clear()
  }

  clear(): void {
    this.#hold(undefined, undefined)
    this.#several = null
  }

  keys(): Iterable<Key> {
    if (this.#several !== null) return this.#several.keys()
    return this.#key === undefined ? noEntries : [this.#key]
  }

  values(): Iterable<Value> {
    if (this.#several !== null) return this.#several.values()
    return this.#key === undefined ? noEntries : [this.#value as Value]
  }

  [Symbol.iterator](): Iterator<[Key, Value]> {
    if (this.#several !== null) return this.#several[Symbol.iterator]()
    const entries: [Key, Value][] = this.#key === undefined ? [] : [[this.#key, this.#value as Value]]
    return entries[Symbol.iterator]()
  }

  #hold(key: Key | undefined, value: Value | undefined): void {
    this.#key = key
    this.#value = value
  }
}

const noEntries: readonly never[] = []

/** A set that rarely has more than one member, and allocates no table until it does. */
export class SparseSet<Member extends object | string> {
  #only: Member | undefined = undefined
  #several: Set<Member> | null = null

  get size(): number {
    if (this.#several !== null) return this.#several.size
    return this.#only === undefined ? 0 : 1
  }

  has(member: Member): boolean {
    return this.#several === null ? this.#only === member : this.#several.has(member)
  }

  add(member: Member): void {
    if (this.#several !== null) this.#several.add(member)
    else if (this.#only === undefined) this.#only = member
    else if (this.#only !== member) this.#several = new Set([this.#only, member])
  }

  delete(member: Member): void {
    if (this.#several !== null) this.#several.delete(member)
    else if (this.#only !== member) return
    if (this.#several !== null && this.#several.size > 0) return
    this.#only = undefined
    this.#several = null
  }

  clear(): void {
    this.#only = undefined
    this.#several = null
  }

  [Symbol.iterator](): Iterator<Member> {
    if (this.#several !== null) return this.#several[Symbol.iterator]()
    return this.#only === undefined ? noMembers[Symbol.iterator]() : [this.#only][Symbol.iterator]()
  }
}

const noMembers: readonly never[] = []
