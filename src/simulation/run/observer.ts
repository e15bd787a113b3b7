import type { ClosedOutcome, DeskState, DomainEvent, EventOf } from '../../core'
import type { RunStatistics } from '../stats/run-statistics'
import type { SimulatedRequest, SimulatedStaff } from './entities'
import type { EventQueue } from './event-queue'
import { randomFor, streams } from './random-stream'
import type { SimulationEvent, StaffAgents } from './staff-agents'

export interface ObserverOptions {
  readonly seed: number
  readonly statistics: RunStatistics
  readonly eventQueue: EventQueue<SimulationEvent>
  readonly staff: ReadonlyMap<string, SimulatedStaff>
  readonly requests: Map<string, SimulatedRequest>
}

/** Counts the desk's events, and schedules the end of each visitor's patience and of each chat. */
export class Observer {
  haveShiftsChanged = false
  readonly #options: ObserverOptions
  agents: StaffAgents | null = null

  constructor(options: ObserverOptions) {
    this.#options = options
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
        return event.staffId === null ? undefined : this.#chatEnded(event.staffId, state)
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
        this.#scheduleReturn(event)
        return this.updateStaff(event.staffId, state)
      default:
    }
  }

  /** Copies the presence and the load of a staff member from the desk. */
  updateStaff(staffId: string, state: DeskState): void {
    const member = this.#options.staff.get(staffId)
    const staff = state.staff.get(staffId)
    if (member === undefined || staff === undefined) return
    member.accumulate(state.at)
    member.isStaffed = staff.sessions.size > 0 && staff.availability === 'available'
    member.load = staff.load
    member.capacity = staff.capacity
  }

  /** A staff member whose shift is over leaves after the last chat. */
  #chatEnded(staffId: string, state: DeskState): void {
    this.updateStaff(staffId, state)
    if (this.#options.staff.get(staffId)?.isOnShift === false) this.haveShiftsChanged = true
  }

  onQueueChanged(by: 1 | -1, at: number): void {
    if (this.agents !== null) this.agents.waitingRequests += by
    this.#options.statistics.onQueueChanged(by, at)
  }

  startWaiting(request: SimulatedRequest, at: number): void {
    this.onQueueChanged(1, at)
    if (request.patienceMs !== null) this.#options.eventQueue.schedule(request, at + request.patienceMs)
  }

  #opened(requestId: string, at: number): void {
    const request = this.#options.requests.get(requestId)
    if (request === undefined) return
    this.#options.statistics.onRequestOpened(request)
    this.startWaiting(request, at)
  }

  #accepted(requestId: string, staffId: string, at: number): void {
    const { seed, statistics, eventQueue, staff, requests } = this.#options
    const request = requests.get(requestId)
    const member = staff.get(staffId)
    if (request === undefined || member === undefined) return
    if (!request.isAccepted) {
      this.onQueueChanged(-1, at)
      statistics.onWaitEnded(request, 'answered', at)
    }
    request.isAccepted = true
    if (request.intervalCounter !== null) member.answered += 1
    const handlingMs =
      request.handlingMs ?? member.responseModel.handling(randomFor(seed, request.index, streams.handling))
    eventQueue.schedule(request, at + handlingMs)
  }

  #closed(requestId: string, outcome: ClosedOutcome, at: number): void {
    const { statistics, eventQueue, requests } = this.#options
    const request = requests.get(requestId)
    if (request === undefined) return
    requests.delete(requestId)
    eventQueue.cancel(request)
    if (request.isAccepted) return
    if (request.abandonedAt === null) this.onQueueChanged(-1, at)
    statistics.onWaitEnded(request, outcome === 'expired' ? 'expired' : 'abandoned', request.abandonedAt ?? at)
  }

  /** A staff member who becomes away while on shift was set away by the desk, for missed offers. */
  #scheduleReturn({ staffId, availability, at }: EventOf<'availability.changed'>): void {
    const member = this.#options.staff.get(staffId)
    if (member === undefined || !member.isOnShift || availability !== 'away') return
    member.isForcedAway = true
    this.#options.eventQueue.schedule(member, at + member.responseModel.awayDuration(member.random.next()))
  }

  #markUnattended(requestId: string): void {
    const request = this.#options.requests.get(requestId)
    if (request !== undefined) request.wasUnattended = true
  }

  #count(staffId: string, counter: 'muted' | 'missed'): void {
    const member = this.#options.staff.get(staffId)
    if (member !== undefined) member[counter] += 1
  }
}
