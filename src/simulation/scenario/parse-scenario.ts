import type { Facts, Policy, RouteInput, Shift, Staff, Target } from '../../core'
import {
  completeRoute,
  defaultPolicy,
  describeValue,
  everyoneRoute,
  type InputIssue,
  InvalidInputError,
} from '../../core'
import {
  addIssue,
  type Guard,
  isRecord,
  listOf,
  orNull,
  type Path,
  parsePolicy,
  parseRoster,
  record,
  text,
} from '../../desk'
import { collectIssues } from '../../input'
import type { NamedConditions } from '../../routing'
import { parseConditions, parseRoute, parseShifts, parseTarget, parseWorkflows } from '../../routing'
import type { Arrival, ArrivalColumns } from '../arrivals/arrival-source'
import { parseArrivalSource } from '../arrivals/arrival-source'
import type { Distribution } from './distribution'
import { distributionGuard } from './distribution'
import { parseInstant, timeZoneGuard } from './instant'
import type { Behaviour, Scenario, StaffGroup } from './scenario'

const hourMs = 3_600_000
const hoursMax = 366 * 24
const intervalsMax = 100_000

const scenarioKeys = [
  ...['name', 'from', 'forHours', 'staff', 'shifts', 'workflows', 'conditions', 'defaultRoute', 'policy', 'warmUpMs'],
  ...['intervalMs', 'timeZone', 'serviceLevelMs', 'arrivals', 'behaviour'],
]

/**
 * A scenario as a person wrote it (`ScenarioInput`, or what `JSON.parse` gave): a copy, with every default filled in.
 * Whether it can be staffed is another question: see `checkStaffing`.
 *
 * @throws InvalidInputError with every problem found.
 */
export function parseScenario(input: unknown): Scenario {
  if (!isRecord(input)) throw new InvalidInputError([{ path: [], expected: 'a scenario', got: describeValue(input) }])
  const issues: InputIssue[] = []
  for (const key of Object.keys(input)) if (!scenarioKeys.includes(key)) addUnknownKey(key, issues)
  const scenario: PartialScenario = {
    ...parseTimes(input, issues),
    ...parseRules(input, issues),
    ...parseStaffAndArrivals(input, issues),
  }
  if (issues.length > 0) throw new InvalidInputError(issues)
  return scenario as Scenario
}

/** A malformed part is `undefined` and has an issue. */
type PartialScenario = { readonly [Key in keyof Scenario]: Scenario[Key] | undefined }

function parseTimes(input: Readonly<Record<string, unknown>>, issues: InputIssue[]) {
  const fromAt = parseStart(input.from, issues)
  const forHours = parseNumber(input.forHours ?? 24, ['forHours'], { issues, above: 0, max: hoursMax, unit: 'hours' })
  const forMs = Math.round(forHours * hourMs)
  const least = Math.max(1_000, Math.ceil(forMs / intervalsMax))
  const intervalMs = parseNumber(input.intervalMs ?? hourMs / 2, ['intervalMs'], {
    issues,
    above: least - 1,
    max: forMs + hourMs * 24,
  })
  const warmUpMs = parseNumber(input.warmUpMs ?? 0, ['warmUpMs'], { issues, above: -1, max: forMs })
  const serviceLevelMs = parseNumber(input.serviceLevelMs ?? 20_000, ['serviceLevelMs'], {
    issues,
    above: -1,
    max: 366 * 24 * hourMs,
  })
  const timeZone = timeZoneGuard(input.timeZone ?? 'UTC', ['timeZone'], issues) ?? 'UTC'
  const name = input.name === undefined ? null : text(input.name, ['name'], issues)
  return { name, fromAt, untilAt: fromAt + forMs, warmUpMs, intervalMs, serviceLevelMs, timeZone }
}

function parseRules(input: Readonly<Record<string, unknown>>, issues: InputIssue[]) {
  const conditions = collectIssues(issues, () => parseConditions(input.conditions ?? {})) ?? {}
  const workflows = collectIssues(issues, () => parseWorkflows(input.workflows ?? [], { conditions }))
  const given = input.defaultRoute
  const defaultRoute =
    given === undefined
      ? everyoneRoute
      : collectIssues(issues, () => completeRoute(parseRoute(given, ['defaultRoute'])))
  const policy = collectIssues(issues, () => parsePolicy(input.policy ?? {})) ?? {}
  return { conditions, workflows, defaultRoute, policy: { ...defaultPolicy, ...policy, sessionLeaseMs: null } }
}

function parseStaffAndArrivals(input: Readonly<Record<string, unknown>>, issues: InputIssue[]) {
  return {
    staff: collectIssues(issues, () => parseRoster(input.staff)),
    shifts: collectIssues(issues, () => parseShifts(input.shifts ?? [])),
    arrivals: parseArrivalSource(input.arrivals, ['arrivals'], issues),
    behaviour: parseBehaviour(input.behaviour, ['behaviour'], issues),
  }
}

