import { Temporal } from 'temporal-polyfill'
import type { Shift, ShiftException, ShiftTime, Weekday } from '../../../src/core'

const twoWeeksMs = 14 * 86_400_000

interface Span {
  readonly start: number
  readonly end: number
}

const weekdays: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** Hours of some days as instants, computed by Temporal in another way than the code under test. */
export function shiftSpans(shift: Shift, from: Temporal.PlainDate, days: number): Span[] {
  const spans: Span[] = []
  for (let day = 0; day < days; day += 1) {
    const date = from.add({ days: day })
    for (const hours of hoursOf(shift, date)) {
      const start = instantOf(shift.timeZone, date, hours.from)
      const isNextDay = hours.to <= hours.from
      const end = instantOf(shift.timeZone, isNextDay ? date.add({ days: 1 }) : date, hours.to)
      if (start < end) spans.push({ start, end })
    }
  }
  return spans.sort((one, other) => one.start - other.start)
}

/** Whether one of the spans is on, and where that changes; valid only well inside the computed days. */
export function expectedShiftTime(shiftId: string, spans: readonly Span[], at: number): ShiftTime {
  let until: number | null = null
  for (const { start, end } of spans) {
    if (until === null && start <= at && at < end) until = end
    else if (until !== null && start <= until) until = Math.max(until, end)
  }
  // Hours that reach the end of the computed days, weeks after every exception, have no end.
  const isEndless = until === Math.max(...spans.map(({ end }) => end)) && until - at > twoWeeksMs
  if (until !== null) return { shiftId, isOn: true, nextBoundaryAt: isEndless ? null : until }
  return { shiftId, isOn: false, nextBoundaryAt: spans.find(({ start }) => start > at)?.start ?? null }
}

/** All changes of the clocks of a zone between two years. */
export function offsetTransitions(timeZone: string, fromYear: number, toYear: number): number[] {
  const found: number[] = []
  let moment: Temporal.ZonedDateTime | null = Temporal.ZonedDateTime.from(`${fromYear}-01-01T00:00[${timeZone}]`)
  while (moment !== null) {
    moment = moment.getTimeZoneTransition('next')
    if (moment === null || moment.year > toYear) break
    found.push(moment.epochMilliseconds)
  }
  return found
}

/** A date in a zone. */
export function plainDateAt(timeZone: string, at: number): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate()
}

function hoursOf(shift: Shift, date: Temporal.PlainDate): readonly { readonly from: string; readonly to: string }[] {
  const exception = exceptionOf(shift, date)
  if (exception !== undefined) return 'closed' in exception ? [] : exception.hours
  const weekday = weekdays[date.dayOfWeek - 1]
  return shift.weekly.filter(({ days }) => weekday !== undefined && days.includes(weekday))
}

/** A day in a year before a yearly one, and a single day before a range. */
function exceptionOf({ exceptions = [] }: Shift, date: Temporal.PlainDate): ShiftException | undefined {
  const dated = date.toString()
  const yearly = `--${dated.slice(5)}`
  const isIn = (one: ShiftException, day: string) =>
    'from' in one &&
    (one.from <= one.to ? one.from <= day && day <= one.to : day.startsWith('--') && (one.from <= day || day <= one.to))
  return (
    exceptions.find((one) => 'date' in one && one.date === dated) ??
    exceptions.find((one) => 'from' in one && !one.from.startsWith('--') && isIn(one, dated)) ??
    exceptions.find((one) => 'date' in one && one.date === yearly) ??
    exceptions.find((one) => 'from' in one && one.from.startsWith('--') && isIn(one, yearly))
  )
}

function instantOf(timeZone: string, date: Temporal.PlainDate, time: string): number {
  const wall =
    time === '24:00'
      ? date.add({ days: 1 }).toPlainDateTime('00:00')
      : date.toPlainDateTime(Temporal.PlainTime.from(time))
  const zoned = wall.toZonedDateTime(timeZone, { disambiguation: 'earlier' })
  if (zoned.toPlainDateTime().equals(wall)) return zoned.epochMilliseconds
  const change = zoned.getTimeZoneTransition('next')
  if (change === null) throw new Error(`no change of the clocks after ${zoned}`)
  return change.epochMilliseconds
}
