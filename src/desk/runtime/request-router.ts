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
import type { StorePayload } from '../../store'
import type { EventBus } from '../events/event-bus'
import type { RulesParser } from '../parse/parse-command'
import type { Projection } from './desk-aggregate'
import { devFreeze } from './dev-freeze'

/** The request that the workflows are evaluated for. */
export interface RoutingQuery {
  readonly requestId: RequestId
  readonly visitorId: VisitorId
  readonly facts: Facts
  readonly weight: number | null
  /** When it was opened; left out for a request that is opened now. */
  readonly openedAt?: number
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
  readonly defaultRoute: Route
}

/** The trace of each routing result, for as long as a request of a desk in this process holds the result. */
const traces = new WeakMap<RoutingResult, Trace>()

const emptyCost = { workflows: 0, candidates: 0, evaluated: 0, microseconds: 0 }
/** Of a request that was routed while there were no workflows. */
const emptyTrace: Trace = { workflow: null, evaluated: [], rejected: [], cost: emptyCost }

/** Routes requests by the workflows, and keeps the traces for `explain`. */
export class RequestRouter implements Projection {
  readonly eventTypes: ReadonlySet<EventType> = new Set(['workflows.set', 'workflow.set', 'workflow.removed'])
  readonly #router: Router
  readonly #eventBus: EventBus
  /** The result for every request while there are no workflows. */
  readonly #defaultResult: RoutedRequest
  #hasWorkflows = false
  #revision = 0

  constructor({ router, eventBus, defaultRoute }: RequestRouterOptions) {
    this.#router = router
    this.#eventBus = eventBus
    const routingResult = { workflow: null, route: defaultRoute, priority: 0, tags: [] }
    this.#defaultResult = devFreeze({ routingResult, trace: emptyTrace })
    traces.set(routingResult, emptyTrace)
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
    return toRecords(this.#router.parseWorkflows(input))
  }

  /** Parses a list in pieces, between which the event loop goes on. Returns a parser with the result. */
  async readInPieces(workflows: unknown): Promise<RulesParser> {
    const parsed = this.#router.parseWorkflowsInPieces(workflows, nextTurn)
    const result = await parsed.then(
      (list) => () => toRecords(list),
      (error: unknown) => () => {
        throw error
      },
    )
    return { parseWorkflows: result, parseWorkflow: (workflow) => this.parseWorkflow(workflow) }
  }

  /** @throws InvalidInputError with every problem found. */
  parseWorkflow(input: unknown): WorkflowRecord {
    return this.#router.parseWorkflow(input) as unknown as WorkflowRecord
  }

  /** Keeps the trace of a routing result that a command carries. */
  rememberTrace(routed: RoutedRequest): void {
    if (routed.trace !== null && routed !== this.#defaultResult) traces.set(routed.routingResult, routed.trace)
  }

  /** Returns the trace that other nodes read from the store; `undefined` where there were no workflows. */
  storedTraceOf(routed: RoutedRequest): Trace | null | undefined {
    if (routed === this.#defaultResult) return undefined
    return routed.trace === null ? null : toStoredTrace(routed.trace)
  }

  /** Keeps the traces of an entry that another node has written. */
  readEntry({ events, traces: stored = [] }: StorePayload): void {
    const storedByIndex = new Map(stored)
    for (const [index, event] of events.entries()) {
      if (event.type !== 'request.opened' && event.type !== 'request.rerouted') continue
      const { routingResult } = event
      const isUnrouted = !storedByIndex.has(index) && routingResult.workflow === null
      const trace = isUnrouted ? emptyTrace : ((storedByIndex.get(index) as Trace | null | undefined) ?? null)
      if (trace !== null && !traces.has(routingResult)) traces.set(routingResult, trace)
    }
  }

  /** Returns the trace of exactly this routing result; `null` for one from a snapshot or of a transfer. */
  traceOf(routingResult: RoutingResult): Trace | null {
    return traces.get(routingResult) ?? null
  }

  record(state: DeskState, event: DomainEvent): void {
    if (event.type === 'workflows.set') this.resume(state)
    else if (event.type === 'workflow.set') this.#change(state, () => this.#router.setWorkflow(event.workflow))
    else if (event.type === 'workflow.removed') this.#change(state, () => this.#router.removeWorkflow(event.name))
  }

  /** Sets the workflows that the state holds. */
  resume(state: DeskState): void {
    this.#change(state, () => this.#router.restoreWorkflows([...state.workflows.values()]))
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

/** Lets the event loop go on. */
export function nextTurn(): Promise<void> {
  return new Promise((resume) => setTimeout(resume))
}

/** The longest JSON of the evaluated workflows in a stored trace, in characters, and their number. */
const storedConditionsMax = 4_096
const storedWorkflowsMax = 20

const storedTraces = new WeakMap<Trace, Trace>()

/** Returns a trace of limited length for the store: of later workflows the conditions are left out, or all. */
function toStoredTrace(trace: Trace): Trace {
  const known = storedTraces.get(trace)
  if (known !== undefined) return known
  const { workflow, evaluated, rejected, cost } = trace
  let left = storedConditionsMax
  const stored = evaluated.slice(0, storedWorkflowsMax).map((each) => {
    left -= JSON.stringify(each).length
    return left >= 0 ? each : { ...each, conditions: null }
  })
  const shortened = { workflow, evaluated: stored, rejected, cost: { ...cost, microseconds: null } }
  storedTraces.set(trace, shortened)
  storedTraces.set(shortened, shortened)
  return shortened
}

/** The traces of the live requests that workflows were evaluated for, by request. */
export type RequestTraces = readonly (readonly [RequestId, Trace])[]

/** Returns the traces of a state for its snapshot. */
export function tracesOf({ requests }: DeskState): RequestTraces {
  return [...requests.values()].flatMap(({ id, routingResult }) => {
    const trace = traces.get(routingResult)
    return trace === undefined || trace === emptyTrace ? [] : [[id, toStoredTrace(trace)] as const]
  })
}

/** Keeps the traces that a snapshot holds for a state that was restored from it. */
export function restoreTraces({ requests }: DeskState, stored: RequestTraces): void {
  const storedById = new Map(stored)
  for (const { id, routingResult, detail } of requests.values()) {
    const isUnrouted = routingResult.workflow === null && (detail?.transferredBy ?? null) === null
    const trace = storedById.get(id) ?? (isUnrouted ? emptyTrace : undefined)
    if (trace !== undefined && !traces.has(routingResult)) traces.set(routingResult, trace)
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
  path: InputPath,
): readonly WorkflowRecord[] {
  return toRecords(parseWorkflows(input, { ...vocabulary, path }))
}

function toRecords(workflows: readonly unknown[]): readonly WorkflowRecord[] {
  return workflows as readonly WorkflowRecord[]
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
