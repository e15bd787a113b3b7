/** Something with at most one appointment. Reads and writes of `slot`, `dueAt` and `sequence` are the calendar's. */
export interface Appointment {
  slot: number
  dueAt: number
  sequence: number
}

/** Who is next: a binary heap in which everybody knows their place. Ties go in the order in which they were made. */
export class Calendar<Owner extends Appointment> {
  readonly #heap: Owner[] = []
  #sequence = 0

  get size(): number {
    return this.#heap.length
  }

  get next(): Owner | undefined {
    return this.#heap[0]
  }

  /** `Infinity` when there is none. */
  get nextAt(): number {
    return this.#heap[0]?.dueAt ?? Number.POSITIVE_INFINITY
  }

  /** Makes an appointment, or moves the one there is. */
  set(owner: Owner, dueAt: number): void {
    this.#sequence += 1
    owner.sequence = this.#sequence
    if (owner.slot === -1) {
      owner.dueAt = dueAt
      owner.slot = this.#heap.push(owner) - 1
      this.#rise(owner)
      return
    }
    const isLater = dueAt >= owner.dueAt
    owner.dueAt = dueAt
    if (isLater) this.#sink(owner)
    else this.#rise(owner)
  }

  delete(owner: Owner): void {
    const { slot } = owner
    if (slot === -1) return
    owner.slot = -1
    const last = this.#heap.pop()
    if (last === undefined || last === owner) return
    last.slot = slot
    this.#heap[slot] = last
    this.#rise(last)
    this.#sink(last)
  }

  #rise(owner: Owner): void {
    const heap = this.#heap
    let { slot } = owner
    while (slot > 0) {
      const above = (slot - 1) >>> 1
      const parent = heap[above] as Owner
      if (!isBefore(owner, parent)) break
      heap[slot] = parent
      parent.slot = slot
      slot = above
    }
    heap[slot] = owner
    owner.slot = slot
  }

  #sink(owner: Owner): void {
    const heap = this.#heap
    const { length } = heap
    let { slot } = owner
    for (let child = 2 * slot + 1; child < length; child = 2 * slot + 1) {
      const right = child + 1
      if (right < length && isBefore(heap[right] as Owner, heap[child] as Owner)) child = right
      const below = heap[child] as Owner
      if (!isBefore(below, owner)) break
      heap[slot] = below
      below.slot = slot
      slot = child
    }
    heap[slot] = owner
    owner.slot = slot
  }
}

function isBefore(one: Appointment, other: Appointment): boolean {
  return one.dueAt < other.dueAt || (one.dueAt === other.dueAt && one.sequence < other.sequence)
}
