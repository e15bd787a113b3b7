import { type Edge, type RingEdge, ringingOf } from '../core'
import type { Calendar } from './calendar'
import type { LiveRequest } from './live-request'
import { Peal } from './peal'
import type { Manner, Person } from './person'
import { Chances } from './random'
import type { SimulatedDesk } from './simulated-desk'

/** Who may have an appointment. */
export type Entry = LiveRequest | Person | Peal

export interface EarsParts {
  readonly desk: SimulatedDesk
  readonly calendar: Calendar<Entry>
  readonly people: ReadonlyMap<string, Person>
  readonly requests: ReadonlyMap<string, LiveRequest>
  readonly seed: number
}

/** What people do when they hear a ring: after a while they take the most urgent of what rings for them, or mute it. */
export class Ears {
  readonly #parts: EarsParts
  /** The lists of staff that the core shares between rings, parted by manner. */
  readonly #parted = new WeakMap<readonly string[], ReadonlyMap<Manner, readonly string[]>>()
  readonly #isUniform: boolean
  #peals = 0
  /** Open requests that nobody has taken and whose visitor is there. */
  waiting = 0

  constructor(parts: EarsParts) {
    this.#parts = parts
    this.#isUniform = new Set([...parts.people.values()].map(({ manner }) => manner)).size <= 1
  }

  hear(edges: readonly Edge[]): void {
    for (const edge of edges) if (edge.type === 'ring') this.#ring(edge)
  }

  /** The time has come to act: the request that is taken, and by whom. */
  act(person: Person, own: string | null = null): void {
    const { desk, requests } = this.#parts
    const requestId = this.#mostUrgent(person, own)
    if (requestId === undefined) return
    const isMute = person.manner.muteShare > 0 && person.chances.next() < person.manner.muteShare
    const { at } = desk
    if (isMute) desk.ask({ type: 'mute', requestId, staffId: person.id, at })
    else desk.ask({ type: 'accept', requestId, staffId: person.id, at })
    if (!isMute && desk.state.policy.firstReplyMs !== null && requests.get(requestId)?.isTaken === true)
      desk.ask({ type: 'replied', requestId, at })
    if (person.slot === -1 && this.waiting > 0 && this.#hasRoom(person)) this.#listen(person)
  }

  /** The next of a peal acts; then the one after that has an appointment, if the request still waits. */
  actFor(peal: Peal): void {
    const { calendar, people, desk } = this.#parts
    const person = people.get(peal.draw())
    if (person !== undefined) this.act(person, peal.requestId)
    if (this.#waits(peal.requestId) && peal.left > 0) calendar.set(peal, Math.max(desk.at, peal.nextAt()))
  }

  #ring({ requestId, staffIds }: RingEdge): void {
    const [first = ''] = staffIds
    const person = staffIds.length === 1 ? this.#parts.people.get(first) : undefined
    if (person !== undefined) return this.#listenTo(person, requestId)
    if (this.#isUniform) return this.#peal(requestId, staffIds)
    for (const part of this.#partsOf(staffIds).values()) this.#peal(requestId, part)
  }

  #peal(requestId: string, staffIds: readonly string[]): void {
    const { calendar, desk, people, seed } = this.#parts
    const manner = people.get(staffIds[0] ?? '')?.manner
    if (manner === undefined) return
    this.#peals += 1
    const chances = new Chances(seed ^ 0x7065616c, this.#peals)
    const peal = new Peal({ requestId, staffIds, manner, chances, startedAt: desk.at })
    calendar.set(peal, peal.nextAt())
  }

  /** Who is about to act on something that still rings for them acts once, on the most urgent thing then. */
  #listenTo(person: Person, requestId: string): void {
    if (person.slot !== -1 && person.cause !== null && this.#rings(person, person.cause)) return
    this.#appoint(person, requestId)
  }

  /** Something else may ring for who has just acted. */
  #listen(person: Person): void {
    const [requestId] = ringingOf(this.#parts.desk.state, person.id)
    if (requestId !== undefined) this.#appoint(person, requestId)
  }

  #appoint(person: Person, requestId: string): void {
    const { calendar, desk } = this.#parts
    person.cause = requestId
    calendar.set(person, desk.at + person.manner.answer(person.chances.next()))
  }

  /** An offer first: it does not wait. Where only one request is open, it is that one. */
  #mostUrgent(person: Person, own: string | null): string | undefined {
    const { state } = this.#parts.desk
    const staff = state.staff.get(person.id)
    if (staff === undefined || !person.isStaffed) return undefined
    if (staff.offer !== null) return staff.offer.id
    if (own === null || this.waiting !== 1 || !this.#waits(own)) return ringingOf(state, person.id)[0]
    const request = state.requests.get(own)
    if (request === undefined || request.detail?.mutes.has(person.id) === true) return undefined
    return staff.load + request.weight <= staff.capacity ? own : undefined
  }

  #rings(person: Person, requestId: string): boolean {
    const { state } = this.#parts.desk
    const offer = state.staff.get(person.id)?.offer
    return offer?.id === requestId || ringingOf(state, person.id).includes(requestId)
  }

  /** Nobody has taken it, and the visitor is there. */
  #waits(requestId: string): boolean {
    const request = this.#parts.requests.get(requestId)
    return request !== undefined && !request.isTaken && request.leftAt === null
  }

  #hasRoom({ id }: Person): boolean {
    const staff = this.#parts.desk.state.staff.get(id)
    return staff !== undefined && staff.load < staff.capacity
  }

  #partsOf(staffIds: readonly string[]): ReadonlyMap<Manner, readonly string[]> {
    const known = this.#parted.get(staffIds)
    if (known !== undefined) return known
    const parts = new Map<Manner, string[]>()
    for (const id of staffIds) {
      const manner = this.#parts.people.get(id)?.manner
      if (manner === undefined) continue
      const part = parts.get(manner) ?? []
      part.push(id)
      parts.set(manner, part)
    }
    this.#parted.set(staffIds, parts)
    return parts
  }
}
