import type {
  DomainEvent,
  Edge,
  Facts,
  RequestId,
  Route,
  RoutingResult,
  StaffReason,
  VisitorId,
  WorkflowRecord,
} from '../../core'
import { countAvailable, countWaiting, DeskError, type DeskState, everyoneRoute } from '../../core'
import type { DeskFacts, Router, Trace } from '../../routing'
import { type ParseWorkflowsOptions, parseWorkflows } from '../../routing'
import type { EventBus } from '../events/event-bus'
import type { Projection } from './desk-aggregate'
import { devFreeze } from './dev-freeze'

/** What the rules are asked about. */
export interface RoutingQuery {
  readonly requestId: RequestId
  readonly visitorId: VisitorId
  readonly facts: Facts
  readonly weight: number | null
}

export interface RoutedRequest {
  readonly routingResult: RoutingResult
  /** Which workflows were tried and what each condition said; `null` when nobody knows. */
  readonly trace: Trace | null
}

export interface RequestRouterOptions {
  readonly router: Router
  readonly eventBus: EventBus
  readonly vocabulary: WorkflowVocabulary
  readonly defaultRoute: Route
}

const emptyCost = { workflows: 0, candidates: 0, evaluated: 0, microseconds: 0 }

/** The door through which the verdict of the rules comes in: asks the router, and remembers why for `explain`. */
export class RequestRouter implements Projection {
  readonly #router: Router
  readonly #announcer: EventBus
  readonly #vocabulary: WorkflowVocabulary
  /** What is said of every request while there are no workflows. */
  readonly #unruled: RoutedRequest
  #hasWorkflows = false
  /** Why each verdict is what it is, for as long as a request goes by it. */
  readonly #traces = new WeakMap<RoutingResult, Trace>()

  constructor({ router, eventBus, vocabulary, defaultRoute }: RequestRouterOptions) {
    this.#router = router
    this.#announcer = eventBus
    this.#vocabulary = vocabulary
    const routingResult = { workflow: null, route: defaultRoute, priority: 0, tags: [] }
    const trace = { workflow: null, evaluated: [], rejected: [], cost: emptyCost }
    this.#unruled = devFreeze({ routingResult, trace })
    this.#traces.set(routingResult, trace)
  }

  /** No promise where the rules need none. A request is never lost to a rule: a router that fails means everyone. */
  route(asked: RoutingQuery): RoutedRequest | Promise<RoutedRequest> {
    if (!this.#hasWorkflows) return this.#unruled
    try {
      return this.#router.routeNow(asked) ?? this.#router.route(asked).catch((cause: unknown) => this.#failed(cause))
    } catch (cause) {
      return this.#failed(cause)
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

  /** A request is about to go by this verdict. */
  rememberTrace(routed: RoutedRequest): void {
    if (routed.trace !== null && routed !== this.#unruled) this.#traces.set(routed.routingResult, routed.trace)
  }

  /** Why this very verdict was given; `null` for one that came out of the log, or with a transfer. */
  traceOf(routingResult: RoutingResult): Trace | null {
    return this.#traces.get(routingResult) ?? null
  }

  apply(event: DomainEvent, _edges: readonly Edge[], state: DeskState): void {
    if (event.type === 'workflows.set') this.restore(state)
    else if (event.type === 'workflow.set') this.#change(state, () => this.#router.setWorkflow(event.workflow))
    else if (event.type === 'workflow.removed') this.#change(state, () => this.#router.removeWorkflow(event.name))
  }

  /** Sets the workflows that the state holds. */
  restore(state: DeskState): void {
    this.#change(state, () => this.#router.setWorkflows([...state.workflows.values()]))
  }

  /** Stored workflows that this release cannot read leave those in place that it could. */
  #change({ workflows }: DeskState, change: () => unknown): void {
    try {
      change()
      this.#hasWorkflows = workflows.size > 0
    } catch (cause) {
      this.#announcer.emit('error', new DeskError('fact-failed', `workflows could not be set: ${cause}`, cause))
    }
  }

  #failed(cause: unknown): RoutedRequest {
    this.#announcer.emit('error', new DeskError('fact-failed', `the router failed: ${cause}`, cause))
    return { routingResult: { workflow: null, route: everyoneRoute, priority: 0, tags: [] }, trace: null }
  }
}

/** The names that workflows may use besides the built-in ones. */
export type WorkflowVocabulary = Pick<ParseWorkflowsOptions, 'conditions' | 'operators' | 'decorators'>

/**
 * Workflows as plain JSON, which the log can hold, after `routing/` has parsed them.
 * @throws InvalidInputError with every problem found.
 */
export function parseWorkflowsAsJson(input: unknown, vocabulary: WorkflowVocabulary): readonly WorkflowRecord[] {
  return parseWorkflows(input, vocabulary) as readonly unknown[] as readonly WorkflowRecord[]
}

/** Answers what rules ask about the desk, from its state at that moment. */
export function createDeskFacts(stateNow: () => DeskState): DeskFacts {
  return {
    visitor: (visitorId) => stateNow().visitors.get(visitorId)?.facts,
    available: (target) => countAvailable(stateNow(), target),
    waiting: (target) => countWaiting(stateNow(), target),
    lastStaff: (visitorId) => stateNow().lastStaff.get(visitorId) ?? null,
  }
}

/** Why a request went where it went, and why it rings for whom it rings. */
export interface Explanation {
  readonly requestId: RequestId
  /** The workflow whose route won; `null` for the default route and for a transfer. */
  readonly workflow: string | null
  readonly step: number
  /**
   * The workflows tried, with what each condition compared, when it was last routed; `null` when that was on another
   * node or in an earlier run, and after a transfer, which asks no workflow.
   */
  readonly trace: Trace | null
  /** For every staff member: `rung`, or the first reason why not. Empty unless the request is open. */
  readonly staff: readonly StaffReason[]
}

/** Where a request with certain facts would go. */
export interface RoutePreview {
  readonly route: Route
  readonly workflow: string | null
  readonly priority: number
  readonly tags: readonly string[]
  readonly trace: Trace | null
}
