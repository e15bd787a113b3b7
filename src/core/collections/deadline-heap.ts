/** An item with at most one deadline; it holds its own index in the heap, -1 when it is not in it. */
export interface HeapItem {
  heapIndex: number
}

/**
 * Deadlines, earliest first: a binary heap with at most one entry an item, so that a deadline needs no object of its
 * own. An entry may be earlier than the item's real deadline, never later.
 */
export class DeadlineHeap<Item extends HeapItem> {
  readonly #instants: number[] = []
  readonly #items: Item[] = []
  readonly #compare: (a: Item, b: Item) => number

  /** `compare` orders the items of one instant; it must be total, so that a replay has the same order. */
  constructor(compare: (a: Item, b: Item) => number) {
    this.#compare = compare
  }

  get size(): number {
    return this.#items.length
  }

  get earliest(): Item | undefined {
    return this.#items[0]
  }

  /** `Infinity` when there is none. */
  get earliestAt(): number {
    return this.#items.length === 0 ? Number.POSITIVE_INFINITY : (this.#instants[0] as number)
  }

  /** Adds the item, or moves it; `Infinity` removes it. */
  set(item: Item, at: number): void {
    if (at === Number.POSITIVE_INFINITY) return this.#remove(item)
    if (item.heapIndex === -1) {
      item.heapIndex = this.#items.push(item) - 1
      this.#instants.push(at)
    }
    this.#siftUp(item, at)
    this.#siftDown(item, at)
  }

  #remove(item: Item): void {
    const index = item.heapIndex
    if (index === -1) return
    item.heapIndex = -1
    const last = this.#items.pop()
    const lastAt = this.#instants.pop()
    if (last === undefined || lastAt === undefined || last === item) return
    last.heapIndex = index
    this.#siftUp(last, lastAt)
    this.#siftDown(last, lastAt)
  }

  #siftUp(item: Item, at: number): void {
    let index = item.heapIndex
    while (index > 0) {
      const parent = (index - 1) >>> 1
      if (this.#compareWith(item, at, parent) >= 0) break
      this.#move(parent, index)
      index = parent
    }
    this.#place(item, at, index)
  }

  #siftDown(item: Item, at: number): void {
    const { length } = this.#items
    let index = item.heapIndex
    for (let child = 2 * index + 1; child < length; child = 2 * index + 1) {
      const right = child + 1
      if (right < length && this.#compareWith(this.#items[right] as Item, this.#instants[right] as number, child) < 0)
        child = right
      if (this.#compareWith(item, at, child) <= 0) break
      this.#move(child, index)
      index = child
    }
    this.#place(item, at, index)
  }

  /** Compares an item and its instant with the entry at an index of the heap. */
  #compareWith(item: Item, at: number, index: number): number {
    return at - (this.#instants[index] as number) || this.#compare(item, this.#items[index] as Item)
  }

  #move(from: number, to: number): void {
    this.#place(this.#items[from] as Item, this.#instants[from] as number, to)
  }

  #place(item: Item, at: number, index: number): void {
    this.#items[index] = item
    this.#instants[index] = at
    item.heapIndex = index
  }
}
