import {
  type Command,
  type Decision,
  type DeskState,
  type DomainEvent,
  type Edge,
  emptyState,
  nextDueAt,
  type RunObserver,
  run,
  runDue,
} from '../../core'
import { shiftTimeAt } from '../../routing'
import type { Scenario } from '../scenario/scenario'

/** Called right after each event was folded. Must not execute a command. */
export type OnDeskEvent = (event: DomainEvent, edges: readonly Edge[]) => void

/** The real core in virtual time, without a store and without promises. */
export class SimulatedDesk implements RunObserver {
  readonly state: DeskState
  /** Domain events so far. */
  eventCount = 0
  #at: number
  readonly #onDeskEvent: OnDeskEvent

  constructor({ policy, fromAt }: Scenario, onDeskEvent: OnDeskEvent) {
    this.state = emptyState(policy)
    this.#at = fromAt
    this.#onDeskEvent = onDeskEvent
  }

  /** Sets the roster and the shifts. */
  initialize({ staff, shifts, fromAt }: Scenario): void {
    const times = shifts.map((shift) => shiftTimeAt(shift, fromAt))
    this.execute({ type: 'setShifts', shifts, times, at: fromAt })
    for (const each of staff) this.execute({ type: 'setStaff', staff: each, at: fromAt })
  }

  get at(): number {
    return this.#at
  }

  /** The earliest deadline; `Infinity` when there is none. */
  get dueAt(): number {
    return nextDueAt(this.state) ?? Number.POSITIVE_INFINITY
  }

  /** Moves on to an instant at which nothing earlier is due. */
  moveTo(at: number): void {
    this.#at = at
  }

  execute(command: Command): Decision['outcome'] {
    return run(this.state, command, this).outcome
  }

  /** Decides everything that is due now. */
  processDue(): void {
    runDue(this.state, this.#at, this)
  }

  shiftTimeAt = shiftTimeAt

  onEvent(event: DomainEvent, edges: readonly Edge[]): void {
    this.eventCount += 1
    this.#onDeskEvent(event, edges)
  }
}
