import { InvalidInputError } from '../core'
import type { Arrival } from './arrival'
import { poissonArrivals } from './poisson-arrivals'
import type { Scenario } from './scenario'

/**
 * The arrivals of a scenario's time, in order, one at a time.
 *
 * @throws InvalidInputError for a file that nobody has read, and for arrivals that go back in time.
 */
export function arrivalsOf(scenario: Scenario, seed: number): Iterable<Arrival> {
  const { arrivals, fromAt, untilAt, timeZone } = scenario
  if (arrivals.from === 'rate') return poissonArrivals(arrivals, { fromAt, untilAt, timeZone, seed })
  if (arrivals.from === 'list') return within(arrivals.arrivals, scenario)
  const expected = 'arrivals that have been read: readArrivals, then withArrivals'
  throw new InvalidInputError([{ path: ['arrivals'], expected, got: `the file ${arrivals.file}` }])
}

function* within(arrivals: Iterable<Arrival>, { fromAt, untilAt }: Scenario): Generator<Arrival> {
  let index = 0
  let latestAt = Number.NEGATIVE_INFINITY
  for (const arrival of arrivals) {
    const { at } = arrival
    if (!Number.isInteger(at) || at < latestAt) {
      const expected = `whole milliseconds, not before the ${latestAt} of the arrival before`
      throw new InvalidInputError([{ path: ['arrivals', 'list', index, 'at'], expected, got: String(at) }])
    }
    latestAt = at
    index += 1
    if (at >= untilAt) return
    if (at >= fromAt) yield arrival
  }
}
