import type { DomainEvent, Facts, Json, RequestId, Route, Verdict, VisitorId } from '../core'
import { DeskError, everyoneRoute } from '../core'
import type { Router, Trace } from '../routing'
import type { Announcer } from './announcer'
import { frozen } from './frozen'
import type { Follower } from './kernel'
import { type Vocabulary, workflowsFrom } from './workflows-from'

/** What the rules are asked about. */
export interface Asked {
  readonly requestId: RequestId
  readonly visitorId: VisitorId
  readonly facts: Facts
  readonly weight: number | null
}

export interface Routed {
  readonly verdict: Verdict
  /** Which workflows were tried and what each condition said; `null` when nobody knows. */
  readonly trace: Trace | null
}

export interface RoutingDoorParts {
  readonly router: Router
  readonly announcer: Announcer
  readonly vocabulary: Vocabulary
  readonly defaultRoute: Route
}

const nothingAsked = { workflows: 0, candidates: 0, evaluated: 0, microseconds: 0 }

/** The door through which the verdict of the rules comes in: asks the router, and remembers why for `explain`. */
export class RoutingDoor implements Follower {
  readonly #router: Router
  readonly #announcer: Announcer
  readonly #vocabulary: Vocabulary
  /** What is said of every request while there are no workflows. */
  readonly #unruled: Routed
  #hasWorkflows = false
  /** Why each verdict is what it is, for as long as a request goes by it. */
  readonly #traces = new WeakMap<Verdict, Trace>()

  constructor({ router, announcer, vocabulary, defaultRoute }: RoutingDoorParts) {
    this.#router = router
    this.#announcer = announcer
    this.#vocabulary = vocabulary
    const verdict = { workflow: null, route: defaultRoute, priority: 0, tags: [] }
    const trace = { workflow: null, tried: [], sortedOut: [], cost: nothingAsked }
    this.#unruled = frozen({ verdict, trace })
    this.#traces.set(verdict, trace)
  }

  /** No promise where the rules need none. A request is never lost to a rule: a router that fails means everyone. */
  route(asked: Asked): Routed | Promise<Routed> {
    if (!this.#hasWorkflows) return this.#unruled
    try {
      return this.#router.routeNow(asked) ?? this.#router.route(asked).catch((cause: unknown) => this.#failed(cause))
    } catch (cause) {
      return this.#failed(cause)
    }
  }

  /** @throws InvalidInputError with every problem found. */
  parseWorkflows(input: unknown): readonly Json[] {
    return workflowsFrom(input, this.#vocabulary)
  }

  /** A request is about to go by this verdict. */
  remember(routed: Routed): void {
    if (routed.trace !== null && routed !== this.#unruled) this.#traces.set(routed.verdict, routed.trace)
  }

  /** Why this very verdict was given; `null` for one that came out of the log, or with a transfer. */
  traceOf(verdict: Verdict): Trace | null {
    return this.#traces.get(verdict) ?? null
  }

  follow(event: DomainEvent): void {
    if (event.type === 'workflows.set') this.setWorkflows(event.workflows)
  }

  /** Workflows out of the log that this release cannot read leave those in place that it could. */
  setWorkflows(workflows: readonly Json[]): void {
    try {
      this.#router.setWorkflows(workflows)
      this.#hasWorkflows = workflows.length > 0
    } catch (cause) {
      this.#announcer.tell('error', new DeskError('fact-failed', `workflows could not be set: ${cause}`, cause))
    }
  }

  #failed(cause: unknown): Routed {
    this.#announcer.tell('error', new DeskError('fact-failed', `the router failed: ${cause}`, cause))
    return { verdict: { workflow: null, route: everyoneRoute, priority: 0, tags: [] }, trace: null }
  }
}
