import type { DomainEvent, RequestView, ShiftId, Staff, StaffId, WhyRung } from '../../core'

/** A desk at rest at one instant of a story, and what has happened since the last: all that a property looks at. */
export interface Moment {
  readonly at: number
  /** The request that the story is about: open, or in somebody's hands. */
  readonly request: RequestView
  /** A request whose visitor has left keeps its place, and rings for nobody. */
  readonly isVisitorHere: boolean
  readonly shiftsOn: ReadonlySet<ShiftId>
  /** The whole roster. */
  readonly people: readonly Bystander[]
  /** What has happened to the request since the moment before. */
  readonly events: readonly DomainEvent[]
}

/** One of the staff at a moment. */
export interface Bystander {
  readonly staff: Staff
  readonly isRung: boolean
  /** Was rung since the moment before, or has the request among what they may start. */
  readonly sees: boolean
  /** Meant to be there now: one of their shifts is on, or they have none. */
  readonly isScheduled: boolean
  /** Rung, or the first reason why not; `null` once somebody has it. */
  readonly why: WhyRung | null
}

/** Ids of those staff. */
export function idsOf(people: readonly Bystander[]): StaffId[] {
  return people.map(({ staff }) => staff.id)
}
