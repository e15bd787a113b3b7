/** Something with at most one deadline; it remembers its own place in the heap, -1 when it has none. */
export interface DeadlineOwner {
  dueSlot: number
}

/**
 * When to look at what again: a binary heap with one slot an owner, so that a deadline costs no object of its own.
 * An entry may be earlier than the owner's real deadline, never later; who pops it asks again and puts it back.
 */
export class DeadlineHeap<Owner extends DeadlineOwner> {
  readonly #instants: number[] = []
  readonly #owners: Owner[] = []
  readonly #compare: (a: Owner, b: Owner) => number

  /** `compare` breaks ties between deadlines of the same instant, so that replay wakes in the same order. */
  constructor(compare: (a: Owner, b: Owner) => number) {
    this.#compare = compare
  }

  get size(): number {
    return this.#owners.length
  }

  get earliest(): Owner | undefined {
    return this.#owners[0]
  }

  /** `Infinity` when there is none. */
  get earliestAt(): number {
    return this.#owners.length === 0 ? Number.POSITIVE_INFINITY : (this.#instants[0] as number)
  }

  /** `Infinity` takes the owner out. */
  set(owner: Owner, at: number): void {
    if (at === Number.POSITIVE_INFINITY) return this.#remove(owner)
    if (owner.dueSlot === -1) {
      owner.dueSlot = this.#owners.push(owner) - 1
      this.#instants.push(at)
      this.#rise(owner.dueSlot)
      return
    }
    const slot = owner.dueSlot
    this.#instants[slot] = at
    this.#rise(slot)
    this.#sink(owner.dueSlot)
  }

  #remove(owner: Owner): void {
    const slot = owner.dueSlot
    if (slot === -1) return
    owner.dueSlot = -1
    const last = this.#owners.pop()
    const lastAt = this.#instants.pop()
    if (last === undefined || lastAt === undefined || last === owner) return
    this.#place(slot, last, lastAt)
    this.#rise(slot)
    this.#sink(last.dueSlot)
  }

  #rise(from: number): void {
    let slot = from
    while (slot > 0) {
      const parent = (slot - 1) >>> 1
      if (!this.#isBefore(slot, parent)) return
      this.#swap(slot, parent)
      slot = parent
    }
  }

  #sink(from: number): void {
    let slot = from
    for (;;) {
      const left = 2 * slot + 1
      if (left >= this.#owners.length) return
      const child = left + 1 < this.#owners.length && this.#isBefore(left + 1, left) ? left + 1 : left
      if (!this.#isBefore(child, slot)) return
      this.#swap(slot, child)
      slot = child
    }
  }

  #isBefore(slot: number, other: number): boolean {
    const difference = (this.#instants[slot] as number) - (this.#instants[other] as number)
    return difference === 0
      ? this.#compare(this.#owners[slot] as Owner, this.#owners[other] as Owner) < 0
      : difference < 0
  }

  #swap(slot: number, other: number): void {
    const owner = this.#owners[slot] as Owner
    const at = this.#instants[slot] as number
    this.#place(slot, this.#owners[other] as Owner, this.#instants[other] as number)
    this.#place(other, owner, at)
  }

  #place(slot: number, owner: Owner, at: number): void {
    this.#owners[slot] = owner
    this.#instants[slot] = at
    owner.dueSlot = slot
  }
}
