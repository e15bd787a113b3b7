import {
  type Command,
  completeRoute,
  type Decision,
  type DomainEvent,
  decide,
  defaultPolicy,
  dueShifts,
  type Edge,
  emptyState,
  evolve,
  nextDueAt,
  type Policy,
  type RouteInput,
  type RoutingResult,
  type Staff,
} from '../../src/core'

type Distribute<Type> = Type extends Command ? Omit<Type, 'at'> : never
export type UntimedCommand = Distribute<Command>

/**
 * A desk without a shell: asks the core, folds what it decides, lets deadlines follow, and writes down in one line each
 * what people hear: `ring r1: ana bo`, `stop r1: ana (muted)`, `stop r1: bo (accepted by cy)`.
 */
export class DeskFixture {
  readonly state
  readonly events: DomainEvent[] = []
  #heard: string[] = []
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

  execute(asked: UntimedCommand): Decision['outcome'] {
    const { outcome, events } = decide(this.state, { ...asked, at: this.at } as Command)
    this.#fold(events)
    this.#settle()
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
      this.#settle()
      if (this.events.length === before && nextDueAt(this.state) === dueAt) {
        throw new Error(`nothing comes of what is due at ${dueAt}`)
      }
    }
    this.at = until
    return this
  }

  /** What was heard since the last look. */
  heard(): string[] {
    const heard = this.#heard
    this.#heard = []
    return heard
  }

  /** Types of all events of some kind so far. */
  count(type: DomainEvent['type']): number {
    return this.events.filter((event) => event.type === type).length
  }

  #settle(): void {
    for (let round = 0; round < 1000; round += 1) {
      const times = dueShifts(this.state, this.at).map(({ id }) => ({
        shiftId: id,
        isOn: this.state.shifts.get(id)?.isOn !== true,
        nextBoundaryAt: this.at + 3_600_000,
      }))
      const { events } = decide(this.state, { type: 'tick', at: this.at, times })
      if (events.length === 0) return this.#mustRest()
      this.#fold(events)
    }
    throw new Error('the desk does not settle')
  }

  /** A desk for which nothing follows wants to be woken later, or not at all. */
  #mustRest(): void {
    const dueAt = nextDueAt(this.state)
    if (dueAt !== null && dueAt <= this.at) throw new Error(`nothing follows at ${this.at}, and it is due at ${dueAt}`)
  }

  #fold(events: readonly DomainEvent[]): void {
    for (const event of events) {
      this.events.push(event)
      for (const edge of evolve(this.state, event)) this.#heard.push(formatEdge(edge))
    }
  }
}

function formatEdge(edge: Edge): string {
  const people = [...edge.staffIds].sort().join(' ')
  if (edge.type === 'visitor') return `visitor ${edge.visitorId}: ${people}`
  if (edge.type === 'ring') return `ring ${edge.requestId}: ${people}`
  return `stop ${edge.requestId}: ${people} (${edge.reason}${edge.by === null ? '' : ` by ${edge.by}`})`
}
