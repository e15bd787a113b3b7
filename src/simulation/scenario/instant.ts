import * as z from 'zod/mini'
import { expectedTimeZone, instantAt, isTimeZone } from '../../routing'

/** ISO 8601 with an offset; without one it would depend on the machine. */
const isoPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/
const localTimePattern = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?$/
const atMax = 8e15

/**
 * Returns milliseconds since the epoch, from that number or from text: ISO 8601 with an offset, or, with a time zone,
 * its local time (`2026-11-23 09:15:00`). `undefined` for anything else.
 */
export function parseInstant(value: unknown, timeZone?: string): number | undefined {
  const at = typeof value === 'string' ? parseInstantText(value.trim(), timeZone) : value
  return Number.isInteger(at) && Math.abs(Number(at)) < atMax ? Number(at) : undefined
}

const timeZoneError = ({ input }: { readonly input?: unknown }) => expectedTimeZone(input)

/** The name of a time zone that this runtime knows. */
export const timeZoneSchema = z.string({ error: timeZoneError }).check(z.refine(isTimeZone, { error: timeZoneError }))

function parseInstantText(text: string, timeZone: string | undefined): number {
  if (isoPattern.test(text)) return isCalendarDate(text.slice(0, 10)) ? Date.parse(text) : Number.NaN
  if (/^-?\d{1,16}$/.test(text)) return Number(text)
  const [, year, month, day, hour, minute, second = '0', fraction = '0'] = localTimePattern.exec(text) ?? []
  if (timeZone === undefined || year === undefined || !isCalendarDate(text.slice(0, 10))) return Number.NaN
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return Number.NaN
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  return instantAt(timeZone, wall + Number(fraction.padEnd(3, '0')))
}

/** `Date.parse` accepts 30 February as 2 March. */
function isCalendarDate(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}
