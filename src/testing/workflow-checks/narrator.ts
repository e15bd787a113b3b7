import type { DomainEvent, Facts, Policy, Route, ShiftId, StaffId } from '../../core'
import { describeRoute, describeStep, formatDuration, formatList } from '../../routing'
import { type Observation, staffIdsOf } from './every-request'
import type { TestDesk } from './test-desk'

/** Describes a test case in sentences. */
export class Narrator {
  readonly lines: string[] = []
  readonly #desk: TestDesk
  readonly #facts: Facts
  #lastAt: number
  #rung: readonly StaffId[] = []
  #present: readonly StaffId[] = []

  constructor(testDesk: TestDesk, facts: Facts) {
    this.#desk = testDesk
    this.#facts = facts
    this.#lastAt = testDesk.clock.now()
  }

  /** Adds the time, the shifts that are on, and the staff present. */
  addOpening(): void {
    const { shiftsOn, presentStaff, clock } = this.#desk
    this.#present = presentStaff
    this.lines.push(
      `${formatInstant(clock.now())} UTC: ${formatShiftsOn([...shiftsOn])}; at their desks: ${formatList(presentStaff)}.`,
    )
  }

  /** Adds one sentence about something that happened now. */
  add(sentence: string): void {
    const now = this.#desk.clock.now()
    const gapMs = now - this.#lastAt
    this.#lastAt = now
    this.lines.push(gapMs === 0 ? `${capitalize(sentence)}.` : `${formatDuration(gapMs)} later ${sentence}.`)
  }

  addObservation({ events, staff }: Observation): void {
    this.#addPresenceChanges()
    for (const event of events) {
      const sentence = describeEvent(event, this.#desk.route, { facts: this.#facts, policy: this.#desk.desk.policy })
      if (sentence !== null) this.add(sentence)
    }
    const rung = staffIdsOf(staff.filter(({ isRung }) => isRung))
    if (rung.join() === this.#rung.join() && events[0]?.type !== 'request.opened') return
    this.#rung = rung
    this.add(`it rings for ${formatList(rung)}`)
  }

  /** Adds the staff who came and went with their shifts. Departures before the end of a shift are actions. */
  #addPresenceChanges(): void {
    const { presentStaff, departed } = this.#desk
    const came = presentStaff.filter((id) => !this.#present.includes(id))
    const went = this.#present.filter((id) => !presentStaff.includes(id) && !departed.has(id))
    this.#present = presentStaff
    if (went.length > 0) this.add(`${formatList(went)} ${went.length === 1 ? 'goes' : 'go'} off shift`)
    if (came.length > 0) this.add(`${formatList(came)} ${came.length === 1 ? 'is' : 'are'} on shift and there`)
  }
}

interface Circumstances {
  readonly facts: Facts
  readonly policy: Policy
}

function describeEvent(event: DomainEvent, route: Route | undefined, { facts, policy }: Circumstances): string | null {
  switch (event.type) {
    case 'request.opened': {
      const { workflow } = event.routingResult
      const own = withPolicy(event.routingResult.route, policy)
      const by = workflow === null ? 'no workflow matches: it goes' : `${JSON.stringify(workflow)} sends it`
      const skipped = event.step === 0 ? '' : `; ${describeSkippedSteps(event.step, own)}`
      return `a visitor asks for a chat with ${formatFacts(facts)}; ${by} to ${describeRoute(own)}${skipped}`
    }
    case 'step.started': {
      if (route === undefined) return null
      if (event.step >= route.steps.length) return describeSkippedSteps(event.step, withPolicy(route, policy))
      const reason = {
        time: 'as its time has come',
        'nobody-present': 'as nobody else is there',
        'nobody-free': 'as nobody else is free',
        reminder: 'as a reminder',
      }
      return `step ${event.step + 1} starts ${reason[event.cause]}: ${describeStep(route.steps[event.step])}`
    }
    case 'request.reminded':
      return 'the desk reminds: all mutes are lifted'
    case 'request.closed':
      return `it is closed: ${event.outcome}`
    default:
      return null
  }
}

function withPolicy(route: Route, policy: Policy): Route {
  return { ...route, whenExhausted: route.whenExhausted ?? policy.whenExhausted }
}

function describeSkippedSteps(step: number, route: Route): string {
  const isExhausted = step >= route.steps.length
  if (isExhausted && route.whenExhausted === 'hold')
    return 'nobody of its last step is there, so it rings all its steps'
  if (isExhausted) return 'nobody of its route is there, so it widens to everyone'
  return `nobody of the steps before is there, so it starts with step ${step + 1}`
}

/** Leaves a staff id at the start as it is. */
function capitalize(sentence: string): string {
  const isName = !/^(a|it|nobody|step|the|as) /.test(sentence)
  return isName ? sentence : sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** `Monday 09:00:00`, in UTC. */
export function formatInstant(at: number): string {
  const date = new Date(at)
  const time = date.toISOString().slice(11, at % 1_000 === 0 ? 19 : 23)
  return `${weekdays[date.getUTCDay()]} ${time.replace(/:00$/, '')}`
}

/** `topic "legal" and country "US"`; `no facts`. */
export function formatFacts(facts: Facts): string {
  const texts = Object.entries(facts).map(([fact, value]) => `${fact} ${JSON.stringify(value)}`)
  return texts.length === 0 ? 'no facts' : formatList(texts)
}

/** `shifts uk and us are on`. */
export function formatShiftsOn(on: readonly ShiftId[]): string {
  if (on.length === 0) return 'no shift is on'
  return on.length === 1 ? `shift ${on[0]} is on` : `shifts ${formatList(on)} are on`
}
