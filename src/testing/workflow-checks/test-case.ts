import * as fc from 'fast-check'
import type { Facts, Json, Shift, Staff } from '../../core'
import type { DeskOptions } from '../../desk'
import { shiftTimeAt } from '../../routing'
import { distinctFacts, type FactValues, mergeFacts } from './fact-values'

/**
 * One test case as data: when a visitor requests a chat, with which facts, and what staff and visitor do meanwhile.
 * Plain JSON of small numbers, so that fast-check shrinks it to the simplest one.
 */
export interface TestCase {
  readonly instantIndex: number
  readonly facts: Facts
  /** Indices of staff members who are absent although their shift is on. */
  readonly absent: readonly number[]
  readonly actions: readonly TestAction[]
}

/** An action of a staff member or of the visitor, after a delay. */
export interface TestAction {
  readonly delayIndex: number
  /** Without meaning for actions of the visitor. */
  readonly staffIndex: number
  readonly type: TestActionType
}

/** The simplest first. `busy`: accepts other chats up to capacity. `returns`: accepts the request and releases it. */
export const testActionTypes = [
  ...(['mutes', 'goes away', 'leaves', 'busy', 'snoozes', 'declines', 'returns', 'unmutes'] as const),
  ...(['comes back', 'free', 'visitor leaves', 'visitor comes back'] as const),
] as const

export type TestActionType = (typeof testActionTypes)[number]

/** What test cases are made of. */
export interface TestCaseSource {
  readonly instantCount: number
  readonly staffCount: number
  readonly delayCount: number
  readonly factValues: FactValues
  /** Facts that a request must have for the property to be about it: for each, the values that it may have. */
  readonly requiredFacts: ReadonlyMap<string, readonly Json[]>
}

const actionsMax = 6

/** Generates a test case; it shrinks to the first instant, few facts, all staff present, and no actions. */
export function anyTestCase(source: TestCaseSource): fc.Arbitrary<TestCase> {
  const { instantCount, staffCount, factValues, requiredFacts } = source
  const known = new Map([...factValues.values, ...[...requiredFacts].map(([fact, values]) => [fact, values] as const)])
  const anyFact = Object.fromEntries([...known].map(([fact, values]) => [fact, fc.constantFrom(...values)]))
  const facts = fc.record(anyFact, { requiredKeys: [...requiredFacts.keys()] }) as fc.Arbitrary<Facts>
  return fc.record({
    instantIndex: fc.nat(instantCount - 1),
    facts,
    absent: fc.uniqueArray(fc.nat(Math.max(0, staffCount - 1)), { maxLength: Math.min(staffCount, 3) }),
    actions: fc.array(anyTestAction(source), { maxLength: actionsMax, size: 'max' }),
  })
}

function anyTestAction({ staffCount, delayCount }: TestCaseSource): fc.Arbitrary<TestAction> {
  return fc.record({
    delayIndex: fc.nat(delayCount - 1),
    staffIndex: fc.nat(Math.max(0, staffCount - 1)),
    type: fc.constantFrom(...testActionTypes),
  })
}

/**
 * Returns test cases without actions: each way to match each workflow at each instant of the week. All of them or,
 * evenly spread, `max`.
 */
export function sweepTestCases({ instantCount, factValues, requiredFacts }: TestCaseSource, max: number): TestCase[] {
  const required = [...requiredFacts].reduce<Facts[]>(
    (found, [fact, values]) => found.flatMap((one) => values.map((value) => ({ ...one, [fact]: value }))),
    [{}],
  )
  const facts = distinctFacts(
    factValues.satisfyingFacts.flatMap((satisfying) => required.map((must) => mergeFacts(satisfying, must))),
  )
  const total = facts.length * instantCount
  const testCaseAt = (index: number): TestCase => ({
    instantIndex: index % instantCount,
    facts: facts[Math.floor(index / instantCount)] ?? {},
    absent: [],
    actions: [],
  })
  if (total <= max) return Array.from({ length: total }, (_, index) => testCaseAt(index))
  return Array.from({ length: max }, (_, index) => testCaseAt(Math.floor(((index * goldenRatio) % 1) * total)))
}

/** Multiples of it, without their whole parts, fill an interval evenly however many there are. */
const goldenRatio = (Math.sqrt(5) - 1) / 2

/** What all test cases of one check share. */
export interface CheckContext {
  /** The host's rules, for a fresh desk each time. */
  readonly options: DeskOptions
  readonly staff: readonly Staff[]
  readonly shifts: readonly Shift[]
  readonly week: CheckedWeek
  /** The delays before an action, the shortest first. */
  readonly delaysMs: readonly number[]
}

const hourMs = 3_600_000
const weekHours = 168
const weekMs = weekHours * hourMs

/** Monday, 5 January 2026, 00:00 UTC: an ordinary week. */
export const defaultWeekStartAt = Date.UTC(2026, 0, 5)

/** The week of a check: its start, and the instants at which test cases begin. */
export interface CheckedWeek {
  readonly fromAt: number
  /** In order. Between two of them no shift begins or ends, so that one instant stands for them all. */
  readonly instants: readonly number[]
}

/**
 * Returns the instants of a week: its start and every change of shifts. `byHour`: also every hour, for workflows that
 * test the clock.
 */
export function checkedWeekOf(shifts: readonly Shift[], fromAt: number, byHour: boolean): CheckedWeek {
  const hours = byHour ? Array.from({ length: weekHours }, (_, hour) => fromAt + hour * hourMs) : []
  const changes = shifts.flatMap((shift) => [...boundariesOf(shift, fromAt)])
  const instants = new Set([fromAt, ...changes, ...hours])
  return { fromAt, instants: [...instants].sort((one, other) => one - other) }
}

function* boundariesOf(shift: Shift, fromAt: number): Generator<number> {
  for (let at = nextBoundary(shift, fromAt); at < fromAt + weekMs; at = nextBoundary(shift, at)) yield at
}

/** `Infinity` when there is none. */
function nextBoundary(shift: Shift, at: number): number {
  return shiftTimeAt(shift, at).nextBoundaryAt ?? Number.POSITIVE_INFINITY
}
