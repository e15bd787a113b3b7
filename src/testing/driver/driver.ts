import type { Shift, ShiftId, ShiftTime } from '../../core'
import {
  type Command,
  type Decision,
  type DeskState,
  type DomainEvent,
  type Edge,
  emptyState,
  nextDueAt,
  type Policy,
  type RunObserver,
  run,
  runDue,
} from '../../core'
import { applyEvent } from '../reference-model/apply-event'
import { emptyReferenceModel, type ReferenceModel } from '../reference-model/reference-model'
import type { Action, AppliedEvent, CommandTemplate, Delay, Scenario, Step } from './scenario'

/** Callbacks of a {@link Driver}. `model` is the reference model of the same events. */
export interface Observer {
  beforeCommand?(command: Command): void
  beforeEvent?(event: DomainEvent, model: ReferenceModel): void
  afterEvent?(applied: AppliedEvent, model: ReferenceModel): void
  /** After each command, and after each tick that caused an event. */
  afterStep?(step: Step, model: ReferenceModel): void
  /** After a command and everything that was due with it. */
  onIdle?(state: DeskState, model: ReferenceModel): void
}

/** Deadlines in a longer delay all come at its end: a selective ring with no answer has thousands of them. */
const stepwiseDelayMsMax = 60_000

interface DriverStart {
  readonly at: number
  readonly policy: Policy
  readonly state?: DeskState
  readonly model?: ReferenceModel
  readonly opened?: readonly string[]
}

/**
 * Runs actions on the bare core in virtual time, in the order of a desk: due deadlines first, one command at a time.
 */
