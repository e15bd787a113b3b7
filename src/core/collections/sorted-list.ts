/**
 * A list kept in order by binary search. Adding to ten thousand entries moves 80 kB at worst, which is faster than
 * every tree that was measured. The comparison must be total and must not change for an entry while it is in the list.
 */
export class SortedList<Entry> {
  readonly #entries: Entry[] = []
  /** In order; changed by `add` and `delete` alone. */
  readonly entries: readonly Entry[] = this.#entries
  readonly #compare: (a: Entry, b: Entry) => number

  constructor(compare: (a: Entry, b: Entry) => number) {
    this.#compare = compare
  }

  /** Returns the index of the entry. */
  add(entry: Entry): number {
    const index = this.indexOf(entry)
    if (this.#entries[index] !== entry) this.#entries.splice(index, 0, entry)
    return index
  }

  /** Returns the index that the entry had. */
  delete(entry: Entry): number {
    const index = this.indexOf(entry)
    if (this.#entries[index] === entry) this.#entries.splice(index, 1)
    return index
  }

  /** Returns the index of an entry, or the one at which it would be inserted. */
  indexOf(entry: Entry): number {
    let low = 0
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#compare(this.#entries[middle] as Entry, entry) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
