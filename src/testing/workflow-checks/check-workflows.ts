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

/** The extent of a check that found no violation. */
export interface WorkflowCheck {
  readonly seed: number
  /** For each property: test cases run, and observations in them at which it was checked. Never 0. */
  readonly properties: Readonly<Record<string, { readonly cases: number; readonly checks: number }>>
}

/**
 * Checks properties of a host's own workflows. Runs test cases on the real desk in virtual time: requests with the
 * facts that the workflows test, and with others, at every hour of a week, while staff come and go with their shifts,
 * mute, decline, leave and get busy. Resolves when every property held in every test case.
 *
 * @throws WorkflowCheckError with the simplest counterexample found for each property that does not hold;
 * InvalidInputError for rules or properties that are malformed.
 */
export async function checkWorkflows(
  rules: CheckedConfiguration,
  properties: WorkflowProperties,
  options: CheckOptions = {},
): Promise<WorkflowCheck> {
  validateInput(rules, properties, options)
  const { replay, seed = replay?.seed ?? freshSeed() } = options
  const setup = createSetup(rules, properties, options)
  const checked = Object.entries(properties).filter(([name]) => replay === undefined || name === replay.property)
  const counterExamples: CounterExample[] = []
  const passed: [name: string, found: { cases: number; checks: number }][] = []
  for (const [name, property] of checked) {
    const found = await checkProperty(setup, { name, property }, { ...options, seed })
    if ('violation' in found) counterExamples.push(found)
    else passed.push([name, found])
  }
  const untested = passed.filter(([, { checks }]) => checks === 0 && replay === undefined).map(([name]) => name)
  if (counterExamples.length > 0 || untested.length > 0) throw new WorkflowCheckError(counterExamples, untested)
  return { seed, properties: Object.fromEntries(passed) }
}

interface CheckSetup {
  readonly context: CheckContext
  readonly factValues: FactValues
}

function createSetup(
  rules: CheckedConfiguration,
  properties: WorkflowProperties,
  { weekFrom = defaultWeekStartAt }: CheckOptions,
): CheckSetup {
  const { staff = [], policy, routing = {} } = rules
  const { operators = {}, decorators = {} } = routing
  const names = { operators: Object.keys(operators), decorators: Object.keys(decorators) }
  const conditions = parseConditions(routing.conditions ?? {}, names)
  const workflows = parseWorkflows(rules.workflows ?? [], { ...names, conditions })
  const shifts = parseShifts(rules.shifts ?? [])
  const factValues = collectFactValues(workflows, conditions)
  const week = checkedWeekOf(shifts, weekFrom, factValues.usesClock)
  const afterMs = workflows.flatMap(({ event }) =>
    event.type === 'route' && 'steps' in event.params ? event.params.steps.map((step) => step.afterMs ?? 0) : [],
  )
  const withinMs = Object.values(properties).map((property) => property.withinMs)
  const remindAfterMs = policy?.remindAfterMs ?? defaultPolicy.remindAfterMs ?? 0
  const delays = [0, 1_000, 5_000, remindAfterMs, ...afterMs, ...withinMs, 3_600_000]
  const delaysMs = [...new Set(delays.flatMap((ms) => (ms > 1_000 ? [ms - 1, ms, ms + 1] : [ms])))]
  const options = { ...rules, policy: { ...policy, sessionLeaseMs: null } }
  return { factValues, context: { options, staff, shifts, week, delaysMs: delaysMs.sort((one, other) => one - other) } }
}

interface NamedProperty {
  readonly name: string
  readonly property: WorkflowProperty
}

async function checkProperty(
  { context, factValues }: CheckSetup,
  { name, property }: NamedProperty,
  { seed, runs = 200, sweepMax = 600, replay }: CheckOptions & { readonly seed: number },
): Promise<CounterExample | { readonly cases: number; readonly checks: number }> {
  const source: TestCaseSource = {
    instantCount: context.week.instants.length,
    staffCount: context.staff.length,
    delayCount: context.delaysMs.length,
    factValues,
    requiredFacts: requiredFactsOf(property),
  }
  const sweep = sweepTestCases(source, sweepMax)
  let checks = 0
  const holds = fc.asyncProperty(anyTestCase(source), async (testCase: TestCase) => {
    const result = await runTestCase(context, testCase, property)
    checks += result.checks
    if (result.violation !== null) throw new PropertyViolation(result.violation)
  })
  const path = replay === undefined ? {} : { path: replay.path }
  const examples = sweep.map((testCase): [TestCase] => [testCase])
  const details = await fc.check(holds, { seed, numRuns: runs + sweep.length, examples, ...path })
  const { errorInstance } = details
  if (errorInstance !== null && !(errorInstance instanceof PropertyViolation)) throw errorInstance
  const testCase = details.counterexample?.[0]
  if (!details.failed || testCase === undefined) return { cases: details.numRuns, checks }
  const { violation, narrative } = await runTestCase(context, testCase, property)
  const { counterexamplePath } = details
  return {
    property: name,
    violation: violation ?? '',
    narrative,
    replay: { property: name, seed, path: counterexamplePath ?? '' },
  }
}

