import { textThat } from '../../input'
import { expectedTimeZone, instantAt, isTimeZone } from '../../routing'

/** How the times of a file are written, where their text alone does not say. */
export interface TimeNotation {
  /** For times without an offset. */
  readonly timeZone?: string
  /** Such as `DD/MM/YYYY HH:mm:ss` or `%d/%m/%Y %H:%M:%S`; every time is written so. */
  readonly timeFormat?: string
  /** Whether `05/11/2026` is 5 November (`true`) or 11 May (`false`); without it such dates are refused. */
  readonly dayFirst?: boolean
}

const atMax = 8e15
/** Numbers between these are seconds: as milliseconds they would be instants of 1970 to 1973. */
const secondsMin = 1e8
const secondsMax = 1e11

/**
 * Returns milliseconds since the epoch, from that number or seconds, or from text: ISO 8601 with an offset, or, with a
 * time zone, its local time (`2026-11-23 09:15:00`). `undefined` for anything else.
 */
export function parseInstant(value: unknown, timeZone?: string): number | undefined {
  return parseTime(value, timeZone === undefined ? {} : { timeZone })
}

/** Returns the instant that a value names in a notation; `undefined` when it names none, or more than one. */
export function parseTime(value: unknown, notation: TimeNotation): number | undefined {
  const at = typeof value === 'string' ? parseTimeText(value.trim(), notation) : toMilliseconds(value)
  return Number.isInteger(at) && Math.abs(Number(at)) < atMax ? Number(at) : undefined
}

/** Returns what a time should have been that `parseTime` does not take. */
export function expectedTime(value: unknown, notation: TimeNotation): string {
  const { timeFormat, timeZone, dayFirst } = notation
  if (timeZone === undefined && parseTime(value, { ...notation, timeZone: 'UTC' }) !== undefined)
    return 'an instant with an offset such as +01:00 or Z, or a timeZone for all of them'
  if (timeFormat !== undefined) return `a time as ${JSON.stringify(timeFormat)}`
  if (dayFirst === undefined && isDayOrMonthFirst(value))
    return 'a date whose order is known: say dayFirst, or timeFormat'
  const forms = timeZone === undefined ? 'ISO 8601 with an offset or milliseconds' : 'YYYY-MM-DD HH:MM:SS or ISO 8601'
  return `an instant (${forms})`
}

function isDayOrMonthFirst(value: unknown): boolean {
  return [true, false].some((dayFirst) => parseTime(value, { timeZone: 'UTC', dayFirst }) !== undefined)
}

function toMilliseconds(value: unknown): unknown {
  if (typeof value !== 'number') return undefined
  const isSeconds = Math.abs(value) >= secondsMin && Math.abs(value) < secondsMax
  return isSeconds ? Math.round(value * 1_000) : value
}

function parseTimeText(text: string, notation: TimeNotation): unknown {
  const { timeZone, timeFormat, dayFirst } = notation
  if (timeFormat !== undefined) {
    const readTime = compiledFormats.get(notation) ?? compileTimeFormat(timeFormat)
    if (readTime !== undefined) compiledFormats.set(notation, readTime)
    return toInstant(readTime?.(text), timeZone)
  }
  if (/^-?\d{1,16}(\.\d{1,9})?$/.test(text)) return toMilliseconds(Number(text))
  const undated = text.replace(/^(mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+/i, '')
  for (const [pattern, toDate] of datePatterns) {
    const found = pattern.exec(undated)
    if (found === null) continue
    const date = toDate(found, dayFirst)
    const time = parseClockTime(undated.slice(found[0].length))
    return date === undefined || time === undefined ? undefined : toInstant({ ...date, ...time }, timeZone)
  }
  return undefined
}

interface CalendarDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

interface ClockTime {
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly ms: number
  /** `undefined`: on the clocks of the zone. */
  readonly offsetMs: number | undefined
}

/** Returns the instant of a date and time that exist; a leap second is the second after it. */
function toInstant(parts: (CalendarDate & ClockTime) | undefined, timeZone: string | undefined): number | undefined {
  if (parts === undefined) return undefined
  const { year, month, day, hour, minute, second, ms, offsetMs } = parts
  const isMidnightAfter = hour === 24 && minute === 0 && second === 0 && ms === 0
  if (month < 1 || month > 12 || day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined
  if ((hour > 23 && !isMidnightAfter) || minute > 59 || second > (minute === 59 ? 60 : 59)) return undefined
  const wall = new Date(0).setUTCFullYear(year, month - 1, day) + ((hour * 60 + minute) * 60 + second) * 1_000 + ms
  if (offsetMs !== undefined) return wall - offsetMs
  return timeZone === undefined ? undefined : instantAt(timeZone, wall)
}

type ToDate = (found: RegExpExecArray, dayFirst: boolean | undefined) => CalendarDate | undefined

const yearMonthDay: ToDate = ([, year, , month, day]) => ({
  year: Number(year),
  month: Number(month),
  day: Number(day),
})

/** Dates at the beginning of a text, the first that fits: of ISO 8601, then as people write them. */
const datePatterns: readonly (readonly [RegExp, ToDate])[] = [
  [/^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)/, yearMonthDay],
  [/^(\d{4})()(\d\d)(\d\d)(?=T)/i, yearMonthDay],
  [/^(\d{4})-?W(\d\d)-?([1-7])(?!\d)/, ([, year, week, day]) => dateOfWeek(Number(year), Number(week), Number(day))],
  [/^(\d{4})-?(\d{3})(?=[T\s])/i, ([, year, day]) => dateOfYear(Number(year), Number(day))],
  [
    /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d\d)(?!\d)/,
    ([, first, , second, year], dayFirst) => {
      const [day, month] = dayFirst === true ? [first, second] : [second, first]
      return dayFirst === undefined ? undefined : { year: fullYear(year), month: Number(month), day: Number(day) }
    },
  ],
  [
    /^(\d{1,2})[-\s./]+([a-z]{3,9})[-\s.,/]+(\d{4}|\d\d)(?!\d)/i,
    ([, day, month, year]) => ({ year: fullYear(year), month: monthOf(month), day: Number(day) }),
  ],
  [
    /^([a-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})(?!\d)/i,
    ([, month, day, year]) => ({ year: fullYear(year), month: monthOf(month), day: Number(day) }),
  ],
]

