import {
  type Command,
  completeRoute,
  type Decision,
  type DomainEvent,
  decide,
  defaultPolicy,
  type Edge,
  emptyState,
  nextDueAt,
  type Policy,
  type RouteInput,
  type RoutingResult,
  type RunObserver,
  run,
  runDue,
  type Shift,
  type ShiftTime,
  type Staff,
} from '../../src/core'

type Distribute<Type> = Type extends Command ? Omit<Type, 'at'> : never
export type UntimedCommand = Distribute<Command>

/**
 * A desk without a shell: asks the core, folds what it decides, lets deadlines follow, and writes down in one line each
 * the edges: `ring r1: ana bo`, `stop r1: ana (muted)`, `stop r1: bo (accepted by cy)`.
 */
export class DeskFixture implements RunObserver {
  readonly state
  readonly events: DomainEvent[] = []
  #edges: string[] = []
  at = 1_000_000

  constructor(policy: Partial<Policy> = {}) {
    this.state = emptyState({ ...defaultPolicy, sessionLeaseMs: null, ...policy })
  }

  /** People who are there, in this order. */
  present(...staff: (string | Staff)[]): this {
    this.absent(...staff)
    for (const each of staff) {
      this.execute({ type: 'connect', staffId: typeof each === 'string' ? each : each.id, sessionId: 'tab' })
    }
    return this
  }

  /** People on the roster who are not there. */
  absent(...staff: (string | Staff)[]): this {
    for (const each of staff) this.execute({ type: 'setStaff', staff: typeof each === 'string' ? { id: each } : each })
    return this
  }

  /** A request on a route; by its own visitor. */
  open(
    requestId: string,
    route: RouteInput = { to: 'everyone' },
    more: Partial<RoutingResult> & { weight?: number } = {},
  ) {
    const { weight = null, ...rest } = more
    const routingResult: RoutingResult = { workflow: null, route: completeRoute(route), priority: 0, tags: [], ...rest }
    return this.execute({
      type: 'requestChat',
      requestId,
      visitorId: `v-${requestId}`,
      facts: {},
      weight,
      routingResult,
    })
  }

  execute(untimed: UntimedCommand): Decision['outcome'] {
    const { outcome } = run(this.state, { ...untimed, at: this.at } as Command, this)
    this.#expectNothingDue()
    return outcome
  }

  /** Lets time pass, waking at every deadline on the way. `turns`: the shifts that turn at their boundary. */
  pass(ms: number): this {
    const until = this.at + ms
    for (;;) {
      const dueAt = nextDueAt(this.state)
      if (dueAt === null || dueAt > until) break
      this.at = Math.max(this.at, dueAt)
      const before = this.events.length
      runDue(this.state, this.at, this)
      this.#expectNothingDue()
      if (this.events.length === before && nextDueAt(this.state) === dueAt) {
        throw new Error(`nothing comes of what is due at ${dueAt}`)
      }
    }
    this.at = until
    return this
  }

  /** Returns the edges since the last call. */
  takeEdges(): string[] {
    const edges = this.#edges
    this.#edges = []
    return edges
  }

  /** Types of all events of some kind so far. */
  count(type: DomainEvent['type']): number {
    return this.events.filter((event) => event.type === type).length
  }

  /** A shift turns at its boundary, and again an hour later. */
  shiftTimeAt({ id }: Shift, at: number): ShiftTime {
    return { shiftId: id, isOn: this.state.shifts.get(id)?.isOn !== true, nextBoundaryAt: at + 3_600_000 }
  }

  onEvent(event: DomainEvent, edges: readonly Edge[]): void {
    this.events.push(event)
    for (const edge of edges) this.#edges.push(formatEdge(edge))
  }

  #expectNothingDue(): void {
    const dueAt = nextDueAt(this.state)
    if (dueAt !== null && dueAt <= this.at) throw new Error(`nothing follows at ${this.at}, and it is due at ${dueAt}`)
    const { events } = decide(this.state, { type: 'tick', at: this.at, times: [] })
    if (events.length > 0) throw new Error(`${events[0]?.type} follows at ${this.at}, and nothing is due`)
  }
}

function formatEdge(edge: Edge): string {
  const people = [...edge.staffIds].sort().join(' ')
  if (edge.type === 'visitor') return `visitor ${edge.visitorId}: ${people}`
  if (edge.type === 'ring') return `ring ${edge.requestId}: ${people}`
  return `stop ${edge.requestId}: ${people} (${edge.reason}${edge.by === null ? '' : ` by ${edge.by}`})`
}
