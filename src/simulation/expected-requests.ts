import type { Facts } from '../core'
import type { Arrival } from './arrival'
import { hourOfWeek } from './poisson-arrivals'
import type { PresenceGrid } from './presence-grid'
import { meanOf } from './quantile'
import type { Scenario } from './scenario'

/** Requests of one sort that a scenario is to expect. */
export interface ExpectedRequests {
  readonly facts: Facts
  readonly weight: number
  /** How many in each slot of the grid. */
  readonly perSlot: Float64Array
  /** Mean length of a chat; `null`: as whoever takes it needs. */
  readonly handlingMs: number | null
}

const samplesMax = 2_000

/**
 * What arrivals a scenario is to expect: each kind of the generated ones; of a list every nth, standing for those
 * between. What is neither a rate nor a list at hand is not known before it is walked: `null`.
 */
export function expectedRequests(scenario: Scenario, grid: PresenceGrid): readonly ExpectedRequests[] | null {
  const { arrivals, policy, timeZone } = scenario
  if (arrivals.from === 'file' || (arrivals.from === 'list' && !Array.isArray(arrivals.arrivals))) return null
  if (arrivals.from === 'list') return fromList(scenario, arrivals.arrivals as readonly Arrival[], grid)
  const perSlot = Float64Array.from({ length: grid.slots }, (_, slot) => {
    const hour = hourOfWeek(timeZone, Math.floor(grid.fromAt + slot * grid.slotMs))
    return ((arrivals.perHour[hour] ?? 0) * grid.slotMs) / 3_600_000
  })
  const shares = arrivals.kinds.reduce((sum, { share }) => sum + share, 0)
  return arrivals.kinds.map(({ share, facts, weight, handling }) => ({
    facts,
    weight: weight ?? policy.weight,
    perSlot: perSlot.map((count) => (count * share) / shares),
    handlingMs: handling === null ? null : meanOf(handling),
  }))
}

function fromList({ fromAt, untilAt, policy }: Scenario, list: readonly Arrival[], grid: PresenceGrid) {
  const inTime = list.filter(({ at }) => at >= fromAt && at < untilAt)
  const stride = Math.max(1, Math.ceil(inTime.length / samplesMax))
  const samples = inTime.filter((_, index) => index % stride === 0)
  return samples.map(({ at, facts, weight = policy.weight, handlingMs = null }): ExpectedRequests => {
    const perSlot = new Float64Array(grid.slots)
    perSlot[Math.min(grid.slots - 1, Math.floor((at - fromAt) / grid.slotMs))] = inTime.length / samples.length
    return { facts, weight, perSlot, handlingMs }
  })
}
