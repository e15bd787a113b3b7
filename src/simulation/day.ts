import { answerFacts } from '../desk'
import { type CompiledRouter, createCompiledRouter } from '../routing'
import type { Arrival } from './arrival'
import { Calendar } from './calendar'
import { DayBook, type Place } from './day-book'
import { Ears, type Entry } from './ears'
import type { LiveRequest } from './live-request'
import { Onlooker } from './onlooker'
import { mannersOf, Person } from './person'
import { type Quantile, quantileOf } from './quantile'
import { chance, purposes } from './random'
import type { Scenario } from './scenario'
import { SimulatedDesk } from './simulated-desk'

const sessionId = 'simulated'

/** One run of a scenario: arrivals, people and visitors around the real desk, in the order of time. */
export class Day {
  readonly book: DayBook
  readonly people: ReadonlyMap<string, Person>
  readonly #seed: number
  readonly #desk: SimulatedDesk
  readonly #router: CompiledRouter
  readonly #calendar = new Calendar<Entry>()
  readonly #requests = new Map<string, LiveRequest>()
  readonly #onlooker: Onlooker
  readonly #ears: Ears
  readonly #patience: Quantile | null
  refused = 0
  repeated = 0
  arrived = 0

  constructor(scenario: Scenario, seed: number) {
    const { workflows, conditions, defaultRoute, behaviour } = scenario
    this.#seed = seed
    this.#patience = behaviour.patience === null ? null : quantileOf(behaviour.patience)
    this.book = new DayBook(scenario)
    this.people = peopleOf(scenario, seed, this.book)
    this.book.people = [...this.people.values()]
    const parts = { seed, calendar: this.#calendar, people: this.people, requests: this.#requests }
    const onlooker = new Onlooker({ ...parts, book: this.book })
    const desk: SimulatedDesk = new SimulatedDesk(scenario, (event, edges) => {
      onlooker.follow(event, desk.state)
      if (edges.length > 0) onlooker.ears?.hear(edges)
    })
    desk.open(scenario)
    const clock = { now: () => desk.at }
    const asked = answerFacts(() => desk.state)
    this.#router = createCompiledRouter({ workflows, conditions, defaultRoute, clock, desk: asked })
    this.#ears = new Ears({ ...parts, desk })
    onlooker.ears = this.#ears
    this.#desk = desk
    this.#onlooker = onlooker
    this.#comeAndGo()
  }

  get at(): number {
    return this.#desk.at
  }

  get events(): number {
    return this.#desk.events
  }

  /** Lets everything happen that comes before an instant. */
  runUntil(until: number): void {
    for (;;) {
      const deskAt = this.#desk.dueAt
      const entryAt = this.#calendar.nextAt
      const at = Math.min(deskAt, entryAt)
      if (at >= until) return
      this.#moveTo(at)
      if (deskAt <= entryAt) this.#desk.settle()
      else this.#happen()
      if (this.#onlooker.haveShiftsTurned) this.#comeAndGo()
    }
  }

  /** A visitor asks, when all that was due by then has been seen to. */
  arrive(arrival: Arrival): void {
    const { at } = arrival
    this.runUntil(at)
    this.#moveTo(at)
    if (this.#desk.dueAt <= at) this.#desk.settle()
    if (this.#onlooker.haveShiftsTurned) this.#comeAndGo()
    const index = this.arrived
    this.arrived += 1
    const { facts, visitorId = `v${index}`, weight = null } = arrival
    const verdict = this.#router.verdictOn({ visitorId, facts, weight, openedAt: at })
    const request = this.#newRequest(arrival, { index, visitorId, ...this.book.place(verdict, at) })
    const requestId = request.id
    this.#requests.set(requestId, request)
    const outcome = this.#desk.ask({ type: 'requestChat', requestId, visitorId, facts, weight, verdict, at })
    if (outcome.ok && 'duplicate' in outcome && !outcome.duplicate) return
    this.#requests.delete(requestId)
    if (!outcome.ok) this.refused += 1
    else if ('duplicate' in outcome) this.#cameAgain(outcome.requestId)
  }

  /** The time is over: whoever still waits has neither been served nor gone. */
  close(until: number): void {
    this.runUntil(until)
    this.#moveTo(until)
    for (const request of this.#requests.values()) {
      if (request.isTaken) continue
      if (request.leftAt === null) this.book.ended(request, 'stillOpen', until)
      else this.book.ended(request, 'abandoned', request.leftAt)
    }
    this.book.close(until)
  }

  #moveTo(at: number): void {
    this.book.advanceTo(at)
    this.#desk.moveTo(at)
  }

  #happen(): void {
    const entry = this.#calendar.next
    if (entry === undefined) return
    this.#calendar.delete(entry)
    if (entry.kind === 'person') this.#personDue(entry)
    else if (entry.kind === 'peal') this.#ears.actFor(entry)
    else if (entry.isTaken) this.#desk.ask({ type: 'end', requestId: entry.id, at: this.at })
    else this.#giveUp(entry)
  }

  #personDue(person: Person): void {
    if (!person.isStruck) return this.#ears.act(person)
    person.isStruck = false
    if (person.isOn)
      this.#desk.ask({ type: 'setAvailability', staffId: person.id, availability: 'available', at: this.at })
  }

  #giveUp(request: LiveRequest): void {
    request.leftAt = this.at
    this.#onlooker.queueChanged(-1, this.at)
    this.#desk.ask({ type: 'visitorLeft', visitorId: request.visitorId, at: this.at })
  }

