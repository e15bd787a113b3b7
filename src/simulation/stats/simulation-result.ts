/** The result of a run. Plain JSON; the same scenario and seed give the same, to the last bit. */
export interface SimulationResult {
  readonly scenario: string | null
  readonly seed: number
  readonly fromAt: number
  readonly untilAt: number
  readonly timeZone: string
  readonly intervalMs: number
  readonly serviceLevelMs: number
  /** The findings of `checkStaffing`. */
  readonly findings: readonly StaffingFinding[]
  readonly total: DeskStats
  /** Arrivals that are in no statistics. */
  readonly leftOut: LeftOutArrivals
  /** One for each `intervalMs` from `fromAt` on. */
  readonly series: readonly IntervalStats[]
  /** The 24 hours of the day in the scenario's time zone. */
  readonly byHour: readonly HourStats[]
  /** By name; last `null`, where there are requests whose route names no team or staff without one. */
  readonly teams: readonly TeamStats[]
  /** In the order of the list; last `null`, where there are requests that no workflow routed. */
  readonly workflows: readonly WorkflowStats[]
  readonly staff: readonly StaffMemberStats[]
  /** Domain events of the run. */
  readonly events: number
}

/** Arrivals of a list or file that opened no request, by cause. */
export interface LeftOutArrivals {
  /** Arrivals in all, those that opened a request as well. */
  readonly of: number
  /** Before the scenario's time or after it; of a source that is no list, only those before it. */
  readonly outsideHours: LeftOutCount
  /** By visitors whose request was open: they got that one back. */
  readonly repeated: LeftOutCount
  /** Refused by a limit of the policy. */
  readonly refused: LeftOutCount
}

export interface LeftOutCount {
  readonly count: number
  /** The first three: when, and who where that is known. */
  readonly first: readonly { readonly at: number; readonly visitorId: string | null }[]
}

/** Requests count in the interval and hour of their arrival. */
export interface RequestStats {
  readonly offered: number
  /** Accepted at least once. */
  readonly answered: number
  /** The visitor gave up first. */
  readonly abandoned: number
  /** Closed by the policy's `maxWaitMs`. */
  readonly expired: number
  /** None of these at the end of the run. */
  readonly stillOpen: number
  /** Reported as unattended at least once, for any cause. */
  readonly unattended: number
  /** Accepted or abandoned after a wait above zero. */
  readonly delayed: number
  /** Answered within `serviceLevelMs`. */
  readonly answeredInTime: number
  /** From opening to accept; `null` when none was answered. */
  readonly waitMs: WaitStats | null
  /** Mean over answered and abandoned alike; `null` when there are none. */
  readonly meanQueueMs: number | null
  /** Share of answered and abandoned requests that were answered in time; `null` when there are none. */
  readonly serviceLevel: number | null
  /** Share of answered and abandoned requests that were abandoned; `null` when there are none. */
  readonly abandonment: number | null
}

/** Percentiles come from a histogram of constant size: within 1 % of the exact ones. Mean and max are exact. */
export interface WaitStats {
  readonly mean: number
  readonly p50: number
  readonly p90: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

export interface StaffTimeStats {
  /** The sum of the time in which staff were present and available. */
  readonly staffedMs: number
  /** Share of staffed time with at least one chat or wrap-up; `null` without staffed time. */
  readonly occupancy: number | null
  /** Share of the capacity of staffed time that was in use; `null` without staffed time. */
  readonly load: number | null
}

export interface DeskStats extends RequestStats, StaffTimeStats {
  /** Refused by a limit of the policy. */
  readonly refused: number
  /** Requests by visitors whose request was open. */
  readonly repeated: number
  readonly muted: number
  /** Selective offers that expired. */
  readonly missed: number
  readonly meanQueueLength: number
  readonly maxQueueLength: number
}

export interface IntervalStats extends RequestStats, StaffTimeStats {
  readonly at: number
  /** Waiting requests: mean and maximum over the interval. */
  readonly queueLength: number
  readonly maxQueueLength: number
  /** Mean number of staff present and available. */
  readonly staffed: number
}

export interface HourStats extends RequestStats, StaffTimeStats {
  /** 0 to 23. */
  readonly hour: number
  /** Mean number of waiting requests. */
  readonly queueLength: number
}

/** Requests whose route first names this team, and the time of its members. */
export interface TeamStats extends RequestStats, StaffTimeStats {
  readonly team: string | null
  readonly byHour: readonly (RequestStats & StaffTimeStats & { readonly hour: number })[]
}

export interface WorkflowStats extends RequestStats {
  readonly workflow: string | null
}

export interface StaffMemberStats extends StaffTimeStats {
  readonly staffId: string
  readonly answered: number
  readonly muted: number
  readonly missed: number
}

/** A problem of a scenario, found before it is run. An `error` leaves requests that no staff member can ever accept. */
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
  /** The workflow, target, team or staff member concerned. */
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

/** Formats the first five names, and the number of the rest. */
export function formatFirstNames(names: readonly string[]): string {
  return names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`
}
