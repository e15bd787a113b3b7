import type { InputIssue, Json, MetricsOptions, Policy, RouteInput, Shift, Staff } from '../core'
import { described, InvalidInputError } from '../core'
import type { EventLog } from '../log'
import { parseConditions, parseRoute, parseShifts } from '../routing'
import type { Clock } from './clock'
import type { DeskOptions, RoutingOptions } from './desk-options'
import { type DeskSnapshot, parseSnapshot } from './desk-snapshot'
import { durationMs, type Guard, isRecord, record, wrong } from './guard'
import { parsePolicy } from './parse-policy'
import { parseRoster } from './parse-staff'
import { type Vocabulary, workflowsFrom } from './workflows-from'

/** Options that have been looked at; what was left out is `undefined`. */
export interface ParsedOptions {
  readonly staff: readonly Staff[] | undefined
  readonly shifts: readonly Shift[] | undefined
  readonly workflows: readonly Json[] | undefined
  readonly policy: Partial<Policy> | undefined
  readonly routing: RoutingOptions
  readonly vocabulary: Vocabulary
  readonly metrics: MetricsOptions
  readonly defaultRoute: RouteInput | undefined
  readonly log: EventLog | undefined
  readonly clock: Clock | undefined
  readonly snapshot: DeskSnapshot | undefined
  readonly newId: (() => string) | undefined
}

/** @throws InvalidInputError with every problem found. */
export function parseOptions(input: unknown): ParsedOptions {
  if (!isRecord(input)) throw new InvalidInputError([{ path: [], expected: 'options', got: described(input) }])
  const issues: InputIssue[] = []
  const options = (shape(input, [], issues) ?? {}) as DeskOptions
  const routing = options.routing ?? {}
  const vocabulary = gathered(routing, vocabularyOf, issues) ?? {}
  const parsed = {
    staff: gathered(options.staff, (staff) => parseRoster(staff), issues),
    shifts: gathered(options.shifts, (shifts) => parseShifts(shifts), issues),
    workflows: gathered(options.workflows, (workflows) => workflowsFrom(workflows, vocabulary), issues),
    policy: gathered(options.policy, parsePolicy, issues),
    routing,
    vocabulary,
    metrics: options.metrics ?? {},
    defaultRoute: gathered(routing.defaultRoute, (route) => parseRoute(route, ['routing', 'defaultRoute']), issues),
    log: options.log,
    clock: options.clock,
    snapshot: gathered(options.snapshot, parseSnapshot, issues),
    newId: options.newId,
  }
  if (issues.length > 0) throw new InvalidInputError(issues)
  return parsed
}

function vocabularyOf({ operators = {}, decorators = {}, conditions = {} }: RoutingOptions): Vocabulary {
  const names = { operators: Object.keys(operators), decorators: Object.keys(decorators) }
  return { ...names, conditions: parseConditions(conditions, { ...names, path: ['routing', 'conditions'] }) }
}

/** What a parser of its own makes of a part; what it throws joins the other issues. */
function gathered<Input, Value>(
  input: Input | undefined,
  parse: (input: Input) => Value,
  issues: InputIssue[],
): Value | undefined {
  if (input === undefined) return undefined
  try {
    return parse(input)
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    issues.push(...error.issues)
    return undefined
  }
}

/** Something of the host's that has these methods. */
function having(what: string, ...methods: readonly string[]): Guard<unknown> {
  return (value, path, issues) => {
    const isObject = typeof value === 'object' && value !== null
    const lacking = methods.find((method) => !isObject || typeof Reflect.get(value, method) !== 'function')
    return lacking === undefined ? value : wrong(issues, path, `${what} with a method ${lacking}`, value)
  }
}

const aFunction: Guard<unknown> = (value, path, issues) =>
  typeof value === 'function' ? value : wrong(issues, path, 'a function', value)

function recordOf(guard: Guard<unknown>): Guard<Record<string, unknown>> {
  return (value, path, issues) => {
    if (!isRecord(value)) return wrong(issues, path, 'an object', value)
    for (const [key, part] of Object.entries(value)) guard(part, [...path, key], issues)
    return value
  }
}

const anyRecord: Guard<unknown> = (value, path, issues) =>
  isRecord(value) ? value : wrong(issues, path, 'an object', value)

/** Left to a parser of its own. */
const passed: Guard<unknown> = (value) => value

export const metricsShape = record({
  required: {},
  optional: { windowMs: durationMs(60), serviceLevelMs: durationMs(0) },
})

const routingShape = record({
  required: {},
  optional: {
    facts: anyRecord,
    operators: recordOf(aFunction),
    decorators: recordOf(aFunction),
    conditions: passed,
    defaultRoute: passed,
    factTimeoutMs: durationMs(1),
  },
})

const shape = record({
  required: {},
  optional: {
    staff: passed,
    shifts: passed,
    workflows: passed,
    policy: passed,
    routing: routingShape,
    metrics: metricsShape,
    log: having('a log', 'append', 'read', 'head', 'close'),
    clock: having('a clock', 'now', 'wakeAt'),
    snapshot: passed,
    newId: aFunction,
  },
})
