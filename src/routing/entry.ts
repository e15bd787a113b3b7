import type { Rule } from 'json-rules-engine'
import { completeRoute, type Route } from '../core'
import { type Compiled, type Compiling, compileCondition } from './compile-conditions'
import type { LateFact } from './late-fact'
import { lateFactsOf } from './late-facts'
import { type Requirement, requirementsOf } from './requirements'
import type { Workflow } from './workflow'

/** Facts that have to be waited for, and the check for when they have answered. */
export interface Late {
  readonly facts: readonly LateFact[]
  readonly check: Compiled
}

/**
 * A workflow made ready; what it says never changes, so that a request on its way keeps the one it began with. What
 * only a request needs is made when the first one looks at it: most changes are looked at by few requests.
 */
export class Entry {
  readonly workflow: Workflow
  readonly name: string
  readonly priority: number
  /** Place in the list: of equal priorities the earlier ranks first. */
  readonly position: number
  /** What has to hold for it to match. */
  readonly requirements: readonly Requirement[]
  /** The one of them by which the index finds it; `null` when it always has to be looked at. */
  first: Requirement | null = null
  /** Another, where the first is not rare enough. */
  second: Requirement | null = null
  /** json-rules-engine's, made when it is first evaluated. */
  rule: Rule | null = null
  readonly #compiling: Compiling
  #check: Compiled | null = null
  #late: Late | null | undefined
  #route: Route | null = null

  constructor(workflow: Workflow, position: number, compiling: Compiling) {
    this.workflow = workflow
    this.name = workflow.name
    this.priority = workflow.priority ?? 1
    this.position = position
    this.requirements = requirementsOf(workflow.conditions, compiling)
    this.#compiling = compiling
  }

  get isRoute(): boolean {
    return this.workflow.event.type === 'route'
  }

  /** `null` for one that prioritizes or tags. */
  get route(): Route | null {
    const { event } = this.workflow
    if (event.type === 'route') this.#route ??= completeRoute(event.params)
    return this.#route
  }

  /** Asked first, with the facts that are there at once. */
  get check(): Compiled {
    this.#check ??= compileCondition(this.workflow.conditions, this.#compiling)
    return this.#check
  }

  get late(): Late | null {
    if (this.#late === undefined) this.#late = lateOf(this.workflow, this.#compiling)
    return this.#late
  }
}

function lateOf({ conditions }: Workflow, compiling: Compiling): Late | null {
  const facts = lateFactsOf(conditions, compiling)
  return facts.length === 0 ? null : { facts, check: compileCondition(conditions, { ...compiling, isSettled: true }) }
}

/** Below 0 when the first ranks before the second. */
export function byRank(one: Entry, other: Entry): number {
  return other.priority - one.priority || one.position - other.position
}
