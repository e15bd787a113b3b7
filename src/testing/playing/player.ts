import {
  type Command,
  type DeskState,
  type DomainEvent,
  decide,
  emptyState,
  evolve,
  nextDueAt,
  type Policy,
} from '../../core'
import { type Chronicle, emptyChronicle } from '../chronicle/chronicle'
import { recordEvent } from '../chronicle/record-event'
import { alternatingShift } from './alternating-shifts'
import type { Deed, Move, Wait } from './move'
import type { Turn, TurnStep } from './turn'

/** Whoever wants to hear what happens, as it happens. `book` is the chronicle of the same events. */
export interface Witness {
  beforeTurn?(command: Command): void
  beforeEvent?(event: DomainEvent, book: Chronicle): void
  afterEvent?(step: TurnStep, book: Chronicle): void
  /** After each command, and after each tick that decided something. */
  afterTurn?(turn: Turn, book: Chronicle): void
  /** After a command and all that was due with it. */
  atRest?(state: DeskState, book: Chronicle): void
}

/** More ticks than this at one instant, and the desk goes round in circles. */
const ticksAtOneInstantMax = 2_000
/** A longer sleep than this is slept through: nobody waits for the hours of a selective ring that nobody answers. */
const awakeMsMax = 60_000

interface Start {
  readonly at: number
  readonly policy: Policy
  readonly state?: DeskState
  readonly book?: Chronicle
  readonly opened?: readonly string[]
}

/** Plays moves against the bare core in virtual time, as the shell would: due deadlines first, one at a time. */
export class Player {
  readonly state: DeskState
  readonly book: Chronicle
  now: number
  readonly #witness: Witness
  readonly #opened: string[]

  constructor(start: Start, witness: Witness = {}) {
    this.state = start.state ?? emptyState(start.policy)
    this.book = start.book ?? emptyChronicle(start.policy)
    this.now = start.at
    this.#witness = witness
    this.#opened = [...(start.opened ?? [])]
  }

  /** Another player who goes on from here with a state of their own, equal to this one. */
  fork(state: DeskState, witness: Witness = {}): Player {
    const { policy } = this.book
    return new Player({ at: this.now, policy, state, book: structuredClone(this.book), opened: this.#opened }, witness)
  }

  /** Waits, and then does. */
  move({ wait, deed }: Move): void {
    this.wait(wait)
    this.do(deed)
  }

  /** Asks now, after everything due; then does all that is due with it. */
  do(deed: Deed): Turn {
    this.settle()
    const turn = this.#take(this.#asked(deed))
    this.settle()
    this.#witness.atRest?.(this.state, this.book)
    return turn
  }

  wait(wait: Wait): void {
    const until = Math.max(this.now, this.#end(wait))
    const isAwake = !('asleep' in wait) || (!wait.asleep && wait.ms <= awakeMsMax)
    if (isAwake) this.#wakeUntil(until)
    this.now = until
  }

  /** Ticks at the present instant until nothing more is due. */
  settle(): void {
    for (let ticks = 0; ticks < ticksAtOneInstantMax; ticks += 1) {
      const turn = this.#take({ type: 'tick', at: this.now, times: this.#dueTimes() })
      if (turn.steps.length === 0) return this.#expectNothingDue()
    }
    throw new Error(`The desk does not come to rest at ${this.now}: ${ticksAtOneInstantMax} ticks and still events.`)
  }

  #take(command: Command): Turn {
    this.#witness.beforeTurn?.(command)
    const { outcome, events } = decide(this.state, command)
    const steps = events.map((event) => this.#happen(event))
    const turn = { command, outcome, steps }
    if (command.type === 'requestChat' && outcome.ok && steps.length > 0) this.#opened.unshift(command.requestId)
    if (command.type !== 'tick' || steps.length > 0) this.#witness.afterTurn?.(turn, this.book)
    return turn
  }

  #happen(event: DomainEvent): TurnStep {
    if (event.at < this.book.at)
      throw new Error(`${event.type} is dated ${event.at}, before its predecessor's ${this.book.at}`)
    this.#witness.beforeEvent?.(event, this.book)
    const step = { event, edges: evolve(this.state, event) }
    recordEvent(this.book, event)
    this.#witness.afterEvent?.(step, this.book)
    return step
  }

  #wakeUntil(until: number): void {
    for (let due = nextDueAt(this.state); due !== null && due <= until; due = nextDueAt(this.state)) {
      this.now = Math.max(this.now, due)
      this.settle()
    }
  }

  #expectNothingDue(): void {
    const due = nextDueAt(this.state)
    if (due !== null && due <= this.now)
      throw new Error(`At rest at ${this.now}, and a deadline of ${due} is still due.`)
  }

  #end(wait: Wait): number {
    if ('ms' in wait) return this.now + wait.ms
    if ('at' in wait) return wait.at
    const due = nextDueAt(this.state) ?? this.now
    return { before: due - 1, deadline: due, after: due + 1 }[wait.to]
  }

  #asked(deed: Deed): Command {
    const command = { ...deed, at: this.now } as Command
    if (command.type === 'tick') return { ...command, times: this.#dueTimes() }
    if (command.type === 'setShifts')
      return { ...command, times: command.shifts.map(({ id }) => alternatingShift(id, this.now)) }
    if (!('requestId' in command) || !command.requestId.startsWith('#')) return command
    return { ...command, requestId: this.#requestId(command.requestId) }
  }

  #requestId(name: string): string {
    if (name === '#new') return `r${this.#opened.length + 1}`
    return this.#opened[Number(name.slice(1))] ?? 'r0'
  }

  #dueTimes() {
    const due = this.book.shifts.filter(({ nextBoundaryAt }) => nextBoundaryAt !== null && nextBoundaryAt <= this.now)
    return due.map(({ shiftId }) => alternatingShift(shiftId, this.now))
  }
}
