import { type Edge, type RingEdge, ringingRequestIds } from '../../core'
import type { ResponseModel, SimulatedRequest, SimulatedStaff } from './entities'
import type { EventQueue, ScheduledEvent } from './event-queue'
import { RandomStream } from './random-stream'
import type { SimulatedDesk } from './simulated-desk'

/** Who may have an appointment. */
export type SimulationEvent = SimulatedRequest | SimulatedStaff | GroupResponse

export interface StaffAgentsOptions {
  readonly desk: SimulatedDesk
  readonly calendar: EventQueue<SimulationEvent>
  readonly people: ReadonlyMap<string, SimulatedStaff>
  readonly requests: ReadonlyMap<string, SimulatedRequest>
  readonly seed: number
}

/** What people do when they hear a ring: after a while they take the most urgent of what rings for them, or mute it. */
export class StaffAgents {
  readonly #parts: StaffAgentsOptions
  /** The lists of staff that the core shares between rings, parted by manner. */
  readonly #parted = new WeakMap<readonly string[], ReadonlyMap<ResponseModel, readonly string[]>>()
  readonly #isUniform: boolean
  #peals = 0
  /** Open requests that nobody has taken and whose visitor is there. */
  waitingRequests = 0

  constructor(parts: StaffAgentsOptions) {
    this.#parts = parts
    this.#isUniform = new Set([...parts.people.values()].map(({ responseModel }) => responseModel)).size <= 1
  }

  onEdges(edges: readonly Edge[]): void {
    for (const edge of edges) if (edge.type === 'ring') this.#ring(edge)
  }

  /** The time has come to act: the request that is taken, and by whom. */
  respond(person: SimulatedStaff, own: string | null = null): void {
    const { desk, requests } = this.#parts
    const requestId = this.#mostUrgent(person, own)
    if (requestId === undefined) return
    const isMute = person.responseModel.muteShare > 0 && person.random.next() < person.responseModel.muteShare
    const { at } = desk
    if (isMute) desk.execute({ type: 'mute', requestId, staffId: person.id, at })
    else desk.execute({ type: 'accept', requestId, staffId: person.id, at })
    if (!isMute && desk.state.policy.firstReplyMs !== null && requests.get(requestId)?.isAccepted === true)
      desk.execute({ type: 'replied', requestId, at })
    if (person.heapIndex === -1 && this.waitingRequests > 0 && this.#hasRoom(person)) this.#listen(person)
  }

  /** The next of a peal acts; then the one after that has an appointment, if the request still waits. */
  respondFor(peal: GroupResponse): void {
    const { calendar, people, desk } = this.#parts
    const person = people.get(peal.drawStaffId())
    if (person !== undefined) this.respond(person, peal.requestId)
    if (this.#waits(peal.requestId) && peal.remaining > 0)
      calendar.schedule(peal, Math.max(desk.at, peal.nextResponseAt()))
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
    const manner = people.get(staffIds[0] ?? '')?.responseModel
    if (manner === undefined) return
    this.#peals += 1
    const chances = new RandomStream(seed ^ 0x7065616c, this.#peals)
    const peal = new GroupResponse({ requestId, staffIds, manner, chances, startedAt: desk.at })
    calendar.schedule(peal, peal.nextResponseAt())
  }

  /** Who is about to act on something that still rings for them acts once, on the most urgent thing then. */
  #listenTo(person: SimulatedStaff, requestId: string): void {
    if (person.heapIndex !== -1 && person.respondingTo !== null && this.#rings(person, person.respondingTo)) return
    this.#appoint(person, requestId)
  }

  /** Something else may ring for who has just acted. */
  #listen(person: SimulatedStaff): void {
    const [requestId] = ringingRequestIds(this.#parts.desk.state, person.id)
    if (requestId !== undefined) this.#appoint(person, requestId)
  }

  #appoint(person: SimulatedStaff, requestId: string): void {
    const { calendar, desk } = this.#parts
    person.respondingTo = requestId
    calendar.schedule(person, desk.at + person.responseModel.answer(person.random.next()))
  }

  /** An offer first: it does not wait. Where only one request is open, it is that one. */
  #mostUrgent(person: SimulatedStaff, own: string | null): string | undefined {
    const { state } = this.#parts.desk
    const staff = state.staff.get(person.id)
    if (staff === undefined || !person.isStaffed) return undefined
    if (staff.offer !== null) return staff.offer.id
    if (own === null || this.waitingRequests !== 1 || !this.#waits(own)) return ringingRequestIds(state, person.id)[0]
    const request = state.requests.get(own)
    if (request === undefined || request.detail?.mutes.has(person.id) === true) return undefined
    return staff.load + request.weight <= staff.capacity ? own : undefined
  }

  #rings(person: SimulatedStaff, requestId: string): boolean {
    const { state } = this.#parts.desk
    const offer = state.staff.get(person.id)?.offer
    return offer?.id === requestId || ringingRequestIds(state, person.id).includes(requestId)
  }

  /** Nobody has taken it, and the visitor is there. */
  #waits(requestId: string): boolean {
    const request = this.#parts.requests.get(requestId)
    return request !== undefined && !request.isAccepted && request.abandonedAt === null
  }

