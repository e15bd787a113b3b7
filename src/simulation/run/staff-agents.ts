import { type Edge, type RingEdge, ringingRequestIds } from '../../core'
import type { ResponseModel, SimulatedRequest, SimulatedStaff } from './entities'
import type { EventQueue, ScheduledEvent } from './event-queue'
import { RandomStream } from './random-stream'
import type { SimulatedDesk } from './simulated-desk'

export type SimulationEvent = SimulatedRequest | SimulatedStaff | GroupResponse

export interface StaffAgentsOptions {
  readonly desk: SimulatedDesk
  readonly eventQueue: EventQueue<SimulationEvent>
  readonly staff: ReadonlyMap<string, SimulatedStaff>
  readonly requests: ReadonlyMap<string, SimulatedRequest>
  readonly seed: number
}

/**
 * The staff's reaction to rings: after a while each accepts the most urgent request that rings for them, or mutes it.
 */
export class StaffAgents {
  readonly #options: StaffAgentsOptions
  /** The core shares lists of staff ids between rings: each list, by response model. */
  readonly #groupsByList = new WeakMap<readonly string[], ReadonlyMap<ResponseModel, readonly string[]>>()
  readonly #isUniform: boolean
  #groupResponseCount = 0
  /** Requests that wait, and whose visitor has not given up. */
  waitingRequests = 0

  constructor(options: StaffAgentsOptions) {
    this.#options = options
    this.#isUniform = new Set([...options.staff.values()].map(({ responseModel }) => responseModel)).size <= 1
  }

  onEdges(edges: readonly Edge[]): void {
    for (const edge of edges) if (edge.type === 'ring') this.#onRing(edge)
  }

  /**
   * Accepts or mutes the most urgent request that rings for a staff member. `own`: the request that made them respond.
   */
  respond(member: SimulatedStaff, own: string | null = null): void {
    const { desk, requests } = this.#options
    const requestId = this.#mostUrgent(member, own)
    if (requestId === undefined) return
    const isMute = member.responseModel.muteShare > 0 && member.random.next() < member.responseModel.muteShare
    const { at } = desk
    if (isMute) desk.execute({ type: 'mute', requestId, staffId: member.id, at })
    else desk.execute({ type: 'accept', requestId, staffId: member.id, at })
    if (!isMute && desk.state.policy.firstReplyMs !== null && requests.get(requestId)?.isAccepted === true)
      desk.execute({ type: 'replied', requestId, at })
    if (member.heapIndex === -1 && this.waitingRequests > 0 && this.#hasRoom(member)) this.#respondToNext(member)
  }

  /** Lets the next staff member of a group respond, and schedules the one after that while the request waits. */
  respondFor(groupResponse: GroupResponse): void {
    const { eventQueue, staff, desk } = this.#options
    const member = staff.get(groupResponse.drawStaffId())
    if (member !== undefined) this.respond(member, groupResponse.requestId)
    if (this.#isWaiting(groupResponse.requestId) && groupResponse.remaining > 0)
      eventQueue.schedule(groupResponse, Math.max(desk.at, groupResponse.nextResponseAt()))
  }

  #onRing({ requestId, staffIds }: RingEdge): void {
    const [first = ''] = staffIds
    const member = staffIds.length === 1 ? this.#options.staff.get(first) : undefined
    if (member !== undefined) return this.#respondTo(member, requestId)
    if (this.#isUniform) return this.#scheduleGroup(requestId, staffIds)
    for (const group of this.#groupsOf(staffIds).values()) this.#scheduleGroup(requestId, group)
  }

  #scheduleGroup(requestId: string, staffIds: readonly string[]): void {
    const { eventQueue, desk, staff, seed } = this.#options
    const responseModel = staff.get(staffIds[0] ?? '')?.responseModel
    if (responseModel === undefined) return
    this.#groupResponseCount += 1
    const random = new RandomStream(seed ^ 0x7065616c, this.#groupResponseCount)
    const groupResponse = new GroupResponse({ requestId, staffIds, responseModel, random, startedAt: desk.at })
    eventQueue.schedule(groupResponse, groupResponse.nextResponseAt())
  }

  /** Schedules a response, unless one is scheduled for a request that still rings for them. */
  #respondTo(member: SimulatedStaff, requestId: string): void {
    if (member.heapIndex !== -1 && member.respondingTo !== null && this.#isRinging(member, member.respondingTo)) return
    this.#scheduleResponse(member, requestId)
  }

  /** Schedules a response to another request that rings for them. */
  #respondToNext(member: SimulatedStaff): void {
    const [requestId] = ringingRequestIds(this.#options.desk.state, member.id)
    if (requestId !== undefined) this.#scheduleResponse(member, requestId)
  }

  #scheduleResponse(member: SimulatedStaff, requestId: string): void {
    const { eventQueue, desk } = this.#options
    member.respondingTo = requestId
    eventQueue.schedule(member, desk.at + member.responseModel.answer(member.random.next()))
  }

  /** An offer comes first, since it expires. Where one request is waiting, it is that one. */
  #mostUrgent(member: SimulatedStaff, own: string | null): string | undefined {
    const { state } = this.#options.desk
    const staff = state.staff.get(member.id)
    if (staff === undefined || !member.isStaffed) return undefined
    if (staff.offer !== null) return staff.offer.id
    if (own === null || this.waitingRequests !== 1 || !this.#isWaiting(own))
      return ringingRequestIds(state, member.id)[0]
    const request = state.requests.get(own)
    if (request === undefined || request.detail?.mutes.has(member.id) === true) return undefined
    return staff.load + request.weight <= staff.capacity ? own : undefined
  }

  #isRinging(member: SimulatedStaff, requestId: string): boolean {
    const { state } = this.#options.desk
    const offer = state.staff.get(member.id)?.offer
    return offer?.id === requestId || ringingRequestIds(state, member.id).includes(requestId)
  }

  #isWaiting(requestId: string): boolean {
    const request = this.#options.requests.get(requestId)
    return request !== undefined && !request.isAccepted && request.abandonedAt === null
  }

