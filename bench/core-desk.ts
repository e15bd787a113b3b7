import {
  type Command,
  type DomainEvent,
  decide,
  defaultPolicy,
  type Edge,
  emptyState,
  everyoneRoute,
  evolve,
  nextDueAt,
  type Policy,
  type RoutingResult,
} from '../src/core'

/** The core without its shell: decide, keep the events, evolve, see to what follows at once. */
export class CoreDesk {
  readonly state
  readonly events: DomainEvent[] = []
  at = 1_800_000_000_000
  readonly #onEdge: (edge: Edge) => void

  constructor(tell: (edge: Edge) => void, policy: Partial<Policy> = {}) {
    const endless = { sessionLeaseMs: null, openRequestsMax: 1e9, requestsPerMinuteMax: 1e9, capacity: 1e6 }
    this.state = emptyState({ ...defaultPolicy, ...endless, ...policy })
    this.#onEdge = tell
  }

  execute(command: Command) {
    const { outcome, events } = decide(this.state, command)
    this.#apply(events)
    let dueAt = nextDueAt(this.state)
    while (dueAt !== null && dueAt <= this.at) {
      const follows = decide(this.state, { type: 'tick', at: this.at, times: [] }).events
      if (follows.length === 0) break
      this.#apply(follows)
      dueAt = nextDueAt(this.state)
    }
    return outcome
  }

  connect(staffId: string, more: object = {}): void {
    this.execute({ type: 'setStaff', staff: { id: staffId, ...more }, at: this.at })
    this.execute({ type: 'connect', staffId, sessionId: 'tab', at: this.at })
  }

  open(requestId: string, visitorId: string, routingResult: RoutingResult = everyone, facts = {}) {
    return this.execute({ type: 'requestChat', requestId, visitorId, facts, weight: null, routingResult, at: this.at })
  }

  #apply(events: readonly DomainEvent[]): void {
    for (const event of events) {
      this.events.push(event)
      for (const edge of evolve(this.state, event)) this.#onEdge(edge)
    }
  }
}

const everyone: RoutingResult = { workflow: null, route: everyoneRoute, priority: 0, tags: [] }
