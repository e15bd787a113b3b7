import { wallTimeAt } from '../routing'
import type { Arrival } from './arrival'
import type { GeneratedArrivals, RequestKind } from './arrival-source'
import { quantileOf } from './quantile'
import { Chances, chance, purposes } from './random'

/** Every change of the clocks anywhere falls on a quarter of an hour. */
const stretchMs = 900_000
const hourMs = 3_600_000
const hours = 168

export interface Generating {
  readonly fromAt: number
  readonly untilAt: number
  readonly timeZone: string
  readonly seed: number
}

/** A Poisson process: exponential gaps in a time that runs as fast as the rate of the hour. Made as it is walked. */
export function* poissonArrivals(source: GeneratedArrivals, generating: Generating): Generator<Arrival> {
  const { untilAt, seed } = generating
  const chances = new Chances(seed, 0x61727276)
  const drawKind = kindDrawer(source.kinds)
  let at = generating.fromAt
  for (let index = 0; ; index += 1) {
    at = after(at, -Math.log1p(-chances.next()), { source, generating })
    if (at >= untilAt) return
    yield drawKind(Math.floor(at), index, seed)
  }
}

/** The instant at which as much of the rate has passed as `expected` requests. */
function after(from: number, expected: number, { source, generating }: Drawing): number {
  let at = from
  let left = expected
  while (at < generating.untilAt) {
    const start = Math.floor(at / stretchMs) * stretchMs
    const end = start + stretchMs
    const perMs = (source.perHour[hourOfWeek(generating.timeZone, start)] ?? 0) / hourMs
    if (perMs > 0 && left <= (end - at) * perMs) return at + left / perMs
    left -= (end - at) * perMs
    at = end
  }
  return at
}

interface Drawing {
  readonly source: GeneratedArrivals
  readonly generating: Generating
}

/** 0 is Monday 00:00 to 01:00 on the clocks of the zone. */
export function hourOfWeek(timeZone: string, at: number): number {
  // The epoch's first day was a Thursday.
  const hour = Math.floor(wallTimeAt(timeZone, at) / hourMs) + 3 * 24
  return ((hour % hours) + hours) % hours
}

function kindDrawer(kinds: readonly RequestKind[]) {
  let total = 0
  const drawn = kinds.map(({ share, facts, weight, handling, patience }) => {
    total += share
    return {
      until: total,
      fixed: { facts, ...(weight === null ? {} : { weight }) },
      handling: handling === null ? null : quantileOf(handling),
      patience: patience === null ? null : quantileOf(patience),
    }
  })
  return (at: number, index: number, seed: number): Arrival => {
    const { fixed, handling, patience } = found(drawn, chance(seed, index, purposes.kind) * total)
    return {
      at,
      ...fixed,
      ...(handling === null ? {} : { handlingMs: handling(chance(seed, index, purposes.handling)) }),
      ...(patience === null ? {} : { patienceMs: patience(chance(seed, index, purposes.patience)) }),
    }
  }
}

/** The first whose shares, with those before it, reach beyond a point. There is one at least. */
function found<Drawn extends { readonly until: number }>(drawn: readonly Drawn[], point: number): Drawn {
  let low = 0
  let high = drawn.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((drawn[middle] as Drawn).until > point) high = middle
    else low = middle + 1
  }
  return drawn[low] as Drawn
}
