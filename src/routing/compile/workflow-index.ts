import type { RoutingContext } from '../facts/routing-context'
import type { Workflow } from '../workflow/workflow'
import type { CompileContext } from './compile-condition'
import { CompiledWorkflow, compareRank } from './compiled-workflow'
import { type Primitive, type RequiredValue, RequiredValueFrequencies, valueCountOf, valuesOf } from './required-values'
import { type SortedBucket, type SortedBuckets, withInserted, withRemoved, withReplaced } from './sorted-buckets'
import { ValueIndex } from './value-index'

/** One consistent set of workflows, compiled and indexed: those that route, and those that prioritize or tag. */
export class CompiledWorkflows {
  readonly routes: WorkflowIndex
  readonly effects: WorkflowIndex
  readonly #entries: Map<string, CompiledWorkflow>
  readonly #compileContext: CompileContext
  #nextPosition: number

  constructor(workflows: readonly Workflow[], compileContext: CompileContext) {
    const entries = workflows.map((workflow, position) => new CompiledWorkflow(workflow, position, compileContext))
    this.#compileContext = compileContext
    this.#entries = new Map(entries.map((entry) => [entry.name, entry]))
    this.#nextPosition = entries.length
    this.routes = new WorkflowIndex(entries.filter(({ isRoute }) => isRoute))
    this.effects = new WorkflowIndex(entries.filter(({ isRoute }) => !isRoute))
  }

  get size(): number {
    return this.#entries.size
  }

  /** In the order of the list. */
  get workflows(): readonly Workflow[] {
    const inOrder = [...this.#entries.values()].sort((one, other) => one.listPosition - other.listPosition)
    return inOrder.map(({ workflow }) => workflow)
  }

  /** Puts a workflow in the place of the one with its name, or last. Touches no other workflow's entries. */
  set(workflow: Workflow): void {
    const before = this.#entries.get(workflow.name)
    const entry = new CompiledWorkflow(workflow, before?.listPosition ?? this.#nextPosition, this.#compileContext)
    if (before === undefined) this.#nextPosition += 1
    this.#entries.set(entry.name, entry)
    if (before?.isRoute === entry.isRoute) this.#indexOf(entry).replace(before, entry)
    else {
      if (before !== undefined) this.#indexOf(before).remove(before)
      this.#indexOf(entry).add(entry)
    }
  }

  delete(name: string): boolean {
    const entry = this.#entries.get(name)
    if (entry === undefined) return false
    this.#indexOf(entry).remove(entry)
    return this.#entries.delete(name)
  }

  #indexOf({ isRoute }: CompiledWorkflow): WorkflowIndex {
    return isRoute ? this.routes : this.effects
  }
}

/** A single entry is stored without a bucket: with rare values, most are single. */
type IndexCell = CompiledWorkflow | IndexBucket

/** Up to so many, looking at each is faster than splitting them by a second fact. */
const unsplitWorkflowsMax = 8
/** Below this a plain loop is faster than any index. */
const unindexedWorkflowsMax = 16
/** Cells that one entry occupies at most. */
const cellsPerWorkflowMax = 256

/**
 * Finds the workflows that may match a request, by the values of one or two facts that each of them requires: its
 * rarest ones, so that a value that most workflows share, such as one country, does not fill the list. A change touches
 * only the cells of the entries that it is about.
 */
export class WorkflowIndex {
  /** Every entry, while looking at each is faster than an index; `null` beyond. */
  #all: SortedBuckets | null = []
  #size = 0
  /** Entries that require no value: candidates for every request. */
  #unindexed: SortedBuckets = []
  readonly #cells = new ValueIndex<IndexCell>()
  readonly #frequencies = new RequiredValueFrequencies()

  constructor(entries: readonly CompiledWorkflow[]) {
    for (const entry of entries) this.#count(entry)
    for (const entry of [...entries].sort(compareRank)) this.#insert(entry)
  }

  get size(): number {
    return this.#size
  }

  add(entry: CompiledWorkflow): void {
    this.#count(entry)
    this.#insert(entry)
  }

  remove(entry: CompiledWorkflow): void {
    for (const required of entry.requiredValues) this.#frequencies.remove(required)
    this.#delete(entry)
  }

  /** Puts one entry in the place of another. */
  replace(before: CompiledWorkflow, entry: CompiledWorkflow): void {
    const isElsewhere = this.#recount(before.requiredValues, entry.requiredValues)
    if (!isElsewhere && compareRank(before, entry) === 0) this.#replaceInPlace(before, entry)
    else {
      this.#delete(before)
      this.#insert(entry)
    }
  }

  /** Every workflow that may match, in buckets that are each sorted by rank. */
  candidatesFor(context: RoutingContext): readonly SortedBucket[] {
    if (this.#all !== null) return this.#all
    const buckets = [...this.#unindexed]
    this.#cells.visit(context, (cell) => {
      if (cell instanceof CompiledWorkflow) buckets.push([cell])
      else cell.collect(context, buckets)
    })
    return buckets
  }

  #count({ requiredValues }: CompiledWorkflow): void {
    for (const required of requiredValues) this.#frequencies.add(required)
  }

