import type { Staff } from '../../core'
import { matchesTarget } from '../../routing'
import { type QuantileFunction, quantileFunction } from '../scenario/distribution'
import type { Behaviour, StaffBehaviour } from '../scenario/scenario'
import type { IntervalCounter, RequestCounter, TeamCounter } from '../stats/counters'
import { StaffTime } from '../stats/counters'
import type { ScheduledEvent } from './event-queue'
import { RandomStream } from './random-stream'

/** How somebody acts, ready to draw from; one for each group of people. */
export interface ResponseModel {
  readonly answer: QuantileFunction
  readonly muteShare: number
  readonly returning: QuantileFunction
  readonly handling: QuantileFunction
}

/** Somebody of the staff. Their appointment is when they act on what they hear, or come back from being set away. */
export class SimulatedStaff implements ScheduledEvent {
  readonly kind = 'person'
  heapIndex = -1
  dueAt = 0
  sequence = 0
  readonly id: string
  readonly shifts: readonly string[]
  readonly responseModel: ResponseModel
  readonly random: RandomStream
  readonly teams: readonly TeamCounter[]
  /** The request that made them listen up. */
  respondingTo: string | null = null
  /** Whether one of their shifts is on. */
  isOnShift = false
  /** Whether the desk has set them away for not answering. */
  isForcedAway = false
  /** Whether the desk has them present and available. */
  isStaffed = false
  load = 0
  capacity = 0
  answered = 0
  muted = 0
  missed = 0
  /** All their time that counts, and what of it has not been shared out yet. */
  readonly time = new StaffTime()
  readonly uncreditedTime = new StaffTime()
  #since = 0

  constructor(staff: Staff, { index, seed, responseModel, teams }: SimulatedStaffOptions) {
    this.id = staff.id
    this.shifts = staff.shifts ?? []
    this.responseModel = responseModel
    this.teams = teams
    this.random = new RandomStream(seed, 0x70657273 + index)
  }

  /** Credits the time since the last look to what they were then. */
  accumulate(at: number): void {
    const ms = at - this.#since
    this.#since = at
    if (!this.isStaffed || ms <= 0) return
    const { uncreditedTime, load } = this
    uncreditedTime.staffedMs += ms
    if (load > 0) uncreditedTime.busyMs += ms
    uncreditedTime.loadMs += ms * load
    uncreditedTime.capacityMs += ms * this.capacity
  }
}

export interface SimulatedStaffOptions {
  readonly index: number
  readonly seed: number
  readonly responseModel: ResponseModel
  readonly teams: readonly TeamCounter[]
}

/** Gives each person the manner of the first group that they belong to. Those of one group share one object. */
export function responseModels(behaviour: Behaviour): (staff: Staff) => ResponseModel {
  const general = toResponseModel(behaviour)
  const groups = behaviour.groups.map((group) => ({
    who: group.who,
    manner: toResponseModel({
      answer: group.answer ?? behaviour.answer,
      muteShare: group.muteShare ?? behaviour.muteShare,
      returning: group.returning ?? behaviour.returning,
      handling: group.handling ?? behaviour.handling,
    }),
  }))
  return (staff) => groups.find(({ who }) => matchesTarget(who, staff))?.manner ?? general
}

function toResponseModel({ answer, muteShare, returning, handling }: StaffBehaviour): ResponseModel {
  return {
    ...{ answer: quantileFunction(answer), muteShare },
    ...{ returning: quantileFunction(returning), handling: quantileFunction(handling) },
  }
}

/** A request from its arrival to its end. Its appointment is when the visitor gives up, or when the chat is over. */
export interface SimulatedRequest extends ScheduledEvent {
  readonly kind: 'request'
  readonly id: string
  /** The nth arrival: what its chances are drawn by. */
  readonly index: number
  readonly visitorId: string
  readonly openedAt: number
  /** `null`: as long as whoever takes it needs. */
  readonly handlingMs: number | null
  readonly patienceMs: number | null
  /** Wherever it is counted. Empty while warming up. */
  readonly counters: readonly RequestCounter[]
  readonly intervalCounter: IntervalCounter | null
  isAccepted: boolean
  /** When the visitor gave up; `null`: has not. */
  abandonedAt: number | null
  wasUnattended: boolean
}
