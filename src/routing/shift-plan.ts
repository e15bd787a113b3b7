import type { Shift, Weekday } from '../core'

/** Wall times of one stretch of work; the end is not in it. */
export interface Stretch {
  readonly start: number
  readonly end: number
}

/** Minutes of the day from which and to which somebody works; over 1440 on the next day. */
type Minutes = readonly [from: number, to: number]

/** A shift's hours by weekday and by date, read once. */
export interface ShiftPlan {
  /** From Sunday on. */
  readonly weekly: readonly (readonly Minutes[])[]
  readonly exceptions: ReadonlyMap<number, readonly Minutes[]>
  /** Days since the epoch that have an exception, in order. */
  readonly exceptionDays: readonly number[]
  /** Without a gap, or none at all: then only exceptions make a boundary. */
  readonly weeklyHours: 'always' | 'some' | 'none'
}

export const dayMs = 86_400_000
const dayMinutes = 1_440
const weekdays: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const plans = new WeakMap<Shift, ShiftPlan>()

export function planOf(shift: Shift): ShiftPlan {
  const found = plans.get(shift)
  if (found !== undefined) return found
  const plan = readPlan(shift)
  plans.set(shift, plan)
  return plan
}

function readPlan(shift: Shift): ShiftPlan {
  const weekly = weekdays.map((weekday) =>
    shift.weekly.filter(({ days }) => days.includes(weekday)).map(({ from, to }) => minutesOf(from, to)),
  )
  const exceptions = new Map(
    (shift.exceptions ?? []).map((exception) => [
      dayOf(exception.date),
      'closed' in exception ? [] : exception.hours.map(({ from, to }) => minutesOf(from, to)),
    ]),
  )
  const exceptionDays = [...exceptions.keys()].sort((one, other) => one - other)
  return { weekly, exceptions, exceptionDays, weeklyHours: weeklyHours(weekly) }
}

function minutesOf(from: string, to: string): Minutes {
  const [start, end] = [minuteOf(from), minuteOf(to)]
  return [start, end <= start ? end + dayMinutes : end]
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}

/** Days since the epoch. */
function dayOf(date: string): number {
  const instant = new Date(0)
  instant.setUTCFullYear(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10)))
  return instant.getTime() / dayMs
}

/** All stretches of a week, Sunday to Saturday, laid end to end. */
function weeklyHours(weekly: readonly (readonly Minutes[])[]): ShiftPlan['weeklyHours'] {
  const week = dayMinutes * 7
  const spans = weekly.flatMap((day, index) =>
    day.map(([from, to]) => [from + index * dayMinutes, to + index * dayMinutes]),
  )
  if (spans.length === 0) return 'none'
  const twice = [...spans, ...spans.map(([from = 0, to = 0]) => [from + week, to + week])]
  twice.sort(([one = 0], [other = 0]) => one - other)
  let covered = twice[0]?.[1] ?? 0
  for (const [from = 0, to = 0] of twice) {
    if (from > covered) return 'some'
    covered = Math.max(covered, to)
  }
  return covered >= (twice[0]?.[0] ?? 0) + 2 * week ? 'always' : 'some'
}

/** The stretches that begin on a day, in no order. */
export function stretchesOf(plan: ShiftPlan, day: number): Stretch[] {
  // The epoch's first day was a Thursday.
  const weekday = (((day + 4) % 7) + 7) % 7
  const minutes = plan.exceptions.get(day) ?? plan.weekly[weekday] ?? []
  return minutes.map(([from, to]) => ({ start: day * dayMs + from * 60_000, end: day * dayMs + to * 60_000 }))
}
