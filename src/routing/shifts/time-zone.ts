import { describeValue } from '../../core'
import { formatWords, nearest } from '../../input'

// A wall time is a local date and time, as the milliseconds since the epoch at which UTC shows the same.

const dayMs = 86_400_000
const secondMs = 1_000

/** Returns the wall time of an instant in a zone. */
export function wallTimeAt(timeZone: string, at: number): number {
  const seconds = Math.floor(at / secondMs) * secondMs
  return at - seconds + cachedWallTime(timeZone, seconds)
}

/** Returns the first instant at which clocks in the zone show this wall time or a later one. See docs/semantics.md. */
export function instantAt(timeZone: string, wall: number): number {
  const early = offsetAt(timeZone, wall - dayMs)
  const late = offsetAt(timeZone, wall + dayMs)
  if (offsetAt(timeZone, wall - early) === early) return earlierInstant(timeZone, wall, { early, late })
  if (offsetAt(timeZone, wall - late) === late) return wall - late
  return offsetChangeBetween(timeZone, wall - dayMs, wall + dayMs)
}

function earlierInstant(timeZone: string, wall: number, { early, late }: { early: number; late: number }): number {
  const isTwice = late > early && offsetAt(timeZone, wall - late) === late
  return wall - (isTwice ? late : early)
}

function offsetAt(timeZone: string, at: number): number {
  return wallTimeAt(timeZone, at) - at
}

/** The instant of the one change of the clocks between two instants. */
function offsetChangeBetween(timeZone: string, before: number, after: number): number {
  const offsetBefore = offsetAt(timeZone, before)
  let low = Math.floor(before / secondMs)
  let high = Math.ceil(after / secondMs)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(timeZone, middle * secondMs) === offsetBefore) low = middle
    else high = middle
  }
  return high * secondMs
}

const wallTimeCache = new Map<string, Map<number, number>>()
const wallTimeCacheMax = 4_096

/** Formatting is the expensive part, and the same few days are needed again and again. */
function cachedWallTime(timeZone: string, at: number): number {
  const ofZone = wallTimeCache.get(timeZone) ?? new Map<number, number>()
  const cached = ofZone.get(at)
  if (cached !== undefined) return cached
  if (ofZone.size >= wallTimeCacheMax) ofZone.clear()
  const wall = computeWallTime(timeZone, at)
  wallTimeCache.set(timeZone, ofZone)
  ofZone.set(at, wall)
  return wall
}

function computeWallTime(timeZone: string, at: number): number {
  const part: Record<string, string> = {}
  const formatter = formatterOf(timeZone)
  if (formatter === undefined) {
    throw new RangeError(`time zone ${describeValue(timeZone)}: expected ${expectedTimeZone(timeZone)}`)
  }
  for (const { type, value } of formatter.formatToParts(at)) part[type] = value
  const year = Number(part.year)
  const date = new Date(0)
  date.setUTCFullYear(part.era?.startsWith('B') === true ? 1 - year : year, Number(part.month) - 1, Number(part.day))
  return date.setUTCHours(Number(part.hour), Number(part.minute), Number(part.second), 0)
}

const formatterCache = new Map<string, Intl.DateTimeFormat>()

/** `UTC`, or a name of the IANA database that says its area: `Etc/UTC`, `America/Argentina/Salta`. */
const zonePattern = /^(UTC|[A-Z]+(\/[\w+-]+){1,2})$/i
const areas: ReadonlySet<string> = new Set([
  ...['africa', 'america', 'antarctica', 'arctic', 'asia', 'atlantic', 'australia', 'brazil', 'canada', 'chile'],
  ...['etc', 'europe', 'indian', 'mexico', 'pacific', 'us', 'utc'],
])

/**
 * Returns whether the runtime knows this zone, and the name says its area. Offsets such as `+02:00` have no daylight
 * saving, and letters such as `BST` mean several zones: see `expectedTimeZone`.
 */
export function isTimeZone(name: string): boolean {
  return formatterOf(name) !== undefined
}

/** Returns a cached formatter, because making one costs a thousand times more than using it; `undefined`: no zone. */
function formatterOf(timeZone: string): Intl.DateTimeFormat | undefined {
  const found = formatterCache.get(timeZone)
  if (found !== undefined) return found
  const [area = ''] = timeZone.toLowerCase().split('/', 1)
  if (timeZone.length > 64 || !zonePattern.test(timeZone) || !areas.has(area)) return undefined
  const formatter = createFormatter(timeZone)
  if (formatter !== undefined) formatterCache.set(timeZone, formatter)
  return formatter
}

/** Returns a formatter of any name that the runtime knows; `undefined` for others. */
function createFormatter(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      era: 'short',
    })
  } catch {
    return undefined
  }
}

