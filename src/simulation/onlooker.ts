import type { ClosedOutcome, DeskState, DomainEvent, EventOf } from '../core'
import type { Calendar } from './calendar'
import type { DayBook } from './day-book'
import type { Ears, Entry } from './ears'
import type { LiveRequest } from './live-request'
import type { Person } from './person'
import { chance, purposes } from './random'

export interface OnlookerParts {
  readonly seed: number
  readonly book: DayBook
  readonly calendar: Calendar<Entry>
  readonly people: ReadonlyMap<string, Person>
  readonly requests: Map<string, LiveRequest>
}

/** Follows what the desk decides: keeps the book, and makes the appointments that follow for visitors and chats. */
export class Onlooker {
  haveShiftsTurned = false
  readonly #parts: OnlookerParts
  /** Set when there are ears to tell. */
  ears: Ears | null = null

  constructor(parts: OnlookerParts) {
    this.#parts = parts
  }

  follow(event: DomainEvent, state: DeskState): void {
    switch (event.type) {
      case 'request.opened':
        return this.#opened(event.requestId, event.at)
      case 'request.accepted':
        this.#accepted(event.requestId, event.staffId, event.at)
        return this.look(event.staffId, state)
      case 'request.closed':
        this.#closed(event.requestId, event.outcome, event.at)
        return event.staffId === null ? undefined : this.look(event.staffId, state)
      case 'request.unattended':
        return this.#markUnattended(event.requestId)
      case 'request.muted':
        return this.#count(event.staffId, 'muted')
      case 'offer.expired':
        return this.#count(event.staffId, 'missed')
      case 'shift.started':
      case 'shift.ended':
        this.haveShiftsTurned = true
        return
      case 'session.started':
      case 'session.ended':
      case 'presence.ended':
      case 'wrapUp.ended':
        return this.look(event.staffId, state)
      case 'availability.changed':
        this.#strike(event)
        return this.look(event.staffId, state)
      default:
    }
  }

  /** Somebody's presence or load may have changed. */
  look(staffId: string, state: DeskState): void {
    const person = this.#parts.people.get(staffId)
    const staff = state.staff.get(staffId)
    if (person === undefined || staff === undefined) return
    person.credit(state.at)
    person.isStaffed = staff.sessions.size > 0 && staff.availability === 'available'
    person.load = staff.load
    person.capacity = staff.capacity
  }

  /** The visitor is in the queue again, or no longer. */
  queueChanged(by: 1 | -1, at: number): void {
    if (this.ears !== null) this.ears.waiting += by
    this.#parts.book.queueChanged(by, at)
  }

  /** The visitor begins to wait. */
  waits(request: LiveRequest, at: number): void {
    this.queueChanged(1, at)
    if (request.patienceMs !== null) this.#parts.calendar.set(request, at + request.patienceMs)
  }

  #opened(requestId: string, at: number): void {
    const request = this.#parts.requests.get(requestId)
    if (request === undefined) return
    this.#parts.book.opened(request)
    this.waits(request, at)
  }

  #accepted(requestId: string, staffId: string, at: number): void {
    const { seed, book, calendar, people, requests } = this.#parts
    const request = requests.get(requestId)
    const person = people.get(staffId)
    if (request === undefined || person === undefined) return
    if (!request.isTaken) {
      this.queueChanged(-1, at)
      book.ended(request, 'answered', at)
    }
    request.isTaken = true
    if (request.interval !== null) person.answered += 1
    const handlingMs = request.handlingMs ?? person.manner.handling(chance(seed, request.index, purposes.handling))
    calendar.set(request, at + handlingMs)
  }

  #closed(requestId: string, outcome: ClosedOutcome, at: number): void {
    const { book, calendar, requests } = this.#parts
    const request = requests.get(requestId)
    if (request === undefined) return
    requests.delete(requestId)
    calendar.delete(request)
    if (request.isTaken) return
    if (request.leftAt === null) this.queueChanged(-1, at)
    book.ended(request, outcome === 'expired' ? 'expired' : 'abandoned', request.leftAt ?? at)
  }

  /** Who is on shift and set away has not done so: the desk has, for not answering. */
  #strike({ staffId, availability, at }: EventOf<'availability.changed'>): void {
    const person = this.#parts.people.get(staffId)
    if (person === undefined || !person.isOn || availability !== 'away') return
    person.isStruck = true
    this.#parts.calendar.set(person, at + person.manner.returning(person.chances.next()))
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
