import type { Facts, Json } from '../../core'
import { type Condition, type Conditions, type NamedConditions, parseFactPath, type Workflow } from '../../routing'

/** What workflows ask of facts: for each fact the values at which their answer may change, the plainest first. */
export interface FactValues {
  /** `visitor` and `request` are the desk's own: what visitors bring, and the weight. */
  readonly values: ReadonlyMap<string, readonly Json[]>
  /** Facts with which each workflow is met, as far as can be seen without evaluating it; first none at all. */
  readonly satisfyingFacts: readonly Facts[]
  readonly usesClock: boolean
}

/** Stands for every text that no condition names. */
export const unmatchedText = 'something else'
const satisfyingFactsMax = 8

/** Reads the conditions of workflows, named ones included. */
export function collectFactValues(workflows: readonly Workflow[], conditions: NamedConditions = {}): FactValues {
  const mine = new FactValueCollector(conditions)
  for (const { conditions: own } of workflows) mine.collect(own)
  for (const named of Object.values(conditions)) mine.collect(named)
  const met = workflows.flatMap(({ conditions: own }) => mine.satisfyingFacts(own).slice(0, satisfyingFactsMax))
  const values = new Map([...mine.valuesByFact].map(([fact, found]) => [fact, [...found.values()]] as const))
  return { values, satisfyingFacts: distinctFacts([{}, ...met]), usesClock: mine.usesClock }
}

class FactValueCollector {
  readonly valuesByFact = new Map<string, Map<string, Json>>()
  usesClock = false
  readonly #named: NamedConditions

  constructor(named: NamedConditions) {
    this.#named = named
  }

  collect(condition: Condition): void {
    if ('all' in condition) for (const part of condition.all) this.collect(part)
    else if ('any' in condition) for (const part of condition.any) this.collect(part)
    else if ('not' in condition) this.collect(condition.not)
    else if ('fact' in condition) this.#leaf(condition)
  }

  #leaf({ fact, path, value }: FactCondition): void {
    if (fact === 'clock') this.usesClock = true
    if (isReference(value)) {
      for (const each of [value.fact, fact]) this.#add(each, valuesAround(1))
      return
    }
    this.#add(
      fact,
      valuesAround(value).map((each) => nestAtPath(each, path)),
    )
  }

  #add(fact: string, values: readonly Json[]): void {
    if (computedFacts.has(fact)) return
    const known = this.valuesByFact.get(fact) ?? new Map<string, Json>()
    for (const value of values) known.set(JSON.stringify(value), value)
    this.valuesByFact.set(fact, known)
  }

  /** One set of facts for each way in which a condition may hold. */
  satisfyingFacts(condition: Condition): Facts[] {
    if ('any' in condition) return condition.any.flatMap((part) => this.satisfyingFacts(part))
    if ('all' in condition) {
      return condition.all.reduce<Facts[]>((found, part) => mergedCombinations(found, this.satisfyingFacts(part)), [{}])
    }
    if ('not' in condition) return [{}]
    if ('fact' in condition) return computedFacts.has(condition.fact) ? [{}] : satisfyingFactsOf(condition)
    const named: Conditions | undefined = this.#named[condition.condition]
    return named === undefined ? [{}] : this.satisfyingFacts(named)
  }
}

type FactCondition = Extract<Condition, { readonly fact: string }>

/** The desk works these out; no request brings them. */
const computedFacts: ReadonlySet<string> = new Set(['clock', 'available', 'waiting', 'lastStaff'])

function satisfyingFactsOf({ fact, path, operator, value }: FactCondition): Facts[] {
  if (isReference(value)) return [{}]
  return valuesSatisfying(operator, value).map((each) => (each === undefined ? {} : { [fact]: nestAtPath(each, path) }))
}

/** Values that meet a comparison; `undefined` stands for leaving the fact out. */
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

/** A value, its neighbours, and what operators on lists make of it. */
function valuesAround(value: Json): Json[] {
  if (Array.isArray(value)) return [...value.flatMap((each) => valuesAround(each as Json)), [...value]]
  if (typeof value === 'number') return [value, value - 1, value + 1, [value]]
  if (typeof value === 'boolean') return [value, !value]
  return typeof value === 'string' ? [value, unmatchedText, [value]] : [value, unmatchedText]
}

function isReference(
  value: FactCondition['value'],
): value is Extract<FactCondition['value'], { readonly fact: string }> & object {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'fact')
}

/** A value under a path: `plan.name` around `gold` is `{ plan: { name: 'gold' } }`. */
function nestAtPath(value: Json, path: string | undefined): Json {
  const keys = path === undefined ? [] : (parseFactPath(path) ?? [])
  return keys.reduceRight<Json>((inner, key) => (/^\d+$/.test(key) ? [inner] : { [key]: inner }), value)
}

function mergedCombinations(found: readonly Facts[], more: readonly Facts[]): Facts[] {
  return found
    .flatMap((one) => more.map((other) => mergeFacts(one, other)))
    .slice(0, satisfyingFactsMax * satisfyingFactsMax)
}

/** The facts of both; where both say something, the latter wins, but for what lies under different keys of objects. */
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

/** Without doubles, those with the fewest facts first. */
export function distinctFacts(facts: readonly Facts[]): Facts[] {
  const found = new Map(facts.map((each) => [JSON.stringify(each), each]))
  return [...found.values()].sort((one, other) => Object.keys(one).length - Object.keys(other).length)
}
