import type { DomainEvent, Facts, Route, ShiftId, StaffId } from '../../core'
import { describeRoute, describeStep, formatDuration, formatList } from '../../routing'
import { type Observation, staffIdsOf } from './every-request'
import type { TestDesk } from './test-desk'

/** Writes down what happens, as one would tell a colleague. */
export class Narrator {
  readonly lines: string[] = []
  readonly #story: TestDesk
  /** With what the visitor brings besides. */
  readonly #facts: Facts
  #lastAt: number
  #rung: readonly StaffId[] = []
  #there: readonly StaffId[] = []

  constructor(story: TestDesk, facts: Facts) {
    this.#story = story
    this.#facts = facts
    this.#lastAt = story.clock.now()
  }

  /** When it is, and who is there. */
  addOpening(): void {
    const { shiftsOn, presentStaff, clock } = this.#story
    this.#there = presentStaff
    this.lines.push(
      `${formatInstant(clock.now())} UTC: ${formatShiftsOn([...shiftsOn])}; at their desks: ${formatList(presentStaff)}.`,
    )
  }

  /** One sentence about what was done now. */
  add(what: string): void {
    const now = this.#story.clock.now()
    const gapMs = now - this.#lastAt
    this.#lastAt = now
    this.lines.push(gapMs === 0 ? `${capitalize(what)}.` : `${formatDuration(gapMs)} later ${what}.`)
  }

  addObservation({ events, staff }: Observation): void {
    this.#tellRota()
    for (const event of events) {
      const told = describeEvent(event, this.#story.route, this.#facts)
      if (told !== null) this.add(told)
    }
    const rung = staffIdsOf(staff.filter(({ isRung }) => isRung))
    if (rung.join() === this.#rung.join() && events[0]?.type !== 'request.opened') return
    this.#rung = rung
    this.add(`it rings for ${formatList(rung)}`)
  }

  /** Who has come and gone with their shifts since; those who left on their own account have been told of. */
  #tellRota(): void {
    const { presentStaff, departed } = this.#story
    const came = presentStaff.filter((id) => !this.#there.includes(id))
    const went = this.#there.filter((id) => !presentStaff.includes(id) && !departed.has(id))
    this.#there = presentStaff
    if (went.length > 0) this.add(`${formatList(went)} ${went.length === 1 ? 'goes' : 'go'} off shift`)
    if (came.length > 0) this.add(`${formatList(came)} ${came.length === 1 ? 'is' : 'are'} on shift and there`)
  }
}

function describeEvent(event: DomainEvent, route: Route | undefined, facts: Facts): string | null {
  switch (event.type) {
    case 'request.opened': {
      const { workflow, route: own } = event.routingResult
      const by = workflow === null ? 'no workflow matches: it goes' : `${JSON.stringify(workflow)} sends it`
      const skipped = event.step === 0 ? '' : `; ${describeSkippedSteps(event.step, own)}`
      return `a visitor asks for a chat with ${formatFacts(facts)}; ${by} to ${describeRoute(own)}${skipped}`
    }
    case 'step.started': {
      if (route === undefined) return null
      if (event.step >= route.steps.length) return describeSkippedSteps(event.step, route)
      const reason = {
        time: 'as its time has come',
        'nobody-present': 'as nobody else is there',
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

function describeSkippedSteps(step: number, route: Route): string {
  if (step >= route.steps.length) return 'nobody of its route is there, so it widens to everyone'
  return `nobody of the steps before is there, so it starts with step ${step + 1}`
}

/** Names of people stay as they are written. */
function capitalize(sentence: string): string {
  const isName = !/^(a|it|nobody|step|the|as) /.test(sentence)
  return isName ? sentence : sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

/** Parts of a story in plain words. */

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** `Monday 09:00:00`, in UTC. */
export function formatInstant(at: number): string {
  const date = new Date(at)
  const time = date.toISOString().slice(11, at % 1_000 === 0 ? 19 : 23)
  return `${weekdays[date.getUTCDay()]} ${time.replace(/:00$/, '')}`
}

/** `topic "legal" and country "US"`; `no facts`. */
export function formatFacts(facts: Facts): string {
  const told = Object.entries(facts).map(([fact, value]) => `${fact} ${JSON.stringify(value)}`)
  return told.length === 0 ? 'no facts' : formatList(told)
}

/** `shifts uk and us are on`. */
export function formatShiftsOn(on: readonly ShiftId[]): string {
  if (on.length === 0) return 'no shift is on'
  return on.length === 1 ? `shift ${on[0]} is on` : `shifts ${formatList(on)} are on`
}
