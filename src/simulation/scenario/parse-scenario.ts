import * as z from 'zod/mini'
import type { Facts, Policy, RouteInput, Shift, Staff, Target } from '../../core'
import { completeRoute, defaultPolicy, everyoneRoute } from '../../core'
import { parsePolicy, parseRoster } from '../../desk'
import {
  collectIssues,
  isRecord,
  issueOf,
  listOf,
  nullByDefault,
  objectOf,
  type ParseContext,
  parsedBy,
  parseOrThrow,
  parseWithSchema,
  refuse,
  textSchema,
} from '../../input'
import type { NamedConditions } from '../../routing'
import { parseConditions, parseRoute, parseShifts, parseTarget, parseWorkflows } from '../../routing'
import { type Arrival, type ArrivalColumns, type ArrivalSource, parseArrivalSource } from '../arrivals/arrival-source'
import { type Distribution, distributionSchema } from './distribution'
import { parseInstant, timeZoneSchema } from './instant'
import type { Behaviour, Scenario } from './scenario'

/**
 * Parses a scenario as a person wrote it (`ScenarioInput`, or what `JSON.parse` returned): a copy, with every default
 * filled in. Whether it can be staffed is another question: see `checkStaffing`.
 *
 * @throws InvalidInputError with every problem found.
 */
export function parseScenario(input: unknown): Scenario {
  return parseOrThrow((issues) => {
    if (!isRecord(input)) return refuse(issues, issueOf([], 'a scenario', input))
    const found = parseWithSchema(scenarioSchema, input, { path: [], issues })
    checkTimes(input, { path: [], issues })
    const conditions = collectIssues(issues, () => parseConditions(input.conditions ?? {}))
    // Names of conditions that are malformed are known all the same: each problem is reported once.
    const known = conditions ?? (isRecord(input.conditions) ? (input.conditions as NamedConditions) : {})
    const workflows = collectIssues(issues, () => parseWorkflows(input.workflows ?? [], { conditions: known }))
    if (found === undefined || conditions === undefined || workflows === undefined) return undefined
    const { from, forHours, policy, ...rest } = found
    return {
      ...rest,
      conditions,
      workflows,
      policy: { ...defaultPolicy, ...policy, sessionLeaseMs: null },
      fromAt: from,
      untilAt: from + Math.round(forHours * hourMs),
    }
  })
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const hoursMax = 366 * 24
const intervalsMax = 100_000
const groupsMax = 1_000
const forHoursDefault = 24

const hoursError = `hours, above 0 and at most ${hoursMax}`
const hoursSchema = z
  .number({ error: hoursError })
  .check(z.positive({ error: hoursError }), z.maximum(hoursMax, { error: hoursError }))

function millisecondsSchema(min: number, max: number) {
  const error = `milliseconds, ${min} or more and at most ${max}`
  return z.number({ error }).check(z.int({ error }), z.minimum(min, { error }), z.maximum(max, { error }))
}

const shareError = 'a number from 0 to 1'
const shareSchema = z
  .number({ error: shareError })
  .check(z.minimum(0, { error: shareError }), z.maximum(1, { error: shareError }))

const groupSchema = objectOf({
  who: parsedBy<Target>((value, { path }) => parseTarget(value, path)),
  answer: z.optional(distributionSchema),
  muteShare: z.optional(shareSchema),
  awayDuration: z.optional(distributionSchema),
  handling: z.optional(distributionSchema),
})

const behaviourSchema = objectOf({
  handling: distributionSchema,
  answer: z._default(distributionSchema, { distribution: 'fixed', ms: 0 }),
  muteShare: z._default(shareSchema, 0),
  awayDuration: z._default(distributionSchema, { distribution: 'fixed', ms: 300_000 }),
  patience: z._default(z.nullable(distributionSchema), null),
  groups: z._default(listOf(groupSchema, groupsMax), []),
}) as unknown as z.ZodMiniType<Behaviour>

/** A number that `checkTimes` checks. */
const checkedLater = parsedBy<number>((value) => value as number)

/** Parsed by `parseScenario`: workflows depend on conditions. */
const rules = z.optional(z.unknown())

const scenarioSchema = objectOf({
  name: nullByDefault(textSchema),
  from: parsedBy<number>((value, { path, issues }) => {
    const expected = 'an instant such as "2026-11-23T00:00:00Z", or milliseconds since the epoch'
    return parseInstant(value) ?? refuse(issues, issueOf(path, expected, value))
  }),
  forHours: z._default(hoursSchema, forHoursDefault),
  staff: parsedBy<readonly Staff[]>((value, { path }) => parseRoster(value, path)),
  shifts: z._default(
    parsedBy<readonly Shift[]>((value, { path }) => parseShifts(value, path)),
    [],
  ),
  workflows: rules,
  conditions: rules,
  defaultRoute: z._default(
    parsedBy((value, { path }) => completeRoute(parseRoute(value, path))),
    everyoneRoute,
  ),
  policy: z._default(
    parsedBy<Partial<Policy>>((value, { path }) => parsePolicy(value, path)),
    {},
  ),
  warmUpMs: z._default(checkedLater, 0),
  intervalMs: z._default(checkedLater, hourMs / 2),
  timeZone: z._default(timeZoneSchema, 'UTC'),
  serviceLevelMs: z._default(millisecondsSchema(0, hoursMax * hourMs), 20_000),
  arrivals: parsedBy<ArrivalSource>((value, context) => parseArrivalSource(value, context)),
  behaviour: behaviourSchema,
})

/** The bounds of `warmUpMs` and `intervalMs` depend on the scenario's length. */
function checkTimes(
  { forHours = forHoursDefault, warmUpMs, intervalMs }: Record<string, unknown>,
  { issues }: ParseContext,
): void {
  const forMs = Math.round((hoursSchema.safeParse(forHours).data ?? forHoursDefault) * hourMs)
  const intervalMinMs = Math.max(1_000, Math.ceil(forMs / intervalsMax))
  if (warmUpMs !== undefined) parseWithSchema(millisecondsSchema(0, forMs), warmUpMs, { path: ['warmUpMs'], issues })
  if (intervalMs !== undefined) {
    parseWithSchema(millisecondsSchema(intervalMinMs, forMs + dayMs), intervalMs, { path: ['intervalMs'], issues })
  }
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
