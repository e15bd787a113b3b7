import * as fc from 'fast-check'
import { defaultPolicy, describeValue, type InputIssue, InvalidInputError, type Json, type Target } from '../../core'
import type { DeskOptions } from '../../desk'
import { parseRoster } from '../../desk'
import { findUnknownTargets, parseConditions, parseShifts, parseWorkflows } from '../../routing'
import type { WorkflowProperty } from './every-request'
import { acceptedValues } from './every-request'
import { collectFactValues, type FactValues } from './fact-values'
import { runTestCase } from './run-test-case'
import type { CheckContext, TestCase } from './test-case'
import { anyTestCase, checkedWeekOf, defaultWeekStartAt, sweepTestCases, type TestCaseSource } from './test-case'

/** What was looked at when nothing was found. */
export interface WorkflowCheck {
  readonly seed: number
  /** For each property: stories told, and moments in them at which it was looked at. Never 0. */
  readonly properties: Readonly<Record<string, { readonly stories: number; readonly looks: number }>>
}

/**
 * Looks whether a host's own workflows keep what the host promises. It tells stories to the real desk in virtual time:
 * requests with the facts that the workflows ask for, and with others, at every hour of a week, while staff come and go
 * with their shifts, mute, decline, leave and get busy. Resolves when every property held in every story.
 *
 * @throws WorkflowCheckError with a story for each property that does not hold, the simplest that was found;
 * InvalidInputError for rules or properties that are malformed.
 */
export async function checkWorkflows(
  rules: CheckedConfiguration,
  properties: WorkflowProperties,
  options: CheckOptions = {},
): Promise<WorkflowCheck> {
  validateInput(rules, properties, options)
  const { replay, seed = replay?.seed ?? freshSeed() } = options
  const stage = createSetup(rules, properties, options)
  const checked = Object.entries(properties).filter(([name]) => replay === undefined || name === replay.property)
  const counterExamples: CounterExample[] = []
  const looked: [name: string, found: { stories: number; looks: number }][] = []
  for (const [name, property] of checked) {
    const found = await checkProperty(stage, { name, property }, { ...options, seed })
    if ('breach' in found) counterExamples.push(found)
    else looked.push([name, found])
  }
  const untried = looked.filter(([, { looks }]) => looks === 0 && replay === undefined).map(([name]) => name)
  if (counterExamples.length > 0 || untried.length > 0) throw new WorkflowCheckError(counterExamples, untried)
  return { seed, properties: Object.fromEntries(looked) }
}

interface CheckSetup {
  readonly scene: CheckContext
  readonly mined: FactValues
}

function createSetup(rules: CheckedConfiguration, properties: WorkflowProperties, options: CheckOptions): CheckSetup {
  const { staff = [], policy, routing = {} } = rules
  const { operators = {}, decorators = {} } = routing
  const names = { operators: Object.keys(operators), decorators: Object.keys(decorators) }
  const conditions = parseConditions(routing.conditions ?? {}, names)
  const workflows = parseWorkflows(rules.workflows ?? [], { ...names, conditions })
  const shifts = parseShifts(rules.shifts ?? [])
  const mined = collectFactValues(workflows, conditions)
  const week = checkedWeekOf(shifts, options.weekFrom ?? defaultWeekStartAt, mined.usesClock)
  const afterMs = workflows.flatMap(({ event }) =>
    event.type === 'route' && 'steps' in event.params ? event.params.steps.map((step) => step.afterMs ?? 0) : [],
  )
  const withinMs = Object.values(properties).map((property) => property.withinMs)
  const remindAfterMs = policy?.remindAfterMs ?? defaultPolicy.remindAfterMs ?? 0
  const telling = [0, 1_000, 5_000, remindAfterMs, ...afterMs, ...withinMs, 3_600_000]
  const waits = [...new Set(telling.flatMap((ms) => (ms > 1_000 ? [ms - 1, ms, ms + 1] : [ms])))]
  const lasting = { ...rules, policy: { ...policy, sessionLeaseMs: null } }
  return { mined, scene: { options: lasting, staff, shifts, week, delaysMs: waits.sort((one, other) => one - other) } }
}

