import * as z from 'zod/mini'
import type { Shift } from '../../core'
import { type InputIssue, InvalidInputError } from '../../core'
import type { InputPath } from '../parse/issue-path'
import { describeReceived } from '../parse/issue-path'
import { copyJson } from '../parse/json-copy'
import { idSchema, listOf, nonEmptyListOf } from '../parse/schema-parts'
import { parseWithSchema } from '../parse/zod-issues'
import { routingLimits } from '../routing-limits'
import { isTimeZone } from './time-zone'

/**
 * Shifts as a host writes them: copies. No two have the same id, no date has two exceptions.
 * @throws InvalidInputError with every problem found.
 */
export function parseShifts(value: unknown, path: InputPath = ['shifts']): Shift[] {
  const issues: InputIssue[] = []
  const { shiftsMax } = routingLimits
  if (!Array.isArray(value) || value.length > shiftsMax) {
    throw new InvalidInputError([
      { path, expected: `a list of at most ${shiftsMax} shifts`, got: describeReceived(value) },
    ])
  }
  // Unlike `map` this sees the holes of a list, which are no shifts.
  const shifts = Array.from(value, (shift: unknown, index) => parseShift(shift, [...path, index], issues))
  const ids = new Set<string>()
  for (const [index, shift] of shifts.entries()) {
    if (shift === undefined) continue
    if (ids.has(shift.id))
      issues.push(duplicateIssue([...path, index, 'id'], 'an id that no other shift has', shift.id))
    ids.add(shift.id)
  }
  if (issues.length > 0) throw new InvalidInputError(issues)
  return shifts.filter((shift) => shift !== undefined)
}

function parseShift(value: unknown, path: InputPath, issues: InputIssue[]): Shift | undefined {
  const copy = copyJson(value, path, issues)
  const shift = copy === undefined ? undefined : parseWithSchema(shiftSchema, copy, { path, issues })
  const dates = new Set<string>()
  for (const [index, { date }] of (shift?.exceptions ?? []).entries()) {
    if (dates.has(date))
      issues.push(duplicateIssue([...path, 'exceptions', index, 'date'], 'one exception a date', date))
    dates.add(date)
  }
  return shift
}

function duplicateIssue(path: InputPath, expected: string, value: string): InputIssue {
  return { path, expected, got: describeReceived(value) }
}

const weekdayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

const startError = 'a time of day, 00:00 to 23:59'
const endError = 'a time of day, 00:00 to 24:00'
const startTimeSchema = z
  .string({ error: startError })
  .check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: startError }))
const endTimeSchema = z
  .string({ error: endError })
  .check(z.regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, { error: endError }))

const weekdaySchema = z.enum(weekdayNames, { error: `one of ${weekdayNames.join(', ')}` })
const weeklyHoursSchema = z.strictObject(
  { days: nonEmptyListOf(weekdaySchema, 7), from: startTimeSchema, to: endTimeSchema },
  { error: 'an object with days, from, to' },
)

const dateError = 'a date that exists, YYYY-MM-DD'
const dateSchema = z
  .string({ error: dateError })
  .check(z.regex(/^\d{4}-\d{2}-\d{2}$/, { error: dateError }), z.refine(isDate, { error: dateError }))

const closedDaySchema = z.strictObject(
  { date: dateSchema, closed: z.literal(true, { error: 'true' }) },
  { error: 'an object with date' },
)
const hoursSchema = z.strictObject({ from: startTimeSchema, to: endTimeSchema }, { error: 'an object with from, to' })
const changedHoursSchema = z.strictObject(
  { date: dateSchema, hours: listOf(hoursSchema, routingLimits.hoursMax) },
  { error: 'an object with date' },
)
const exceptionSchema = z.union([closedDaySchema, changedHoursSchema], {
  error: 'a date with closed: true, or with hours',
})

const zoneError = 'the IANA name of a time zone, such as "Europe/London"'

export const shiftSchema: z.ZodMiniType<Shift> = z.strictObject(
  {
    id: idSchema,
    timeZone: z.string({ error: zoneError }).check(z.refine(isTimeZone, { error: zoneError })),
    weekly: listOf(weeklyHoursSchema, routingLimits.weeklyHoursMax),
    exceptions: z.optional(listOf(exceptionSchema, routingLimits.exceptionsMax)),
  },
  { error: 'an object with id, timeZone, weekly' },
) as unknown as z.ZodMiniType<Shift>

function isDate(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number)
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return year >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}
