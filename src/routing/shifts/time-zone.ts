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
  wallTimeCache.set(timeZone, ofZone)
  const cached = ofZone.get(at)
  if (cached !== undefined) return cached
  if (ofZone.size >= wallTimeCacheMax) ofZone.clear()
  const wall = computeWallTime(timeZone, at)
  ofZone.set(at, wall)
  return wall
}

function computeWallTime(timeZone: string, at: number): number {
  const part: Record<string, string> = {}
  for (const { type, value } of formatterOf(timeZone).formatToParts(at)) part[type] = value
  const year = Number(part.year)
  const date = new Date(0)
  date.setUTCFullYear(part.era?.startsWith('B') === true ? 1 - year : year, Number(part.month) - 1, Number(part.day))
  return date.setUTCHours(Number(part.hour), Number(part.minute), Number(part.second), 0)
}

const formatterCache = new Map<string, Intl.DateTimeFormat>()

/** Whether the runtime knows this IANA name. Offsets such as `+02:00` are no zones: they have no daylight saving. */
export function isTimeZone(name: string): boolean {
  if (name.length > 64 || !/^[A-Za-z]/.test(name)) return false
  try {
    formatterOf(name)
    return true
  } catch {
    return false
  }
}

/** Returns a cached formatter: making one costs a thousand times more than using it. */
export function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const found = formatterCache.get(timeZone)
  if (found !== undefined) return found
  const formatter = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
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
  formatterCache.set(timeZone, formatter)
  return formatter
}
