import * as z from 'zod/mini'
import type { InputIssue, MetricsOptions, Policy, RouteInput, Shift, Staff, WorkflowRecord } from '../../core'
import {
  collectIssues,
  durationSchema,
  type InputPath,
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

/** What can be set on a desk. */
export interface DeskSettings {
  readonly staff?: readonly Staff[]
  readonly shifts?: readonly Shift[]
  /** json-rules-engine rules with a unique `name` and an event of type `route`, `prioritize` or `tag`. */
  readonly workflows?: readonly unknown[]
  readonly policy?: Partial<Policy>
}

/**
 * What a desk is opened with. Settings that are named here are made exactly so: staff who are not listed leave the
 * roster, policies that are not listed return to their defaults. Settings that are left out stay as in the store.
 */
export interface DeskOptions extends DeskSettings {
  /** Settings for a store that holds no desk yet: later openings leave alone what people have edited since. */
  readonly initial?: DeskSettings
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

/** Settings that have been parsed. One that was left out is absent. */
export interface ParsedSettings {
  readonly staff?: readonly Staff[]
  readonly shifts?: readonly Shift[]
  readonly workflows?: readonly WorkflowRecord[]
  readonly policy?: Partial<Policy>
}

/** Options that have been parsed. An option that was left out is `undefined`, but for the objects of options. */
export interface ParsedOptions {
  /** Those that are made exactly so. */
  readonly settings: ParsedSettings
  readonly initial: ParsedSettings
  readonly routing: RoutingOptions
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
    const settingsOf = (given: DeskSettings, path: InputPath): ParsedSettings =>
      withoutUndefined({
        staff: parse(given.staff, (staff) => parseRoster(staff, [...path, 'staff'])),
        shifts: parse(given.shifts, (shifts) => parseShifts(shifts, [...path, 'shifts'])),
        workflows: parse(given.workflows, (list) => parseWorkflowsAsJson(list, vocabulary, [...path, 'workflows'])),
        policy: parse(given.policy, (policy) => parsePolicy(policy, [...path, 'policy'])),
      })
    const initial: DeskSettings = isRecord(options.initial) ? { ...options.initial } : {}
    issues.push(...doubleSettings(options, initial))
    return {
      settings: settingsOf(options, []),
      initial: settingsOf(initial, ['initial']),
      routing,
      metrics: options.metrics ?? {},
      defaultRoute: parse(routing.defaultRoute, (route) => parseRoute(route, ['routing', 'defaultRoute'])),
      store: options.store,
      clock: options.clock,
      snapshot: parse(options.snapshot, parseSnapshot),
      newId: options.newId,
    }
  })
}

function withoutUndefined(settings: { readonly [Name in keyof ParsedSettings]: ParsedSettings[Name] | undefined }) {
  return Object.fromEntries(Object.entries(settings).filter(([, setting]) => setting !== undefined)) as ParsedSettings
}

/** Returns an issue for each setting that is named both exactly and as the initial one. */
function doubleSettings(options: DeskOptions, initial: DeskSettings): InputIssue[] {
  return settingNames
    .filter((name) => options[name] !== undefined && initial[name] !== undefined)
    .map((name) => ({ path: ['initial', name], expected: `either initial.${name} or ${name}`, got: 'both' }))
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

const settingNames = ['staff', 'shifts', 'workflows', 'policy'] as const satisfies readonly (keyof DeskSettings)[]
const settings = { staff: unchecked, shifts: unchecked, workflows: unchecked, policy: unchecked }

const optionsSchema = objectOf({
  ...settings,
  initial: z.optional(objectOf(settings)),
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