function fullYear(text = ''): number {
  return text.length === 2 ? 2_000 + Number(text) : Number(text)
}

const monthNames = ['january', 'february', 'march', 'april', 'may', 'june', 'july'].concat(
  ...['august', 'september', 'october', 'november', 'december'],
)

/** Returns 1 to 12 for the English name of a month or its beginning, 0 for none. */
function monthOf(text = ''): number {
  return monthNames.findIndex((name) => name.startsWith(text.toLowerCase().replace(/^sept$/, 'sep'))) + 1
}

function dateOfYear(year: number, day: number): CalendarDate | undefined {
  const at = new Date(Date.UTC(year, 0, day))
  if (day < 1 || at.getUTCFullYear() !== year) return undefined
  return { year, month: at.getUTCMonth() + 1, day: at.getUTCDate() }
}

/** Week 1 is that of 4 January, and begins on a Monday. */
function dateOfWeek(year: number, week: number, day: number): CalendarDate | undefined {
  const fourth = new Date(Date.UTC(year, 0, 4))
  const monday = 4 - ((fourth.getUTCDay() + 6) % 7)
  const at = new Date(Date.UTC(year, 0, monday + (week - 1) * 7 + day - 1))
  const thursday = new Date(Date.UTC(year, 0, monday + (week - 1) * 7 + 3))
  if (week < 1 || thursday.getUTCFullYear() !== year) return undefined
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() }
}

const clockTimePatterns = [
  /^[T\s,]+(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:\s*([ap])\.?m\.?)?(?:\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?$/i,
  /^T(\d\d)(?:(\d\d)(?:(\d\d)(?:[.,](\d+))?)?)?()(?:(Z|[+-]\d\d(?::?\d\d)?))?$/i,
]

function parseClockTime(text: string): ClockTime | undefined {
  const found = clockTimePatterns.map((pattern) => pattern.exec(text)).find((one) => one !== null)
  if (found === undefined || found === null) return undefined
  const [, hour, minute = '0', second = '0', fraction = '', half, zone] = found
  return toClockTime({ hour, minute, second, fraction, half, zone })
}

type ClockTexts = Readonly<Record<'hour' | 'minute' | 'second' | 'fraction' | 'half' | 'zone', string | undefined>>

function toClockTime({ hour: hourText, minute, second, fraction = '', half = '', zone }: ClockTexts) {
  const given = Number(hourText)
  if (half !== '' && (given < 1 || given > 12)) return undefined
  const hour = half === '' ? given : (given % 12) + (half.toLowerCase().startsWith('p') ? 12 : 0)
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3))
  return { hour, minute: Number(minute ?? 0), second: Number(second ?? 0), ms, offsetMs: parseOffset(zone) }
}

function parseOffset(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(text) ?? []
  if (sign === undefined) return 0
  return (sign === '-' ? -60_000 : 60_000) * (Number(hours) * 60 + Number(minutes))
}

const twoDigits = /^(\d\d)/
const oneOrTwoDigits = /^\s?(\d{1,2})/

