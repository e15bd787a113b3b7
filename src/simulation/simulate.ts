import { InvalidInputError } from '../core'
import { arrivalStream } from './arrivals/arrival-stream'
import { checkStaffing } from './checks/check-staffing'
import { SimulationRun } from './run/simulation-run'
import type { Scenario } from './scenario/scenario'
import { LeftOutCounter } from './stats/counters'
import type { DeskStats, SimulationResult, TeamStats, WorkflowStats } from './stats/simulation-result'

export interface SimulateOptions {
  /** A whole number; the same one gives the same result. Default 1. */
  readonly seed?: number
  readonly onProgress?: OnProgress
}

const progressReports = 100

/**
 * Runs a scenario once, in virtual time, on the real core with the real routing. Synchronous: a day of 100 000 requests
 * takes seconds.
 *
 * @throws InvalidInputError for a seed that is no whole number, and for arrivals of a file that has not been read or
 * that go back in time.
 */
export function simulate(scenario: Scenario, { seed = 1, onProgress }: SimulateOptions = {}): SimulationResult {
  if (!Number.isSafeInteger(seed))
    throw new InvalidInputError([{ path: ['seed'], expected: 'a whole number', got: String(seed) }])
  const { fromAt, untilAt } = scenario
  const findings = checkStaffing(scenario)
  const simulationRun = new SimulationRun(scenario, seed)
  const reportMs = (untilAt - fromAt) / progressReports
  let reportAt = onProgress === undefined ? Number.POSITIVE_INFINITY : fromAt
  const outside = new LeftOutCounter()
  for (const arrival of arrivalStream(scenario, seed, (one) => outside.add(one))) {
    while (arrival.at >= reportAt) {
      onProgress?.({ share: (reportAt - fromAt) / (untilAt - fromAt), at: reportAt, requests: simulationRun.arrivals })
      reportAt += reportMs
    }
    simulationRun.arrive(arrival)
  }
  simulationRun.close(untilAt)
  onProgress?.({ share: 1, at: untilAt, requests: simulationRun.arrivals })
  const { repeated, refused } = simulationRun
  const of = simulationRun.arrivals + outside.count
  const leftOut = { of, outsideHours: outside.toStats(), repeated: repeated.toStats(), refused: refused.toStats() }
  return toResult(scenario, simulationRun, { seed, findings, leftOut })
}

function toResult(
  scenario: Scenario,
  simulationRun: SimulationRun,
  { seed, findings, leftOut }: Pick<SimulationResult, 'seed' | 'findings' | 'leftOut'>,
): SimulationResult {
  const { name, fromAt, untilAt, timeZone, intervalMs, serviceLevelMs } = scenario
  const { statistics, staff, eventCount } = simulationRun
  return {
    scenario: name,
    seed,
    ...{ fromAt, untilAt, timeZone, intervalMs, serviceLevelMs, findings },
    total: toDeskStats(simulationRun),
    leftOut,
    series: statistics.series,
    byHour: statistics.hours.map((hour) => hour.toStats()),
    teams: statistics.teams.map((team) => team.toStats()).filter(isNotEmpty),
    workflows: [...statistics.workflows]
      .map(([workflow, counter]) => ({ workflow, ...counter.toStats() }))
      .filter(isNotEmpty),
    staff: [...staff.values()].map(({ id, time, answered, muted, missed }) => ({
      ...{ staffId: id, ...time.toStats(), answered, muted, missed },
    })),
    events: eventCount,
  }
}

/** Rows without a team or workflow are left out when nothing counts in them. */
function isNotEmpty(row: TeamStats | WorkflowStats): boolean {
  const name = 'team' in row ? row.team : row.workflow
  return name !== null || row.offered > 0 || ('staffedMs' in row && row.staffedMs > 0)
}

function toDeskStats({ statistics, staff, refused, repeated }: SimulationRun): DeskStats {
  let muted = 0
  let missed = 0
  for (const member of staff.values()) {
    muted += member.muted
    missed += member.missed
  }
  return {
    ...statistics.requests.toStats(),
    ...statistics.time.toStats(),
    ...{ refused: refused.count, repeated: repeated.count, muted, missed },
    meanQueueLength: statistics.elapsedMs === 0 ? 0 : statistics.queueLengthIntegralMs / statistics.elapsedMs,
    maxQueueLength: statistics.maxQueueLength,
  }
}

/** The progress of a simulation. */
export interface Progress {
  /** 0 to 1; of all runs, where there are several. */
  readonly share: number
  /** The simulated instant. */
  readonly at: number
  /** Requests that have arrived in this run. */
  readonly requests: number
}

/** Called about a hundred times a run, in the same turn of the loop. */
export type OnProgress = (progress: Progress) => void
