import { completeRoute, everyoneRoute, type InputIssue, InvalidInputError, type Route, type RouteInput } from '../core'
import type { Vocabulary } from './check-conditions'
import type { Compiling } from './compile-conditions'
import { type DeskFacts, deskFactNames, type HostDecorators, type HostFacts, type HostOperators } from './desk-facts'
import { builtInDecorators, builtInOperators } from './operator-names'
import { parseRoute } from './parse-route'
import {
  type ParseWorkflowsOptions,
  parseConditions,
  parseWorkflow,
  parseWorkflows,
  vocabularyOf,
} from './parse-workflows'
import type { Routed, Router, RoutingDegraded } from './router'
import { Routing } from './routing'
import { RoutingContext, type Surroundings } from './routing-context'
import type { RoutingInput } from './routing-input'
import { RuleEngine } from './rule-engine'
import type { NamedConditions, Workflow } from './workflow'
import { WorkflowSet } from './workflow-set'

export interface RouterOptions {
  /** Default: none. */
  readonly workflows?: unknown
  /** Conditions that workflows refer to by name. */
  readonly conditions?: unknown
  /** Where requests go that no workflow routes. Default: everyone. */
  readonly defaultRoute?: RouteInput
  readonly facts?: HostFacts
  readonly operators?: HostOperators
  readonly decorators?: HostDecorators
  /** A fact that takes longer counts as failed. Default 250. */
  readonly factTimeoutMs?: number
  readonly clock: { now(): number }
  readonly desk: DeskFacts
  /** Called once per reason and request. */
  onDegraded(degraded: RoutingDegraded): void
}

/**
 * Makes a router.
 * @throws InvalidInputError for malformed workflows, conditions or names, with every problem found.
 */
export function createRouter(options: RouterOptions): Router {
  return new IndexedRouter(options)
}

class IndexedRouter implements Router {
  readonly #parsing: ParseWorkflowsOptions
  readonly #vocabulary: Vocabulary
  readonly #compiling: Compiling
  readonly #around: Surroundings
  readonly #defaultRoute: Route
  readonly #onDegraded: (degraded: RoutingDegraded) => void
  #set: WorkflowSet
  /** What `routeNow` began and `route` goes on with. */
  #begun: Routing | null = null

  constructor(options: RouterOptions) {
    const { facts = {}, operators = {}, decorators = {}, defaultRoute, factTimeoutMs = 250, clock, desk } = options
    checkNames({ facts, operators, decorators })
    const names = { operators: Object.keys(operators), decorators: Object.keys(decorators) }
    const conditions = parseConditions(options.conditions ?? {}, names)
    this.#parsing = { ...names, conditions }
    this.#vocabulary = vocabularyOf(this.#parsing)
    this.#compiling = compilingOf({ facts, operators, decorators, conditions })
    this.#around = { desk, hostFacts: facts, factTimeoutMs, now: () => clock.now() }
    this.#defaultRoute =
      defaultRoute === undefined ? everyoneRoute : completeRoute(parseRoute(defaultRoute, ['routing', 'defaultRoute']))
    this.#onDegraded = (degraded) => options.onDegraded(degraded)
    this.#set = new WorkflowSet(parseWorkflows(options.workflows ?? [], this.#parsing), this.#compiling)
  }

  get workflows(): readonly Workflow[] {
    return this.#set.workflows
  }

  setWorkflows(workflows: unknown): void {
    this.#set = new WorkflowSet(parseWorkflows(workflows, this.#parsing), this.#compiling)
    this.#begun = null
  }

  setWorkflow(workflow: unknown): void {
    const issues: InputIssue[] = []
    const parsed = parseWorkflow(workflow, ['workflow'], { vocabulary: this.#vocabulary, issues })
    if (parsed === undefined || issues.length > 0) throw new InvalidInputError(issues)
    this.#set.put(parsed)
    this.#begun = null
  }

  removeWorkflow(name: string): boolean {
    this.#begun = null
    return this.#set.delete(name)
  }

  routeNow(input: RoutingInput): Routed | undefined {
    const routing = this.#begin(input)
    const routed = routing.routedNow()
    this.#begun = routed === undefined ? routing : null
    return routed
  }

  async route(input: RoutingInput): Promise<Routed> {
    const routing = this.#begun?.context.input === input ? this.#begun : this.#begin(input)
    this.#begun = null
    return routing.routed()
  }

  #begin(input: RoutingInput): Routing {
    const context = new RoutingContext(input, this.#around)
    const { engine } = this.#compiling
    return new Routing({ context, engine, set: this.#set, defaultRoute: this.#defaultRoute, tell: this.#onDegraded })
  }
}

interface HostNamesOf {
  readonly facts: HostFacts
  readonly operators: HostOperators
  readonly decorators: HostDecorators
}

function compilingOf(vocabulary: HostNamesOf & { readonly conditions: NamedConditions }): Compiling {
  return {
    hostFacts: vocabulary.facts,
    conditions: vocabulary.conditions,
    engine: new RuleEngine(vocabulary),
    isSettled: false,
  }
}

function checkNames({ facts, operators, decorators }: HostNamesOf): void {
  const issues = [
    ...taken(facts, deskFactNames, 'facts'),
    ...taken(operators, builtInOperators, 'operators'),
    ...taken(decorators, builtInDecorators, 'decorators'),
  ]
  if (issues.length > 0) throw new InvalidInputError(issues)
}

function taken(given: object, names: ReadonlySet<string>, kind: string): InputIssue[] {
  const doubles = Object.keys(given).filter((name) => names.has(name))
  return doubles.map((name) => ({
    path: ['routing', kind, name],
    expected: 'a name that is free',
    got: 'a built-in one',
  }))
}
