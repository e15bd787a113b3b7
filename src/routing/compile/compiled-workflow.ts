import type { Rule } from 'json-rules-engine'
import { completeRoute, type Route } from '../../core'
import { type AsyncFact, asyncFactOf } from '../facts/routing-context'
import { factReferencesOf } from '../workflow/condition-walk'
import type { Workflow } from '../workflow/workflow'
import { type CompileContext, type CompiledCondition, compileCondition } from './compile-condition'
import { type RequiredValue, requiredValuesOf } from './required-values'

/** The async facts of a workflow, and its condition for when they are resolved. */
export interface AsyncFacts {
  readonly facts: readonly AsyncFact[]
  readonly condition: CompiledCondition
}

/**
 * A workflow ready to be evaluated. Its content never changes, so a request that is being routed keeps the version that
 * it began with. Its condition, route and rule are made when the first request needs them.
 */
export class CompiledWorkflow {
  readonly workflow: Workflow
  readonly name: string
  readonly priority: number
  /** Place in the list: of equal priorities the earlier ranks first. */
  readonly listPosition: number
  readonly requiredValues: readonly RequiredValue[]
  /** The one of `requiredValues` by which the index finds it; `null` when it is a candidate for every request. */
  indexedBy: RequiredValue | null = null
  /** A second one, where the first is not rare enough. */
  refinedBy: RequiredValue | null = null
  /** json-rules-engine's rule, made when it is first evaluated. */
  rule: Rule | null = null
  readonly #compileContext: CompileContext
  #condition: CompiledCondition | null = null
  #asyncFacts: AsyncFacts | null | undefined
  #route: Route | null = null

  constructor(workflow: Workflow, position: number, compileContext: CompileContext) {
    this.workflow = workflow
    this.name = workflow.name
    this.priority = workflow.priority ?? 1
    this.listPosition = position
    this.requiredValues = requiredValuesOf(workflow.conditions, compileContext)
    this.#compileContext = compileContext
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

  /** Evaluated first, on sync facts alone. */
  get condition(): CompiledCondition {
    this.#condition ??= compileCondition(this.workflow.conditions, this.#compileContext)
    return this.#condition
  }

  get asyncFacts(): AsyncFacts | null {
    if (this.#asyncFacts === undefined) this.#asyncFacts = asyncFactsOf(this.workflow, this.#compileContext)
    return this.#asyncFacts
  }
}

/** The calls of host functions that a workflow's conditions need, each once; `null` for none. */
function asyncFactsOf({ conditions }: Workflow, compileContext: CompileContext): AsyncFacts | null {
  const { hostFacts } = compileContext
  const facts = new Map<string, AsyncFact>()
  for (const reference of factReferencesOf(conditions, compileContext.conditions)) {
    if (!Object.hasOwn(hostFacts, reference.fact) || typeof hostFacts[reference.fact] !== 'function') continue
    const fact = asyncFactOf(reference)
    facts.set(fact.key, fact)
  }
  if (facts.size === 0) return null
  const condition = compileCondition(conditions, { ...compileContext, hasAsyncFacts: true })
  return { facts: [...facts.values()], condition }
}

/** Below 0 when the first ranks before the second. */
export function compareRank(one: CompiledWorkflow, other: CompiledWorkflow): number {
  return other.priority - one.priority || one.listPosition - other.listPosition
}
