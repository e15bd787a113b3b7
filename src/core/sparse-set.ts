/** A set that hardly ever has more than one member, and needs no table until it does. */
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
    if (this.#several === null || this.#several.size === 0) this.clear()
  }

  clear(): void {
    this.#only = undefined
    this.#several = null
  }

  [Symbol.iterator](): Iterator<Member> {
    if (this.#several !== null) return this.#several[Symbol.iterator]()
    return this.#only === undefined ? nothing[Symbol.iterator]() : [this.#only][Symbol.iterator]()
  }
}

const nothing: readonly never[] = []
