import type {
  DomainEvent,
  EventType,
  Facts,
  RequestId,
  Route,
  RoutingResult,
  VisitorId,
  WorkflowRecord,
} from '../../core'
import { countAvailable, countWaiting, DeskError, type DeskState, everyoneRoute } from '../../core'
import type { InputPath } from '../../input'
import type { DeskFacts, Router, Trace } from '../../routing'
import { type ParseWorkflowsOptions, parseWorkflows } from '../../routing'
import type { EventBus } from '../events/event-bus'
import type { Projection } from './desk-aggregate'
import { devFreeze } from './dev-freeze'

/** The request that the workflows are evaluated for. */
export interface RoutingQuery {
  readonly requestId: RequestId
  readonly visitorId: VisitorId
  readonly facts: Facts
  readonly weight: number | null
  /** The instant at which the workflows read the clock; default now. */
  readonly at?: number
}

export interface RoutedRequest {
  readonly routingResult: RoutingResult
  /** The evaluated workflows with each condition's result; `null` where the router failed. */
  readonly trace: Trace | null
}

export interface RequestRouterOptions {
  readonly router: Router
  readonly eventBus: EventBus
  readonly vocabulary: WorkflowVocabulary
  readonly defaultRoute: Route
}

const emptyCost = { workflows: 0, candidates: 0, evaluated: 0, microseconds: 0 }

/** Routes requests by the workflows, and keeps the traces for `explain`. */
export class RequestRouter implements Projection {
  readonly eventTypes: ReadonlySet<EventType> = new Set(['workflows.set', 'workflow.set', 'workflow.removed'])
  readonly #router: Router
  readonly #eventBus: EventBus
  readonly #vocabulary: WorkflowVocabulary
  /** The result for every request while there are no workflows. */
  readonly #defaultResult: RoutedRequest
  #hasWorkflows = false
  #revision = 0
  /** The trace of each routing result, for as long as a request holds the result. */
  readonly #traces = new WeakMap<RoutingResult, Trace>()

  constructor({ router, eventBus, vocabulary, defaultRoute }: RequestRouterOptions) {
    this.#router = router
    this.#eventBus = eventBus
    this.#vocabulary = vocabulary
    const routingResult = { workflow: null, route: defaultRoute, priority: 0, tags: [] }
    const trace = { workflow: null, evaluated: [], rejected: [], cost: emptyCost }
    this.#defaultResult = devFreeze({ routingResult, trace })
    this.#traces.set(routingResult, trace)
  }

  /** Increases with each change of the workflows: a result of an earlier revision is out of date. */
  get revision(): number {
    return this.#revision
  }

  /**
   * Returns a promise only where a workflow needs one. When the router fails, the route is everyone's: no request is
   * lost.
   */
  route(query: RoutingQuery): RoutedRequest | Promise<RoutedRequest> {
    if (!this.#hasWorkflows) return this.#defaultResult
    try {
      return this.#router.routeNow(query) ?? this.#router.route(query).catch((cause: unknown) => this.#fallBack(cause))
    } catch (cause) {
      return this.#fallBack(cause)
    }
  }

  /** @throws InvalidInputError with every problem found. */
  parseWorkflows(input: unknown): readonly WorkflowRecord[] {
    return parseWorkflowsAsJson(input, this.#vocabulary)
  }

  /** @throws InvalidInputError with every problem found. */
  parseWorkflow(input: unknown): WorkflowRecord {
    return this.#router.parseWorkflow(input) as unknown as WorkflowRecord
  }

  /** Keeps the trace of a routing result that a command carries. */
  rememberTrace(routed: RoutedRequest): void {
    if (routed.trace !== null && routed !== this.#defaultResult) this.#traces.set(routed.routingResult, routed.trace)
  }

  /** Returns the trace of exactly this routing result; `null` for one from the store or of a transfer. */
  traceOf(routingResult: RoutingResult): Trace | null {
    return this.#traces.get(routingResult) ?? null
  }

  record(state: DeskState, event: DomainEvent): void {
    if (event.type === 'workflows.set') this.resume(state)
    else if (event.type === 'workflow.set') this.#change(state, () => this.#router.setWorkflow(event.workflow))
    else if (event.type === 'workflow.removed') this.#change(state, () => this.#router.removeWorkflow(event.name))
  }

  /** Sets the workflows that the state holds. */
  resume(state: DeskState): void {
    this.#change(state, () => this.#router.setWorkflows([...state.workflows.values()]))
  }

  /** Changes the router's workflows; stored ones that this release cannot parse leave the former ones in place. */
  #change({ workflows }: DeskState, change: () => unknown): void {
    try {
      change()
      this.#revision += 1
      this.#hasWorkflows = workflows.size > 0
    } catch (cause) {
      this.#eventBus.emit('error', new DeskError('fact-failed', `workflows could not be set: ${cause}`, cause))
    }
  }

  #fallBack(cause: unknown): RoutedRequest {
    this.#eventBus.emit('error', new DeskError('fact-failed', `the router failed: ${cause}`, cause))
    return { routingResult: { workflow: null, route: everyoneRoute, priority: 0, tags: [] }, trace: null }
  }
}

/** The names that workflows may use in addition to the built-in ones. */
export type WorkflowVocabulary = Pick<ParseWorkflowsOptions, 'conditions' | 'operators' | 'decorators'>

/**
 * Parses workflows into plain JSON, which the store can hold.
 * @throws InvalidInputError with every problem found.
 */
export function parseWorkflowsAsJson(
  input: unknown,
  vocabulary: WorkflowVocabulary,
  path: InputPath = ['workflows'],
): readonly WorkflowRecord[] {
  return parseWorkflows(input, { ...vocabulary, path }) as readonly unknown[] as readonly WorkflowRecord[]
}

/** Returns the facts about the desk, each read from its state when a workflow is evaluated. */
export function createDeskFacts(stateNow: () => DeskState): DeskFacts {
  return {
    visitor: (visitorId) => stateNow().visitors.get(visitorId)?.facts,
    available: (target) => countAvailable(stateNow(), target),
    waiting: (target) => countWaiting(stateNow(), target),
    lastStaff: (visitorId) => stateNow().lastStaff.get(visitorId) ?? null,
  }
}