/** What people mean by letters. The runtime knows some of them, each as one zone only: `BST` as Asia/Dhaka. */
const meantByLetters: Readonly<Record<string, readonly string[]>> = {
  ACDT: ['Australia/Adelaide'],
  ACST: ['Australia/Adelaide', 'Australia/Darwin'],
  ACT: ['Australia/Sydney', 'America/Rio_Branco'],
  ADT: ['America/Halifax'],
  AEDT: ['Australia/Sydney'],
  AEST: ['Australia/Sydney', 'Australia/Brisbane'],
  AET: ['Australia/Sydney'],
  AKDT: ['America/Anchorage'],
  AKST: ['America/Anchorage'],
  AST: ['America/Halifax', 'Asia/Riyadh', 'America/Puerto_Rico'],
  AWST: ['Australia/Perth'],
  BRT: ['America/Sao_Paulo'],
  BST: ['Europe/London', 'Asia/Dhaka'],
  CAT: ['Africa/Maputo'],
  CDT: ['America/Chicago', 'America/Havana'],
  CEST: ['Europe/Berlin', 'Europe/Paris'],
  CET: ['Europe/Berlin', 'Europe/Paris'],
  CST: ['America/Chicago', 'Asia/Shanghai', 'America/Havana'],
  CST6CDT: ['America/Chicago'],
  CT: ['America/Chicago'],
  EAT: ['Africa/Nairobi'],
  ECT: ['America/Guayaquil', 'Europe/Paris'],
  EDT: ['America/New_York'],
  EEST: ['Europe/Athens', 'Europe/Kyiv'],
  EET: ['Europe/Athens', 'Europe/Kyiv'],
  EST: ['America/New_York', 'America/Panama', 'Australia/Sydney'],
  EST5EDT: ['America/New_York'],
  ET: ['America/New_York'],
  GMT: ['UTC', 'Europe/London'],
  GST: ['Asia/Dubai'],
  HKT: ['Asia/Hong_Kong'],
  HST: ['Pacific/Honolulu'],
  ICT: ['Asia/Bangkok'],
  IST: ['Asia/Kolkata', 'Europe/Dublin', 'Asia/Jerusalem'],
  JST: ['Asia/Tokyo'],
  KST: ['Asia/Seoul'],
  MDT: ['America/Denver'],
  MSK: ['Europe/Moscow'],
  MST: ['America/Denver', 'America/Phoenix', 'Asia/Kuala_Lumpur'],
  MST7MDT: ['America/Denver'],
  NST: ['America/St_Johns', 'Pacific/Auckland'],
  NZDT: ['Pacific/Auckland'],
  NZST: ['Pacific/Auckland'],
  PDT: ['America/Los_Angeles'],
  PKT: ['Asia/Karachi'],
  PST: ['America/Los_Angeles', 'Asia/Manila'],
  PST8PDT: ['America/Los_Angeles'],
  PT: ['America/Los_Angeles'],
  SAST: ['Africa/Johannesburg'],
  SGT: ['Asia/Singapore'],
  SST: ['Pacific/Pago_Pago', 'Asia/Singapore'],
  WAT: ['Africa/Lagos'],
  WEST: ['Europe/Lisbon'],
  WET: ['Europe/Lisbon'],
  WIB: ['Asia/Jakarta'],
}

/** Returns what is expected where a value is no time zone, with the names that the value may mean. */
export function expectedTimeZone(value: unknown): string {
  const expected = 'the IANA name of a time zone with its area'
  const meant = typeof value === 'string' && value.length <= 64 ? meantZones(value.trim()) : []
  if (meant.length === 0) return `${expected}, such as "Europe/London", or "UTC"`
  return `${expected}; what may be meant is ${formatWords(meant)}`
}

let knownZones: readonly string[] | undefined

function meantZones(name: string): readonly string[] {
  const letters = name.toUpperCase()
  if (Object.hasOwn(meantByLetters, letters)) return meantByLetters[letters] ?? []
  knownZones ??= Intl.supportedValuesOf('timeZone')
  const place = `/${name.replace(/\s+/g, '_').toLowerCase()}`
  const ofPlace = knownZones.filter((zone) => zone.toLowerCase().endsWith(place))
  if (ofPlace.length > 0) return ofPlace
  const sameStart = (zone: string) => zone[0] === letters[0]
  const near = name.includes('/') ? nearest(name, knownZones.filter(sameStart)) : undefined
  const zone = near ?? (/^[A-Z]/.test(letters) ? createFormatter(name)?.resolvedOptions().timeZone : undefined)
  return zone !== undefined && isTimeZone(zone) ? [zone] : []
}
