import { formatterOf } from './time-zone'

// A wall time is what a clock on the wall shows, as the milliseconds since the epoch that UTC would show it at.

const dayMs = 86_400_000
const secondMs = 1_000

/** What clocks in the zone show at an instant. */
export function wallTimeAt(timeZone: string, at: number): number {
  const seconds = Math.floor(at / secondMs) * secondMs
  return at - seconds + wallSeconds(timeZone, seconds)
}

/** The first instant at which clocks in the zone show this wall time or a later one (SEMANTICS 8). */
export function instantOf(timeZone: string, wall: number): number {
  const early = offsetAt(timeZone, wall - dayMs)
  const late = offsetAt(timeZone, wall + dayMs)
  if (offsetAt(timeZone, wall - early) === early) return earlier(timeZone, wall, { early, late })
  if (offsetAt(timeZone, wall - late) === late) return wall - late
  return transitionBetween(timeZone, wall - dayMs, wall + dayMs)
}

function earlier(timeZone: string, wall: number, { early, late }: { early: number; late: number }): number {
  const isTwice = late > early && offsetAt(timeZone, wall - late) === late
  return wall - (isTwice ? late : early)
}

function offsetAt(timeZone: string, at: number): number {
  return wallTimeAt(timeZone, at) - at
}

/** The instant of the one change of the clocks between two. */
function transitionBetween(timeZone: string, before: number, after: number): number {
  const held = offsetAt(timeZone, before)
  let low = Math.floor(before / secondMs)
  let high = Math.ceil(after / secondMs)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(timeZone, middle * secondMs) === held) low = middle
    else high = middle
  }
  return high * secondMs
}

const known = new Map<string, Map<number, number>>()
const knownMax = 4_096

/** Formatting is the costly part; the same few days are asked for again and again. */
function wallSeconds(timeZone: string, at: number): number {
  const ofZone = known.get(timeZone) ?? new Map<number, number>()
  known.set(timeZone, ofZone)
  const found = ofZone.get(at)
  if (found !== undefined) return found
  if (ofZone.size >= knownMax) ofZone.clear()
  const wall = formatted(timeZone, at)
  ofZone.set(at, wall)
  return wall
}

function formatted(timeZone: string, at: number): number {
  const part: Record<string, string> = {}
  for (const { type, value } of formatterOf(timeZone).formatToParts(at)) part[type] = value
  const year = Number(part.year)
  const date = new Date(0)
  date.setUTCFullYear(part.era?.startsWith('B') === true ? 1 - year : year, Number(part.month) - 1, Number(part.day))
  return date.setUTCHours(Number(part.hour), Number(part.minute), Number(part.second), 0)
}