function parseStart(value: unknown, issues: InputIssue[]): number {
  const at = parseInstant(value)
  if (at !== undefined) return at
  addIssue(issues, ['from'], 'an instant such as "2026-11-23T00:00:00Z", or milliseconds since the epoch', value)
  return 0
}

interface NumberBounds {
  readonly issues: InputIssue[]
  readonly above: number
  readonly max: number
  readonly unit?: string
}

function parseNumber(value: unknown, path: Path, { issues, above, max, unit = 'milliseconds' }: NumberBounds): number {
  const isWhole = unit !== 'milliseconds' || Number.isInteger(value)
  if (typeof value === 'number' && isWhole && value > above && value <= max) return value
  const least = unit === 'milliseconds' ? `${above + 1} or more` : `above ${above}`
  addIssue(issues, path, `${unit}, ${least} and at most ${max}`, value)
  return 1
}

function addUnknownKey(key: string, issues: InputIssue[]): void {
  issues.push({ path: [key], expected: `one of ${scenarioKeys.join(', ')}`, got: 'an unknown key' })
}

/** A scenario as it is written, in code or in a JSON file. Staff without shifts are always on shift. */
export interface ScenarioInput {
  readonly name?: string
  /** ISO 8601 with an offset or `Z`, or milliseconds since the epoch. */
  readonly from: string | number
  /** Length in hours. Default 24. */
  readonly forHours?: number
  readonly staff: readonly Staff[]
  readonly shifts?: readonly Shift[]
  readonly workflows?: readonly unknown[]
  /** Conditions that workflows refer to by name. */
  readonly conditions?: NamedConditions
  readonly defaultRoute?: RouteInput
  /** `sessionLeaseMs` has no effect: simulated staff never lose a connection. */
  readonly policy?: Partial<Policy>
  readonly warmUpMs?: number
  readonly intervalMs?: number
  readonly timeZone?: string
  readonly serviceLevelMs?: number
  readonly arrivals: ArrivalsInput
  readonly behaviour: BehaviourInput
}

export type ArrivalsInput = RateInput | { readonly list: Iterable<Arrival> } | ArrivalFileInput

export interface RateInput {
  /** Requests an hour: one number, 24 by hour of the day, or 168 by hour of the week from Monday on. */
  readonly perHour: number | readonly number[]
  /** Default: one kind without facts. */
  readonly kinds?: readonly KindInput[]
}

export interface KindInput {
  readonly share?: number
  readonly facts?: Facts
  readonly weight?: number
  readonly handling?: Distribution
  readonly patience?: Distribution
}

export interface ArrivalFileInput {
  readonly file: string
  /** Default: by the ending of the name. */
  readonly format?: 'jsonl' | 'csv'
  readonly columns?: Partial<ArrivalColumns>
}

export interface BehaviourInput extends StaffBehaviourInput {
  readonly handling: Distribution
  /** Default `null`: visitors wait for ever. */
  readonly patience?: Distribution | null
  readonly groups?: readonly (StaffBehaviourInput & { readonly who: Target })[]
}

interface StaffBehaviourInput {
  /** Default: at once. */
  readonly answer?: Distribution
  /** Default 0. */
  readonly muteShare?: number
  /** Default: five minutes. */
  readonly awayDuration?: Distribution
  readonly handling?: Distribution
}

const groupsMax = 1_000

export const shareGuard: Guard<number> = (value, path, issues) =>
  typeof value === 'number' && value >= 0 && value <= 1 ? value : addIssue(issues, path, 'a number from 0 to 1', value)

/** A target as `routing/` reads it. */
const targetGuard: Guard<Target> = (value, path, issues) => {
  try {
    return parseTarget(value, path)
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    issues.push(...error.issues)
    return undefined
  }
}

const optionalBehaviourFields = { answer: distributionGuard, muteShare: shareGuard, awayDuration: distributionGuard }
const staffGroupGuard = record({
  required: { who: targetGuard },
  optional: { ...optionalBehaviourFields, handling: distributionGuard },
})
const behaviourGuard = record({
  required: { handling: distributionGuard },
  optional: {
    ...optionalBehaviourFields,
    patience: orNull(distributionGuard),
    groups: listOf(staffGroupGuard, groupsMax),
  },
})

const zeroDuration: Distribution = { distribution: 'fixed', ms: 0 }
const fiveMinutes: Distribution = { distribution: 'fixed', ms: 300_000 }

/** How people act, with every default filled in; `undefined`, and what is wrong in `issues`, otherwise. */
export function parseBehaviour(input: unknown, path: Path, issues: InputIssue[]): Behaviour | undefined {
  if (!isRecord(input)) return addIssue(issues, path, 'an object with handling', input)
  const count = issues.length
  const found = behaviourGuard(input, path, issues) as Partial<Behaviour> | undefined
  if (found?.handling === undefined || issues.length > count) return undefined
  return {
    answer: found.answer ?? zeroDuration,
    muteShare: found.muteShare ?? 0,
    awayDuration: found.awayDuration ?? fiveMinutes,
    handling: found.handling,
    patience: found.patience ?? null,
    groups: (found.groups ?? []) as readonly StaffGroup[],
  }
}
