import type { Rule } from 'json-rules-engine'
import { completeRoute, type Route } from '../../core'
import type { AsyncFact } from '../facts/routing-context'
import { asyncFactsOf } from '../workflow/condition-walk'
import type { Workflow } from '../workflow/workflow'
import { type CompileContext, type CompiledCondition, compileCondition } from './compile-condition'
import { type RequiredValue, requiredValuesOf } from './required-values'

/** Facts that have to be waited for, and the check for when they have answered. */
export interface AsyncFacts {
  readonly facts: readonly AsyncFact[]
  readonly condition: CompiledCondition
}

/**
 * A workflow made ready; what it says never changes, so that a request on its way keeps the one it began with. What
 * only a request needs is made when the first one looks at it: most changes are looked at by few requests.
 */
export class CompiledWorkflow {
  readonly workflow: Workflow
  readonly name: string
  readonly priority: number
  /** Place in the list: of equal priorities the earlier ranks first. */
  readonly listPosition: number
  /** What has to hold for it to match. */
  readonly requiredValues: readonly RequiredValue[]
  /** The one of them by which the index finds it; `null` when it always has to be looked at. */
  indexedBy: RequiredValue | null = null
  /** Another, where the first is not rare enough. */
  refinedBy: RequiredValue | null = null
  /** json-rules-engine's, made when it is first evaluated. */
  rule: Rule | null = null
  readonly #compiling: CompileContext
  #check: CompiledCondition | null = null
  #late: AsyncFacts | null | undefined
  #route: Route | null = null

  constructor(workflow: Workflow, position: number, compiling: CompileContext) {
    this.workflow = workflow
    this.name = workflow.name
    this.priority = workflow.priority ?? 1
    this.listPosition = position
    this.requiredValues = requiredValuesOf(workflow.conditions, compiling)
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
  get condition(): CompiledCondition {
    this.#check ??= compileCondition(this.workflow.conditions, this.#compiling)
    return this.#check
  }

  get asyncFacts(): AsyncFacts | null {
    if (this.#late === undefined) this.#late = asyncFactsOfWorkflow(this.workflow, this.#compiling)
    return this.#late
  }
}

function asyncFactsOfWorkflow({ conditions }: Workflow, compiling: CompileContext): AsyncFacts | null {
  const facts = asyncFactsOf(conditions, compiling)
  return facts.length === 0
    ? null
    : { facts, condition: compileCondition(conditions, { ...compiling, hasAsyncFacts: true }) }
}

/** Below 0 when the first ranks before the second. */
export function compareRank(one: CompiledWorkflow, other: CompiledWorkflow): number {
  return other.priority - one.priority || one.listPosition - other.listPosition
}