  /** Counts what is newly required and what no longer is; returns whether there is any. */
  #recount(before: readonly RequiredValue[], after: readonly RequiredValue[]): boolean {
    let changes = 0
    for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
      const [old, young] = [before[index], after[index]]
      if (old !== undefined && young !== undefined && isSameRequirement(old, young)) continue
      changes += 1
      if (old !== undefined) this.#frequencies.remove(old)
      if (young !== undefined) this.#frequencies.add(young)
    }
    return changes > 0
  }

  #delete(entry: CompiledWorkflow): void {
    this.#size -= 1
    if (this.#all !== null) this.#all = withRemoved(this.#all, entry)
    const { indexedBy } = entry
    if (indexedBy === null) this.#unindexed = withRemoved(this.#unindexed, entry)
    else for (const value of valuesOf(indexedBy)) this.#deleteFromCell(entry, indexedBy, value)
  }

  #insert(entry: CompiledWorkflow): void {
    this.#size += 1
    if (this.#all !== null) this.#all = this.#size < unindexedWorkflowsMax ? withInserted(this.#all, entry) : null
    this.#chooseKeys(entry)
    const { indexedBy } = entry
    if (indexedBy === null) this.#unindexed = withInserted(this.#unindexed, entry)
    else for (const value of valuesOf(indexedBy)) this.#insertIntoCell(entry, indexedBy, value)
  }

  /** Chooses the fact by which the entry is found, and a second one where the first is not rare enough. */
  #chooseKeys(entry: CompiledWorkflow): void {
    let least = Number.POSITIVE_INFINITY
    let next = Number.POSITIVE_INFINITY
    for (const required of entry.requiredValues) {
      if (valueCountOf(required) > cellsPerWorkflowMax) continue
      const frequency = this.#frequencies.highestOf(required)
      if (frequency < least) {
        entry.refinedBy = entry.indexedBy
        next = least
        entry.indexedBy = required
        least = frequency
      } else if (frequency < next) {
        entry.refinedBy = required
        next = frequency
      }
    }
    const { indexedBy, refinedBy } = entry
    if (indexedBy === null || refinedBy === null) return
    if (least <= unsplitWorkflowsMax || valueCountOf(indexedBy) * valueCountOf(refinedBy) > cellsPerWorkflowMax)
      entry.refinedBy = null
  }

  #insertIntoCell(entry: CompiledWorkflow, key: RequiredValue, value: Primitive): void {
    const cell = this.#cells.get(key, value)
    if (cell === undefined && entry.refinedBy === null) this.#cells.set(key, value, entry)
    else if (cell instanceof IndexBucket) cell.add(entry)
    else {
      const bucket = new IndexBucket()
      if (cell !== undefined) bucket.add(cell)
      bucket.add(entry)
      this.#cells.set(key, value, bucket)
    }
  }

  #deleteFromCell(entry: CompiledWorkflow, key: RequiredValue, value: Primitive): void {
    const cell = this.#cells.get(key, value)
    if (cell instanceof IndexBucket) cell.remove(entry)
    if (cell === entry || (cell instanceof IndexBucket && cell.isEmpty)) this.#cells.delete(key, value)
  }

  #replaceInPlace(before: CompiledWorkflow, entry: CompiledWorkflow): void {
    entry.indexedBy = before.indexedBy
    entry.refinedBy = before.refinedBy
    const { indexedBy } = before
    if (this.#all !== null) this.#all = withReplaced(this.#all, before, entry)
    if (indexedBy === null) this.#unindexed = withReplaced(this.#unindexed, before, entry)
    else {
      for (const value of valuesOf(indexedBy)) {
        const cell = this.#cells.get(indexedBy, value)
        if (cell instanceof IndexBucket) cell.replace(before, entry)
        else this.#cells.set(indexedBy, value, entry)
      }
    }
  }
}

function isSameRequirement(one: RequiredValue, other: RequiredValue): boolean {
  if (one.fact.key !== other.fact.key) return false
  if (one.value === other.value) return true
  if (valueCountOf(one) === 1 || valueCountOf(one) !== valueCountOf(other)) return false
  const values = valuesOf(other)
  return valuesOf(one).every((value, index) => value === values[index])
}

/** The entries that share a value of the fact they are indexed by; some of them are split by a second fact. */
class IndexBucket {
  #unrefined: SortedBuckets = []
  #refined: ValueIndex<SortedBuckets> | null = null

  get isEmpty(): boolean {
    return this.#unrefined.length === 0 && this.#refined === null
  }

  add(entry: CompiledWorkflow): void {
    this.#change(entry, (buckets) => withInserted(buckets, entry))
  }

  remove(entry: CompiledWorkflow): void {
    this.#change(entry, (buckets) => withRemoved(buckets, entry))
  }

  /** Puts one entry in the place of another that has the same keys. */
  replace(before: CompiledWorkflow, entry: CompiledWorkflow): void {
    this.#change(before, (buckets) => withReplaced(buckets, before, entry))
  }

  /** Adds every entry that may match to `buckets`. */
  collect(context: RoutingContext, buckets: SortedBucket[]): void {
    for (const bucket of this.#unrefined) buckets.push(bucket)
    this.#refined?.visit(context, (refined) => {
      for (const bucket of refined) buckets.push(bucket)
    })
  }

  #change({ refinedBy }: CompiledWorkflow, change: (buckets: SortedBuckets) => SortedBuckets): void {
    if (refinedBy === null) this.#unrefined = change(this.#unrefined)
    else this.#changeRefined(refinedBy, change)
  }

  #changeRefined(required: RequiredValue, change: (buckets: SortedBuckets) => SortedBuckets): void {
    const refined = this.#refined ?? new ValueIndex<SortedBuckets>()
    for (const value of valuesOf(required)) {
      const buckets = change(refined.get(required, value) ?? [])
      if (buckets.length > 0) refined.set(required, value, buckets)
      else refined.delete(required, value)
    }
    this.#refined = refined.isEmpty ? null : refined
  }
}
