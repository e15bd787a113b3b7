import * as z from 'zod/mini'
import type { MetricsOptions, Policy, RouteInput, Shift, Staff, WorkflowRecord } from '../../core'
import {
  collectIssues,
  durationSchema,
  isRecord,
  issueOf,
  objectOf,
  parseOrThrow,
  parseWithSchema,
  refuse,
} from '../../input'
import type { HostDecorators, HostFacts, HostOperators, NamedConditions } from '../../routing'
import { parseConditions, parseRoute, parseShifts } from '../../routing'
import type { EventStore } from '../../store'
import type { Clock } from '../runtime/clock'
import { type DeskSnapshot, parseSnapshot } from '../runtime/desk-snapshot'
import { parseWorkflowsAsJson, type WorkflowVocabulary } from '../runtime/request-router'
import { parsePolicy, parseRoster } from './parse-staff'

/** What a desk is opened with. Staff, shifts, workflows and policy that are left out stay as they are in the store. */
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
  /** Default: the clock of the machine. */
  readonly clock?: Clock
  /** What `desk.snapshot()` returned, also after serialization as JSON. */
  readonly snapshot?: DeskSnapshot
  /** Returns the ids of requests that are given without one. Default: `crypto.randomUUID`. */
  readonly newId?: () => string
}

/** How a desk evaluates workflows: what they may refer to, and the default route. */
export interface RoutingOptions {
  /** The host's own facts, by name: values, or functions that may be async. */
  readonly facts?: HostFacts
  /** The host's own operators, by name. */
  readonly operators?: HostOperators
  /** The host's own decorators of operators, by name. */
  readonly decorators?: HostDecorators
  /** Conditions that workflows refer to by name. */
  readonly conditions?: NamedConditions
  /** The route of requests that no workflow routes. Default: everyone. */
  readonly defaultRoute?: RouteInput
  /** A fact that is not resolved in so many milliseconds counts as failed. Default 250. */
  readonly factTimeoutMs?: number
}

/** Options that have been parsed. An option that was left out is `undefined`, but for `routing` and `metrics`. */
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

/**
 * Parses the options of `openDesk`.
 * @throws InvalidInputError with every problem found.
 */
export function parseOptions(input: unknown): ParsedOptions {
  return parseOrThrow((issues) => {
    if (!isRecord(input)) return refuse(issues, issueOf([], 'options', input))
    // A copy, so that a getter is read once.
    const options: DeskOptions = { ...input }
    parseWithSchema(optionsSchema, options, { path: [], issues })
    const parse = <Input, Value>(value: Input | undefined, parser: (value: Input) => Value): Value | undefined =>
      value === undefined ? undefined : collectIssues(issues, () => parser(value))
    const routing = isRecord(options.routing) ? options.routing : {}
    const names = { operators: namesIn(routing.operators), decorators: namesIn(routing.decorators) }
    const conditionsPath = ['routing', 'conditions']
    const conditions = parse(routing.conditions, (value) => parseConditions(value, { ...names, path: conditionsPath }))
    // The names of malformed conditions count as known, so that each problem is reported once.
    const known = conditions ?? (isRecord(routing.conditions) ? (routing.conditions as NamedConditions) : {})
    const vocabulary: WorkflowVocabulary = { ...names, conditions: known }
    return {
      staff: parse(options.staff, (staff) => parseRoster(staff)),
      shifts: parse(options.shifts, (shifts) => parseShifts(shifts)),
      workflows: parse(options.workflows, (workflows) => parseWorkflowsAsJson(workflows, vocabulary)),
      policy: parse(options.policy, (policy) => parsePolicy(policy)),
      routing,
      vocabulary,
      metrics: options.metrics ?? {},
      defaultRoute: parse(routing.defaultRoute, (route) => parseRoute(route, ['routing', 'defaultRoute'])),
      store: options.store,
      clock: options.clock,
      snapshot: parse(options.snapshot, parseSnapshot),
      newId: options.newId,
    }
  })
}

function namesIn(functions: unknown): string[] {
  return isRecord(functions) ? Object.keys(functions) : []
}

/** Returns a schema of an object of the host that has these methods. */
function objectWithMethods(what: string, ...methods: readonly string[]) {
  const missingOf = (value: unknown) => methods.find((method) => typeof childOf(value, method) !== 'function')
  return z.optional(
    z.custom((value) => missingOf(value) === undefined, {
      error: ({ input }) => `${what} with a method ${missingOf(input)}`,
    }),
  )
}

function childOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

const functionSchema = z.custom((value) => typeof value === 'function', { error: 'a function' })

export const metricsSchema = objectOf({
  windowMs: z.optional(durationSchema(60)),
  serviceLevelMs: z.optional(durationSchema(0)),
})

/** A value that its own parser checks. */
const unchecked = z.optional(z.unknown())

const optionsSchema = objectOf({
  staff: unchecked,
  shifts: unchecked,
  workflows: unchecked,
  policy: unchecked,
  routing: z.optional(
    objectOf({
      facts: z.optional(z.custom(isRecord, { error: 'an object' })),
      operators: z.optional(z.record(z.string(), functionSchema, { error: 'an object' })),
      decorators: z.optional(z.record(z.string(), functionSchema, { error: 'an object' })),
      conditions: unchecked,
      defaultRoute: unchecked,
      factTimeoutMs: z.optional(durationSchema(1)),
    }),
  ),
  metrics: z.optional(metricsSchema),
  store: objectWithMethods('a store', 'append', 'read', 'head', 'close'),
  clock: objectWithMethods('a clock', 'now', 'wakeAt'),
  snapshot: unchecked,
  newId: z.optional(functionSchema),
})
