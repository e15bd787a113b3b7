import * as z from 'zod/mini'
import type { Json, Shift } from '../../core'
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
} from '../../input'
import { jsonLimits, routingLimits } from '../routing-limits'
import { expectedTimeZone, isTimeZone } from './time-zone'

/**
 * Parses shifts as a host writes them: copies. No two have the same id, no date has two exceptions.
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
        rows += weekly.length + exceptions.length
        const expected = `at most ${routingLimits.shiftRowsMax} weekly hours and exceptions in all shifts`
        return rows > routingLimits.shiftRowsMax ? { expected, got: 'more' } : undefined
      },
    }),
  )
}

/** No date has two exceptions. */
function checkExceptions(shift: Json, { path, issues }: ParseContext): void {
  const exceptions = isRecord(shift) && Array.isArray(shift.exceptions) ? shift.exceptions : []
  const dates = new Set<unknown>()
  for (const [index, exception] of exceptions.entries()) {
    const date: unknown = isRecord(exception) ? exception.date : undefined
    if (date === undefined) continue
    if (dates.has(date)) issues.push(issueOf([...path, 'exceptions', index, 'date'], 'one exception a date', date))
    dates.add(date)
  }
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

const dateError = 'a date that exists, YYYY-MM-DD'
const dateSchema = z
  .string({ error: dateError })
  .check(z.regex(/^\d{4}-\d{2}-\d{2}$/, { error: dateError }), z.refine(isDate, { error: dateError }))

const closedDaySchema = objectOf({ date: dateSchema, closed: z.literal(true, { error: 'true' }) })
const hoursSchema = objectOf({ from: startTimeSchema, to: endTimeSchema })
const changedHoursSchema = objectOf({ date: dateSchema, hours: listOf(hoursSchema, routingLimits.hoursMax) })
const exceptionSchema = z.union([closedDaySchema, changedHoursSchema], {
  error: 'a date with closed: true, or with hours',
})

const zoneError = ({ input }: { readonly input?: unknown }) => expectedTimeZone(input)

const timeZoneSchema = z.string({ error: zoneError }).check(z.refine(isTimeZone, { error: zoneError }))

export const shiftSchema: z.ZodMiniType<Shift> = objectOf({
  id: idSchema,
  timeZone: timeZoneSchema,
  weekly: listOf(weeklyHoursSchema, routingLimits.weeklyHoursMax),
  exceptions: z.optional(listOf(exceptionSchema, routingLimits.exceptionsMax)),
}) as unknown as z.ZodMiniType<Shift>

function isDate(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number)
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return year >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}
