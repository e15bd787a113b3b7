import * as fc from 'fast-check'
import type { Facts, Json, Shift, Staff } from '../../core'
import type { DeskOptions } from '../../desk'
import { shiftTimeAt } from '../../routing'
import { distinctFacts, type FactValues, mergeFacts } from './fact-values'

/**
 * One little story before it is told: when a visitor comes and with what facts, and what people do meanwhile. Plain
 * JSON of small numbers, so that it shrinks to the simplest one.
 */
export interface TestCase {
  /** Which of the week's instants. */
  readonly instant: number
  readonly facts: Facts
  /** Which of the staff are not there although their shift is on. */
  readonly missing: readonly number[]
  readonly deeds: readonly TestAction[]
}

/** Something that somebody does after a while. */
export interface TestAction {
  /** Which of the waits. */
  readonly wait: number
  /** Which of the staff; the deeds of visitors are nobody's. */
  readonly who: number
  readonly what: TestActionType
}

/** The plainest first. `busy`: takes chats of others until nothing more fits. `returns`: takes it and gives it back. */
export const testActionTypes = [
  ...(['mutes', 'goes away', 'leaves', 'busy', 'snoozes', 'declines', 'returns', 'unmutes'] as const),
  ...(['comes back', 'free', 'visitor leaves', 'visitor comes back'] as const),
] as const

export type TestActionType = (typeof testActionTypes)[number]

/** What stories are made of. */
export interface TestCaseSource {
  readonly instants: number
  readonly staff: number
  readonly waits: number
  readonly factValues: FactValues
  /** Facts that a request must have for the property to be about it: for each, the values that it may have. */
  readonly requiredFacts: ReadonlyMap<string, readonly Json[]>
}

const actionsMax = 6

/** A random story; it shrinks to the first instant, to few facts, to everybody there, and to nothing being done. */
export function anyTestCase(material: TestCaseSource): fc.Arbitrary<TestCase> {
  const { instants, staff, factValues, requiredFacts } = material
  const known = new Map([...factValues.values, ...[...requiredFacts].map(([fact, values]) => [fact, values] as const)])
  const anyFact = Object.fromEntries([...known].map(([fact, values]) => [fact, fc.constantFrom(...values)]))
  const facts = fc.record(anyFact, { requiredKeys: [...requiredFacts.keys()] }) as fc.Arbitrary<Facts>
  return fc.record({
    instant: fc.nat(instants - 1),
    facts,
    missing: fc.uniqueArray(fc.nat(Math.max(0, staff - 1)), { maxLength: Math.min(staff, 3) }),
    deeds: fc.array(anyTestAction(material), { maxLength: actionsMax, size: 'max' }),
  })
}

function anyTestAction({ staff, waits }: TestCaseSource): fc.Arbitrary<TestAction> {
  return fc.record({
    wait: fc.nat(waits - 1),
    who: fc.nat(Math.max(0, staff - 1)),
    what: fc.constantFrom(...testActionTypes),
  })
}

/**
 * Plain stories in which nobody does anything: each way of meeting each workflow at each instant of the week, all of
 * them or, evenly, as many as `max`.
 */
export function sweepTestCases({ instants, factValues, requiredFacts }: TestCaseSource, max: number): TestCase[] {
  const asked = [...requiredFacts].reduce<Facts[]>(
    (found, [fact, values]) => found.flatMap((one) => values.map((value) => ({ ...one, [fact]: value }))),
    [{}],
  )
  const facts = distinctFacts(
    factValues.satisfyingFacts.flatMap((witness) => asked.map((must) => mergeFacts(witness, must))),
  )
  const total = facts.length * instants
  const situationAt = (index: number): TestCase => ({
    instant: index % instants,
    facts: facts[Math.floor(index / instants)] ?? {},
    missing: [],
    deeds: [],
  })
  if (total <= max) return Array.from({ length: total }, (_, index) => situationAt(index))
  return Array.from({ length: max }, (_, index) => situationAt(Math.floor(((index * goldenRatio) % 1) * total)))
}

/** Multiples of it, without their whole parts, fill an interval evenly however many there are. */
const goldenRatio = (Math.sqrt(5) - 1) / 2

/** Where all stories of one check are told. */
export interface CheckContext {
  /** The host's rules, for a fresh desk each time. */
  readonly options: DeskOptions
  readonly staff: readonly Staff[]
  readonly shifts: readonly Shift[]
  readonly week: CheckedWeek
  /** How long one may wait before the next deed, in milliseconds, the shortest first. */
  readonly delaysMs: readonly number[]
}

const hourMs = 3_600_000
const weekHours = 168
const weekMs = weekHours * hourMs

/** Monday, 5 January 2026, 00:00 UTC: an ordinary week. */
export const defaultWeekStartAt = Date.UTC(2026, 0, 5)

/** A week as the check looks at it: where it begins, and the instants of it at which stories begin. */
export interface CheckedWeek {
  readonly fromAt: number
  /** In order. Between two of them no shift begins or ends, so that one instant stands for them all. */
  readonly instants: readonly number[]
}

/**
 * `byHour`: every hour besides, because a workflow asks for the clock; without it, each stretch between two changes of
 * shifts has one instant, its first.
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

/** Infinity when none comes any more. */
function nextBoundary(shift: Shift, at: number): number {
  return shiftTimeAt(shift, at).nextBoundaryAt ?? Number.POSITIVE_INFINITY
}
