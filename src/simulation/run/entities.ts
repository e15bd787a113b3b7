import type { Staff } from '../../core'
import { matchesTarget } from '../../routing'
import { type QuantileFunction, quantileFunction } from '../scenario/distribution'
import type { Behaviour, StaffBehaviour } from '../scenario/scenario'
import type { IntervalCounter, RequestCounter, TeamCounter } from '../stats/counters'
import { StaffTime } from '../stats/counters'
import type { ScheduledEvent } from './event-queue'
import { RandomStream } from './random-stream'

/** The response and handling times of staff, ready to draw from; one for each group of staff. */
export interface ResponseModel {
  readonly answer: QuantileFunction
  readonly muteShare: number
  readonly awayDuration: QuantileFunction
  readonly handling: QuantileFunction
}

/** A simulated staff member: due when they respond to a ring, or come back from being set away. */
export class SimulatedStaff implements ScheduledEvent {
  readonly kind = 'staff'
  heapIndex = -1
  sequence = 0
  readonly id: string
  readonly shifts: readonly string[]
  readonly responseModel: ResponseModel
  readonly random: RandomStream
  readonly teams: readonly TeamCounter[]
  /** The request whose ring they will respond to. */
  respondingTo: string | null = null
  /** Whether one of their shifts is on. */
  isOnShift = false
  /** Whether the desk has set them away for missed offers. */
  isForcedAway = false
  /** Whether they are present and available at the desk. */
  isStaffed = false
  load = 0
  capacity = 0
  answered = 0
  muted = 0
  missed = 0
  /** All their counted time, and the part of it that no counter has yet. */
  readonly time = new StaffTime()
  readonly uncountedTime = new StaffTime()
  #since = 0

  constructor(staff: Staff, { index, seed, responseModel, teams }: SimulatedStaffOptions) {
    this.id = staff.id
    this.shifts = staff.shifts ?? []
    this.responseModel = responseModel
    this.teams = teams
    this.random = new RandomStream(seed, 0x70657273 + index)
  }

  /** Adds the time since the last call, in the state since then. */
  accumulate(at: number): void {
    const ms = at - this.#since
    this.#since = at
    if (!this.isStaffed || ms <= 0) return
    const { uncountedTime, load } = this
    uncountedTime.staffedMs += ms
    if (load > 0) uncountedTime.busyMs += ms
    uncountedTime.loadMs += ms * load
    uncountedTime.capacityMs += ms * this.capacity
  }
}

export interface SimulatedStaffOptions {
  readonly index: number
  readonly seed: number
  readonly responseModel: ResponseModel
  readonly teams: readonly TeamCounter[]
}

/** Returns the response model of the first group that a staff member belongs to. A group shares one object. */
export function responseModels(behaviour: Behaviour): (staff: Staff) => ResponseModel {
  const general = toResponseModel(behaviour)
  const groups = behaviour.groups.map((group) => ({
    who: group.who,
    responseModel: toResponseModel({
      answer: group.answer ?? behaviour.answer,
      muteShare: group.muteShare ?? behaviour.muteShare,
      awayDuration: group.awayDuration ?? behaviour.awayDuration,
      handling: group.handling ?? behaviour.handling,
    }),
  }))
  return (staff) => groups.find(({ who }) => matchesTarget(who, staff))?.responseModel ?? general
}

function toResponseModel({ answer, muteShare, awayDuration, handling }: StaffBehaviour): ResponseModel {
  return {
    ...{ answer: quantileFunction(answer), muteShare },
    ...{ awayDuration: quantileFunction(awayDuration), handling: quantileFunction(handling) },
  }
}

/** A request from its arrival to its end: due when the visitor gives up, or when the chat ends. */
export interface SimulatedRequest extends ScheduledEvent {
  readonly kind: 'request'
  readonly id: string
  /** The number of its arrival: the stream of its random numbers. */
  readonly index: number
  readonly visitorId: string
  readonly openedAt: number
  /** `null`: drawn from the response model of the staff member who accepts. */
  readonly handlingMs: number | null
  readonly patienceMs: number | null
  /** The counters that it counts in; none during the warm-up. */
  readonly counters: readonly RequestCounter[]
  readonly intervalCounter: IntervalCounter | null
  isAccepted: boolean
  /** When the visitor gave up; `null` before. */
  abandonedAt: number | null
  wasUnattended: boolean
}
