import type { ReadFact } from '../facts/fact-reader'
import type { RoutingContext } from '../facts/routing-context'
import type { CompiledWorkflow } from './compiled-workflow'
import { compareRank } from './compiled-workflow'
import type { Primitive, RequiredValue, SharedFact } from './required-values'
import { valuesOf } from './required-values'

/** Those who share a value of the fact they are found by: some by no more than that, the rest by a second fact. */
export class IndexBucket {
  #here: SortedBuckets = []
  #second: ValueIndex<SortedBuckets> | null = null

  get isEmpty(): boolean {
    return this.#here.length === 0 && this.#second === null
  }

  add(entry: CompiledWorkflow): void {
    const { refinedBy } = entry
    if (refinedBy === null) this.#here = withInserted(this.#here, entry)
    else this.#changeSecond(refinedBy, (ranked) => withInserted(ranked, entry))
  }

  remove(entry: CompiledWorkflow): void {
    const { refinedBy } = entry
    if (refinedBy === null) this.#here = withRemoved(this.#here, entry)
    else this.#changeSecond(refinedBy, (ranked) => withRemoved(ranked, entry))
  }

  /** Puts one in the place of another that is found by the same facts. */
  replace(before: CompiledWorkflow, entry: CompiledWorkflow): void {
    const { refinedBy } = before
    if (refinedBy === null) this.#here = withReplaced(this.#here, before, entry)
    else this.#changeSecond(refinedBy, (ranked) => withReplaced(ranked, before, entry))
  }

  /** Adds all that may match to `buckets`. */
  collect(context: RoutingContext, buckets: SortedBucket[]): void {
    for (const bucket of this.#here) buckets.push(bucket)
    this.#second?.visit(context, (ranked) => {
      for (const bucket of ranked) buckets.push(bucket)
    })
  }

  #changeSecond(requirement: RequiredValue, change: (ranked: SortedBuckets) => SortedBuckets): void {
    const table = this.#second ?? new ValueIndex<SortedBuckets>()
    for (const value of valuesOf(requirement)) {
      const ranked = change(table.get(requirement, value) ?? [])
      if (ranked.length > 0) table.set(requirement, value, ranked)
      else table.delete(requirement, value)
    }
    this.#second = table.isEmpty ? null : table
  }
}

interface ValueColumn<Cell> {
  readonly read: ReadFact
  readonly requestFactName: string | null
  readonly cellsByValue: Map<Primitive, Cell>
}

/**
 * Cells by the value of a fact. Looks at the facts a request has, or at those somebody asks about: whichever are
 * fewer.
 */
export class ValueIndex<Cell> {
  readonly #columns = new Map<string, ValueColumn<Cell>>()
  readonly #requestFactName = new Map<string, ValueColumn<Cell>[]>()
  readonly #others = new Set<ValueColumn<Cell>>()