  #hasRoom({ id }: SimulatedStaff): boolean {
    const staff = this.#parts.desk.state.staff.get(id)
    return staff !== undefined && staff.load < staff.capacity
  }

  #partsOf(staffIds: readonly string[]): ReadonlyMap<ResponseModel, readonly string[]> {
    const known = this.#parted.get(staffIds)
    if (known !== undefined) return known
    const parts = new Map<ResponseModel, string[]>()
    for (const id of staffIds) {
      const manner = this.#parts.people.get(id)?.responseModel
      if (manner === undefined) continue
      const part = parts.get(manner) ?? []
      part.push(id)
      parts.set(manner, part)
    }
    this.#parted.set(staffIds, parts)
    return parts
  }
}

/**
 * One request that began to ring for several people of the same manner at once. Each would act after a time of their
 * own; only the first of them is drawn, as the least of so many draws, and the next when that one has not taken it. So
 * a ring for two hundred people costs two draws, not two hundred. Its appointment is when the next of them acts.
 */
export class GroupResponse implements ScheduledEvent {
  readonly kind = 'group-response'
  heapIndex = -1
  dueAt = 0
  sequence = 0
  readonly requestId: string
  readonly #staffIds: readonly string[]
  readonly #manner: ResponseModel
  readonly #chances: RandomStream
  readonly #startedAt: number
  /** Who stands where in the list of those who are left, but for those who stand where they began. */
  readonly #moved = new Map<number, number>()
  #left: number
  /** The share of all times that lies below that of the last who acted. */
  #share = 0

  constructor({ requestId, staffIds, manner, chances, startedAt }: GroupResponseOptions) {
    this.requestId = requestId
    this.#staffIds = staffIds
    this.#manner = manner
    this.#chances = chances
    this.#startedAt = startedAt
    this.#left = staffIds.length
  }

  get remaining(): number {
    return this.#left
  }

  /** When the next of those who are left acts: the least of as many draws above the last one. */
  nextResponseAt(): number {
    const above = (1 - this.#chances.next()) ** (1 / this.#left)
    this.#share = 1 - (1 - this.#share) * above
    return this.#startedAt + this.#manner.answer(this.#share)
  }

  /** Who that is: each of those who are left is as likely. */
  drawStaffId(): string {
    const place = Math.floor(this.#chances.next() * this.#left)
    this.#left -= 1
    const index = this.#moved.get(place) ?? place
    this.#moved.set(place, this.#moved.get(this.#left) ?? this.#left)
    return this.#staffIds[index] as string
  }
}

interface GroupResponseOptions {
  readonly requestId: string
  readonly staffIds: readonly string[]
  readonly manner: ResponseModel
  readonly chances: RandomStream
  readonly startedAt: number
}