  /** A visitor who gave up is there again, with new patience; one who still waits has only asked twice. */
  #cameAgain(requestId: string): void {
    this.repeated += 1
    const request = this.#requests.get(requestId)
    if (request === undefined || request.leftAt === null) return
    request.leftAt = null
    this.#onlooker.waits(request, this.at)
  }

  #newRequest(arrival: Arrival, place: Place & Pick<LiveRequest, 'index' | 'visitorId'>): LiveRequest {
    const { at, handlingMs = null, patienceMs } = arrival
    const drawn = this.#patience === null ? null : this.#patience(chance(this.#seed, place.index, purposes.patience))
    const patience = patienceMs === undefined ? drawn : patienceMs
    return {
      kind: 'request',
      slot: -1,
      dueAt: 0,
      sequence: 0,
      id: `r${place.index}`,
      ...place,
      openedAt: at,
      handlingMs: handlingMs === null ? null : Math.round(handlingMs),
      patienceMs: patience === null ? null : Math.round(patience),
      isTaken: false,
      leftAt: null,
      wasUnattended: false,
    }
  }

  /** People sign on when one of their shifts begins and off when the last one ends; chats in hand they finish. */
  #comeAndGo(): void {
    this.#onlooker.haveShiftsTurned = false
    const { at, state } = this.#desk
    for (const person of this.people.values()) {
      const isOn = person.shifts.length === 0 || person.shifts.some((id) => state.shifts.get(id)?.isOn === true)
      if (isOn === person.isOn) continue
      person.isOn = isOn
      person.isStruck = false
      const staffId = person.id
      this.#desk.ask({ type: 'setAvailability', staffId, availability: isOn ? 'available' : 'away', at })
      this.#desk.ask({ type: isOn ? 'connect' : 'disconnect', staffId, sessionId, at })
    }
  }
}

function peopleOf(scenario: Scenario, seed: number, book: DayBook): ReadonlyMap<string, Person> {
  const mannerFor = mannersOf(scenario.behaviour)
  const people = scenario.staff.map((staff, index) => {
    const teams = book.teamsOf(staff.teams)
    return new Person(staff, { index, seed, manner: mannerFor(staff), teams })
  })
  return new Map(people.map((person) => [person.id, person]))
}
