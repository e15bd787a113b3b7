import type { Facts, Json } from '../../core'
import {
  type Condition,
  comparisonsOf,
  type FactCondition,
  foldCondition,
  isFactReference,
  type NamedConditions,
  parseFactPath,
  type Workflow,
} from '../../routing'

/**
 * The values of facts that workflows distinguish: for each fact those at which a result may change, plain ones first.
 */
export interface FactValues {
  /** `visitor` and `request` are the desk's own: the visitor's facts, and the weight. */
  readonly values: ReadonlyMap<string, readonly Json[]>
  /** Facts that satisfy each workflow, as far as its comparisons show; the first has no fact at all. */
  readonly satisfyingFacts: readonly Facts[]
  readonly usesClock: boolean
}

/** Stands for every text that no condition names. */
export const unmatchedText = 'something else'
const satisfyingFactsMax = 8

/** Reads the conditions of workflows, named ones included. */
export function collectFactValues(workflows: readonly Workflow[], named: NamedConditions = {}): FactValues {
  const conditions = [...workflows.map((workflow) => workflow.conditions), ...Object.values(named)]
  const comparisons = conditions.flatMap((condition) => comparisonsOf(condition, {}))
  const satisfying = workflows.flatMap((workflow) =>
    satisfyingFactsOf(workflow.conditions, named).slice(0, satisfyingFactsMax),
  )
  return {
    values: valuesByFact(comparisons),
    satisfyingFacts: distinctFacts([{}, ...satisfying]),
    usesClock: comparisons.some(({ fact }) => fact === 'clock'),
  }
}

function valuesByFact(comparisons: readonly FactCondition[]): ReadonlyMap<string, readonly Json[]> {
  const byFact = new Map<string, Map<string, Json>>()
  const add = (fact: string, values: readonly Json[]) => {
    if (computedFacts.has(fact)) return
    const known = byFact.get(fact) ?? new Map<string, Json>()
    for (const value of values) known.set(JSON.stringify(value), value)
    byFact.set(fact, known)
  }
  for (const { fact, path, value } of comparisons) {
    if (isFactReference(value)) for (const each of [value.fact, fact]) add(each, valuesAround(1))
    else
      add(
        fact,
        valuesAround(value).map((each) => nestAtPath(each, path)),
      )
  }
  return new Map([...byFact].map(([fact, values]) => [fact, [...values.values()]] as const))
}

/** One set of facts for each way in which a condition may hold. */
function satisfyingFactsOf(condition: Condition, named: NamedConditions): readonly Facts[] {
  return foldCondition<readonly Facts[]>(condition, named, {
    all: (parts) => parts.reduce(mergedCombinations, [{}]),
    any: (parts) => parts.flat(),
    not: () => [{}],
    comparison: factsSatisfying,
    unknown: () => [{}],
  })
}

/** The desk computes these; no request has them. */
const computedFacts: ReadonlySet<string> = new Set(['clock', 'available', 'waiting', 'lastStaff'])

function factsSatisfying({ fact, path, operator, value }: FactCondition): readonly Facts[] {
  if (computedFacts.has(fact) || isFactReference(value)) return [{}]
  return valuesSatisfying(operator, value).map((each) => (each === undefined ? {} : { [fact]: nestAtPath(each, path) }))
}

/** Values that satisfy a comparison; `undefined` stands for leaving the fact out. */
function valuesSatisfying(operator: string, value: Json): readonly (Json | undefined)[] {
  const colon = operator.indexOf(':')
  if (colon !== -1) {
    const [decorator, rest] = [operator.slice(0, colon), operator.slice(colon + 1)]
    if (decorator === 'someFact' || decorator === 'everyFact')
      return valuesSatisfying(rest, value).map((each) => [each ?? null])
    if (decorator.endsWith('Value') && Array.isArray(value))
      return value.flatMap((each) => valuesSatisfying(rest, each))
    return decorator === 'not' ? [undefined] : valuesAround(value).slice(0, 1)
  }
  if (typeof value === 'number' && operator === 'lessThan') return [value - 1]
  if (typeof value === 'number' && operator === 'greaterThan') return [value + 1]
  if (operator === 'in' && Array.isArray(value)) return value
  if (operator === 'contains') return [[value]]
  return /^(not|doesNot)/.test(operator) ? [undefined] : [value]
}

/** A value, its neighbours, and lists of it. */
function valuesAround(value: Json): Json[] {
  if (Array.isArray(value)) return [...value.flatMap((each) => valuesAround(each as Json)), [...value]]
  if (typeof value === 'number') return [value, value - 1, value + 1, [value]]
  if (typeof value === 'boolean') return [value, !value]
  return typeof value === 'string' ? [value, unmatchedText, [value]] : [value, unmatchedText]
}

/** A value under a path: `plan.name` around `gold` is `{ plan: { name: 'gold' } }`. */
function nestAtPath(value: Json, path: string | undefined): Json {
  const keys = path === undefined ? [] : (parseFactPath(path) ?? [])
  return keys.reduceRight<Json>((inner, key) => (/^\d+$/.test(key) ? [inner] : { [key]: inner }), value)
}

function mergedCombinations(facts: readonly Facts[], more: readonly Facts[]): readonly Facts[] {
  return facts
    .flatMap((one) => more.map((other) => mergeFacts(one, other)))
    .slice(0, satisfyingFactsMax * satisfyingFactsMax)
}

/** Merges facts, objects by their keys; where both have a value, the latter one is kept. */
export function mergeFacts(one: Facts, other: Facts): Facts {
  const merged: Record<string, Json> = { ...one }
  for (const [fact, value] of Object.entries(other)) {
    const known = merged[fact]
    merged[fact] = isObject(known) && isObject(value) ? (mergeFacts(known, value) as Json) : value
  }
  return merged
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Without duplicates, those with the fewest facts first. */
export function distinctFacts(facts: readonly Facts[]): Facts[] {
  const found = new Map(facts.map((each) => [JSON.stringify(each), each]))
  return [...found.values()].sort((one, other) => Object.keys(one).length - Object.keys(other).length)
}
