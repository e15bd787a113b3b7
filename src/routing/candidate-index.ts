import { byRank, type Entry } from './entry'
import { FactTable } from './fact-table'
import type { Primitive, Requirement } from './requirements'
import type { RoutingContext } from './routing-context'

/** Entries in the order of their rank. Replaced, never changed: who reads one keeps it. */
export type Bucket = readonly Entry[]

/** Those that require one value, and no more or too little to tell them apart; and by a second fact the rest. */
interface Cell {
  here: Bucket
  second: FactTable<{ bucket: Bucket }> | null
}

/** A bucket this small is faster looked through than split. */
const smallBucket = 8
/** Below this a plain loop is faster than any index. */
const smallSet = 16
/** Cells one entry takes at most. */
const cellsMax = 256

/**
 * Finds the workflows that may match a request, by the values of one or two facts that each of them requires: its
 * rarest ones, so that a value that most workflows share, such as one country, does not fill the list.
 */
export class CandidateIndex {
  /** Everybody, while that is quicker to look through than an index; `null` beyond. */
  #few: Bucket | null
  #size: number
  #rest: Bucket = []
  readonly #cells = new FactTable<Cell>()
  readonly #frequencies = new Map<string, Map<Primitive, number>>()
  readonly #places = new Map<string, readonly Requirement[]>()

  constructor(entries: readonly Entry[]) {
    for (const entry of entries) this.#count(entry, 1)
    const inOrder = [...entries].sort(byRank)
    for (const entry of inOrder) this.#place(entry, appended)
    this.#size = inOrder.length
    this.#few = inOrder.length < smallSet ? inOrder : null
  }

  get size(): number {
    return this.#size
  }

  add(entry: Entry): void {
    this.#count(entry, 1)
    this.#place(entry, inserted)
    this.#size += 1
    if (this.#few !== null) this.#few = this.#size < smallSet ? inserted(this.#few, entry) : null
  }

  remove(entry: Entry): void {
    this.#count(entry, -1)
    const places = this.#places.get(entry.name) ?? []
    this.#places.delete(entry.name)
    this.#size -= 1
    if (this.#few !== null) this.#few = without(this.#few, entry)
    const [first, second] = places
    if (first === undefined) this.#rest = without(this.#rest, entry)
    else for (const value of first.values) this.#take(entry, { first, value, second })
  }

  /** All that may match, in buckets that each are in order of rank. Everybody else cannot match. */
  buckets(context: RoutingContext): readonly Bucket[] {
    if (this.#few !== null) return [this.#few]
    const buckets: Bucket[] = this.#rest.length > 0 ? [this.#rest] : []
    this.#cells.visit(context, ({ here, second }) => {
      if (here.length > 0) buckets.push(here)
      second?.visit(context, ({ bucket }) => buckets.push(bucket))
    })
    return buckets
  }

  #count({ requirements }: Entry, by: number): void {
    for (const { key, values } of requirements) {
      const counts = this.#frequencies.get(key) ?? new Map<Primitive, number>()
      this.#frequencies.set(key, counts)
      for (const value of values) counts.set(value, (counts.get(value) ?? 0) + by)
    }
  }

  #place(entry: Entry, into: (bucket: Bucket, entry: Entry) => Bucket): void {
    const [first, second] = this.#rarest(entry)
    if (first === undefined) {
      this.#rest = into(this.#rest, entry)
      return
    }
    this.#places.set(entry.name, second === undefined ? [first] : [first, second])
    for (const value of first.values) {
      const cell = this.#cells.get(first, value) ?? { here: [], second: null }
      this.#cells.set(first, value, cell)
      if (second === undefined) cell.here = into(cell.here, entry)
      else putSecond(cell, second, { entry, into })
    }
  }

  /** The one fact by which an entry is found, and a second where the first is not rare enough. */
  #rarest({ requirements }: Entry): readonly Requirement[] {
    const able = requirements.filter(({ values }) => values.length <= cellsMax)
    const ranked = able.map((requirement) => ({ requirement, shared: this.#shared(requirement) }))
    ranked.sort((one, other) => one.shared - other.shared)
    const [first, second] = ranked
    if (first === undefined) return []
    const isRare = first.shared <= smallBucket || second === undefined
    const cells = first.requirement.values.length * (second?.requirement.values.length ?? 1)
    return isRare || cells > cellsMax ? [first.requirement] : [first.requirement, second.requirement]
  }

  /** How many workflows require the most frequent of its values. */
  #shared({ key, values }: Requirement): number {
    const counts = this.#frequencies.get(key)
    return values.reduce<number>((most, value) => Math.max(most, counts?.get(value) ?? 0), 0)
  }

  #take(
    entry: Entry,
    { first, value, second }: { first: Requirement; value: Primitive; second: Requirement | undefined },
  ) {
    const cell = this.#cells.get(first, value)
    if (cell === undefined) return
    if (second === undefined) cell.here = without(cell.here, entry)
    else for (const other of second.values) takeSecond(cell, second, { entry, value: other })
    if (cell.second?.isEmpty === true) cell.second = null
    if (cell.here.length === 0 && cell.second === null) this.#cells.delete(first, value)
  }
}

interface Putting {
  readonly entry: Entry
  readonly into: (bucket: Bucket, entry: Entry) => Bucket
}

function putSecond(cell: Cell, requirement: Requirement, { entry, into }: Putting): void {
  cell.second ??= new FactTable()
  for (const value of requirement.values) {
    const found = cell.second.get(requirement, value) ?? { bucket: [] }
    found.bucket = into(found.bucket, entry)
    cell.second.set(requirement, value, found)
  }
}

function takeSecond(cell: Cell, requirement: Requirement, { entry, value }: { entry: Entry; value: Primitive }): void {
  const found = cell.second?.get(requirement, value)
  if (found === undefined) return
  found.bucket = without(found.bucket, entry)
  if (found.bucket.length === 0) cell.second?.delete(requirement, value)
}

/** While an index is built nobody reads it yet. */
function appended(bucket: Bucket, entry: Entry): Bucket {
  const growing = bucket as Entry[]
  growing.push(entry)
  return growing
}

function inserted(bucket: Bucket, entry: Entry): Bucket {
  const place = placeOf(bucket, entry)
  return [...bucket.slice(0, place), entry, ...bucket.slice(place)]
}

function without(bucket: Bucket, entry: Entry): Bucket {
  const place = placeOf(bucket, entry)
  return bucket[place] === entry ? [...bucket.slice(0, place), ...bucket.slice(place + 1)] : bucket
}

/** The place of the first that does not rank before the entry. */
function placeOf(bucket: Bucket, entry: Entry): number {
  let low = 0
  let high = bucket.length
  while (low < high) {
    const middle = (low + high) >> 1
    const there = bucket[middle]
    if (there !== undefined && byRank(there, entry) < 0) low = middle + 1
    else high = middle
  }
  return low
}