/** Thrown for a property that does not hold; any other error is a failure of the test case itself. */
class PropertyViolation extends Error {}

function requiredFactsOf({ subject }: WorkflowProperty): ReadonlyMap<string, readonly Json[]> {
  if (typeof subject === 'function') return new Map()
  return new Map(Object.entries(subject).map(([fact, value]) => [fact, acceptedValues(value)]))
}

function freshSeed(): number {
  return Date.now() % 1_000_000_000
}

/** The rules to check: the options with which the host opens its desk. */
export type CheckedConfiguration = Pick<DeskOptions, 'staff' | 'shifts' | 'workflows' | 'policy' | 'routing'>

/** The properties to check, by the sentences that describe them. */
export type WorkflowProperties = Readonly<Record<string, WorkflowProperty>>

export interface CheckOptions {
  /** Seed of the random test cases. Default: a different one each time; a failure names it. */
  readonly seed?: number
  /** Random test cases for each property, after those of the sweep. Default 200. */
  readonly runs?: number
  /** Most test cases of the sweep: every way to match a workflow in every part of the week. Default 600. */
  readonly sweepMax?: number
  /** A Monday, 00:00 UTC: the week to check. Default: 5 January 2026, an ordinary one. */
  readonly weekFrom?: number
  /** Runs only this test case. */
  readonly replay?: CounterExampleReplay
}

const runsMax = 1_000_000

/**
 * Validates the arguments before the first test case. The workflows are validated by their own parser.
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
  const unknown = property.targets.flatMap((to: Target) => findUnknownTargets({ to }, { staff, shifts }))
  for (const { message } of unknown) issues.push({ path, expected: 'people of the roster', got: message })
  if (!Number.isInteger(property.withinMs) || property.withinMs < 0) {
    const expected = 'a whole number of milliseconds, 0 or more'
    issues.push({ path, expected, got: describeValue(property.withinMs) })
  }
}

function validateCount(count: number | undefined, { path, issues }: IssueContext): void {
  if (count === undefined || (Number.isInteger(count) && count >= 0 && count <= runsMax)) return
  issues.push({ path, expected: `a whole number, 0 to ${runsMax}`, got: describeValue(count) })
}

/** Thrown by `checkWorkflows` when properties do not hold or were not tested. The message has the counterexamples. */
export class WorkflowCheckError extends Error {
  override readonly name = 'WorkflowCheckError'
  readonly code = 'workflow-check-failed'
  readonly counterExamples: readonly CounterExample[]
  /** Names of properties that no test case of this check was about. */
  readonly untested: readonly string[]

  constructor(counterExamples: readonly CounterExample[], untested: readonly string[]) {
    super([...counterExamples.map(formatCounterExample), ...untested.map(formatUntested)].join('\n\n'))
    this.counterExamples = counterExamples
    this.untested = untested
  }
}

function formatCounterExample({ property, violation, narrative, replay }: CounterExample): string {
  const lines = [`This does not hold: ${property}`, ...narrative.map((line) => `  ${line}`), `  But ${violation}.`]
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
  const hint = 'No test case had such a request at such a time; look for a misspelt fact, value or shift.'
  return `This was not tested: ${property}\n  ${hint}`
}

/** The simplest test case found in which a property does not hold. */
export interface CounterExample {
  /** The name under which the property was given. */
  readonly property: string
  /** What is wrong at its end, in words. */
  readonly violation: string
  /** The test case in words, one sentence a line. */
  readonly narrative: readonly string[]
  /** The option of `checkWorkflows` that runs the same test case again. */
  readonly replay: CounterExampleReplay
}

/** Identifies one test case of one property. */
export interface CounterExampleReplay {
  readonly property: string
  readonly seed: number
  readonly path: string
}
