import type { RoutingContext } from '../facts/routing-context'
import type { Workflow } from '../workflow/workflow'
import type { CompileContext } from './compile-condition'
import { CompiledWorkflow, compareRank } from './compiled-workflow'
import {
  IndexBucket,
  type SortedBucket,
  type SortedBuckets,
  ValueIndex,
  withInserted,
  withRemoved,
  withReplaced,
} from './index-buckets'
import { type Primitive, type RequiredValue, RequiredValueFrequencies, valueCountOf, valuesOf } from './required-values'

/** One consistent set of workflows, compiled and indexed: those that route, and those that prioritize or tag. */
export class CompiledWorkflows {
  readonly routes: WorkflowIndex
  readonly effects: WorkflowIndex
  readonly #entries: Map<string, CompiledWorkflow>
  readonly #compiling: CompileContext
  #nextPosition: number

  constructor(workflows: readonly Workflow[], compiling: CompileContext) {
    const entries = workflows.map((workflow, position) => new CompiledWorkflow(workflow, position, compiling))
    this.#compiling = compiling
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

  /** Takes the place of the workflow with that name, or the last one; nobody else's entries are touched. */
  set(workflow: Workflow): void {
    const before = this.#entries.get(workflow.name)
    const entry = new CompiledWorkflow(workflow, before?.listPosition ?? this.#nextPosition, this.#compiling)
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

/** One entry alone is kept as it is: with rare values, most are. */
type IndexCell = CompiledWorkflow | IndexBucket

/** So few are faster looked through than split by a second fact. */
const unsplitWorkflowsMax = 8
/** Below this a plain loop is faster than any index. */
const unindexedWorkflowsMax = 16
/** Cells one entry takes at most. */
const cellsPerWorkflowMax = 256

/**
 * Finds the workflows that may match a request, by the values of one or two facts that each of them requires: its
 * rarest ones, so that a value that most workflows share, such as one country, does not fill the list. A change touches
 * the cells of the entries that it is about, and no others.
 */
export class WorkflowIndex {
  /** Everybody, while that is quicker to look through than an index; `null` beyond. */
  #all: SortedBuckets | null = []
  #size = 0
  #rest: SortedBuckets = []
  readonly #cells = new ValueIndex<IndexCell>()
  readonly #counts = new RequiredValueFrequencies()

  constructor(entries: readonly CompiledWorkflow[]) {
    for (const entry of entries) this.#count(entry)
    for (const entry of [...entries].sort(compareRank)) this.#place(entry)
  }

  get size(): number {
    return this.#size
  }

  add(entry: CompiledWorkflow): void {
    this.#count(entry)
    this.#place(entry)
  }

  remove(entry: CompiledWorkflow): void {
    for (const requirement of entry.requiredValues) this.#counts.remove(requirement)
    this.#displace(entry)
  }

  /** Puts one in the place of another. */
  replace(before: CompiledWorkflow, entry: CompiledWorkflow): void {
    const isElsewhere = this.#recount(before.requiredValues, entry.requiredValues)
    if (!isElsewhere && compareRank(before, entry) === 0) this.#swap(before, entry)
    else {
      this.#displace(before)
      this.#place(entry)
    }
  }

  /** All that may match, in buckets that each are in order of rank. Everybody else cannot match. */
  candidatesFor(context: RoutingContext): readonly SortedBucket[] {
    if (this.#all !== null) return this.#all
    const buckets = [...this.#rest]
    this.#cells.visit(context, (cell) => {
      if (cell instanceof CompiledWorkflow) buckets.push([cell])
      else cell.collect(context, buckets)
    })
    return buckets
  }

  #count({ requiredValues }: CompiledWorkflow): void {
    for (const requirement of requiredValues) this.#counts.add(requirement)
  }

  /** Counts only what is no longer required, or newly; whether there is such a thing. */
  #recount(before: readonly RequiredValue[], after: readonly RequiredValue[]): boolean {
    let changes = 0
    for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
      const [old, young] = [before[index], after[index]]
      if (old !== undefined && young !== undefined && isSameRequirement(old, young)) continue
      changes += 1
      if (old !== undefined) this.#counts.remove(old)
      if (young !== undefined) this.#counts.add(young)
    }
    return changes > 0
  }

  #displace(entry: CompiledWorkflow): void {
    this.#size -= 1
    if (this.#all !== null) this.#all = withRemoved(this.#all, entry)
    const { indexedBy } = entry
    if (indexedBy === null) this.#rest = withRemoved(this.#rest, entry)
    else for (const value of valuesOf(indexedBy)) this.#take(entry, indexedBy, value)
  }

  #place(entry: CompiledWorkflow): void {
    this.#size += 1
    if (this.#all !== null) this.#all = this.#size < unindexedWorkflowsMax ? withInserted(this.#all, entry) : null
    this.#choosePlace(entry)
    const { indexedBy } = entry
    if (indexedBy === null) this.#rest = withInserted(this.#rest, entry)
    else for (const value of valuesOf(indexedBy)) this.#put(entry, indexedBy, value)
  }

  /** The one fact by which an entry is found, and a second where the first is not rare enough. */
  #choosePlace(entry: CompiledWorkflow): void {
    let least = Number.POSITIVE_INFINITY
    let next = Number.POSITIVE_INFINITY
    for (const requirement of entry.requiredValues) {
      if (valueCountOf(requirement) > cellsPerWorkflowMax) continue
      const shared = this.#counts.highestOf(requirement)
      if (shared < least) {
        entry.refinedBy = entry.indexedBy
        next = least
        entry.indexedBy = requirement
        least = shared
      } else if (shared < next) {
        entry.refinedBy = requirement
        next = shared
      }
    }
    const { indexedBy, refinedBy } = entry
    if (indexedBy === null || refinedBy === null) return
    if (least <= unsplitWorkflowsMax || valueCountOf(indexedBy) * valueCountOf(refinedBy) > cellsPerWorkflowMax)
      entry.refinedBy = null
  }

  #put(entry: CompiledWorkflow, first: RequiredValue, value: Primitive): void {
    const cell = this.#cells.get(first, value)
    if (cell === undefined && entry.refinedBy === null) this.#cells.set(first, value, entry)
    else if (cell instanceof IndexBucket) cell.add(entry)
    else {
      const shared = new IndexBucket()
      if (cell !== undefined) shared.add(cell)
      shared.add(entry)
      this.#cells.set(first, value, shared)
    }
  }

  #take(entry: CompiledWorkflow, first: RequiredValue, value: Primitive): void {
    const cell = this.#cells.get(first, value)
    if (cell instanceof IndexBucket) cell.remove(entry)
    if (cell === entry || (cell instanceof IndexBucket && cell.isEmpty)) this.#cells.delete(first, value)
  }

  #swap(before: CompiledWorkflow, entry: CompiledWorkflow): void {
    entry.indexedBy = before.indexedBy
    entry.refinedBy = before.refinedBy
    const { indexedBy } = before
    if (this.#all !== null) this.#all = withReplaced(this.#all, before, entry)
    if (indexedBy === null) this.#rest = withReplaced(this.#rest, before, entry)
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
