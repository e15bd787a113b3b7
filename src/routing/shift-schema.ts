import * as z from 'zod/mini'
import type { Shift } from '../core'
import { routingLimits } from './routing-limits'
import { id, listOf, someOf } from './schema-parts'
import { isTimeZone } from './time-zone'

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

const startError = 'a time of day, 00:00 to 23:59'
const endError = 'a time of day, 00:00 to 24:00'
const from = z.string({ error: startError }).check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: startError }))
const to = z.string({ error: endError }).check(z.regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, { error: endError }))

const oneDay = z.enum(days, { error: `one of ${days.join(', ')}` })
const weekly = z.strictObject({ days: someOf(oneDay, 7), from, to }, { error: 'an object with days, from, to' })

const dateError = 'a date that exists, YYYY-MM-DD'
const date = z
  .string({ error: dateError })
  .check(z.regex(/^\d{4}-\d{2}-\d{2}$/, { error: dateError }), z.refine(isDate, { error: dateError }))

const closed = z.strictObject({ date, closed: z.literal(true, { error: 'true' }) }, { error: 'an object with date' })
const hours = z.strictObject({ from, to }, { error: 'an object with from, to' })
const otherHours = z.strictObject(
  { date, hours: listOf(hours, routingLimits.hoursMax) },
  { error: 'an object with date' },
)
const exception = z.union([closed, otherHours], { error: 'a date with closed: true, or with hours' })

const zoneError = 'the IANA name of a time zone, such as "Europe/London"'

export const shiftSchema: z.ZodMiniType<Shift> = z.strictObject(
  {
    id,
    timeZone: z.string({ error: zoneError }).check(z.refine(isTimeZone, { error: zoneError })),
    weekly: listOf(weekly, routingLimits.weeklyHoursMax),
    exceptions: z.optional(listOf(exception, routingLimits.exceptionsMax)),
  },
  { error: 'an object with id, timeZone, weekly' },
) as unknown as z.ZodMiniType<Shift>

function isDate(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number)
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return year >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}
