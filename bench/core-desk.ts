import {
  type Command,
  type DomainEvent,
  defaultPolicy,
  type Edge,
  emptyState,
  everyoneRoute,
  type Policy,
  type RoutingResult,
  type RunObserver,
  run,
  type Shift,
  type ShiftTime,
} from '../src/core'

/** The core without a desk around it: runs commands and collects their events. */
export class CoreDesk implements RunObserver {
  readonly state
  readonly events: DomainEvent[] = []
  at = 1_800_000_000_000
  readonly #onEdge: (edge: Edge) => void

  constructor(onEdge: (edge: Edge) => void, policy: Partial<Policy> = {}) {
    const unlimited = { sessionLeaseMs: null, openRequestsMax: 1e9, requestsPerMinuteMax: 1e9, capacity: 1e6 }
    this.state = emptyState({ ...defaultPolicy, ...unlimited, ...policy })
    this.#onEdge = onEdge
  }

  execute(command: Command) {
    return run(this.state, command, this).outcome
  }

  connect(staffId: string, more: object = {}): void {
    this.execute({ type: 'setStaff', staff: { id: staffId, ...more }, at: this.at })
    this.execute({ type: 'connect', staffId, sessionId: 'tab', at: this.at })
  }

  open(requestId: string, visitorId: string, routingResult: RoutingResult = everyone, facts = {}) {
    return this.execute({ type: 'requestChat', requestId, visitorId, facts, weight: null, routingResult, at: this.at })
  }

  shiftTimeAt({ id }: Shift): ShiftTime {
    return { shiftId: id, isOn: true, nextBoundaryAt: null }
  }

  onEvent(event: DomainEvent, edges: readonly Edge[]): void {
    this.events.push(event)
    for (const edge of edges) this.#onEdge(edge)
  }
}

const everyone: RoutingResult = { workflow: null, route: everyoneRoute, priority: 0, tags: [] }