  /** Calls `visit` with each cell whose fact has its value. */
  visit(context: RoutingContext, visit: (cell: Cell) => void): void {
    if (this.#others.size > 0) for (const column of this.#others) visitColumn(column, context, visit)
    if (this.#requestFactName.size <= context.factNames.length) {
      for (const columns of this.#requestFactName.values())
        for (const column of columns) visitColumn(column, context, visit)
      return
    }
    for (const name of context.factNames) {
      const columns = this.#requestFactName.get(name)
      if (columns !== undefined) for (const column of columns) visitColumn(column, context, visit)
    }
  }

  get({ fact }: RequiredValue, value: Primitive): Cell | undefined {
    return this.#columns.get(fact.key)?.cellsByValue.get(value)
  }

  set({ fact }: RequiredValue, value: Primitive, cell: Cell): void {
    const column = this.#columns.get(fact.key) ?? this.#addColumn(fact)
    column.cellsByValue.set(value, cell)
  }

  delete({ fact }: RequiredValue, value: Primitive): void {
    const column = this.#columns.get(fact.key)
    if (column?.cellsByValue.delete(value) === true && column.cellsByValue.size === 0)
      this.#dropColumn(fact.key, column)
  }

  get isEmpty(): boolean {
    return this.#columns.size === 0
  }

  #addColumn({ key, read, requestFactName }: SharedFact): ValueColumn<Cell> {
    const column: ValueColumn<Cell> = { read, requestFactName, cellsByValue: new Map() }
    this.#columns.set(key, column)
    if (requestFactName === null) this.#others.add(column)
    else this.#requestFactName.set(requestFactName, [...(this.#requestFactName.get(requestFactName) ?? []), column])
    return column
  }

  #dropColumn(key: string, column: ValueColumn<Cell>): void {
    this.#columns.delete(key)
    this.#others.delete(column)
    if (column.requestFactName === null) return
    const left = (this.#requestFactName.get(column.requestFactName) ?? []).filter((other) => other !== column)
    if (left.length === 0) this.#requestFactName.delete(column.requestFactName)
    else this.#requestFactName.set(column.requestFactName, left)
  }
}

function visitColumn<Cell>(
  { read, cellsByValue }: ValueColumn<Cell>,
  context: RoutingContext,
  visit: (cell: Cell) => void,
): void {
  const value = read(context)
  // What is missing equals no value that JSON has.
  if (value === undefined) return
  const cell = cellsByValue.get(value as Primitive)
  if (cell !== undefined) visit(cell)
}

/** Entries in the order of their rank. Replaced, never changed: who reads one keeps it. */
export type SortedBucket = readonly CompiledWorkflow[]

/**
 * Any number of entries in the order of their rank, cut into buckets, so that a change copies one of them and not all.
 * Replaced, never changed.
 */
export type SortedBuckets = readonly SortedBucket[]

const bucketSizeMax = 64

export function withInserted(ranked: SortedBuckets, entry: CompiledWorkflow): SortedBuckets {
  const at = Math.min(bucketIndexOf(ranked, entry), Math.max(ranked.length - 1, 0))
  const bucket = ranked[at] ?? []
  const place = positionIn(bucket, entry)
  const grown = [...bucket.slice(0, place), entry, ...bucket.slice(place)]
  if (grown.length <= bucketSizeMax) return replaceBucket(ranked, at, [grown])
  // At the end of a list that is being built, full buckets stay full.
  const cut = place === bucket.length ? bucketSizeMax : grown.length >> 1
  return replaceBucket(ranked, at, [grown.slice(0, cut), grown.slice(cut)])
}

export function withRemoved(ranked: SortedBuckets, entry: CompiledWorkflow): SortedBuckets {
  const at = bucketIndexOf(ranked, entry)
  const bucket = ranked[at] ?? []
  const place = positionIn(bucket, entry)
  if (bucket[place] !== entry) return ranked
  const left = [...bucket.slice(0, place), ...bucket.slice(place + 1)]
  return replaceBucket(ranked, at, left.length === 0 ? [] : [left])
}

/** With another entry of the same rank in the place of one. */
export function withReplaced(ranked: SortedBuckets, before: CompiledWorkflow, entry: CompiledWorkflow): SortedBuckets {
  const at = bucketIndexOf(ranked, before)
  const bucket = [...(ranked[at] ?? [])]
  const place = positionIn(bucket, before)
  if (bucket[place] !== before) return ranked
  bucket[place] = entry
  return replaceBucket(ranked, at, [bucket])
}

function replaceBucket(ranked: SortedBuckets, at: number, buckets: SortedBuckets): SortedBuckets {
  if (ranked.length <= 1) return buckets
  return [...ranked.slice(0, at), ...buckets, ...ranked.slice(at + 1)]
}

/** The first bucket whose last entry does not rank before this one. */
function bucketIndexOf(ranked: SortedBuckets, entry: CompiledWorkflow): number {
  return binarySearch(ranked.length, (index) => {
    const last = ranked[index]?.at(-1)
    return last !== undefined && compareRank(last, entry) < 0
  })
}

/** The place of the first that does not rank before the entry. */
function positionIn(bucket: SortedBucket, entry: CompiledWorkflow): number {
  return binarySearch(bucket.length, (index) => {
    const there = bucket[index]
    return there !== undefined && compareRank(there, entry) < 0
  })
}

function binarySearch(length: number, isBefore: (index: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore(middle)) low = middle + 1
    else high = middle
  }
  return low
}
