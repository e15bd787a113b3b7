import { described, type InputIssue, InvalidInputError } from '../core'
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
    const issues = issuesOf(arrival, latestAt)
    if (issues.length > 0)
      throw new InvalidInputError(
        issues.map((issue) => ({ ...issue, path: ['arrivals', 'list', index, ...issue.path] })),
      )
    latestAt = at
    index += 1
    if (at >= untilAt) return
    if (at >= fromAt) yield arrival
  }
}

/** Lists that were parsed are known to be sound; whatever else can be walked is looked at here. */
function issuesOf({ at, facts, handlingMs = 0, patienceMs }: Arrival, latestAt: number): InputIssue[] {
  const issues: InputIssue[] = []
  if (!Number.isInteger(at)) issues.push({ path: ['at'], expected: 'whole milliseconds', got: described(at) })
  else if (at < latestAt) issues.push({ path: ['at'], expected: `at least the ${latestAt} before`, got: String(at) })
  if (typeof facts !== 'object' || facts === null)
    issues.push({ path: ['facts'], expected: 'an object', got: described(facts) })
  if (!(handlingMs >= 0))
    issues.push({ path: ['handlingMs'], expected: 'milliseconds, 0 or more', got: described(handlingMs) })
  if (patienceMs != null && !(patienceMs >= 0))
    issues.push({ path: ['patienceMs'], expected: 'milliseconds, 0 or more, or null', got: described(patienceMs) })
  return issues
}
