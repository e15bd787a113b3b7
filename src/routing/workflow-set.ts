import { CandidateIndex } from './candidate-index'
import type { Compiling } from './compile-conditions'
import { Entry } from './entry'
import type { Workflow } from './workflow'

/** One consistent set of workflows, compiled and indexed: those that route, and those that prioritize or tag. */
export class WorkflowSet {
  readonly routes: CandidateIndex
  readonly effects: CandidateIndex
  readonly #entries: Map<string, Entry>
  readonly #compiling: Compiling
  #nextPosition: number

  constructor(workflows: readonly Workflow[], compiling: Compiling) {
    const entries = workflows.map((workflow, position) => new Entry(workflow, position, compiling))
    this.#compiling = compiling
    this.#entries = new Map(entries.map((entry) => [entry.name, entry]))
    this.#nextPosition = entries.length
    this.routes = new CandidateIndex(entries.filter(({ isRoute }) => isRoute))
    this.effects = new CandidateIndex(entries.filter(({ isRoute }) => !isRoute))
  }

  get size(): number {
    return this.#entries.size
  }

  /** In the order of the list. */
  get workflows(): readonly Workflow[] {
    const inOrder = [...this.#entries.values()].sort((one, other) => one.position - other.position)
    return inOrder.map(({ workflow }) => workflow)
  }

  /** Takes the place of the workflow with that name, or the last one; nobody else's entries are touched. */
  put(workflow: Workflow): void {
    const before = this.#entries.get(workflow.name)
    const entry = new Entry(workflow, before?.position ?? this.#nextPosition, this.#compiling)
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

  #indexOf({ isRoute }: Entry): CandidateIndex {
    return isRoute ? this.routes : this.effects
  }
}
