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
import { RuleEngine } from './engine/rule-engine'
import { combineEffects, findAllMatches, findFirstMatch } from './evaluation/match'
import { RouteEvaluation } from './evaluation/route-evaluation'
import type { RoutingInput } from './facts/routing-context'
import { RoutingContext, type RoutingEnvironment } from './facts/routing-context'
import type { Vocabulary } from './parse/check-conditions'
import { parseRoute } from './parse/parse-route'
import {
  type ParseWorkflowsOptions,
  parseConditions,
  parseStoredWorkflows,
  parseWorkflow,
  parseWorkflows,
  parseWorkflowsInPieces,
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
  /** The route of requests that no workflow routes. Default: everyone. */
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
  readonly #compileContext: CompileContext
  readonly #environment: RoutingEnvironment
  readonly #defaultRoute: Route
  readonly #onDegraded: (degraded: RoutingDegraded) => void
  #workflows: CompiledWorkflows
  /** What the parsing methods returned: it is not parsed again when it is set. */
  readonly #parsed = new WeakSet<Workflow>()
  /** Begun by `routeNow`, continued by `route`. */
  #pending: RouteEvaluation | null = null

  constructor(options: RouterOptions) {
    const { facts = {}, operators = {}, decorators = {}, defaultRoute, factTimeoutMs = 250, clock, desk } = options
    refuseReservedNames({ facts, operators, decorators })
    const names = { operators: Object.keys(operators), decorators: Object.keys(decorators) }
    const conditions = parseConditions(options.conditions ?? {}, names)
    this.#parsing = { ...names, conditions }
    this.#vocabulary = vocabularyOf(this.#parsing)
    this.#compileContext = createCompileContext({ facts, operators, decorators, conditions })
    this.#environment = { desk, hostFacts: facts, factTimeoutMs, now: () => clock.now() }
    this.#defaultRoute =
      defaultRoute === undefined ? everyoneRoute : completeRoute(parseRoute(defaultRoute, ['routing', 'defaultRoute']))
    this.#onDegraded = (degraded) => options.onDegraded(degraded)
    this.#workflows = new CompiledWorkflows(
      parseWorkflows(options.workflows ?? [], this.#parsing),
      this.#compileContext,
    )
  }

  get workflows(): readonly Workflow[] {
    return this.#workflows.workflows
  }

  setWorkflows(workflows: unknown): void {
    this.#replaceAll(parseWorkflows(workflows, this.#parsing))
  }

  restoreWorkflows(workflows: readonly unknown[]): void {
    const isParsed = (each: unknown): each is Workflow => this.#parsed.has(each as Workflow)
    this.#replaceAll(workflows.every(isParsed) ? workflows : parseStoredWorkflows(workflows, this.#parsing))
  }

  #replaceAll(workflows: readonly Workflow[]): void {
    this.#workflows = new CompiledWorkflows(workflows, this.#compileContext)
    this.#pending = null
  }

  parseWorkflows(workflows: unknown): readonly Workflow[] {
    return this.#remember(parseWorkflows(workflows, this.#parsing))
  }

  async parseWorkflowsInPieces(workflows: unknown, pause: () => Promise<void>): Promise<readonly Workflow[]> {
    return this.#remember(await parseWorkflowsInPieces(workflows, this.#parsing, pause))
  }

  #remember(parsed: readonly Workflow[]): readonly Workflow[] {
    for (const workflow of parsed) this.#parsed.add(workflow)
    return parsed
  }

  parseWorkflow(workflow: unknown): Workflow {
    const issues: InputIssue[] = []
    const parsed = parseWorkflow(workflow, { path: ['workflow'], vocabulary: this.#vocabulary, issues })
    if (parsed === undefined || issues.length > 0) throw new InvalidInputError(issues)
    this.#parsed.add(parsed)
    return parsed
  }

  setWorkflow(workflow: unknown): void {
    this.#workflows.set(this.#parsed.has(workflow as Workflow) ? (workflow as Workflow) : this.parseWorkflow(workflow))
    this.#pending = null
  }

  removeWorkflow(name: string): boolean {
    this.#pending = null
    return this.#workflows.delete(name)
  }

  routeNow(input: RoutingInput): RoutedRequest | undefined {
    const evaluation = this.#begin(input)
    const routed = evaluation.resolveNow()
    this.#pending = routed === undefined ? evaluation : null
    return routed
  }

  async route(input: RoutingInput): Promise<RoutedRequest> {
    const evaluation = this.#pending?.context.input === input ? this.#pending : this.#begin(input)
    this.#pending = null
    return evaluation.resolve()
  }

  #begin(input: RoutingInput): RouteEvaluation {
    const context = new RoutingContext(input, this.#environment)
    const { engine } = this.#compileContext
    return new RouteEvaluation({
      context,
      engine,
      workflows: this.#workflows,
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
  const reserved = Object.keys(given).filter((name) => names.has(name))
  return reserved.map((name) => ({
    path: ['routing', kind, name],
    expected: 'a name that is free',
    got: 'a built-in one',
  }))
}

export interface CompiledRouterOptions {
  readonly workflows?: unknown
  /** Conditions that workflows refer to by name. */
  readonly conditions?: unknown
  /** The route of requests that no workflow routes. Default: everyone. */
  readonly defaultRoute?: Route
  readonly clock: { now(): number }
  readonly desk: DeskFacts
}

/**
 * Routes by the index and the compiled checks alone, without a promise: for simulations, which have a virtual clock.
 */
export interface CompiledRouter {
  /** Returns what `Router.route` returns for the same request, without json-rules-engine and without a trace. */
  routingResultFor(input: RoutingInput): RoutingResult
}

/**
 * Makes a router that needs no promise. It has no host facts, operators or decorators: those may be async, or depend on
 * systems that a simulation does not have.
 *
 * @throws InvalidInputError for malformed workflows or conditions, with every problem found.
 */
export function createCompiledRouter(options: CompiledRouterOptions): CompiledRouter {
  const { clock, desk, defaultRoute = everyoneRoute } = options
  const conditions = parseConditions(options.conditions ?? {})
  const hostFacts = {}
  const engine = new RuleEngine({ facts: hostFacts, conditions, operators: {}, decorators: {} })
  const parsed = parseWorkflows(options.workflows ?? [], { conditions })
  const workflows = new CompiledWorkflows(parsed, { hostFacts, conditions, engine, hasAsyncFacts: false })
  const environment: RoutingEnvironment = { desk, hostFacts, factTimeoutMs: 0, now: () => clock.now() }
  const unrouted: RoutingResult = { workflow: null, route: defaultRoute, priority: 0, tags: [] }
  return { routingResultFor: (input) => routeCompiled(workflows, new RoutingContext(input, environment), unrouted) }
}

/**
 * Without host facts and operators a check is undecided only where it threw: json-rules-engine would reject there, and
 * the workflow would take no part.
 */
function routeCompiled(workflows: CompiledWorkflows, context: RoutingContext, unrouted: RoutingResult): RoutingResult {
  const { match } = findFirstMatch(workflows.routes.candidatesFor(context), context, { after: null, stats: null })
  const result = match === null ? unrouted : resultWithoutEffects(match, unrouted)
  if (workflows.effects.size === 0) return result
  const effects = findAllMatches(workflows.effects.candidatesFor(context), context, null).filter((entry) =>
    effectMatches(entry, context),
  )
  return effects.length === 0 ? result : { ...result, ...combineEffects(effects) }
}

const resultCache = new WeakMap<CompiledWorkflow, RoutingResult>()

/** Returns the same object for every request of a workflow: a simulated day has many. */
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
