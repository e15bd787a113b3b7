/** What came of a simulated stretch of time. Plain JSON; the same scenario and seed give the same, to the last bit. */
export interface SimulationResult {
  readonly scenario: string | null
  readonly seed: number
  readonly fromAt: number
  readonly untilAt: number
  readonly timeZone: string
  readonly intervalMs: number
  readonly serviceLevelMs: number
  /** What was said before the run. */
  readonly findings: readonly StaffingFinding[]
  readonly total: DeskFigures
  /** One for each `intervalMs` from `fromAt` on: what a plot shows. */
  readonly series: readonly IntervalFigures[]
  /** The 24 hours of the day in the scenario's time zone. */
  readonly byHour: readonly HourFigures[]
  /** By name; last `null`, where there are requests whose route names no team or people without one. */
  readonly teams: readonly TeamFigures[]
  /** In the order of the list; last `null`, where there are requests that no workflow routed. */
  readonly workflows: readonly WorkflowFigures[]
  readonly staff: readonly StaffMemberFigures[]
  /** Domain events that the desk's core made of it. */
  readonly events: number
}

/** Requests are counted where they arrived, however late they ended. */
export interface RequestFigures {
  readonly offered: number
  /** Accepted at least once. */
  readonly answered: number
  /** The visitor gave up first. */
  readonly abandoned: number
  /** Closed by the policy's `maxWaitMs`. */
  readonly expired: number
  /** Neither of these when the time was over. */
  readonly stillOpen: number
  /** Had a moment at which the desk called them unattended, for any cause. */
  readonly unattended: number
  /** Waited at all before they were accepted or given up. */
  readonly delayed: number
  /** Answered within `serviceLevelMs`. */
  readonly answeredInTime: number
  /** From opening to accept; `null` when none was answered. */
  readonly waitMs: WaitFigures | null
  /** Mean over answered and abandoned alike; `null` when there are none. */
  readonly meanQueueMs: number | null
  /** Share of answered and abandoned requests that were answered in time; `null` when there are none. */
  readonly serviceLevel: number | null
  /** Share of answered and abandoned requests that were abandoned; `null` when there are none. */
  readonly abandonment: number | null
}

/** Percentiles come from a histogram of constant size: within 1 % of the exact ones. Mean and max are exact. */
export interface WaitFigures {
  readonly mean: number
  readonly p50: number
  readonly p90: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

export interface StaffTimeFigures {
  /** Time people were present and available, added up. */
  readonly staffedMs: number
  /** Share of staffed time with at least one chat or wrap-up; `null` when nobody was there. */
  readonly occupancy: number | null
  /** Share of the capacity of staffed time that was taken; `null` when nobody was there. */
  readonly load: number | null
}

export interface DeskFigures extends RequestFigures, StaffTimeFigures {
  /** Refused by a limit of the policy. */
  readonly refused: number
  /** Visitors who asked again while their request was open. */
  readonly repeated: number
  readonly muted: number
  /** Selective offers that nobody answered in time. */
  readonly missed: number
  readonly meanQueueLength: number
  readonly maxQueueLength: number
}

export interface IntervalFigures extends RequestFigures, StaffTimeFigures {
  readonly at: number
  /** Open requests that nobody has taken: mean and most over the interval. */
  readonly queueLength: number
  readonly maxQueueLength: number
  /** Mean number of people present and available. */
  readonly staffed: number
}

export interface HourFigures extends RequestFigures, StaffTimeFigures {
  /** 0 to 23. */
  readonly hour: number
  /** Mean number of open requests that nobody has taken. */
  readonly queueLength: number
}

/** Requests whose route first names this team, and the time of its members. */
export interface TeamFigures extends RequestFigures, StaffTimeFigures {
  readonly team: string | null
  readonly byHour: readonly (RequestFigures & StaffTimeFigures & { readonly hour: number })[]
}

export interface WorkflowFigures extends RequestFigures {
  readonly workflow: string | null
}

export interface StaffMemberFigures extends StaffTimeFigures {
  readonly staffId: string
  readonly answered: number
  readonly muted: number
  readonly missed: number
}

/** Something about a scenario that is said before it is run. An `error` leaves requests that nobody can ever take. */
export interface StaffingFinding {
  readonly severity: 'error' | 'warning'
  readonly code:
    | 'empty-audience'
    | 'unknown-shift'
    | 'never-on-shift'
    | 'hours-uncovered'
    | 'overloaded'
    | 'close-to-capacity'
    | 'too-heavy'
    | 'no-arrivals'
    | 'never-present'
    | 'answers-too-slowly'
  /** The workflow, target, team or person it is about. */
  readonly about: string
  readonly message: string
}

export function createFinding(
  severity: StaffingFinding['severity'],
  code: StaffingFinding['code'],
  about: string,
  message: string,
): StaffingFinding {
  return { severity, code, about, message }
}

/** Names as a reader can take them in. */
export function formatFirstNames(names: readonly string[]): string {
  return names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`
}
