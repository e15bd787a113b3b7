import {
  type Command,
  type Decision,
  type DeskState,
  type DomainEvent,
  decide,
  dueShifts,
  type Edge,
  emptyState,
  evolve,
  nextDueAt,
} from '../../core'
import { shiftTimeAt } from '../../routing'
import type { Scenario } from '../scenario/scenario'

/** Hears every event right after it was folded. Must ask nothing meanwhile. */
export type OnDeskEvent = (event: DomainEvent, edges: readonly Edge[]) => void

/** More deadlines at one instant would be a desk that never comes to rest. */
const ticksPerInstantMax = 1_000_000

/** The real core in virtual time, without a log and without promises: decide, evolve, and all that is due at once. */
export class SimulatedDesk {
  readonly state: DeskState
  /** Domain events so far. */
  eventCount = 0
  #at: number
  readonly #follow: OnDeskEvent

  constructor({ policy, fromAt }: Scenario, follow: OnDeskEvent) {
    this.state = emptyState(policy)
    this.#at = fromAt
    this.#follow = follow
  }

  /** Takes the roster and the shifts in. */
  initialize({ staff, shifts, fromAt }: Scenario): void {
    const times = shifts.map((shift) => shiftTimeAt(shift, fromAt))
    this.execute({ type: 'setShifts', shifts, times, at: fromAt })
    for (const each of staff) this.execute({ type: 'setStaff', staff: each, at: fromAt })
  }

  get at(): number {
    return this.#at
  }

  /** When it has to be woken; `Infinity`: never. */
  get dueAt(): number {
    return nextDueAt(this.state) ?? Number.POSITIVE_INFINITY
  }

  /** Moves on to an instant at which nothing earlier is due. */
  moveTo(at: number): void {
    this.#at = at
  }

  execute(command: Command): Decision['outcome'] {
    const { outcome, events } = decide(this.state, command)
    for (const event of events) this.#take(event)
    if (this.dueAt <= this.#at) this.processDue()
    return outcome
  }

  /** Decides everything that is due now. */
  processDue(): void {
    const at = this.#at
    for (let ticks = 0; ticks < ticksPerInstantMax; ticks += 1) {
      const times = dueShifts(this.state, at).map((shift) => shiftTimeAt(shift, at))
      const { events } = decide(this.state, { type: 'tick', at, times })
      if (events.length === 0) return
      for (const event of events) this.#take(event)
      if (this.dueAt > at) return
    }
    throw new Error(`the desk does not come to rest at ${at}`)
  }

  #take(event: DomainEvent): void {
    this.eventCount += 1
    this.#follow(event, evolve(this.state, event))
  }
}
