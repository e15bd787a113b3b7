/** Something with at most one appointment. Reads and writes of `slot`, `dueAt` and `sequence` are the calendar's. */
export interface ScheduledEvent {
  heapIndex: number
  dueAt: number
  sequence: number
}

/** Who is next: a binary heap in which everybody knows their place. Ties go in the order in which they were made. */
export class EventQueue<Owner extends ScheduledEvent> {
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
  schedule(owner: Owner, dueAt: number): void {
    this.#sequence += 1
    owner.sequence = this.#sequence
    if (owner.heapIndex === -1) {
      owner.dueAt = dueAt
      owner.heapIndex = this.#heap.push(owner) - 1
      this.#rise(owner)
      return
    }
    const isLater = dueAt >= owner.dueAt
    owner.dueAt = dueAt
    if (isLater) this.#sink(owner)
    else this.#rise(owner)
  }

  cancel(owner: Owner): void {
    const { heapIndex } = owner
    if (heapIndex === -1) return
    owner.heapIndex = -1
    const last = this.#heap.pop()
    if (last === undefined || last === owner) return
    last.heapIndex = heapIndex
    this.#heap[heapIndex] = last
    this.#rise(last)
    this.#sink(last)
  }

  #rise(owner: Owner): void {
    const heap = this.#heap
    let { heapIndex } = owner
    while (heapIndex > 0) {
      const above = (heapIndex - 1) >>> 1
      const parent = heap[above] as Owner
      if (!isEarlier(owner, parent)) break
      heap[heapIndex] = parent
      parent.heapIndex = heapIndex
      heapIndex = above
    }
    heap[heapIndex] = owner
    owner.heapIndex = heapIndex
  }

  #sink(owner: Owner): void {
    const heap = this.#heap
    const { length } = heap
    let { heapIndex } = owner
    for (let child = 2 * heapIndex + 1; child < length; child = 2 * heapIndex + 1) {
      const right = child + 1
      if (right < length && isEarlier(heap[right] as Owner, heap[child] as Owner)) child = right
      const below = heap[child] as Owner
      if (!isEarlier(below, owner)) break
      heap[heapIndex] = below
      below.heapIndex = heapIndex
      heapIndex = child
    }
    heap[heapIndex] = owner
    owner.heapIndex = heapIndex
  }
}

function isEarlier(one: ScheduledEvent, other: ScheduledEvent): boolean {
  return one.dueAt < other.dueAt || (one.dueAt === other.dueAt && one.sequence < other.sequence)
}
