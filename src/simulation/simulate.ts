import { InvalidInputError } from '../core'
import { arrivalStream } from './arrivals/arrival-stream'
import { checkStaffing } from './checks/check-staffing'
import { SimulationRun } from './run/simulation-run'
import type { Scenario } from './scenario/scenario'
import type { DeskFigures, SimulationResult, TeamFigures, WorkflowFigures } from './stats/simulation-result'

export interface SimulateOptions {
  /** A whole number; the same one gives the same day. Default 1. */
  readonly seed?: number
  readonly onProgress?: OnProgress
}

const progressReports = 100

/**
 * Runs a scenario once, in virtual time, on the real core with the real routing. Synchronous: a day of 100 000 requests
 * takes seconds.
 *
 * @throws InvalidInputError for a seed that is no whole number, and for arrivals that nobody has read or that go back
 * in time.
 */
export function simulate(scenario: Scenario, { seed = 1, onProgress }: SimulateOptions = {}): SimulationResult {
  if (!Number.isSafeInteger(seed))
    throw new InvalidInputError([{ path: ['seed'], expected: 'a whole number', got: String(seed) }])
  const { fromAt, untilAt } = scenario
  const findings = checkStaffing(scenario)
  const day = new SimulationRun(scenario, seed)
  const reportMs = (untilAt - fromAt) / progressReports
  let reportAt = onProgress === undefined ? Number.POSITIVE_INFINITY : fromAt
  for (const arrival of arrivalStream(scenario, seed)) {
    while (arrival.at >= reportAt) {
      onProgress?.({ share: (reportAt - fromAt) / (untilAt - fromAt), at: reportAt, requests: day.arrivals })
      reportAt += reportMs
    }
    day.arrive(arrival)
  }
  day.close(untilAt)
  onProgress?.({ share: 1, at: untilAt, requests: day.arrivals })
  return toResult(scenario, day, { seed, findings })
}

function toResult(
  scenario: Scenario,
  day: SimulationRun,
  { seed, findings }: Pick<SimulationResult, 'seed' | 'findings'>,
): SimulationResult {
  const { name, fromAt, untilAt, timeZone, intervalMs, serviceLevelMs } = scenario
  const { statistics, staff, eventCount } = day
  return {
    scenario: name,
    seed,
    ...{ fromAt, untilAt, timeZone, intervalMs, serviceLevelMs, findings },
    total: toDeskStats(day),
    series: statistics.series,
    byHour: statistics.hours.map((hour) => hour.figures()),
    teams: statistics.teams.map((team) => team.figures()).filter(isNotEmpty),
    workflows: [...statistics.workflows]
      .map(([workflow, tally]) => ({ workflow, ...tally.figures() }))
      .filter(isNotEmpty),
    staff: [...staff.values()].map(({ id, time, answered, muted, missed }) => ({
      ...{ staffId: id, ...time.figures(), answered, muted, missed },
    })),
    events: eventCount,
  }
}

/** Where everything has a team or a workflow, the row of what has none says nothing. */
function isNotEmpty(row: TeamFigures | WorkflowFigures): boolean {
  const name = 'team' in row ? row.team : row.workflow
  return name !== null || row.offered > 0 || ('staffedMs' in row && row.staffedMs > 0)
}

function toDeskStats({ statistics, staff, refused, repeated }: SimulationRun): DeskFigures {
  let muted = 0
  let missed = 0
  for (const person of staff.values()) {
    muted += person.muted
    missed += person.missed
  }
  return {
    ...statistics.requests.figures(),
    ...statistics.time.figures(),
    ...{ refused, repeated, muted, missed },
    meanQueueLength: statistics.passedMs === 0 ? 0 : statistics.queueMs / statistics.passedMs,
    maxQueueLength: statistics.maxQueueLength,
  }
}

/** How far a simulation has come. */
export interface Progress {
  /** 0 to 1, of all that was asked for: with several seeds, of all of them. */
  readonly share: number
  /** The simulated instant. */
  readonly at: number
  /** Requests that have arrived in this run. */
  readonly requests: number
}

/** Called about a hundred times a run, in the same turn of the loop. */
export type OnProgress = (progress: Progress) => void