interface NamedProperty {
  readonly name: string
  readonly property: WorkflowProperty
}

async function checkProperty(
  { scene, mined }: CheckSetup,
  { name, property }: NamedProperty,
  { seed, runs = 200, sweepMax = 600, replay }: CheckOptions & { readonly seed: number },
): Promise<CounterExample | { readonly stories: number; readonly looks: number }> {
  const material: TestCaseSource = {
    instants: scene.week.instants.length,
    staff: scene.staff.length,
    waits: scene.delaysMs.length,
    factValues: mined,
    requiredFacts: requiredFactsOf(property),
  }
  const sweep = sweepTestCases(material, sweepMax)
  let looks = 0
  const told = fc.asyncProperty(anyTestCase(material), async (situation: TestCase) => {
    const played = await runTestCase(scene, situation, property)
    looks += played.checks
    if (played.violation !== null) throw new PropertyViolation(played.violation)
  })
  const path = replay === undefined ? {} : { path: replay.path }
  const examples = sweep.map((situation): [TestCase] => [situation])
  const details = await fc.check(told, { seed, numRuns: runs + sweep.length, examples, ...path })
  const { errorInstance } = details
  if (errorInstance !== null && !(errorInstance instanceof PropertyViolation)) throw errorInstance
  const situation = details.counterexample?.[0]
  if (!details.failed || situation === undefined) return { stories: details.numRuns, looks }
  const { violation, narrative } = await runTestCase(scene, situation, property)
  const { counterexamplePath } = details
  return {
    property: name,
    breach: violation ?? '',
    narrative: narrative,
    replay: { property: name, seed, path: counterexamplePath ?? '' },
  }
}

/** Tells a property that does not hold from a story that could not be told. */
class PropertyViolation extends Error {}

function requiredFactsOf({ subject }: WorkflowProperty): ReadonlyMap<string, readonly Json[]> {
  if (typeof subject === 'function') return new Map()
  return new Map(Object.entries(subject).map(([fact, value]) => [fact, acceptedValues(value)]))
}

function freshSeed(): number {
  return Date.now() % 1_000_000_000
}

/** The rules that are checked: what the host opens its desk with. */
export type CheckedConfiguration = Pick<DeskOptions, 'staff' | 'shifts' | 'workflows' | 'policy' | 'routing'>

/** What must hold, under the sentences that say so. */
export type WorkflowProperties = Readonly<Record<string, WorkflowProperty>>

export interface CheckOptions {
  /** Decides which random stories are told. Default: another one each time; a failure names it. */
  readonly seed?: number
  /** Random stories for each property, after the plain ones of the sweep. Default 200. */
  readonly runs?: number
  /** Plain stories at most: every way to meet a workflow at every stretch of the week. Default 600. */
  readonly sweepMax?: number
  /** A Monday, 00:00 UTC: the week that is looked at. Default: 5 January 2026, an ordinary one. */
  readonly weekFrom?: number
  /** Only this story again. */
  readonly replay?: CounterExampleReplay
}

const runsMax = 1_000_000

/**
 * Looks at what was asked before anything is told; the rules' workflows are looked at by their own parser.
 * @throws InvalidInputError with every problem found.
 */