export class Driver {
  readonly state: DeskState
  readonly model: ReferenceModel
  now: number
  readonly #observer: Observer
  readonly #opened: string[]
  readonly #runObserver: RunObserver = {
    shiftTimeAt: ({ id }, at) => alternatingShift(id, at),
    onCommand: (command) => this.#observer.beforeCommand?.(command),
    beforeEvent: (event) => this.#beforeEvent(event),
    onEvent: (event, edges) => this.#onEvent(event, edges),
    onFolded: (decision, command) => this.#onFolded(decision, command),
  }
  #applied: AppliedEvent[] = []
  #steps: Step[] = []

  constructor(start: DriverStart, observer: Observer = {}) {
    this.state = start.state ?? emptyState(start.policy)
    this.model = start.model ?? emptyReferenceModel(start.policy)
    this.now = start.at
    this.#observer = observer
    this.#opened = [...(start.opened ?? [])]
  }

  /** Returns a second driver at the same instant, with `state`, which equals this driver's, and a copy of the model. */
  fork(state: DeskState, observer: Observer = {}): Driver {
    const { policy } = this.model
    const model = structuredClone(this.model)
    return new Driver({ at: this.now, policy, state, model, opened: this.#opened }, observer)
  }

  /** Waits for the delay, then executes the command. */
  perform({ delay, command }: Action): void {
    this.advance(delay)
    this.execute(command)
  }

  /** Executes a command at the present instant, with everything that is due before and after it. */
  execute(template: CommandTemplate): Step {
    this.runDueDeadlines()
    const command = this.#toCommand(template)
    this.#steps = []
    const { outcome, events } = run(this.state, command, this.#runObserver)
    if (events.length === 0) this.#addStep({ command, outcome, applied: [] })
    this.#expectNothingDue()
    this.#observer.onIdle?.(this.state, this.model)
    return this.#steps[0] as Step
  }

  advance(delay: Delay): void {
    const until = Math.max(this.now, this.#endOf(delay))
    const isAwake = !('asleep' in delay) || (!delay.asleep && delay.ms <= stepwiseDelayMsMax)
    if (isAwake) this.#runDeadlinesUntil(until)
    this.now = until
  }

  /** Runs everything that is due at the present instant. */
  runDueDeadlines(): void {
    runDue(this.state, this.now, this.#runObserver)
    this.#expectNothingDue()
  }

  #beforeEvent(event: DomainEvent): void {
    if (event.at < this.model.at)
      throw new Error(`${event.type} is dated ${event.at}, before its predecessor's ${this.model.at}`)
    this.#observer.beforeEvent?.(event, this.model)
  }

  #onEvent(event: DomainEvent, edges: readonly Edge[]): void {
    const applied = { event, edges }
    applyEvent(this.model, event)
    this.#applied.push(applied)
    this.#observer.afterEvent?.(applied, this.model)
  }

  #onFolded({ outcome }: Decision, command: Command): boolean {
    const applied = this.#applied
    this.#applied = []
    if (command.type === 'requestChat' && outcome.ok) this.#opened.unshift(command.requestId)
    this.#addStep({ command, outcome, applied })
    return true
  }

  #addStep(step: Step): void {
    this.#steps.push(step)
    if (step.command.type !== 'tick' || step.applied.length > 0) this.#observer.afterStep?.(step, this.model)
  }

  #runDeadlinesUntil(until: number): void {
    for (let due = nextDueAt(this.state); due !== null && due <= until; due = nextDueAt(this.state)) {
      this.now = Math.max(this.now, due)
      this.runDueDeadlines()
    }
  }

  #expectNothingDue(): void {
    const due = nextDueAt(this.state)
    if (due !== null && due <= this.now) throw new Error(`Idle at ${this.now}, and a deadline of ${due} is still due.`)
  }

  #endOf(delay: Delay): number {
    if ('ms' in delay) return this.now + delay.ms
    if ('at' in delay) return delay.at
    const due = nextDueAt(this.state) ?? this.now
    return { before: due - 1, deadline: due, after: due + 1 }[delay.to]
  }

  #toCommand(template: CommandTemplate): Command {
    const command = { ...template, at: this.now } as Command
    if (command.type === 'tick') return { ...command, times: this.#dueTimes() }
    if (command.type === 'configure') {
      const shifts = command.shifts?.shifts
      return shifts === undefined ? command : { ...command, shifts: { shifts, times: this.#timesOf(shifts) } }
    }
    if (command.type === 'setShifts') return { ...command, times: this.#timesOf(command.shifts) }
    if (!('requestId' in command) || !command.requestId.startsWith('#')) return command
    return { ...command, requestId: this.#requestId(command.requestId) }
  }

  #requestId(name: string): string {
    if (name === '#new') return `r${this.#opened.length + 1}`
    return this.#opened[Number(name.slice(1))] ?? 'r0'
  }

  #timesOf(shifts: readonly Shift[]): ShiftTime[] {
    return shifts.map(({ id }) => alternatingShift(id, this.now))
  }

  #dueTimes() {
    const due = this.model.shifts.filter(({ nextBoundaryAt }) => nextBoundaryAt !== null && nextBoundaryAt <= this.now)
    return due.map(({ shiftId }) => alternatingShift(shiftId, this.now))
  }
}

/** Runs a scenario to its end and returns the driver, which can go on from there. */
export function runScenario(scenario: Scenario, observer: Observer = {}): Driver {
  const driver = new Driver({ at: scenario.startAt, policy: scenario.policy }, observer)
  for (const template of scenario.setup) driver.execute(template)
  for (const action of scenario.actions) driver.perform(action)
  return driver
}

const halfPeriodsMs: ReadonlyMap<ShiftId, number> = new Map([
  ['day', 45_000],
  ['night', 30_000],
])

/**
 * Returns the time of a shift that has no calendar: `day` and `night` are on and off by turns (45 s and 30 s each),
 * every other one is always on. A pure function of the instant, as a real shift is.
 */
export function alternatingShift(shiftId: ShiftId, at: number): ShiftTime {
  const half = halfPeriodsMs.get(shiftId)
  if (half === undefined) return { shiftId, isOn: true, nextBoundaryAt: null }
  const turn = Math.floor(at / half)
  return { shiftId, isOn: turn % 2 === 0, nextBoundaryAt: (turn + 1) * half }
}
