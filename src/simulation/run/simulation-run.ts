import { createDeskFacts } from '../../desk'
import { type CompiledRouter, createCompiledRouter } from '../../routing'
import type { Arrival } from '../arrivals/arrival-source'
import { type QuantileFunction, quantileFunction } from '../scenario/distribution'
import type { Scenario } from '../scenario/scenario'
import { type RequestCounters, RunStatistics } from '../stats/run-statistics'
import type { SimulatedRequest } from './entities'
import { responseModels, SimulatedStaff } from './entities'
import { EventQueue } from './event-queue'
import { Observer } from './observer'
import { randomFor, streams } from './random-stream'
import { SimulatedDesk } from './simulated-desk'
import { type SimulationEvent, StaffAgents } from './staff-agents'

const sessionId = 'simulated'

/** One run of a scenario: arrivals, people and visitors around the real desk, in the order of time. */
export class SimulationRun {
  readonly statistics: RunStatistics
  readonly staff: ReadonlyMap<string, SimulatedStaff>
  readonly #seed: number
  readonly #desk: SimulatedDesk
  readonly #router: CompiledRouter
  readonly #calendar = new EventQueue<SimulationEvent>()
  readonly #requests = new Map<string, SimulatedRequest>()
  readonly #onlooker: Observer
  readonly #ears: StaffAgents
  readonly #patience: QuantileFunction | null
  refused = 0
  repeated = 0
  arrivals = 0

  constructor(scenario: Scenario, seed: number) {
    const { workflows, conditions, defaultRoute, behaviour } = scenario
    this.#seed = seed
    this.#patience = behaviour.patience === null ? null : quantileFunction(behaviour.patience)
    this.statistics = new RunStatistics(scenario)
    this.staff = createStaff(scenario, seed, this.statistics)
    this.statistics.staff = [...this.staff.values()]
    const parts = { seed, calendar: this.#calendar, people: this.staff, requests: this.#requests }
    const onlooker = new Observer({ ...parts, statistics: this.statistics })
    const desk: SimulatedDesk = new SimulatedDesk(scenario, (event, edges) => {
      onlooker.onEvent(event, desk.state)
      if (edges.length > 0) onlooker.agents?.onEdges(edges)
    })
    desk.initialize(scenario)
    const clock = { now: () => desk.at }
    const asked = createDeskFacts(() => desk.state)
    this.#router = createCompiledRouter({ workflows, conditions, defaultRoute, clock, desk: asked })
    this.#ears = new StaffAgents({ ...parts, desk })
    onlooker.agents = this.#ears
    this.#desk = desk
    this.#onlooker = onlooker
    this.#comeAndGo()
  }

  get at(): number {
    return this.#desk.at
  }

  get eventCount(): number {
    return this.#desk.eventCount
  }

  /** Lets everything happen that comes before an instant. */
  runUntil(until: number): void {
    for (;;) {
      const deskAt = this.#desk.dueAt
      const entryAt = this.#calendar.nextAt
      const at = Math.min(deskAt, entryAt)
      if (at >= until) return
      this.#moveTo(at)
      if (deskAt <= entryAt) this.#desk.processDue()
      else this.#happen()
      if (this.#onlooker.haveShiftsChanged) this.#comeAndGo()
    }
  }

  /** A visitor asks, when all that was due by then has been seen to. */
  arrive(arrival: Arrival): void {
    const { at } = arrival
    this.runUntil(at)
    this.#moveTo(at)
    if (this.#desk.dueAt <= at) this.#desk.processDue()
    if (this.#onlooker.haveShiftsChanged) this.#comeAndGo()
    const index = this.arrivals
    this.arrivals += 1
    const { facts, visitorId = `v${index}`, weight = null } = arrival
    const routingResult = this.#router.routingResultFor({ visitorId, facts, weight, openedAt: at })
    const request = this.#newRequest(arrival, { index, visitorId, ...this.statistics.countersFor(routingResult, at) })
    const requestId = request.id
    this.#requests.set(requestId, request)
    const outcome = this.#desk.execute({ type: 'requestChat', requestId, visitorId, facts, weight, routingResult, at })
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
      if (request.isAccepted) continue
      if (request.abandonedAt === null) this.statistics.onWaitEnded(request, 'stillOpen', until)
      else this.statistics.onWaitEnded(request, 'abandoned', request.abandonedAt)
    }
    this.statistics.close(until)
  }

  #moveTo(at: number): void {
    this.statistics.advanceTo(at)
    this.#desk.moveTo(at)
  }

  #happen(): void {
    const entry = this.#calendar.next
    if (entry === undefined) return
    this.#calendar.cancel(entry)
    if (entry.kind === 'person') this.#personDue(entry)
    else if (entry.kind === 'group-response') this.#ears.respondFor(entry)
    else if (entry.isAccepted) this.#desk.execute({ type: 'end', requestId: entry.id, at: this.at })
    else this.#giveUp(entry)
  }

  #personDue(person: SimulatedStaff): void {
    if (!person.isForcedAway) return this.#ears.respond(person)
    person.isForcedAway = false
    if (person.isOnShift)
      this.#desk.execute({ type: 'setAvailability', staffId: person.id, availability: 'available', at: this.at })
  }

