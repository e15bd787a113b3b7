import type { ClosedOutcome, DeskState, DomainEvent, EventOf } from '../../core'
import type { RunStatistics } from '../stats/run-statistics'
import type { SimulatedRequest, SimulatedStaff } from './entities'
import type { EventQueue } from './event-queue'
import { randomFor, streams } from './random-stream'
import type { SimulationEvent, StaffAgents } from './staff-agents'

export interface ObserverOptions {
  readonly seed: number
  readonly statistics: RunStatistics
  readonly calendar: EventQueue<SimulationEvent>
  readonly people: ReadonlyMap<string, SimulatedStaff>
  readonly requests: Map<string, SimulatedRequest>
}

/** Follows what the desk decides: keeps the book, and makes the appointments that follow for visitors and chats. */
export class Observer {
  haveShiftsChanged = false
  readonly #parts: ObserverOptions
  /** Set when there are ears to tell. */
  agents: StaffAgents | null = null

  constructor(parts: ObserverOptions) {
    this.#parts = parts
  }

  onEvent(event: DomainEvent, state: DeskState): void {
    switch (event.type) {
      case 'request.opened':
        return this.#opened(event.requestId, event.at)
      case 'request.accepted':
        this.#accepted(event.requestId, event.staffId, event.at)
        return this.updateStaff(event.staffId, state)
      case 'request.closed':
        this.#closed(event.requestId, event.outcome, event.at)
        return event.staffId === null ? undefined : this.updateStaff(event.staffId, state)
      case 'request.unattended':
        return this.#markUnattended(event.requestId)
      case 'request.muted':
        return this.#count(event.staffId, 'muted')
      case 'offer.expired':
        return this.#count(event.staffId, 'missed')
      case 'shift.started':
      case 'shift.ended':
        this.haveShiftsChanged = true
        return
      case 'session.started':
      case 'session.ended':
      case 'presence.ended':
      case 'wrapUp.ended':
        return this.updateStaff(event.staffId, state)
      case 'availability.changed':
        this.#strike(event)
        return this.updateStaff(event.staffId, state)
      default:
    }
  }

  /** Somebody's presence or load may have changed. */
  updateStaff(staffId: string, state: DeskState): void {
    const person = this.#parts.people.get(staffId)
    const staff = state.staff.get(staffId)
    if (person === undefined || staff === undefined) return
    person.accumulate(state.at)
    person.isStaffed = staff.sessions.size > 0 && staff.availability === 'available'
    person.load = staff.load
    person.capacity = staff.capacity
  }

  /** The visitor is in the queue again, or no longer. */
  onQueueChanged(by: 1 | -1, at: number): void {
    if (this.agents !== null) this.agents.waitingRequests += by
    this.#parts.statistics.onQueueChanged(by, at)
  }

  /** The visitor begins to wait. */
  startWaiting(request: SimulatedRequest, at: number): void {
    this.onQueueChanged(1, at)
    if (request.patienceMs !== null) this.#parts.calendar.schedule(request, at + request.patienceMs)
  }

  #opened(requestId: string, at: number): void {
    const request = this.#parts.requests.get(requestId)
    if (request === undefined) return
    this.#parts.statistics.onRequestOpened(request)
    this.startWaiting(request, at)
  }

  #accepted(requestId: string, staffId: string, at: number): void {
    const { seed, statistics, calendar, people, requests } = this.#parts
    const request = requests.get(requestId)
    const person = people.get(staffId)
    if (request === undefined || person === undefined) return
    if (!request.isAccepted) {
      this.onQueueChanged(-1, at)
      statistics.onWaitEnded(request, 'answered', at)
    }
    request.isAccepted = true
    if (request.intervalCounter !== null) person.answered += 1
    const handlingMs =
      request.handlingMs ?? person.responseModel.handling(randomFor(seed, request.index, streams.handling))
    calendar.schedule(request, at + handlingMs)
  }

  #closed(requestId: string, outcome: ClosedOutcome, at: number): void {
    const { statistics, calendar, requests } = this.#parts
    const request = requests.get(requestId)
    if (request === undefined) return
    requests.delete(requestId)
    calendar.cancel(request)
    if (request.isAccepted) return
    if (request.abandonedAt === null) this.onQueueChanged(-1, at)
    statistics.onWaitEnded(request, outcome === 'expired' ? 'expired' : 'abandoned', request.abandonedAt ?? at)
  }

  /** Who is on shift and set away has not done so: the desk has, for not answering. */
  #strike({ staffId, availability, at }: EventOf<'availability.changed'>): void {
    const person = this.#parts.people.get(staffId)
    if (person === undefined || !person.isOnShift || availability !== 'away') return
    person.isForcedAway = true
    this.#parts.calendar.schedule(person, at + person.responseModel.returning(person.random.next()))
  }

  #markUnattended(requestId: string): void {
    const request = this.#parts.requests.get(requestId)
    if (request !== undefined) request.wasUnattended = true
  }

  #count(staffId: string, what: 'muted' | 'missed'): void {
    const person = this.#parts.people.get(staffId)
    if (person !== undefined) person[what] += 1
  }
}
