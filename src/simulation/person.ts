import type { Staff } from '../core'
import { isNamed } from '../routing'
import type { Behaviour, StaffBehaviour } from './behaviour'
import type { Appointment } from './calendar'
import { type Quantile, quantileOf } from './quantile'
import { Chances } from './random'
import { StaffTime } from './staff-time'
import type { TeamTally } from './team-tally'

/** How somebody acts, ready to draw from; one for each group of people. */
export interface Manner {
  readonly answer: Quantile
  readonly muteShare: number
  readonly returning: Quantile
  readonly handling: Quantile
}

/** Somebody of the staff. Their appointment is when they act on what they hear, or come back from being set away. */
export class Person implements Appointment {
  readonly kind = 'person'
  slot = -1
  dueAt = 0
  sequence = 0
  readonly id: string
  readonly shifts: readonly string[]
  readonly manner: Manner
  readonly chances: Chances
  readonly teams: readonly TeamTally[]
  /** The request that made them listen up. */
  cause: string | null = null
  /** Whether one of their shifts is on. */
  isOn = false
  /** Whether the desk has set them away for not answering. */
  isStruck = false
  /** Whether the desk has them present and available. */
  isStaffed = false
  load = 0
  capacity = 0
  answered = 0
  muted = 0
  missed = 0
  /** All their time that counts, and what of it has not been shared out yet. */
  readonly time = new StaffTime()
  readonly recent = new StaffTime()
  #since = 0

  constructor(staff: Staff, { index, seed, manner, teams }: PersonParts) {
    this.id = staff.id
    this.shifts = staff.shifts ?? []
    this.manner = manner
    this.teams = teams
    this.chances = new Chances(seed, 0x70657273 + index)
  }

  /** Credits the time since the last look to what they were then. */
  credit(at: number): void {
    const ms = at - this.#since
    this.#since = at
    if (!this.isStaffed || ms <= 0) return
    const { recent, load } = this
    recent.staffedMs += ms
    if (load > 0) recent.busyMs += ms
    recent.loadMs += ms * load
    recent.capacityMs += ms * this.capacity
  }
}

export interface PersonParts {
  readonly index: number
  readonly seed: number
  readonly manner: Manner
  readonly teams: readonly TeamTally[]
}

/** Gives each person the manner of the first group that they belong to. Those of one group share one object. */
export function mannersOf(behaviour: Behaviour): (staff: Staff) => Manner {
  const general = mannerOf(behaviour)
  const groups = behaviour.groups.map((group) => ({
    who: group.who,
    manner: mannerOf({
      answer: group.answer ?? behaviour.answer,
      muteShare: group.muteShare ?? behaviour.muteShare,
      returning: group.returning ?? behaviour.returning,
      handling: group.handling ?? behaviour.handling,
    }),
  }))
  return (staff) => groups.find(({ who }) => isNamed(who, staff))?.manner ?? general
}

function mannerOf({ answer, muteShare, returning, handling }: StaffBehaviour): Manner {
  return {
    ...{ answer: quantileOf(answer), muteShare },
    ...{ returning: quantileOf(returning), handling: quantileOf(handling) },
  }
}
