import * as z from 'zod/mini'
import type { ExceptionDays, Json, Shift } from '../../core'
import {
  type InputPath,
  idSchema,
  isRecord,
  issueOf,
  listOf,
  nonEmptyListOf,
  objectOf,
  oneOf,
  type ParseContext,
  parseJson,
  parseList,
  parseOrThrow,
  textThat,
} from '../../input'
import { jsonLimits, routingLimits } from '../routing-limits'
import { epochDayOf, exceptionDaysOf, existingDay, isYearly } from './shift-calendar'
import { expectedTimeZone, isTimeZone } from './time-zone'

/**
 * Parses shifts as a host writes them: copies. No two have the same id, no day has two exceptions of one kind.
 * @throws InvalidInputError with every problem found.
 */
export function parseShifts(value: unknown, path: InputPath = ['shifts']): Shift[] {
  let rows = 0
  return parseOrThrow((issues) =>
    parseList<Shift>(value, {
      path,
      issues,
      lengthMax: routingLimits.shiftsMax,
      item: 'shift',
      uniqueKey: 'id',
      parseItem: (one, context) =>
        parseJson(shiftSchema, one, { ...context, limits: jsonLimits, check: checkExceptions }),
      checkTotal: ({ weekly, exceptions = [] }) => {
        rows += weekly.length
        for (const one of exceptions) {
          if (rows > routingLimits.shiftRowsMax) break
          rows += exceptionDaysOf(one).length
        }
        const expected = `at most ${routingLimits.shiftRowsMax} weekly hours and days with exceptions in all shifts`
        return rows > routingLimits.shiftRowsMax ? { expected, got: 'more' } : undefined
      },
    }),
  )
}

type Checked = { readonly dates: ExceptionDays; readonly place: InputPath; readonly given: string }

/** Ranges end after they begin, and no day is in two single days or in two ranges. */
function checkExceptions(shift: Json, { path, issues }: ParseContext): void {
  const exceptions = isRecord(shift) && Array.isArray(shift.exceptions) ? shift.exceptions : []
  const seen = { date: new Set<unknown>(), range: new Set<unknown>() }
  let days = 0
  for (const [index, exception] of exceptions.entries()) {
    const checked = isRecord(exception) ? datesOf(exception, [...path, 'exceptions', index]) : undefined
    if (checked === undefined) continue
    const { dates, place, given } = checked
    const expected = rangeError(dates)
    if (expected !== undefined) issues.push(issueOf(place, expected, given))
    // Where the days are too many, all shifts together are refused.
    if (expected !== undefined || days > routingLimits.shiftRowsMax) continue
    const own = exceptionDaysOf(dates)
    days += own.length
    const isRange = 'from' in dates
    const others = isRange ? seen.range : seen.date
    if (own.some((day) => others.has(day))) {
      issues.push(issueOf(place, isRange ? 'one range a day' : 'one exception a date', given))
    }
    for (const day of own) others.add(day)
  }
}

/** The dates of an exception, when they are dates, and where they stand; of a range its end. */
function datesOf({ date, from, to }: Record<string, unknown>, path: InputPath): Checked | undefined {
  if (isExceptionDate(date)) return { dates: { date }, place: [...path, 'date'], given: date }
  if (!isExceptionDate(from) || !isExceptionDate(to)) return undefined
  return { dates: { from, to }, place: [...path, 'to'], given: to }
}

function rangeError(dates: ExceptionDays): string | undefined {
  if ('date' in dates) return undefined
  const { from, to } = dates
  if (isYearly(from) !== isYearly(to)) return isYearly(from) ? '--MM-DD, as from' : 'YYYY-MM-DD, as from'
  if (isYearly(from)) return undefined
  const days = epochDayOf(to) - epochDayOf(from) + 1
  if (days < 1) return `${from} or a later day`
  return days > routingLimits.rangeDaysMax ? `at most ${routingLimits.rangeDaysMax} days from ${from} on` : undefined
}

const startError = 'a time of day, 00:00 to 23:59'
const endError = 'a time of day, 00:00 to 24:00'
const startTimeSchema = z
  .string({ error: startError })
  .check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: startError }))
const endTimeSchema = z
  .string({ error: endError })
  .check(z.regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, { error: endError }))

const weekdaySchema = oneOf('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')
const weeklyHoursSchema = objectOf({ days: nonEmptyListOf(weekdaySchema, 7), from: startTimeSchema, to: endTimeSchema })

const dateError = 'a date that exists, YYYY-MM-DD, or --MM-DD for every year'
const datePattern = /^(\d{4}|-)-\d{2}-\d{2}$/
const dateSchema = z
  .string({ error: dateError })
  .check(z.regex(datePattern, { error: dateError }), z.refine(isExceptionDate, { error: dateError }))

const closed = z.literal(true, { error: 'true' })
const hours = listOf(objectOf({ from: startTimeSchema, to: endTimeSchema }), routingLimits.hoursMax)
const exceptionSchema = z.union(
  [
    objectOf({ date: dateSchema, closed }),
    objectOf({ date: dateSchema, hours }),
    objectOf({ from: dateSchema, to: dateSchema, closed }),
    objectOf({ from: dateSchema, to: dateSchema, hours }),
  ],
  { error: 'a date, or from and to, with closed: true, or with hours' },
)

export const shiftSchema: z.ZodMiniType<Shift> = objectOf({
  id: idSchema,
  timeZone: textThat(isTimeZone, expectedTimeZone),
  weekly: listOf(weeklyHoursSchema, routingLimits.weeklyHoursMax),
  exceptions: z.optional(listOf(exceptionSchema, routingLimits.exceptionsMax)),
}) as unknown as z.ZodMiniType<Shift>

/** Whether a value is a date that exists, or a day that exists in some year. */
function isExceptionDate(value: unknown): value is string {
  if (typeof value !== 'string' || !datePattern.test(value)) return false
  // A leap year, which has every day.
  const year = isYearly(value) ? 2_000 : Number(value.slice(0, 4))
  return year >= 1 && existingDay(year, value.slice(-5)) !== undefined
}
