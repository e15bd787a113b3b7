import type { InputIssue, MetricsOptions, Policy, RouteInput, Shift, Staff, WorkflowRecord } from '../../core'
import { describeValue, InvalidInputError } from '../../core'
import type { HostDecorators, HostFacts, HostOperators, NamedConditions } from '../../routing'
import { jsonSchemas, parseConditions, parseRoute, parseShifts } from '../../routing'
import type { EventStore } from '../../store'
import type { Clock } from '../runtime/clock'
import type { DeskSnapshot } from '../runtime/desk-snapshot'
import { parseSnapshot } from '../runtime/desk-snapshot'
import { parseWorkflowsAsJson, type WorkflowVocabulary } from '../runtime/request-router'
import { addIssue, durationMs, type Guard, isRecord, record } from './guard'
import { type GuardSchema, schemaOf } from './guard-schema'
import { parsePolicy, parseRoster, policyGuard, rosterGuard } from './parse-staff'

/** What a desk is opened with. Staff, shifts, workflows and policy left out stay as the log has them. */
export interface DeskOptions {
  readonly staff?: readonly Staff[]
  readonly shifts?: readonly Shift[]
  /** json-rules-engine rules with a unique `name` and an event of type `route`, `prioritize` or `tag`. */
  readonly workflows?: readonly unknown[]
  readonly policy?: Partial<Policy>
  readonly routing?: RoutingOptions
  /** Length of the window of `metrics()`, and the threshold of its service level. */
  readonly metrics?: MetricsOptions
  /** Default: `memoryStore()`. */
  readonly store?: EventStore
  /** Default: the machine's. */
  readonly clock?: Clock
  /** What `desk.snapshot()` gave, also after a way through JSON. */
  readonly snapshot?: DeskSnapshot
  /** Makes the ids of requests that bring none. Default: `crypto.randomUUID`. */
  readonly newId?: () => string
}

export interface RoutingOptions {
  /** The host's own facts, by name: values, or functions that may be async. */
  readonly facts?: HostFacts
  /** The host's own operators, by name. */
  readonly operators?: HostOperators
  /** The host's own decorators of operators, by name. */
  readonly decorators?: HostDecorators
  /** Conditions that workflows refer to by name. */
  readonly conditions?: NamedConditions
  /** Where requests go that no workflow routes. Default: everyone. */
  readonly defaultRoute?: RouteInput
  /** A fact that takes longer counts as failed. Default 250. */
  readonly factTimeoutMs?: number
}

/** Options that have been looked at; what was left out is `undefined`. */
export interface ParsedOptions {
  readonly staff: readonly Staff[] | undefined
  readonly shifts: readonly Shift[] | undefined
  readonly workflows: readonly WorkflowRecord[] | undefined
  readonly policy: Partial<Policy> | undefined
  readonly routing: RoutingOptions
  readonly vocabulary: WorkflowVocabulary
  readonly metrics: MetricsOptions
  readonly defaultRoute: RouteInput | undefined
  readonly store: EventStore | undefined
  readonly clock: Clock | undefined
  readonly snapshot: DeskSnapshot | undefined
  readonly newId: (() => string) | undefined
}

/** @throws InvalidInputError with every problem found. */
export function parseOptions(input: unknown): ParsedOptions {
  if (!isRecord(input)) throw new InvalidInputError([{ path: [], expected: 'options', got: describeValue(input) }])
  const issues: InputIssue[] = []
  const options = (optionsGuard(input, [], issues) ?? {}) as DeskOptions
  const routing = options.routing ?? {}
  const vocabulary = collectIssues(routing, parseVocabulary, issues) ?? {}
  const parsed = {
    staff: collectIssues(options.staff, (staff) => parseRoster(staff), issues),
    shifts: collectIssues(options.shifts, (shifts) => parseShifts(shifts), issues),
    workflows: collectIssues(options.workflows, (workflows) => parseWorkflowsAsJson(workflows, vocabulary), issues),
    policy: collectIssues(options.policy, parsePolicy, issues),
    routing,
    vocabulary,
    metrics: options.metrics ?? {},
    defaultRoute: collectIssues(
      routing.defaultRoute,
      (route) => parseRoute(route, ['routing', 'defaultRoute']),
      issues,
    ),
    store: options.store,
    clock: options.clock,
    snapshot: collectIssues(options.snapshot, parseSnapshot, issues),
    newId: options.newId,
  }
  if (issues.length > 0) throw new InvalidInputError(issues)
  return parsed
}

function parseVocabulary({ operators = {}, decorators = {}, conditions = {} }: RoutingOptions): WorkflowVocabulary {
  const names = { operators: Object.keys(operators), decorators: Object.keys(decorators) }
  return { ...names, conditions: parseConditions(conditions, { ...names, path: ['routing', 'conditions'] }) }
}

