import { type SyncFact, syncFact } from '../facts/fact-reader'
import { foldCondition } from '../workflow/condition-walk'
import { type Condition, type FactCondition, isFactReference } from '../workflow/workflow'
import type { CompileContext } from './compile-condition'

export type Primitive = string | number | boolean | null

/** A fact must have this value, or one of these values, for the workflow to match. */
export interface RequiredValue {
  readonly fact: SharedFact
  readonly value: Primitive | readonly Primitive[]
}

/** A fact that has the same value for every condition that reads it. */
export type SharedFact = SyncFact & { readonly key: string }

export function valuesOf({ value }: RequiredValue): readonly Primitive[] {
  return isPrimitive(value) ? [value] : value
}

export function valueCountOf({ value }: RequiredValue): number {
  return isPrimitive(value) ? 1 : value.length
}

/**
 * Returns what has to hold for a condition to hold: equalities and `in` on plain facts, their conjunctions, and `any`
 * over one fact. Leaves out what it cannot analyse, so that no workflow that could match is left out.
 */
export function requiredValuesOf(condition: Condition, context: CompileContext): readonly RequiredValue[] {
  return foldCondition<readonly RequiredValue[]>(condition, context.conditions, {
    all: requiredByAll,
    any: requiredByAny,
    not: () => noValues,
    comparison: (comparison) => requiredByComparison(comparison, context),
    unknown: () => noValues,
  })
}

const noValues: readonly never[] = []

function requiredByComparison(comparison: FactCondition, { hostFacts }: CompileContext): readonly RequiredValue[] {
  const { operator, value } = comparison
  if (operator !== 'equal' && operator !== 'in') return noValues
  const fact = syncFact(comparison, hostFacts)
  if (fact === null || !isSharedFact(fact) || isFactReference(value)) return noValues
  if (operator === 'equal') return isPrimitive(value) ? [{ fact, value }] : noValues
  // A list inside the list never equals anything.
  return Array.isArray(value) ? [{ fact, value: [...new Set(value.filter(isPrimitive))] }] : noValues
}

/** Facts of one workflow by which the index may find it; the compiled check evaluates the others. */
const requiredFactsMax = 32

/** One required value a fact: of two on the same fact the narrower one. */
function requiredByAll(parts: readonly (readonly RequiredValue[])[]): readonly RequiredValue[] {
  const narrowest: RequiredValue[] = []
  for (const part of parts) for (const required of part) addNarrowest(narrowest, required)
  // A list that has grown has room for more items: ten thousand of them would waste memory.
  return narrowest.slice()
}

function addNarrowest(narrowest: RequiredValue[], required: RequiredValue): void {
  const index = narrowest.findIndex(({ fact }) => fact.key === required.fact.key)
  const known = narrowest[index]
  if (known === undefined) {
    if (narrowest.length < requiredFactsMax) narrowest.push(required)
  } else if (valueCountOf(required) < valueCountOf(known)) narrowest[index] = required
}

const valuesPerFactMax = 1_024

/** A fact on which every branch requires something must have one of all their values. */
function requiredByAny(branches: readonly (readonly RequiredValue[])[]): readonly RequiredValue[] {
  const [first = [], ...others] = branches
  return first.flatMap((required) => {
    const same = others.map((branch) => branch.find(({ fact }) => fact.key === required.fact.key))
    const values = new Set(valuesOf(required))
    for (const other of same) {
      if (other === undefined) return []
      for (const value of valuesOf(other)) values.add(value)
    }
    return values.size > valuesPerFactMax ? [] : [{ fact: required.fact, value: [...values] }]
  })
}

function isSharedFact(fact: SyncFact): fact is SharedFact {
  return fact.key !== null
}

function isPrimitive(value: unknown): value is Primitive {
  return value === null || typeof value !== 'object'
}

/** How many workflows require each value of each fact. */
export class RequiredValueFrequencies {
  readonly #byKey = new Map<string, Map<Primitive, number>>()

  add(required: RequiredValue): void {
    const counts = this.#byKey.get(required.fact.key) ?? new Map<Primitive, number>()
    if (counts.size === 0) this.#byKey.set(required.fact.key, counts)
    for (const value of valuesOf(required)) counts.set(value, (counts.get(value) ?? 0) + 1)
  }

  remove(required: RequiredValue): void {
    const counts = this.#byKey.get(required.fact.key)
    if (counts === undefined) return
    for (const value of valuesOf(required)) {
      const left = (counts.get(value) ?? 0) - 1
      if (left > 0) counts.set(value, left)
      else counts.delete(value)
    }
    if (counts.size === 0) this.#byKey.delete(required.fact.key)
  }

  /** The frequency of the most frequent of its values. */
  highestOf(required: RequiredValue): number {
    const counts = this.#byKey.get(required.fact.key)
    let most = 0
    for (const value of valuesOf(required)) most = Math.max(most, counts?.get(value) ?? 0)
    return most
  }
}
