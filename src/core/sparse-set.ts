/** A set that is empty on most requests and then costs one word: its inside is made when something is first put in. */
export class SparseSet<Member> {
  #inner: Set<Member> | null = null

  get size(): number {
    return this.#inner === null ? 0 : this.#inner.size
  }

  has(member: Member): boolean {
    return this.#inner?.has(member) === true
  }

  add(member: Member): void {
    this.#inner ??= new Set()
    this.#inner.add(member)
  }

  clear(): void {
    this.#inner = null
  }

  [Symbol.iterator](): Iterator<Member> {
    return (this.#inner ?? nothing)[Symbol.iterator]()
  }
}

const nothing: readonly never[] = []
