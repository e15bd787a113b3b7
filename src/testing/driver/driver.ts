import type { ShiftId, ShiftTime } from '../../core'
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
import { applyEvent } from '../reference-model/apply-event'
import { emptyReferenceModel, type ReferenceModel } from '../reference-model/reference-model'
import type { Action, AppliedEvent, CommandTemplate, Delay, Scenario, Step } from './scenario'

/** Whoever wants to hear what happens, as it happens. `book` is the chronicle of the same events. */
export interface Observer {
  beforeTurn?(command: Command): void
  beforeEvent?(event: DomainEvent, book: ReferenceModel): void
  afterEvent?(step: AppliedEvent, book: ReferenceModel): void
  /** After each command, and after each tick that decided something. */
  afterTurn?(turn: Step, book: ReferenceModel): void
  /** After a command and all that was due with it. */
  atRest?(state: DeskState, book: ReferenceModel): void
}

/** More ticks than this at one instant, and the desk goes round in circles. */
const ticksPerInstantMax = 2_000
/** A longer sleep than this is slept through: nobody waits for the hours of a selective ring that nobody answers. */
const stepwiseDelayMsMax = 60_000

interface DriverStart {
  readonly at: number
  readonly policy: Policy
  readonly state?: DeskState
  readonly book?: ReferenceModel
  readonly opened?: readonly string[]
}

/** Plays moves against the bare core in virtual time, as the shell would: due deadlines first, one at a time. */
export class Driver {
  readonly state: DeskState
  readonly book: ReferenceModel
  now: number
  readonly #witness: Observer
  readonly #opened: string[]

  constructor(start: DriverStart, witness: Observer = {}) {
    this.state = start.state ?? emptyState(start.policy)
    this.book = start.book ?? emptyReferenceModel(start.policy)
    this.now = start.at
    this.#witness = witness
    this.#opened = [...(start.opened ?? [])]
  }

  /** Another player who goes on from here with a state of their own, equal to this one. */
  fork(state: DeskState, witness: Observer = {}): Driver {
    const { policy } = this.book
    return new Driver({ at: this.now, policy, state, book: structuredClone(this.book), opened: this.#opened }, witness)
  }

  /** Waits, and then does. */
  perform({ wait, deed }: Action): void {
    this.advance(wait)
    this.execute(deed)
  }

  /** Asks now, after everything due; then does all that is due with it. */
  execute(deed: CommandTemplate): Step {
    this.runDueDeadlines()
    const turn = this.#take(this.#asked(deed))
    this.runDueDeadlines()
    this.#witness.atRest?.(this.state, this.book)
    return turn
  }

  advance(wait: Delay): void {
    const until = Math.max(this.now, this.#end(wait))
    const isAwake = !('asleep' in wait) || (!wait.asleep && wait.ms <= stepwiseDelayMsMax)
    if (isAwake) this.#wakeUntil(until)
    this.now = until
  }

  /** Ticks at the present instant until nothing more is due. */
  runDueDeadlines(): void {
    for (let ticks = 0; ticks < ticksPerInstantMax; ticks += 1) {
      const turn = this.#take({ type: 'tick', at: this.now, times: this.#dueTimes() })
      if (turn.steps.length === 0) return this.#expectNothingDue()
    }
    throw new Error(`The desk does not come to rest at ${this.now}: ${ticksPerInstantMax} ticks and still events.`)
  }

  #take(command: Command): Step {
    this.#witness.beforeTurn?.(command)
    const { outcome, events } = decide(this.state, command)
    const steps = events.map((event) => this.#happen(event))
    const turn = { command, outcome, steps }
    if (command.type === 'requestChat' && outcome.ok && steps.length > 0) this.#opened.unshift(command.requestId)
    if (command.type !== 'tick' || steps.length > 0) this.#witness.afterTurn?.(turn, this.book)
    return turn
  }

  #happen(event: DomainEvent): AppliedEvent {
    if (event.at < this.book.at)
      throw new Error(`${event.type} is dated ${event.at}, before its predecessor's ${this.book.at}`)
    this.#witness.beforeEvent?.(event, this.book)
    const step = { event, edges: evolve(this.state, event) }
    applyEvent(this.book, event)
    this.#witness.afterEvent?.(step, this.book)
    return step
  }

  #wakeUntil(until: number): void {
    for (let due = nextDueAt(this.state); due !== null && due <= until; due = nextDueAt(this.state)) {
      this.now = Math.max(this.now, due)
      this.runDueDeadlines()
    }
  }

  #expectNothingDue(): void {
    const due = nextDueAt(this.state)
    if (due !== null && due <= this.now)
      throw new Error(`At rest at ${this.now}, and a deadline of ${due} is still due.`)
  }

  #end(wait: Delay): number {
    if ('ms' in wait) return this.now + wait.ms
    if ('at' in wait) return wait.at
    const due = nextDueAt(this.state) ?? this.now
    return { before: due - 1, deadline: due, after: due + 1 }[wait.to]
  }

  #asked(deed: CommandTemplate): Command {
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

/** Tells a scenario from its beginning to its end and gives back the player, who can go on from there. */
export function runScenario(scenario: Scenario, witness: Observer = {}): Driver {
  const player = new Driver({ at: scenario.startAt, policy: scenario.policy }, witness)
  for (const deed of scenario.setup) player.execute(deed)
  for (const move of scenario.moves) player.perform(move)
  return player
}

const halfPeriodsMs: ReadonlyMap<ShiftId, number> = new Map([
  ['day', 45_000],
  ['night', 30_000],
])

/**
 * Shifts without a calendar: `day` and `night` are on and off by turns (45 s and 30 s each), every other one is always
 * on. A pure function of the instant, as a real shift is.
 */
export function alternatingShift(shiftId: ShiftId, at: number): ShiftTime {
  const half = halfPeriodsMs.get(shiftId)
  if (half === undefined) return { shiftId, isOn: true, nextBoundaryAt: null }
  const turn = Math.floor(at / half)
  return { shiftId, isOn: turn % 2 === 0, nextBoundaryAt: (turn + 1) * half }
}