/** What each sign of a format matches, and the part of a time that it gives; longer signs first. */
const formatSigns: readonly (readonly [sign: RegExp, pattern: RegExp, part: FormatPart])[] = [
  [/^(YYYY|yyyy|%Y)/, /^(\d{4})/, 'year'],
  [/^(YY|yy|%y)/, /^(\d{2})/, 'year'],
  [/^(MMMM|MMM|%[bB])/, /^([a-z]{3,9})/i, 'monthName'],
  [/^(MM|%m)/, twoDigits, 'month'],
  [/^M/, oneOrTwoDigits, 'month'],
  [/^(DD|dd|%d)/, twoDigits, 'day'],
  [/^(D|d|%e)/, oneOrTwoDigits, 'day'],
  [/^(HH|hh|%[HI])/, twoDigits, 'hour'],
  [/^[Hh]/, oneOrTwoDigits, 'hour'],
  [/^(mm|%M)/, twoDigits, 'minute'],
  [/^m/, oneOrTwoDigits, 'minute'],
  [/^(ss|%S)/, twoDigits, 'second'],
  [/^s/, oneOrTwoDigits, 'second'],
  [/^(S+|%f)/, /^(\d+)/, 'fraction'],
  [/^([Aa]|%p)/, /^([ap])\.?m\.?/i, 'half'],
  [/^(Z+|X+|%z)/, /^(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)/i, 'zone'],
]

type FormatPart = keyof ClockTexts | keyof CalendarDate | 'monthName'

/** A part of a format: a sign, or a text of its own. */
type FormatStep = { readonly pattern: RegExp; readonly part: FormatPart } | { readonly own: string }

const compiledFormats = new WeakMap<TimeNotation, ReadTime>()

type ReadTime = (text: string) => (CalendarDate & ClockTime) | undefined

/**
 * Returns what reads times of a format such as `DD/MM/YYYY HH:mm:ss.SSS A Z` or `%d/%m/%Y %H:%M`; letters of its own
 * stand in quotes, but for `T`. `undefined` for a format with other letters, or without year, month, day and hour.
 */
export function compileTimeFormat(format: string): ReadTime | undefined {
  const steps: FormatStep[] = []
  let isAfterSign = false
  for (let rest = format.replaceAll('%T', '%H:%M:%S'); rest !== ''; ) {
    const sign = formatSigns.find(([one]) => one.test(rest))
    const found = sign?.[0].exec(rest) ?? /^'([^']*)'|^[^a-zA-Z%]|^T/.exec(rest)
    if (found === null) return undefined
    rest = rest.slice(found[0].length)
    // Only digits that touch others have to be two.
    const isJoined = isAfterSign || formatSigns.some(([one]) => one.test(rest))
    isAfterSign = sign !== undefined
    if (sign === undefined) steps.push({ own: found[1] ?? found[0] })
    else steps.push({ pattern: sign[1] === twoDigits && !isJoined ? oneOrTwoDigits : sign[1], part: sign[2] })
  }
  const parts = new Set(steps.map((step) => ('part' in step ? step.part : null)))
  const hasMonth = parts.has('month') || parts.has('monthName')
  return hasMonth && parts.has('year') && parts.has('day') && parts.has('hour')
    ? (text) => readSteps(text, steps)
    : undefined
}

function readSteps(text: string, steps: readonly FormatStep[]): ReturnType<ReadTime> {
  const texts: Partial<Record<FormatPart, string>> = {}
  let rest = text
  for (const step of steps) {
    const found = 'own' in step ? null : step.pattern.exec(rest)
    if ('own' in step ? !rest.startsWith(step.own) : found === null) return undefined
    if ('part' in step) texts[step.part] = found?.[1] ?? ''
    rest = rest.slice('own' in step ? step.own.length : found?.[0].length)
  }
  return rest === '' ? toParts(texts) : undefined
}

function toParts(texts: Partial<Record<FormatPart, string>>): ReturnType<ReadTime> {
  const { hour, minute, second, fraction, half, zone } = texts
  const time = toClockTime({ hour, minute, second, fraction, half, zone })
  const month = texts.month === undefined ? monthOf(texts.monthName) : Number(texts.month)
  return time && { year: fullYear(texts.year), month, day: Number(texts.day), ...time }
}

/** Returns the milliseconds of a text such as `01:02:03.5`, `2:03` (minutes) or `PT2M3S`; `undefined` for another. */
export function parseDurationText(text: string): number | undefined {
  const clock = /^(?:(\d{1,4}):)?(\d{1,4}):([0-5]\d(?:[.,]\d+)?)$/.exec(text)
  const iso = /^PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?$/i.exec(text)
  const [, hours = '0', minutes = '0', seconds = '0'] = clock ?? iso ?? []
  if (clock === null && iso === null) return undefined
  if (clock?.[1] !== undefined && Number(minutes) > 59) return undefined
  return Math.round((Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds.replace(',', '.'))) * 1_000)
}

/** The name of a time zone that this runtime knows. */
export const timeZoneSchema = textThat(isTimeZone, expectedTimeZone)
