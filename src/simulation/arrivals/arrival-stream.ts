import { describeValue, type InputIssue, InvalidInputError } from '../../core'
import { wallTimeAt } from '../../routing'
import { RandomStream, randomFor, streams } from '../run/random-stream'
import { quantileFunction } from '../scenario/distribution'
import type { Scenario } from '../scenario/scenario'
import type { Arrival, GeneratedArrivals, RequestKind } from './arrival-source'

/** Called with each arrival outside of the scenario's time. */
export type OnOutside = (arrival: Arrival) => void

/**
 * The arrivals of a scenario's time, in order, one at a time.
 *
 * @throws InvalidInputError for a file that has not been read, and for arrivals that go back in time.
 */
export function arrivalStream(scenario: Scenario, seed: number, onOutside: OnOutside = () => {}): Iterable<Arrival> {
  const { arrivals, fromAt, untilAt, timeZone } = scenario
  if (arrivals.from === 'rate') return poissonArrivals(arrivals, { fromAt, untilAt, timeZone, seed })
  if (arrivals.from === 'list') return arrivalsInPeriod(arrivals.arrivals, scenario, onOutside)
  const expected = 'arrivals that have been read: readArrivals, then withArrivals'
  throw new InvalidInputError([{ path: ['arrivals'], expected, got: `the file ${arrivals.file}` }])
}

function* arrivalsInPeriod(
  arrivals: Iterable<Arrival>,
  { fromAt, untilAt }: Scenario,
  onOutside: OnOutside,
): Generator<Arrival> {
  let index = 0
  let latestAt = Number.NEGATIVE_INFINITY
  for (const arrival of arrivals) {
    const { at } = arrival
    const issues = arrivalIssues(arrival, latestAt)
    if (issues.length > 0)
      throw new InvalidInputError(
        issues.map((issue) => ({ ...issue, path: ['arrivals', 'list', index, ...issue.path] })),
      )
    latestAt = at
    index += 1
    if (at < fromAt) onOutside(arrival)
    else if (at < untilAt) yield arrival
    else if (Array.isArray(arrivals)) onOutside(arrival)
    // A source that makes arrivals anew may have no end.
    else return
  }
}

/** Validates an arrival: an iterable that is no list has not been parsed. */
function arrivalIssues({ at, facts, handlingMs = 0, patienceMs }: Arrival, latestAt: number): InputIssue[] {
  const issues: InputIssue[] = []
  if (!Number.isInteger(at)) issues.push({ path: ['at'], expected: 'whole milliseconds', got: describeValue(at) })
  else if (at < latestAt) issues.push({ path: ['at'], expected: `at least the ${latestAt} before`, got: String(at) })
  if (typeof facts !== 'object' || facts === null)
    issues.push({ path: ['facts'], expected: 'an object', got: describeValue(facts) })
  if (!(handlingMs >= 0))
    issues.push({ path: ['handlingMs'], expected: 'milliseconds, 0 or more', got: describeValue(handlingMs) })
  if (patienceMs != null && !(patienceMs >= 0))
    issues.push({ path: ['patienceMs'], expected: 'milliseconds, 0 or more, or null', got: describeValue(patienceMs) })
  return issues
}

/** All changes of UTC offsets fall on a quarter of an hour. */
const quarterHourMs = 900_000
const hourMs = 3_600_000
const hoursPerWeek = 168

export interface ArrivalPeriod {
  readonly fromAt: number
  readonly untilAt: number
  readonly timeZone: string
  readonly seed: number
}

/** A Poisson process: exponential gaps in a time that runs as fast as the rate of the hour. Lazy. */
export function* poissonArrivals(source: GeneratedArrivals, period: ArrivalPeriod): Generator<Arrival> {
  const { untilAt, seed } = period
  const random = new RandomStream(seed, 0x61727276)
  const drawKind = requestKindSampler(source.kinds)
  let at = period.fromAt
  for (let index = 0; ; index += 1) {
    at = advanceByRate(at, -Math.log1p(-random.next()), { source, period })
    if (at >= untilAt) return
    yield drawKind(Math.floor(at), index, seed)
  }
}

/** The instant at which as much of the rate has passed as `expected` requests. */
function advanceByRate(from: number, expected: number, { source, period }: RateContext): number {
  let at = from
  let left = expected
  while (at < period.untilAt) {
    const start = Math.floor(at / quarterHourMs) * quarterHourMs
    const end = start + quarterHourMs
    const perMs = (source.perHour[hourOfWeek(period.timeZone, start)] ?? 0) / hourMs
    if (perMs > 0 && left <= (end - at) * perMs) return at + left / perMs
    left -= (end - at) * perMs
    at = end
  }
  return at
}

interface RateContext {
  readonly source: GeneratedArrivals
  readonly period: ArrivalPeriod
}

/** 0 is Monday 00:00 to 01:00 on the clocks of the zone. */
export function hourOfWeek(timeZone: string, at: number): number {
  // The epoch's first day was a Thursday.
  const hour = Math.floor(wallTimeAt(timeZone, at) / hourMs) + 3 * 24
  return ((hour % hoursPerWeek) + hoursPerWeek) % hoursPerWeek
}

function requestKindSampler(kinds: readonly RequestKind[]) {
  let total = 0
  const drawn = kinds.map(({ share, facts, weight, handling, patience }) => {
    total += share
    return {
      until: total,
      fixed: { facts, ...(weight === null ? {} : { weight }) },
      handling: handling === null ? null : quantileFunction(handling),
      patience: patience === null ? null : quantileFunction(patience),
    }
  })
  return (at: number, index: number, seed: number): Arrival => {
    const { fixed, handling, patience } = findByCumulativeShare(drawn, randomFor(seed, index, streams.kind) * total)
    return {
      at,
      ...fixed,
      ...(handling === null ? {} : { handlingMs: handling(randomFor(seed, index, streams.handling)) }),
      ...(patience === null ? {} : { patienceMs: patience(randomFor(seed, index, streams.patience)) }),
    }
  }
}

/** The first whose shares, with those before it, reach beyond a point. There is one at least. */
function findByCumulativeShare<Drawn extends { readonly until: number }>(
  drawn: readonly Drawn[],
  point: number,
): Drawn {
  let low = 0
  let high = drawn.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((drawn[middle] as Drawn).until > point) high = middle
    else low = middle + 1
  }
  return drawn[low] as Drawn
}
