import type { Facts, Json } from '../../core'
import { type Condition, type Conditions, factPath, type NamedConditions, type Workflow } from '../../routing'

/** What workflows ask of facts: for each fact the values at which their answer may change, the plainest first. */
export interface MinedFacts {
  /** `visitor` and `request` are the desk's own: what visitors bring, and the weight. */
  readonly values: ReadonlyMap<string, readonly Json[]>
  /** Facts with which each workflow is met, as far as can be seen without evaluating it; first none at all. */
  readonly witnesses: readonly Facts[]
  readonly asksForClock: boolean
}

/** Stands for every text that no condition names. */
export const somethingElse = 'something else'
const witnessesOfOneMax = 8

/** Reads the conditions of workflows, named ones included. */
export function mineFacts(workflows: readonly Workflow[], conditions: NamedConditions = {}): MinedFacts {
  const mine = new Mine(conditions)
  for (const { conditions: own } of workflows) mine.dig(own)
  for (const named of Object.values(conditions)) mine.dig(named)
  const met = workflows.flatMap(({ conditions: own }) => mine.witnesses(own).slice(0, witnessesOfOneMax))
  const values = new Map([...mine.found].map(([fact, found]) => [fact, [...found.values()]] as const))
  return { values, witnesses: distinct([{}, ...met]), asksForClock: mine.asksForClock }
}

class Mine {
  readonly found = new Map<string, Map<string, Json>>()
  asksForClock = false
  readonly #named: NamedConditions

  constructor(named: NamedConditions) {
    this.#named = named
  }

  dig(condition: Condition): void {
    if ('all' in condition) for (const part of condition.all) this.dig(part)
    else if ('any' in condition) for (const part of condition.any) this.dig(part)
    else if ('not' in condition) this.dig(condition.not)
    else if ('fact' in condition) this.#leaf(condition)
  }

  #leaf({ fact, path, value }: Leaf): void {
    if (fact === 'clock') this.asksForClock = true
    if (isReference(value)) {
      for (const each of [value.fact, fact]) this.#add(each, valuesAround(1))
      return
    }
    this.#add(
      fact,
      valuesAround(value).map((each) => inside(each, path)),
    )
  }

  #add(fact: string, values: readonly Json[]): void {
    if (computed.has(fact)) return
    const known = this.found.get(fact) ?? new Map<string, Json>()
    for (const value of values) known.set(JSON.stringify(value), value)
    this.found.set(fact, known)
  }

  /** One set of facts for each way in which a condition may hold. */
  witnesses(condition: Condition): Facts[] {
    if ('any' in condition) return condition.any.flatMap((part) => this.witnesses(part))
    if ('all' in condition) {
      return condition.all.reduce<Facts[]>((found, part) => product(found, this.witnesses(part)), [{}])
    }
    if ('not' in condition) return [{}]
    if ('fact' in condition) return computed.has(condition.fact) ? [{}] : witnessesOfLeaf(condition)
    const named: Conditions | undefined = this.#named[condition.condition]
    return named === undefined ? [{}] : this.witnesses(named)
  }
}

type Leaf = Extract<Condition, { readonly fact: string }>

/** The desk works these out; no request brings them. */
const computed: ReadonlySet<string> = new Set(['clock', 'available', 'waiting', 'lastStaff'])

function witnessesOfLeaf({ fact, path, operator, value }: Leaf): Facts[] {
  if (isReference(value)) return [{}]
  return meeting(operator, value).map((each) => (each === undefined ? {} : { [fact]: inside(each, path) }))
}

/** Values that meet a comparison; `undefined` stands for leaving the fact out. */
function meeting(operator: string, value: Json): readonly (Json | undefined)[] {
  const colon = operator.indexOf(':')
  if (colon !== -1) {
    const [decorator, rest] = [operator.slice(0, colon), operator.slice(colon + 1)]
    if (decorator === 'someFact' || decorator === 'everyFact') return meeting(rest, value).map((each) => [each ?? null])
    if (decorator.endsWith('Value') && Array.isArray(value)) return value.flatMap((each) => meeting(rest, each))
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
  return typeof value === 'string' ? [value, somethingElse, [value]] : [value, somethingElse]
}

function isReference(value: Leaf['value']): value is Extract<Leaf['value'], { readonly fact: string }> & object {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'fact')
}

/** A value under a path: `plan.name` around `gold` is `{ plan: { name: 'gold' } }`. */
function inside(value: Json, path: string | undefined): Json {
  const keys = path === undefined ? [] : (factPath(path) ?? [])
  return keys.reduceRight<Json>((inner, key) => (/^\d+$/.test(key) ? [inner] : { [key]: inner }), value)
}

function product(found: readonly Facts[], more: readonly Facts[]): Facts[] {
  return found
    .flatMap((one) => more.map((other) => mergedFacts(one, other)))
    .slice(0, witnessesOfOneMax * witnessesOfOneMax)
}

/** The facts of both; where both say something, the latter wins, but for what lies under different keys of objects. */
export function mergedFacts(one: Facts, other: Facts): Facts {
  const merged: Record<string, Json> = { ...one }
  for (const [fact, value] of Object.entries(other)) {
    const known = merged[fact]
    merged[fact] = isObject(known) && isObject(value) ? (mergedFacts(known, value) as Json) : value
  }
  return merged
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Without doubles, those with the fewest facts first. */
export function distinct(facts: readonly Facts[]): Facts[] {
  const found = new Map(facts.map((each) => [JSON.stringify(each), each]))
  return [...found.values()].sort((one, other) => Object.keys(one).length - Object.keys(other).length)
}
