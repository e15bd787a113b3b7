import { type SyncFact, syncFact } from '../facts/fact-reader'
import { type Condition, type FactCondition, isFactReference } from '../workflow/workflow'
import type { CompileContext } from './compile-condition'

export type Primitive = string | number | boolean | null

/** A fact has to be this value, or one of these values, for the workflow to match. */
export interface RequiredValue {
  readonly fact: SharedFact
  readonly value: Primitive | readonly Primitive[]
}

/** A fact that says the same to all who ask for it. */
export type SharedFact = SyncFact & { readonly key: string }

export function valuesOf({ value }: RequiredValue): readonly Primitive[] {
  return isPrimitive(value) ? [value] : value
}

export function valueCountOf({ value }: RequiredValue): number {
  return isPrimitive(value) ? 1 : value.length
}

const valuesPerFactMax = 1_024

/**
 * What has to hold for a condition to hold: equalities and `in` on plain facts, their conjunctions, and `any` over one
 * fact. Only ever leaves out what cannot match: whatever it does not understand, it requires nothing of.
 */
export function requiredValuesOf(condition: Condition, compiling: CompileContext): readonly RequiredValue[] {
  if ('all' in condition) return requiredByAll(condition.all, compiling)
  if ('any' in condition) return requiredByAny(condition.any.map((part) => requiredValuesOf(part, compiling)))
  if ('not' in condition) return []
  if ('fact' in condition) {
    const requirement = requiredByComparison(condition, compiling)
    return requirement === null ? [] : [requirement]
  }
  const named = compiling.conditions[condition.condition]
  return named === undefined ? [] : requiredValuesOf(named, compiling)
}

function requiredByComparison(condition: FactCondition, { hostFacts }: CompileContext): RequiredValue | null {
  const { operator, value } = condition
  if (operator !== 'equal' && operator !== 'in') return null
  const fact = syncFact(condition, hostFacts)
  if (fact === null || !isSharedFact(fact) || isFactReference(value)) return null
  if (operator === 'equal') return isPrimitive(value) ? { fact, value } : null
  // A list inside the list never equals anything.
  return Array.isArray(value) ? { fact, value: [...new Set(value.filter(isPrimitive))] } : null
}

function requiredByAll(parts: readonly Condition[], compiling: CompileContext): readonly RequiredValue[] {
  const found: RequiredValue[] = []
  for (const part of parts) {
    if (!('fact' in part)) for (const requirement of requiredValuesOf(part, compiling)) addNarrowest(found, requirement)
    else {
      const requirement = requiredByComparison(part, compiling)
      if (requirement !== null) addNarrowest(found, requirement)
    }
  }
  // A list that has grown keeps room for more: ten thousand of them would keep much.
  return found.slice()
}

/** Facts of one workflow by which it may be found; whatever else it requires is left to the check. */
const requiredFactsMax = 32

/** One requirement a fact: of two on the same fact the narrower one. */
function addNarrowest(found: RequiredValue[], requirement: RequiredValue): void {
  const place = found.findIndex(({ fact }) => fact.key === requirement.fact.key)
  const known = found[place]
  if (known === undefined) {
    if (found.length < requiredFactsMax) found.push(requirement)
  } else if (valueCountOf(requirement) < valueCountOf(known)) found[place] = requirement
}

/** A fact on which every branch requires something has to be one of all their values. */
function requiredByAny(branches: readonly (readonly RequiredValue[])[]): readonly RequiredValue[] {
  const [first = [], ...others] = branches
  return first.flatMap((requirement) => {
    const same = others.map((branch) => branch.find(({ fact }) => fact.key === requirement.fact.key))
    const values = new Set(valuesOf(requirement))
    for (const other of same) {
      if (other === undefined) return []
      for (const value of valuesOf(other)) values.add(value)
    }
    return values.size > valuesPerFactMax ? [] : [{ fact: requirement.fact, value: [...values] }]
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

  add(requirement: RequiredValue): void {
    const counts = this.#byKey.get(requirement.fact.key) ?? new Map<Primitive, number>()
    if (counts.size === 0) this.#byKey.set(requirement.fact.key, counts)
    for (const value of valuesOf(requirement)) counts.set(value, (counts.get(value) ?? 0) + 1)
  }

  remove(requirement: RequiredValue): void {
    const counts = this.#byKey.get(requirement.fact.key)
    if (counts === undefined) return
    for (const value of valuesOf(requirement)) {
      const left = (counts.get(value) ?? 0) - 1
      if (left > 0) counts.set(value, left)
      else counts.delete(value)
    }
    if (counts.size === 0) this.#byKey.delete(requirement.fact.key)
  }

  /** Of the most frequent of its values. */
  highestOf(requirement: RequiredValue): number {
    const counts = this.#byKey.get(requirement.fact.key)
    let most = 0
    for (const value of valuesOf(requirement)) most = Math.max(most, counts?.get(value) ?? 0)
    return most
  }
}
