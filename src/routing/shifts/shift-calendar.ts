import type { ExceptionDays, Shift, ShiftTime, Weekday } from '../../core'
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
/** 56 years, within which each day of the year has been each day of the week, also where a century has no leap day. */
const daysOfYearlyCycle = 56 * 366

/** Periods from a day on, in order; those that touch or overlap are merged. The last one may have no end. */
function* mergedPeriodsFrom(calendar: ShiftCalendar, firstDay: number): Generator<WorkingPeriod> {
  let run: WorkingPeriod | null = null
  const repeatsAfter = calendar.yearly.size === 0 ? daysAfterLastException : daysOfYearlyCycle
  const lastDay = Math.max(firstDay, calendar.exceptionDays.at(-1) ?? firstDay) + repeatsAfter
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
  const exceptionDay = nextExceptionDay(calendar, day - 2)
  return exceptionDay === undefined ? day + 1 : Math.max(day + 1, exceptionDay - 2)
}

/** Returns the first day from this one on that has an exception. */
function nextExceptionDay({ exceptionDays, yearlyDays }: ShiftCalendar, day: number): number | undefined {
  let [low, high] = [0, exceptionDays.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((exceptionDays[middle] ?? 0) < day) low = middle + 1
    else high = middle
  }
  const dated = exceptionDays[low]
  const yearly = yearlyDays.length === 0 ? undefined : nextYearlyDay(yearlyDays, day)
  if (dated === undefined || yearly === undefined) return dated ?? yearly
  return Math.min(dated, yearly)
}

function nextYearlyDay(yearlyDays: readonly string[], day: number): number | undefined {
  const date = dateOfDay(day)
  const year = date.getUTCFullYear()
  const monthDay = monthDayOf(date)
  // A leap day may be eight years away.
  for (let ahead = 0; ahead <= 8; ahead += 1) {
    for (const yearly of yearlyDays) {
      if (ahead === 0 && yearly < monthDay) continue
      const found = existingDay(year + ahead, yearly)
      if (found !== undefined) return found
    }
  }
  return undefined
}

function mergePeriods({ start, end }: WorkingPeriod, next: WorkingPeriod): WorkingPeriod {
  return { start, end: Math.max(end, next.end) }
}

/** Extends a period over days that were skipped because the shift is always on. */
function extendPeriod(run: WorkingPeriod, calendar: ShiftCalendar, day: number): WorkingPeriod {
  return calendar.weeklyCoverage === 'always' ? { start: run.start, end: (day + 1) * dayMs } : run
}

/** Wall times; the end is exclusive. */
interface WorkingPeriod {
  readonly start: number
  readonly end: number
}

/** Minutes of the day; over 1440 on the next day. */
type MinuteRange = readonly [from: number, to: number]

/** A shift's hours by weekday and by date. */
interface ShiftCalendar {
  /** From Sunday on. */
  readonly weekly: readonly (readonly MinuteRange[])[]
  /** By days since the epoch. */
  readonly exceptions: ReadonlyMap<number, readonly MinuteRange[]>
  /** By `MM-DD`. */
  readonly yearly: ReadonlyMap<string, readonly MinuteRange[]>
  /** `MM-DD`, in order. */
  readonly yearlyDays: readonly string[]
  /** Days since the epoch that have an exception, in order. */
  readonly exceptionDays: readonly number[]
  /** `always` and `none`: only exceptions make a boundary. */
  readonly weeklyCoverage: 'always' | 'some' | 'none'
}

const dayMs = 86_400_000
const dayMinutes = 1_440
const weekdays: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const calendarCache = new WeakMap<Shift, ShiftCalendar>()

function calendarOf(shift: Shift): ShiftCalendar {
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
  const exceptions = new Map<number, readonly MinuteRange[]>()
  const yearly = new Map<string, readonly MinuteRange[]>()
  // Single days come last, because they count before ranges.
  const ranked = [...(shift.exceptions ?? [])].sort((one, other) => Number('date' in one) - Number('date' in other))
  for (const exception of ranked) {
    const minutes = 'closed' in exception ? [] : exception.hours.map(({ from, to }) => minuteRange(from, to))
    for (const day of exceptionDaysOf(exception)) {
      if (typeof day === 'string') yearly.set(day, minutes)
      else exceptions.set(day, minutes)
    }
  }
  const exceptionDays = [...exceptions.keys()].sort((one, other) => one - other)
  const yearlyDays = [...yearly.keys()].sort()
  return { weekly, exceptions, exceptionDays, yearly, yearlyDays, weeklyCoverage: weeklyCoverage(weekly) }
}

/** Returns the days of an exception: since the epoch or, of a yearly one, `MM-DD`; none of a range that ends early. */
export function exceptionDaysOf(exception: ExceptionDays): readonly (number | string)[] {
  const [from, to] = 'date' in exception ? [exception.date, exception.date] : [exception.from, exception.to]
  if (!isYearly(from)) return daysBetween(epochDayOf(from), epochDayOf(to))
  // A leap year, which has every day.
  const [first, last] = [dayOf(2_000, from.slice(2)), dayOf(2_000, to.slice(2))]
  const days = daysBetween(first, last < first ? last + 366 : last)
  const newYear = dayOf(2_001, '01-01')
  return days.map((day) => monthDayOf(dateOfDay(day < newYear ? day : day - 366)))
}

function daysBetween(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
}

/** Whether a date of an exception is `--MM-DD`. */
export function isYearly(date: string): boolean {
  return date.startsWith('--')
}

function dateOfDay(day: number): Date {
  return new Date(day * dayMs)
}

/** `MM-DD`. */
function monthDayOf(date: Date): string {
  const [month, day] = [date.getUTCMonth() + 1, date.getUTCDate()]
  return `${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

function minuteRange(from: string, to: string): MinuteRange {
  const [start, end] = [minuteOf(from), minuteOf(to)]
  return [start, end <= start ? end + dayMinutes : end]
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}

/** Days since the epoch of a date `YYYY-MM-DD`. */
export function epochDayOf(date: string): number {
  return dayOf(Number(date.slice(0, 4)), date.slice(5))
}

/** Days since the epoch of a day `MM-DD` of a year. */
function dayOf(year: number, monthDay: string): number {
  const instant = new Date(0)
  instant.setUTCFullYear(year, Number(monthDay.slice(0, 2)) - 1, Number(monthDay.slice(3, 5)))
  return instant.getTime() / dayMs
}

/** Days since the epoch of a day `MM-DD` of a year; `undefined` where that year has no such day. */
export function existingDay(year: number, monthDay: string): number | undefined {
  const day = dayOf(year, monthDay)
  return monthDayOf(dateOfDay(day)) === monthDay ? day : undefined
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
function periodsOnDay(calendar: ShiftCalendar, day: number): WorkingPeriod[] {
  // The epoch's first day was a Thursday.
  const weekday = (((day + 4) % 7) + 7) % 7
  const yearly = calendar.yearly.size === 0 ? undefined : calendar.yearly.get(monthDayOf(dateOfDay(day)))
  const minutes = calendar.exceptions.get(day) ?? yearly ?? calendar.weekly[weekday] ?? []
  return minutes.map(([from, to]) => ({ start: day * dayMs + from * 60_000, end: day * dayMs + to * 60_000 }))
}
