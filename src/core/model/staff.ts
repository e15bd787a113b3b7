import type { ShiftId, StaffId } from './ids'

/** A staff member, as the host describes them. */
export interface Staff {
  readonly id: StaffId
  readonly name?: string
  readonly teams?: readonly string[]
  /** Skill name to level, 0 to 100. */
  readonly skills?: Readonly<Record<string, number>>
  readonly shifts?: readonly ShiftId[]
  /** Chats at once, in units of request weight. Default `policy.capacity`. */
  readonly capacity?: number
}

/** Whether a staff member wants to be rung. */
export type Availability = 'available' | 'away'

/** Weekly hours in a time zone, with dated exceptions. Wall-clock times are `HH:MM`, `24:00` included. */
export interface Shift {
  readonly id: ShiftId
  /** IANA name; required, never the server's zone. */
  readonly timeZone: string
  readonly weekly: readonly WeeklyHours[]
  readonly exceptions?: readonly ShiftException[]
}

/** Hours on some weekdays. An end at or before its start is on the next day. */
export interface WeeklyHours {
  readonly days: readonly Weekday[]
  readonly from: string
  readonly to: string
}

/** Days that have these hours instead of the weekly ones, or none. A day of one year counts before a yearly one. */
export type ShiftException = ExceptionDays & ({ readonly closed: true } | { readonly hours: readonly DayHours[] })

/**
 * One day, or all from one day to another. Days are `YYYY-MM-DD` in the shift's zone, or `--MM-DD`: in every year. A
 * single day counts before a range that holds it; a yearly range may go over New Year.
 */
export type ExceptionDays = { readonly date: string } | { readonly from: string; readonly to: string }

/** Hours of an exception. An end at or before its start is on the next day. */
export interface DayHours {
  readonly from: string
  readonly to: string
}

/** A day of the week in the shift's time zone. */
export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'

/**
 * Whether a shift is on at some instant, and when that changes next (`null`: never). Computed in `routing/`, where time
 * zones are known, and brought into the core by a command.
 */
export interface ShiftTime {
  readonly shiftId: ShiftId
  readonly isOn: boolean
  readonly nextBoundaryAt: number | null
}
