import { byRank, Entry } from './entry'
import { FactTable } from './fact-table'
import { type Bucket, inserted, type Ranked, swapped, without } from './ranked'
import { RequirementCounts } from './requirement-counts'
import { countOf, type Primitive, type Requirement, valuesOf } from './requirements'
import type { RoutingContext } from './routing-context'
import { SharedCell } from './shared-cell'

/** One entry alone is kept as it is: with rare values, most are. */
type Cell = Entry | SharedCell

/** So few are faster looked through than split by a second fact. */
const fewMax = 8
/** Below this a plain loop is faster than any index. */
const smallSet = 16
/** Cells one entry takes at most. */
const cellsMax = 256

/**
 * Finds the workflows that may match a request, by the values of one or two facts that each of them requires: its
 * rarest ones, so that a value that most workflows share, such as one country, does not fill the list. A change touches
 * the cells of the entries that it is about, and no others.
 */
export class CandidateIndex {
  /** Everybody, while that is quicker to look through than an index; `null` beyond. */
  #all: Ranked | null = []
  #size = 0
  #rest: Ranked = []
  readonly #cells = new FactTable<Cell>()
  readonly #counts = new RequirementCounts()

  constructor(entries: readonly Entry[]) {
    for (const entry of entries) this.#count(entry)
    for (const entry of [...entries].sort(byRank)) this.#place(entry)
  }

  get size(): number {
    return this.#size
  }

  add(entry: Entry): void {
    this.#count(entry)
    this.#place(entry)
  }

  remove(entry: Entry): void {
    for (const requirement of entry.requirements) this.#counts.remove(requirement)
    this.#displace(entry)
  }

  /** Puts one in the place of another. */
  replace(before: Entry, entry: Entry): void {
    const isElsewhere = this.#recount(before.requirements, entry.requirements)
    if (!isElsewhere && byRank(before, entry) === 0) this.#swap(before, entry)
    else {
      this.#displace(before)
      this.#place(entry)
    }
  }

  /** All that may match, in buckets that each are in order of rank. Everybody else cannot match. */
  buckets(context: RoutingContext): readonly Bucket[] {
    if (this.#all !== null) return this.#all
    const buckets = [...this.#rest]
    this.#cells.visit(context, (cell) => {
      if (cell instanceof Entry) buckets.push([cell])
      else cell.collect(context, buckets)
    })
    return buckets
  }

  #count({ requirements }: Entry): void {
    for (const requirement of requirements) this.#counts.add(requirement)
  }

  /** Counts only what is no longer required, or newly; whether there is such a thing. */
  #recount(before: readonly Requirement[], after: readonly Requirement[]): boolean {
    let changes = 0
    for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
      const [old, young] = [before[index], after[index]]
      if (old !== undefined && young !== undefined && isSame(old, young)) continue
      changes += 1
      if (old !== undefined) this.#counts.remove(old)
      if (young !== undefined) this.#counts.add(young)
    }
    return changes > 0
  }

  #displace(entry: Entry): void {
    this.#size -= 1
    if (this.#all !== null) this.#all = without(this.#all, entry)
    const { first } = entry
    if (first === null) this.#rest = without(this.#rest, entry)
    else for (const value of valuesOf(first)) this.#take(entry, first, value)
  }

  #place(entry: Entry): void {
    this.#size += 1
    if (this.#all !== null) this.#all = this.#size < smallSet ? inserted(this.#all, entry) : null
    this.#choosePlace(entry)
    const { first } = entry
    if (first === null) this.#rest = inserted(this.#rest, entry)
    else for (const value of valuesOf(first)) this.#put(entry, first, value)
  }

  /** The one fact by which an entry is found, and a second where the first is not rare enough. */
  #choosePlace(entry: Entry): void {
    let least = Number.POSITIVE_INFINITY
    let next = Number.POSITIVE_INFINITY
    for (const requirement of entry.requirements) {
      if (countOf(requirement) > cellsMax) continue
      const shared = this.#counts.most(requirement)
      if (shared < least) {
        entry.second = entry.first
        next = least
        entry.first = requirement
        least = shared
      } else if (shared < next) {
        entry.second = requirement
        next = shared
      }
    }
    const { first, second } = entry
    if (first === null || second === null) return
    if (least <= fewMax || countOf(first) * countOf(second) > cellsMax) entry.second = null
  }

  #put(entry: Entry, first: Requirement, value: Primitive): void {
    const cell = this.#cells.get(first, value)
    if (cell === undefined && entry.second === null) this.#cells.set(first, value, entry)
    else if (cell instanceof SharedCell) cell.put(entry)
    else {
      const shared = new SharedCell()
      if (cell !== undefined) shared.put(cell)
      shared.put(entry)
      this.#cells.set(first, value, shared)
    }
  }

  #take(entry: Entry, first: Requirement, value: Primitive): void {
    const cell = this.#cells.get(first, value)
    if (cell instanceof SharedCell) cell.take(entry)
    if (cell === entry || (cell instanceof SharedCell && cell.isEmpty)) this.#cells.delete(first, value)
  }

  #swap(before: Entry, entry: Entry): void {
    entry.first = before.first
    entry.second = before.second
    const { first } = before
    if (this.#all !== null) this.#all = swapped(this.#all, before, entry)
    if (first === null) this.#rest = swapped(this.#rest, before, entry)
    else {
      for (const value of valuesOf(first)) {
        const cell = this.#cells.get(first, value)
        if (cell instanceof SharedCell) cell.swap(before, entry)
        else this.#cells.set(first, value, entry)
      }
    }
  }
}

function isSame(one: Requirement, other: Requirement): boolean {
  if (one.fact.key !== other.fact.key) return false
  if (one.value === other.value) return true
  if (countOf(one) === 1 || countOf(one) !== countOf(other)) return false
  const values = valuesOf(other)
  return valuesOf(one).every((value, index) => value === values[index])
}
