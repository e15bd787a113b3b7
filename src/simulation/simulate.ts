import { InvalidInputError } from '../core'
import { arrivalsOf } from './arrivals-of'
import { checkStaffing } from './check-staffing'
import { Day } from './day'
import type { OnProgress } from './progress'
import type { Scenario } from './scenario'
import type { DeskFigures, SimulationResult, TeamFigures, WorkflowFigures } from './simulation-result'

export interface SimulateOptions {
  /** A whole number; the same one gives the same day. Default 1. */
  readonly seed?: number
  readonly onProgress?: OnProgress
}

const reports = 100

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
  const day = new Day(scenario, seed)
  const reportMs = (untilAt - fromAt) / reports
  let reportAt = onProgress === undefined ? Number.POSITIVE_INFINITY : fromAt
  for (const arrival of arrivalsOf(scenario, seed)) {
    while (arrival.at >= reportAt) {
      onProgress?.({ share: (reportAt - fromAt) / (untilAt - fromAt), at: reportAt, requests: day.arrived })
      reportAt += reportMs
    }
    day.arrive(arrival)
  }
  day.close(untilAt)
  onProgress?.({ share: 1, at: untilAt, requests: day.arrived })
  return resultOf(scenario, day, { seed, findings })
}

function resultOf(
  scenario: Scenario,
  day: Day,
  { seed, findings }: Pick<SimulationResult, 'seed' | 'findings'>,
): SimulationResult {
  const { name, fromAt, untilAt, timeZone, intervalMs, serviceLevelMs } = scenario
  const { book, people, events } = day
  return {
    scenario: name,
    seed,
    ...{ fromAt, untilAt, timeZone, intervalMs, serviceLevelMs, findings },
    total: totalOf(day),
    series: book.series,
    byHour: book.hours.map((hour) => hour.figures()),
    teams: book.teams.map((team) => team.figures()).filter(isUsed),
    workflows: [...book.workflows].map(([workflow, tally]) => ({ workflow, ...tally.figures() })).filter(isUsed),
    staff: [...people.values()].map(({ id, time, answered, muted, missed }) => ({
      ...{ staffId: id, ...time.figures(), answered, muted, missed },
    })),
    events,
  }
}

/** Where everything has a team or a workflow, the row of what has none says nothing. */
function isUsed(row: TeamFigures | WorkflowFigures): boolean {
  const name = 'team' in row ? row.team : row.workflow
  return name !== null || row.offered > 0 || ('staffedMs' in row && row.staffedMs > 0)
}

function totalOf({ book, people, refused, repeated }: Day): DeskFigures {
  let muted = 0
  let missed = 0
  for (const person of people.values()) {
    muted += person.muted
    missed += person.missed
  }
  return {
    ...book.requests.figures(),
    ...book.time.figures(),
    ...{ refused, repeated, muted, missed },
    meanQueueLength: book.passedMs === 0 ? 0 : book.queueMs / book.passedMs,
    maxQueueLength: book.maxQueueLength,
  }
}