  #giveUp(request: SimulatedRequest): void {
    request.abandonedAt = this.at
    this.#onlooker.onQueueChanged(-1, this.at)
    this.#desk.execute({ type: 'visitorLeft', visitorId: request.visitorId, at: this.at })
  }

  /** A visitor who gave up is there again, with new patience; one who still waits has only asked twice. */
  #cameAgain(requestId: string): void {
    this.repeated += 1
    const request = this.#requests.get(requestId)
    if (request === undefined || request.abandonedAt === null) return
    request.abandonedAt = null
    this.#onlooker.startWaiting(request, this.at)
  }

  #newRequest(
    arrival: Arrival,
    place: RequestCounters & Pick<SimulatedRequest, 'index' | 'visitorId'>,
  ): SimulatedRequest {
    const { at, handlingMs = null, patienceMs } = arrival
    const drawn = this.#patience === null ? null : this.#patience(randomFor(this.#seed, place.index, streams.patience))
    const patience = patienceMs === undefined ? drawn : patienceMs
    return {
      kind: 'request',
      heapIndex: -1,
      dueAt: 0,
      sequence: 0,
      id: `r${place.index}`,
      ...place,
      openedAt: at,
      handlingMs: handlingMs === null ? null : Math.round(handlingMs),
      patienceMs: patience === null ? null : Math.round(patience),
      isAccepted: false,
      abandonedAt: null,
      wasUnattended: false,
    }
  }

  /** People sign on when one of their shifts begins and off when the last one ends; chats in hand they finish. */
  #comeAndGo(): void {
    this.#onlooker.haveShiftsChanged = false
    const { at, state } = this.#desk
    for (const person of this.staff.values()) {
      const isOn = person.shifts.length === 0 || person.shifts.some((id) => state.shifts.get(id)?.isOn === true)
      if (isOn === person.isOnShift) continue
      person.isOnShift = isOn
      person.isForcedAway = false
      const staffId = person.id
      this.#desk.execute({ type: 'setAvailability', staffId, availability: isOn ? 'available' : 'away', at })
      this.#desk.execute({ type: isOn ? 'connect' : 'disconnect', staffId, sessionId, at })
    }
  }
}

function createStaff(scenario: Scenario, seed: number, book: RunStatistics): ReadonlyMap<string, SimulatedStaff> {
  const mannerFor = responseModels(scenario.behaviour)
  const people = scenario.staff.map((staff, index) => {
    const teams = book.teamsOf(staff.teams)
    return new SimulatedStaff(staff, { index, seed, responseModel: mannerFor(staff), teams })
  })
  return new Map(people.map((person) => [person.id, person]))
}
