import { createDeskFacts } from '../../desk'
import { type CompiledRouter, createCompiledRouter } from '../../routing'
import type { Arrival } from '../arrivals/arrival-source'
import { type QuantileFunction, quantileFunction } from '../scenario/distribution'
import type { Scenario } from '../scenario/scenario'
import { LeftOutCounter } from '../stats/counters'
import { type RequestCounters, RunStatistics } from '../stats/run-statistics'
import type { SimulatedRequest } from './entities'
import { responseModels, SimulatedStaff } from './entities'
import { EventQueue } from './event-queue'
import { Observer } from './observer'
import { randomFor, streams } from './random-stream'
import { SimulatedDesk } from './simulated-desk'
import { type SimulationEvent, StaffAgents } from './staff-agents'

const sessionId = 'simulated'

/** One run of a scenario: arrivals, staff and visitors around the real desk, in order of time. */
export class SimulationRun {
  readonly statistics: RunStatistics
  readonly staff: ReadonlyMap<string, SimulatedStaff>
  readonly #seed: number
  readonly #desk: SimulatedDesk
  readonly #router: CompiledRouter
  readonly #eventQueue = new EventQueue<SimulationEvent>()
  readonly #requests = new Map<string, SimulatedRequest>()
  readonly #observer: Observer
  readonly #agents: StaffAgents
  readonly #patience: QuantileFunction | null
  readonly refused = new LeftOutCounter()
  readonly repeated = new LeftOutCounter()
  arrivals = 0

  constructor(scenario: Scenario, seed: number) {
    const { workflows, conditions, defaultRoute, behaviour } = scenario
    this.#seed = seed
    this.#patience = behaviour.patience === null ? null : quantileFunction(behaviour.patience)
    this.statistics = new RunStatistics(scenario)
    this.staff = createStaff(scenario, seed, this.statistics)
    this.statistics.staff = [...this.staff.values()]
    const options = { seed, eventQueue: this.#eventQueue, staff: this.staff, requests: this.#requests }
    const observer = new Observer({ ...options, statistics: this.statistics })
    const desk: SimulatedDesk = new SimulatedDesk(scenario, (event, edges) => {
      observer.onEvent(event, desk.state)
      if (edges.length > 0) observer.agents?.onEdges(edges)
    })
    desk.initialize(scenario)
    const clock = { now: () => desk.at }
    const deskFacts = createDeskFacts(() => desk.state)
    this.#router = createCompiledRouter({ workflows, conditions, defaultRoute, clock, desk: deskFacts })
    this.#agents = new StaffAgents({ ...options, desk })
    observer.agents = this.#agents
    this.#desk = desk
    this.#observer = observer
    this.#syncPresence()
  }

  get at(): number {
    return this.#desk.at
  }

  get eventCount(): number {
    return this.#desk.eventCount
  }

  /** Runs everything that is due before an instant. */
  runUntil(until: number): void {
    for (;;) {
      const deskAt = this.#desk.dueAt
      const eventAt = this.#eventQueue.nextAt
      const at = Math.min(deskAt, eventAt)
      if (at >= until) return
      this.#moveTo(at)
      if (deskAt <= eventAt) this.#desk.processDue()
      else this.#runNextEvent()
      if (this.#observer.haveShiftsChanged) this.#syncPresence()
    }
  }

  /** Runs everything that is due by then, and requests the chat. */
  arrive(arrival: Arrival): void {
    const { at } = arrival
    this.runUntil(at)
    this.#moveTo(at)
    if (this.#desk.dueAt <= at) this.#desk.processDue()
    if (this.#observer.haveShiftsChanged) this.#syncPresence()
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
    const leftOut = { at, visitorId: arrival.visitorId ?? null }
    if (!outcome.ok) this.refused.add(leftOut)
    else if ('duplicate' in outcome) {
      this.repeated.add(leftOut)
      this.#resumeWaiting(outcome.requestId)
    }
  }

  /** Ends the run: requests that still wait count as still open. */
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

  #runNextEvent(): void {
    const event = this.#eventQueue.next
    if (event === undefined) return
    this.#eventQueue.cancel(event)
    if (event.kind === 'staff') this.#actFor(event)
    else if (event.kind === 'group-response') this.#agents.respondFor(event)
    else if (event.isAccepted) this.#desk.execute({ type: 'end', requestId: event.id, at: this.at })
    else this.#giveUp(event)
  }

  #actFor(member: SimulatedStaff): void {
    if (!member.isForcedAway) return this.#agents.respond(member)
    member.isForcedAway = false
    if (member.isOnShift)
      this.#desk.execute({ type: 'setAvailability', staffId: member.id, availability: 'available', at: this.at })
  }

  #giveUp(request: SimulatedRequest): void {
    request.abandonedAt = this.at
    this.#observer.onQueueChanged(-1, this.at)
    this.#desk.execute({ type: 'visitorLeft', visitorId: request.visitorId, at: this.at })
  }

  /** A visitor who gave up and requests again starts to wait anew; one who still waits goes on. */
  #resumeWaiting(requestId: string): void {
    const request = this.#requests.get(requestId)
    if (request === undefined || request.abandonedAt === null) return
    request.abandonedAt = null
    this.#observer.startWaiting(request, this.at)
  }

  #newRequest(
    arrival: Arrival,
    identity: RequestCounters & Pick<SimulatedRequest, 'index' | 'visitorId'>,
  ): SimulatedRequest {
    const { at, handlingMs = null, patienceMs } = arrival
    const drawn =
      this.#patience === null ? null : this.#patience(randomFor(this.#seed, identity.index, streams.patience))
    const patience = patienceMs === undefined ? drawn : patienceMs
    return {
      kind: 'request',
      heapIndex: -1,
      sequence: 0,
      id: `r${identity.index}`,
      ...identity,
      openedAt: at,
      handlingMs: handlingMs === null ? null : Math.round(handlingMs),
      patienceMs: patience === null ? null : Math.round(patience),
      isAccepted: false,
      abandonedAt: null,
      wasUnattended: false,
    }
  }

  /** Connects staff when one of their shifts begins; when the last one ends, they leave once their chats are over. */
  #syncPresence(): void {
    this.#observer.haveShiftsChanged = false
    const { at, state } = this.#desk
    for (const member of this.staff.values()) {
      const isOn = member.shifts.length === 0 || member.shifts.some((id) => state.shifts.get(id)?.isOn === true)
      const staffId = member.id
      if (isOn !== member.isOnShift) {
        member.isOnShift = isOn
        member.isForcedAway = false
        this.#desk.execute({ type: 'setAvailability', staffId, availability: isOn ? 'available' : 'away', at })
        if (isOn) this.#desk.execute({ type: 'connect', staffId, sessionId, at })
      }
      const staff = state.staff.get(staffId)
      if (!isOn && staff !== undefined && staff.sessions.size > 0 && staff.chats.size === 0)
        this.#desk.execute({ type: 'disconnect', staffId, sessionId, at })
    }
  }
}

function createStaff(scenario: Scenario, seed: number, statistics: RunStatistics): ReadonlyMap<string, SimulatedStaff> {
  const responseModelOf = responseModels(scenario.behaviour)
  const members = scenario.staff.map((staff, index) => {
    const teams = statistics.teamsOf(staff.teams)
    return new SimulatedStaff(staff, { index, seed, responseModel: responseModelOf(staff), teams })
  })
  return new Map(members.map((member) => [member.id, member]))
}
