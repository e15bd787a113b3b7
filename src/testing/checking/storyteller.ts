import type { DomainEvent, Facts, Route, StaffId } from '../../core'
import { toldList, toldMs, toldRoute, toldStep } from '../../routing'
import { idsOf, type Moment } from './moment'
import type { StoryDesk } from './story-desk'
import { toldFacts, toldInstant, toldShifts } from './told'

/** Writes down what happens, as one would tell a colleague. */
export class Storyteller {
  readonly lines: string[] = []
  readonly #story: StoryDesk
  /** With what the visitor brings besides. */
  readonly #facts: Facts
  #lastAt: number
  #rung: readonly StaffId[] = []
  #there: readonly StaffId[] = []

  constructor(story: StoryDesk, facts: Facts) {
    this.#story = story
    this.#facts = facts
    this.#lastAt = story.clock.now()
  }

  /** When it is, and who is there. */
  begin(): void {
    const { shiftsOn, there, clock } = this.#story
    this.#there = there
    this.lines.push(
      `${toldInstant(clock.now())} UTC: ${toldShifts([...shiftsOn])}; at their desks: ${toldList(there)}.`,
    )
  }

  /** One sentence about what was done now. */
  tell(what: string): void {
    const now = this.#story.clock.now()
    const gapMs = now - this.#lastAt
    this.#lastAt = now
    this.lines.push(gapMs === 0 ? `${capital(what)}.` : `${toldMs(gapMs)} later ${what}.`)
  }

  tellMoment({ events, people }: Moment): void {
    this.#tellRota()
    for (const event of events) {
      const told = toldEvent(event, this.#story.route, this.#facts)
      if (told !== null) this.tell(told)
    }
    const rung = idsOf(people.filter(({ isRung }) => isRung))
    if (rung.join() === this.#rung.join() && events[0]?.type !== 'request.opened') return
    this.#rung = rung
    this.tell(`it rings for ${toldList(rung)}`)
  }

  /** Who has come and gone with their shifts since; those who left on their own account have been told of. */
  #tellRota(): void {
    const { there, gone } = this.#story
    const came = there.filter((id) => !this.#there.includes(id))
    const went = this.#there.filter((id) => !there.includes(id) && !gone.has(id))
    this.#there = there
    if (went.length > 0) this.tell(`${toldList(went)} ${went.length === 1 ? 'goes' : 'go'} off shift`)
    if (came.length > 0) this.tell(`${toldList(came)} ${came.length === 1 ? 'is' : 'are'} on shift and there`)
  }
}

function toldEvent(event: DomainEvent, route: Route | undefined, facts: Facts): string | null {
  switch (event.type) {
    case 'request.opened': {
      const { workflow, route: own } = event.verdict
      const by = workflow === null ? 'no workflow matches: it goes' : `${JSON.stringify(workflow)} sends it`
      const skipped = event.step === 0 ? '' : `; ${toldSkipped(event.step, own)}`
      return `a visitor asks for a chat with ${toldFacts(facts)}; ${by} to ${toldRoute(own)}${skipped}`
    }
    case 'step.started': {
      if (route === undefined) return null
      if (event.step >= route.steps.length) return toldSkipped(event.step, route)
      const why = {
        time: 'as its time has come',
        'nobody-present': 'as nobody else is there',
        reminder: 'as a reminder',
      }
      return `step ${event.step + 1} starts ${why[event.cause]}: ${toldStep(route.steps[event.step])}`
    }
    case 'request.reminded':
      return 'the desk reminds: all mutes are lifted'
    case 'request.closed':
      return `it is closed: ${event.outcome}`
    default:
      return null
  }
}

function toldSkipped(step: number, route: Route): string {
  if (step >= route.steps.length) return 'nobody of its route is there, so it widens to everyone'
  return `nobody of the steps before is there, so it starts with step ${step + 1}`
}

/** Names of people stay as they are written. */
function capital(sentence: string): string {
  const isName = !/^(a|it|nobody|step|the|as) /.test(sentence)
  return isName ? sentence : sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
