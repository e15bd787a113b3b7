import { completeRoute, defaultPolicy, described, everyoneRoute, type InputIssue, InvalidInputError } from '../core'
import { isRecord, type Path, parsePolicy, parseRoster, text, wrong } from '../desk'
import { parseConditions, parseRoute, parseShifts, parseWorkflows } from '../routing'
import { instantFrom, timeZoneGuard } from './instant'
import { arrivalsFrom } from './parse-arrivals'
import { behaviourFrom } from './parse-behaviour'
import type { Scenario } from './scenario'

const hourMs = 3_600_000
const hoursMax = 366 * 24
const intervalsMax = 100_000

const keys = [
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
  if (!isRecord(input)) throw new InvalidInputError([{ path: [], expected: 'a scenario', got: described(input) }])
  const issues: InputIssue[] = []
  for (const key of Object.keys(input)) if (!keys.includes(key)) unknownKey(key, issues)
  const scenario: Loose = { ...timesOf(input, issues), ...rulesOf(input, issues), ...peopleOf(input, issues) }
  if (issues.length > 0) throw new InvalidInputError(issues)
  return scenario as Scenario
}

/** What is missing is `undefined`, and an issue has been told. */
type Loose = { readonly [Key in keyof Scenario]: Scenario[Key] | undefined }

function timesOf(input: Readonly<Record<string, unknown>>, issues: InputIssue[]) {
  const fromAt = instantOf(input.from, issues)
  const forHours = within(input.forHours ?? 24, ['forHours'], { issues, above: 0, max: hoursMax, unit: 'hours' })
  const forMs = Math.round(forHours * hourMs)
  const least = Math.max(1_000, Math.ceil(forMs / intervalsMax))
  const intervalMs = within(input.intervalMs ?? hourMs / 2, ['intervalMs'], {
    issues,
    above: least - 1,
    max: forMs + hourMs * 24,
  })
  const warmUpMs = within(input.warmUpMs ?? 0, ['warmUpMs'], { issues, above: -1, max: forMs })
  const serviceLevelMs = within(input.serviceLevelMs ?? 20_000, ['serviceLevelMs'], {
    issues,
    above: -1,
    max: 366 * 24 * hourMs,
  })
  const timeZone = timeZoneGuard(input.timeZone ?? 'UTC', ['timeZone'], issues) ?? 'UTC'
  const name = input.name === undefined ? null : text(input.name, ['name'], issues)
  return { name, fromAt, untilAt: fromAt + forMs, warmUpMs, intervalMs, serviceLevelMs, timeZone }
}

function rulesOf(input: Readonly<Record<string, unknown>>, issues: InputIssue[]) {
  const conditions = gathered(issues, () => parseConditions(input.conditions ?? {})) ?? {}
  const workflows = gathered(issues, () => parseWorkflows(input.workflows ?? [], { conditions }))
  const given = input.defaultRoute
  const defaultRoute =
    given === undefined ? everyoneRoute : gathered(issues, () => completeRoute(parseRoute(given, ['defaultRoute'])))
  const policy = gathered(issues, () => parsePolicy(input.policy ?? {})) ?? {}
  return { conditions, workflows, defaultRoute, policy: { ...defaultPolicy, ...policy, sessionLeaseMs: null } }
}

function peopleOf(input: Readonly<Record<string, unknown>>, issues: InputIssue[]) {
  return {
    staff: gathered(issues, () => parseRoster(input.staff)),
    shifts: gathered(issues, () => parseShifts(input.shifts ?? [])),
    arrivals: arrivalsFrom(input.arrivals, ['arrivals'], issues),
    behaviour: behaviourFrom(input.behaviour, ['behaviour'], issues),
  }
}

/** What a parser of its own makes of a part; what it throws joins the other issues. */
function gathered<Value>(issues: InputIssue[], parse: () => Value): Value | undefined {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    issues.push(...error.issues)
    return undefined
  }
}

function instantOf(value: unknown, issues: InputIssue[]): number {
  const at = instantFrom(value)
  if (at !== undefined) return at
  wrong(issues, ['from'], 'an instant such as "2026-11-23T00:00:00Z", or milliseconds since the epoch', value)
  return 0
}

interface Bounds {
  readonly issues: InputIssue[]
  readonly above: number
  readonly max: number
  readonly unit?: string
}

function within(value: unknown, path: Path, { issues, above, max, unit = 'milliseconds' }: Bounds): number {
  const isWhole = unit !== 'milliseconds' || Number.isInteger(value)
  if (typeof value === 'number' && isWhole && value > above && value <= max) return value
  const least = unit === 'milliseconds' ? `${above + 1} or more` : `above ${above}`
  wrong(issues, path, `${unit}, ${least} and at most ${max}`, value)
  return 1
}

function unknownKey(key: string, issues: InputIssue[]): void {
  issues.push({ path: [key], expected: `one of ${keys.join(', ')}`, got: 'an unknown key' })
}