/** What a parser of its own makes of a part; what it throws joins the other issues. */
function collectIssues<Input, Value>(
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
function objectWithMethods(what: string, ...methods: readonly string[]): Guard<unknown> {
  return (value, path, issues) => {
    const isObject = typeof value === 'object' && value !== null
    const lacking = methods.find((method) => !isObject || typeof Reflect.get(value, method) !== 'function')
    return lacking === undefined ? value : addIssue(issues, path, `${what} with a method ${lacking}`, value)
  }
}

const functionGuard: Guard<unknown> = (value, path, issues) =>
  typeof value === 'function' ? value : addIssue(issues, path, 'a function', value)

function recordOfGuard(guard: Guard<unknown>): Guard<Record<string, unknown>> {
  return (value, path, issues) => {
    if (!isRecord(value)) return addIssue(issues, path, 'an object', value)
    for (const [key, part] of Object.entries(value)) guard(part, [...path, key], issues)
    return value
  }
}

const recordGuard: Guard<unknown> = (value, path, issues) =>
  isRecord(value) ? value : addIssue(issues, path, 'an object', value)

/** Left to a parser of its own. */
const unchecked: Guard<unknown> = (value) => value

export const metricsGuard = record({
  required: {},
  optional: { windowMs: durationMs(60), serviceLevelMs: durationMs(0) },
})

const routingGuard = record({
  required: {},
  optional: {
    facts: recordGuard,
    operators: recordOfGuard(functionGuard),
    decorators: recordOfGuard(functionGuard),
    conditions: unchecked,
    defaultRoute: unchecked,
    factTimeoutMs: durationMs(1),
  },
})

const optionsGuard = record({
  required: {},
  optional: {
    staff: unchecked,
    shifts: unchecked,
    workflows: unchecked,
    policy: unchecked,
    routing: routingGuard,
    metrics: metricsGuard,
    store: objectWithMethods('a log', 'append', 'read', 'head', 'close'),
    clock: objectWithMethods('a clock', 'now', 'wakeAt'),
    snapshot: unchecked,
    newId: functionGuard,
  },
})

/** Names of the files in `schemas/`, and what stands in them. */
export type SchemaName = 'workflows' | 'conditions' | 'route' | 'shifts' | 'staff' | 'policy' | 'desk' | 'rules'

/**
 * JSON Schemas, draft 2020-12, of all that a host may keep in files, made of the guards and schemas that parse it.
 * Rules across several values (no doubled names, known operators, order of steps) are told by the parsers only.
 */
export function createDeskSchemas(): Readonly<Record<SchemaName, GuardSchema>> {
  const { workflows, conditions, route, shifts } = jsonSchemas()
  return {
    workflows: withTitle('Workflows of frontbell', workflows),
    conditions: withTitle('Conditions by name, for workflows of frontbell', conditions),
    route: withTitle('A route of frontbell', route),
    shifts: withTitle('Shifts of frontbell', shifts),
    staff: withTitle('The roster of a desk of frontbell', schemaOf(rosterGuard)),
    policy: withTitle('The policy of a desk of frontbell', schemaOf(policyGuard)),
    desk: withTitle('What openDesk takes, as far as JSON can say it', objectSchemaOf(deskProperties())),
    rules: withTitle('A file of rules for the program frontbell', objectSchemaOf(ruleFileProperties())),
  }
}

function deskProperties(): Record<string, GuardSchema> {
  const routing = {
    facts: { type: 'object' },
    conditions: schemaReference('conditions'),
    defaultRoute: schemaReference('route'),
    factTimeoutMs: schemaOf(durationMs(1)),
  }
  return { ...sharedProperties(), routing: objectSchemaOf(routing), metrics: schemaOf(metricsGuard) }
}

/** A text in the place of a part names the file that holds it. */
function ruleFileProperties(): Record<string, GuardSchema> {
  const all = {
    ...sharedProperties(),
    conditions: schemaReference('conditions'),
    defaultRoute: schemaReference('route'),
  }
  const orFile = (schema: GuardSchema) => ({ anyOf: [schema, { type: 'string' }] })
  return Object.fromEntries(Object.entries(all).map(([name, schema]) => [name, orFile(schema)]))
}

function sharedProperties(): Record<string, GuardSchema> {
  return {
    staff: schemaReference('staff'),
    shifts: schemaReference('shifts'),
    workflows: schemaReference('workflows'),
    policy: schemaReference('policy'),
  }
}

/** The file beside this one. */
function schemaReference(name: SchemaName): GuardSchema {
  return { $ref: `${name}.json` }
}

function objectSchemaOf(properties: Record<string, GuardSchema>): GuardSchema {
  return { type: 'object', properties, additionalProperties: false }
}

function withTitle(title: string, schema: GuardSchema): GuardSchema {
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', title, ...schema }
}