export function validateInput(
  rules: CheckedConfiguration,
  properties: WorkflowProperties,
  options: CheckOptions,
): void {
  const issues: InputIssue[] = []
  const names = Object.keys(properties ?? {})
  if (names.length === 0)
    issues.push({ path: ['properties'], expected: 'at least one property', got: describeValue(properties) })
  for (const [name, property] of Object.entries(properties ?? {})) {
    if (typeof property?.createObserver === 'function')
      validateProperty(rules, property, { path: ['properties', name], issues })
    else
      issues.push({ path: ['properties', name], expected: 'what everyRequest() ends in', got: describeValue(property) })
  }
  for (const key of ['runs', 'sweepMax'] as const) validateCount(options[key], { path: [key], issues })
  if (options.replay !== undefined && !names.includes(options.replay.property)) {
    const expected = 'the name of one of the properties'
    issues.push({ path: ['replay', 'property'], expected, got: describeValue(options.replay.property) })
  }
  if (issues.length > 0) throw new InvalidInputError(issues)
}

interface IssueContext {
  readonly path: readonly string[]
  readonly issues: InputIssue[]
}

function validateProperty(
  rules: CheckedConfiguration,
  property: WorkflowProperty,
  { path, issues }: IssueContext,
): void {
  const staff = parseRoster(rules.staff ?? [])
  const shifts = parseShifts(rules.shifts ?? [])
  const known = shifts.map(({ id }) => id)
  for (const shift of property.whileOnShift ?? []) {
    if (known.includes(shift)) continue
    issues.push({ path, expected: `one of the shifts ${known.join(', ')}`, got: describeValue(shift) })
  }
  const unmet = property.targets.flatMap((to: Target) => findUnknownTargets({ to }, { staff, shifts }))
  for (const { message } of unmet) issues.push({ path, expected: 'people of the roster', got: message })
  if (!Number.isInteger(property.withinMs) || property.withinMs < 0) {
    const expected = 'a whole number of milliseconds, 0 or more'
    issues.push({ path, expected, got: describeValue(property.withinMs) })
  }
}

function validateCount(count: number | undefined, { path, issues }: IssueContext): void {
  if (count === undefined || (Number.isInteger(count) && count >= 0 && count <= runsMax)) return
  issues.push({ path, expected: `a whole number, 0 to ${runsMax}`, got: describeValue(count) })
}

/** Thrown by `checkWorkflows`: some properties do not hold, or were never put to the test. The text is the story. */
export class WorkflowCheckError extends Error {
  override readonly name = 'WorkflowCheckError'
  readonly code = 'workflow-check-failed'
  readonly counterExamples: readonly CounterExample[]
  /** Names of properties that no story of this check had anything to say about. */
  readonly untested: readonly string[]

  constructor(counterExamples: readonly CounterExample[], untried: readonly string[]) {
    super([...counterExamples.map(formatCounterExample), ...untried.map(formatUntested)].join('\n\n'))
    this.counterExamples = counterExamples
    this.untested = untried
  }
}

function formatCounterExample({ property, breach, narrative, replay }: CounterExample): string {
  const lines = [`This does not hold: ${property}`, ...narrative.map((line) => `  ${line}`), `  But ${breach}.`]
  const { seed, path } = replay
  return [
    ...lines,
    `Again: checkWorkflows(desk, properties, { replay: ${formatReplay({ property, seed, path })} })`,
  ].join('\n')
}

function formatReplay({ property, seed, path }: CounterExample['replay']): string {
  return `{ property: ${JSON.stringify(property)}, seed: ${seed}, path: ${JSON.stringify(path)} }`
}

function formatUntested(property: string): string {
  const hint = 'No story had a request of that kind at such a time; look for a misspelt fact, value or shift.'
  return `This was never put to the test: ${property}\n  ${hint}`
}

/** A story in which a property does not hold, as simple as could be found. */
export interface CounterExample {
  /** The name under which the property was given. */
  readonly property: string
  /** What is wrong at the end of the story. */
  readonly breach: string
  /** The story in plain words, one sentence a line. */
  readonly narrative: readonly string[]
  /** Give this to `checkWorkflows` and it tells the same story again. */
  readonly replay: CounterExampleReplay
}

/** Leads to one story of one property. */
export interface CounterExampleReplay {
  readonly property: string
  readonly seed: number
  readonly path: string
}
