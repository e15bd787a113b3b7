import type { Arrival } from './arrival'
import type { Scenario } from './scenario'

/** The same scenario with these arrivals, in order of time: what `readArrivals` gave for its file. */
export function withArrivals(scenario: Scenario, arrivals: Iterable<Arrival>): Scenario {
  return { ...scenario, arrivals: { from: 'list', arrivals } }
}