  #hasRoom({ id }: SimulatedStaff): boolean {
    const staff = this.#options.desk.state.staff.get(id)
    return staff !== undefined && staff.load < staff.capacity
  }

  #groupsOf(staffIds: readonly string[]): ReadonlyMap<ResponseModel, readonly string[]> {
    const known = this.#groupsByList.get(staffIds)
    if (known !== undefined) return known
    const groups = new Map<ResponseModel, string[]>()
    for (const id of staffIds) {
      const responseModel = this.#options.staff.get(id)?.responseModel
      if (responseModel === undefined) continue
      const group = groups.get(responseModel) ?? []
      group.push(id)
      groups.set(responseModel, group)
    }
    this.#groupsByList.set(staffIds, groups)
    return groups
  }
}

/**
 * The responses to one request that began to ring for several staff members with the same response model at once. Draws
 * only the first response time, as the minimum of as many draws, and the next one when the request still waits after
 * it. So a ring for two hundred staff members costs two draws. It is due when the next of them responds.
 */
export class GroupResponse implements ScheduledEvent {
  readonly kind = 'group-response'
  heapIndex = -1
  sequence = 0
  readonly requestId: string
  readonly #staffIds: readonly string[]
  readonly #responseModel: ResponseModel
  readonly #random: RandomStream
  readonly #startedAt: number
  /** Positions in the list of the remaining staff that differ from those in `staffIds`: the order of a lazy shuffle. */
  readonly #movedIndices = new Map<number, number>()
  #remaining: number
  /** The share of all response times below the latest one. */
  #share = 0

  constructor({ requestId, staffIds, responseModel, random, startedAt }: GroupResponseOptions) {
    this.requestId = requestId
    this.#staffIds = staffIds
    this.#responseModel = responseModel
    this.#random = random
    this.#startedAt = startedAt
    this.#remaining = staffIds.length
  }

  get remaining(): number {
    return this.#remaining
  }

  /** Draws the next response time: the minimum of as many draws above the latest one as staff remain. */
  nextResponseAt(): number {
    const above = (1 - this.#random.next()) ** (1 / this.#remaining)
    this.#share = 1 - (1 - this.#share) * above
    return this.#startedAt + this.#responseModel.answer(this.#share)
  }

  /** Draws who responds: each of the remaining staff is equally likely. */
  drawStaffId(): string {
    const position = Math.floor(this.#random.next() * this.#remaining)
    this.#remaining -= 1
    const index = this.#movedIndices.get(position) ?? position
    this.#movedIndices.set(position, this.#movedIndices.get(this.#remaining) ?? this.#remaining)
    return this.#staffIds[index] as string
  }
}

interface GroupResponseOptions {
  readonly requestId: string
  readonly staffIds: readonly string[]
  readonly responseModel: ResponseModel
  readonly random: RandomStream
  readonly startedAt: number
}
