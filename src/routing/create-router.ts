import {
  completeRoute,
  everyoneRoute,
  type InputIssue,
  InvalidInputError,
  type Route,
  type RouteInput,
  type RoutingResult,
} from '../core'
import type { CompileContext } from './compile/compile-condition'
import type { CompiledWorkflow } from './compile/compiled-workflow'
import { CompiledWorkflows } from './compile/workflow-index'
import { combineEffects, findAllMatches, findFirstMatch, RouteEvaluation } from './engine/route-evaluation'
import { RuleEngine } from './engine/rule-engine'
import type { RoutingInput } from './facts/routing-context'
import { RoutingContext, type RoutingEnvironment } from './facts/routing-context'
import type { Vocabulary } from './parse/check-conditions'
import { parseRoute } from './parse/parse-route'
import {
  type ParseWorkflowsOptions,
  parseConditions,
  parseWorkflow,
  parseWorkflows,
  vocabularyOf,
} from './parse/parse-workflows'
import type { RoutedRequest, Router, RoutingDegraded } from './router'
import type { DeskFacts } from './workflow/vocabulary'
import {
  builtInDecorators,
  builtInOperators,
  deskFactNames,
  type HostDecorators,
  type HostFacts,
  type HostOperators,
} from './workflow/vocabulary'
import type { NamedConditions, Workflow } from './workflow/workflow'

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
  readonly #compiling: CompileContext
  readonly #around: RoutingEnvironment
  readonly #defaultRoute: Route
  readonly #onDegraded: (degraded: RoutingDegraded) => void
  #set: CompiledWorkflows
  /** What `parseWorkflow` returned: it is not parsed again when it is set. */
  readonly #parsed = new WeakSet<Workflow>()
  /** What `routeNow` began and `route` goes on with. */
  #begun: RouteEvaluation | null = null

  constructor(options: RouterOptions) {
    const { facts = {}, operators = {}, decorators = {}, defaultRoute, factTimeoutMs = 250, clock, desk } = options
    refuseReservedNames({ facts, operators, decorators })
    const names = { operators: Object.keys(operators), decorators: Object.keys(decorators) }
    const conditions = parseConditions(options.conditions ?? {}, names)
    this.#parsing = { ...names, conditions }
    this.#vocabulary = vocabularyOf(this.#parsing)
    this.#compiling = createCompileContext({ facts, operators, decorators, conditions })
    this.#around = { desk, hostFacts: facts, factTimeoutMs, now: () => clock.now() }
    this.#defaultRoute =
      defaultRoute === undefined ? everyoneRoute : completeRoute(parseRoute(defaultRoute, ['routing', 'defaultRoute']))
    this.#onDegraded = (degraded) => options.onDegraded(degraded)
    this.#set = new CompiledWorkflows(parseWorkflows(options.workflows ?? [], this.#parsing), this.#compiling)
  }

  get workflows(): readonly Workflow[] {
    return this.#set.workflows
  }

  setWorkflows(workflows: unknown): void {
    this.#set = new CompiledWorkflows(parseWorkflows(workflows, this.#parsing), this.#compiling)
    this.#begun = null
  }

  parseWorkflow(workflow: unknown): Workflow {
    const issues: InputIssue[] = []
    const parsed = parseWorkflow(workflow, ['workflow'], { vocabulary: this.#vocabulary, issues })
    if (parsed === undefined || issues.length > 0) throw new InvalidInputError(issues)
    this.#parsed.add(parsed)
    return parsed
  }

  setWorkflow(workflow: unknown): void {
    this.#set.set(this.#parsed.has(workflow as Workflow) ? (workflow as Workflow) : this.parseWorkflow(workflow))
    this.#begun = null
  }

  removeWorkflow(name: string): boolean {
    this.#begun = null
    return this.#set.delete(name)
  }

  routeNow(input: RoutingInput): RoutedRequest | undefined {
    const routing = this.#begin(input)
    const routed = routing.resolveNow()
    this.#begun = routed === undefined ? routing : null
    return routed
  }

  async route(input: RoutingInput): Promise<RoutedRequest> {
    const routing = this.#begun?.context.input === input ? this.#begun : this.#begin(input)
    this.#begun = null
    return routing.resolve()
  }

  #begin(input: RoutingInput): RouteEvaluation {
    const context = new RoutingContext(input, this.#around)
    const { engine } = this.#compiling
    return new RouteEvaluation({
      context,
      engine,
      workflows: this.#set,
      defaultRoute: this.#defaultRoute,
      onDegraded: this.#onDegraded,
    })
  }
}

interface HostVocabulary {
  readonly facts: HostFacts
  readonly operators: HostOperators
  readonly decorators: HostDecorators
}

function createCompileContext(vocabulary: HostVocabulary & { readonly conditions: NamedConditions }): CompileContext {
  return {
    hostFacts: vocabulary.facts,
    conditions: vocabulary.conditions,
    engine: new RuleEngine(vocabulary),
    hasAsyncFacts: false,
  }
}

function refuseReservedNames({ facts, operators, decorators }: HostVocabulary): void {
  const issues = [
    ...reservedNameIssues(facts, deskFactNames, 'facts'),
    ...reservedNameIssues(operators, builtInOperators, 'operators'),
    ...reservedNameIssues(decorators, builtInDecorators, 'decorators'),
  ]
  if (issues.length > 0) throw new InvalidInputError(issues)
}

function reservedNameIssues(given: object, names: ReadonlySet<string>, kind: string): InputIssue[] {
  const doubles = Object.keys(given).filter((name) => names.has(name))
  return doubles.map((name) => ({
    path: ['routing', kind, name],
    expected: 'a name that is free',
    got: 'a built-in one',
  }))
}

export interface CompiledRouterOptions {
  readonly workflows?: unknown
  /** Conditions that workflows refer to by name. */
  readonly conditions?: unknown
  /** Where requests go that no workflow routes. Default: everyone. */
  readonly defaultRoute?: Route
  readonly clock: { now(): number }
  readonly desk: DeskFacts
}

/** Routes by the index and the compiled checks alone, at once: for simulations, where time is not the machine's. */
export interface CompiledRouter {
  /** What `Router.route` says of the same request, without json-rules-engine's last word and without a trace. */
  routingResultFor(input: RoutingInput): RoutingResult
}

/**
 * Makes a router that needs no promise. It knows no facts, operators or decorators of a host's own: those may be async,
 * or belong to a machine that a simulation does not have.
 *
 * @throws InvalidInputError for malformed workflows or conditions, with every problem found.
 */
export function createCompiledRouter(options: CompiledRouterOptions): CompiledRouter {
  const { clock, desk, defaultRoute = everyoneRoute } = options
  const conditions = parseConditions(options.conditions ?? {})
  const hostFacts = {}
  const engine = new RuleEngine({ facts: hostFacts, conditions, operators: {}, decorators: {} })
  const workflows = parseWorkflows(options.workflows ?? [], { conditions })
  const set = new CompiledWorkflows(workflows, { hostFacts, conditions, engine, hasAsyncFacts: false })
  const around: RoutingEnvironment = { desk, hostFacts, factTimeoutMs: 0, now: () => clock.now() }
  const unrouted: RoutingResult = { workflow: null, route: defaultRoute, priority: 0, tags: [] }
  return { routingResultFor: (input) => routeCompiled(set, new RoutingContext(input, around), unrouted) }
}

/**
 * What the checks leave open without facts or operators of a host's own is what they threw at: json-rules-engine would
 * reject there, and the workflow would not take part.
 */
function routeCompiled(set: CompiledWorkflows, context: RoutingContext, unrouted: RoutingResult): RoutingResult {
  const { match } = findFirstMatch(set.routes.candidatesFor(context), context, { after: null, seen: null })
  const plain = match === null ? unrouted : resultWithoutEffects(match, unrouted)
  if (set.effects.size === 0) return plain
  const effects = findAllMatches(set.effects.candidatesFor(context), context, null).filter((entry) =>
    effectMatches(entry, context),
  )
  return effects.length === 0 ? plain : { ...plain, ...combineEffects(effects) }
}

const resultCache = new WeakMap<CompiledWorkflow, RoutingResult>()

/** The same object for every request of a workflow: a simulated day has many. */
function resultWithoutEffects(entry: CompiledWorkflow, unrouted: RoutingResult): RoutingResult {
  const known = resultCache.get(entry)
  if (known !== undefined) return known
  const routingResult: RoutingResult = { ...unrouted, workflow: entry.name, route: entry.route ?? unrouted.route }
  resultCache.set(entry, routingResult)
  return routingResult
}

function effectMatches({ condition }: CompiledWorkflow, context: RoutingContext): boolean {
  try {
    return condition.check?.(context) === true
  } catch {
    return false
  }
}
