import type { Rule } from 'json-rules-engine'
import { completeRoute, type Route } from '../core'
import { type Compiled, type Compiling, compileCondition } from './compile-conditions'
import type { LateFact } from './late-fact'
import { lateFactsOf } from './late-facts'
import { type Requirement, requirementsOf } from './requirements'
import type { Workflow } from './workflow'

/**
 * A workflow made ready; never changed afterwards, so that a request that is on its way keeps the one it began with.
 */
export interface Entry {
  readonly workflow: Workflow
  readonly name: string
  readonly priority: number
  /** Place in the list: of equal priorities the earlier ranks first. */
  readonly position: number
  /** Asked first, with the facts that are there at once. */
  readonly check: Compiled
  /** Facts that have to be waited for, and the check for when they have answered. */
  readonly late: { readonly facts: readonly LateFact[]; readonly check: Compiled } | null
  /** What has to hold for it to match; the index uses one or two of them. */
  readonly requirements: readonly Requirement[]
  readonly route: Route | null
  /** Made when it is first evaluated. */
  rule: Rule | null
}

export function entryOf(workflow: Workflow, position: number, compiling: Compiling): Entry {
  const { conditions } = workflow
  const facts = lateFactsOf(conditions, compiling)
  return {
    workflow,
    name: workflow.name,
    priority: workflow.priority ?? 1,
    position,
    check: compileCondition(conditions, compiling),
    late: facts.length === 0 ? null : { facts, check: compileCondition(conditions, { ...compiling, isSettled: true }) },
    requirements: requirementsOf(conditions, compiling),
    route: workflow.event.type === 'route' ? completeRoute(workflow.event.params) : null,
    rule: null,
  }
}

/** Below 0 when the first ranks before the second. */
export function byRank(one: Entry, other: Entry): number {
  return other.priority - one.priority || one.position - other.position
}
