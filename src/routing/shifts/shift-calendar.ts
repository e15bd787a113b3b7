import type { Shift, ShiftTime, Weekday } from '../../core'
import { instantAt, wallTimeAt } from './time-zone'

/**
 * Returns whether a shift is on at an instant, and the instant of its next boundary (`null`: none). A start or end that
 * the clocks skip that day is the first instant after it; one that they show twice is the first of the two. Hours over
 * midnight belong to the day on which they start.
 */
export function shiftTimeAt(shift: Shift, at: number): ShiftTime {
  const { timeZone } = shift
  const today = Math.floor(wallTimeAt(timeZone, at) / dayMs)
  let onUntil: number | null = null
  for (const run of mergedPeriodsFrom(calendarOf(shift), today - 2)) {
    const endAt = run.end === Number.POSITIVE_INFINITY ? run.end : instantAt(timeZone, run.end)
    if (endAt <= at) continue
    const startAt = instantAt(timeZone, run.start)
    // The clocks skipped the whole period.
    if (startAt >= endAt) continue
    if (onUntil === null && startAt > at) return toShiftTime(shift, false, startAt)
    if (onUntil !== null && startAt > onUntil) break
    onUntil = Math.max(onUntil ?? endAt, endAt)
  }
  return toShiftTime(shift, onUntil !== null, onUntil)
}

function toShiftTime(shift: Shift, isOn: boolean, at: number | null): ShiftTime {
  return { shiftId: shift.id, isOn, nextBoundaryAt: at === Number.POSITIVE_INFINITY ? null : at }
}

/** Days after the last exception within which the weekly hours have repeated. */
const daysAfterLastException = 21

/** Periods from a day on, in order; those that touch or overlap are merged. The last one may have no end. */
function* mergedPeriodsFrom(calendar: ShiftCalendar, firstDay: number): Generator<WorkingPeriod> {
  let run: WorkingPeriod | null = null
  const lastDay = Math.max(firstDay, calendar.exceptionDays.at(-1) ?? firstDay) + daysAfterLastException
  let day = firstDay
  while (day <= lastDay) {
    for (const period of periodsOnDay(calendar, day).sort((one, other) => one.start - other.start)) {
      if (run !== null && period.start > run.end) yield run
      run = run === null || period.start > run.end ? period : mergePeriods(run, period)
    }
    const next = nextDayToRead(calendar, day, firstDay)
    if (run !== null && next > day + 1) run = extendPeriod(run, calendar, next)
    day = next
  }
  if (run !== null)
    yield calendar.weeklyCoverage === 'always' ? { start: run.start, end: Number.POSITIVE_INFINITY } : run
}

/** Returns the next day, or, where every day is like the one before, two days before the next exception. */
function nextDayToRead(calendar: ShiftCalendar, day: number, firstDay: number): number {
  if (calendar.weeklyCoverage === 'some' || day < firstDay + 2) return day + 1
  const exceptionDay = calendar.exceptionDays.find((exception) => exception >= day - 2)
  return exceptionDay === undefined ? day + 1 : Math.max(day + 1, exceptionDay - 2)
}

function mergePeriods({ start, end }: WorkingPeriod, next: WorkingPeriod): WorkingPeriod {
  return { start, end: Math.max(end, next.end) }
}

/** Extends a period over days that were skipped because the shift is always on. */
function extendPeriod(run: WorkingPeriod, calendar: ShiftCalendar, day: number): WorkingPeriod {
  return calendar.weeklyCoverage === 'always' ? { start: run.start, end: (day + 1) * dayMs } : run
}

/** Wall times; the end is exclusive. */
export interface WorkingPeriod {
  readonly start: number
  readonly end: number
}

/** Minutes of the day; over 1440 on the next day. */
type MinuteRange = readonly [from: number, to: number]

/** A shift's hours by weekday and by date. */
export interface ShiftCalendar {
  /** From Sunday on. */
  readonly weekly: readonly (readonly MinuteRange[])[]
  readonly exceptions: ReadonlyMap<number, readonly MinuteRange[]>
  /** Days since the epoch that have an exception, in order. */
  readonly exceptionDays: readonly number[]
  /** `always` and `none`: only exceptions make a boundary. */
  readonly weeklyCoverage: 'always' | 'some' | 'none'
}

export const dayMs = 86_400_000
const dayMinutes = 1_440
const weekdays: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const calendarCache = new WeakMap<Shift, ShiftCalendar>()

export function calendarOf(shift: Shift): ShiftCalendar {
  const found = calendarCache.get(shift)
  if (found !== undefined) return found
  const calendar = buildCalendar(shift)
  calendarCache.set(shift, calendar)
  return calendar
}

function buildCalendar(shift: Shift): ShiftCalendar {
  const weekly = weekdays.map((weekday) =>
    shift.weekly.filter(({ days }) => days.includes(weekday)).map(({ from, to }) => minuteRange(from, to)),
  )
  const exceptions = new Map(
    (shift.exceptions ?? []).map((exception) => [
      epochDayOf(exception.date),
      'closed' in exception ? [] : exception.hours.map(({ from, to }) => minuteRange(from, to)),
    ]),
  )
  const exceptionDays = [...exceptions.keys()].sort((one, other) => one - other)
  return { weekly, exceptions, exceptionDays, weeklyCoverage: weeklyCoverage(weekly) }
}

function minuteRange(from: string, to: string): MinuteRange {
  const [start, end] = [minuteOf(from), minuteOf(to)]
  return [start, end <= start ? end + dayMinutes : end]
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}

/** Days since the epoch. */
function epochDayOf(date: string): number {
  const instant = new Date(0)
  instant.setUTCFullYear(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10)))
  return instant.getTime() / dayMs
}

/** How much of a week the periods cover, Sunday to Saturday. */
function weeklyCoverage(weekly: readonly (readonly MinuteRange[])[]): ShiftCalendar['weeklyCoverage'] {
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

/** The periods that begin on a day, in no order. */
export function periodsOnDay(calendar: ShiftCalendar, day: number): WorkingPeriod[] {
  // The epoch's first day was a Thursday.
  const weekday = (((day + 4) % 7) + 7) % 7
  const minutes = calendar.exceptions.get(day) ?? calendar.weekly[weekday] ?? []
  return minutes.map(([from, to]) => ({ start: day * dayMs + from * 60_000, end: day * dayMs + to * 60_000 }))
}
