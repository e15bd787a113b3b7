import type { Compiling } from './compile-conditions'
import { type Condition, type FactCondition, isFactReference } from './condition'
import { type PlainFact, plainFact } from './fact-reader'

export type Primitive = string | number | boolean | null

/** A fact has to be this value, or one of these values, for the workflow to match. */
export interface Requirement {
  readonly fact: KeyedFact
  readonly value: Primitive | readonly Primitive[]
}

/** A fact that says the same to all who ask for it. */
export type KeyedFact = PlainFact & { readonly key: string }

export function valuesOf({ value }: Requirement): readonly Primitive[] {
  return isPrimitive(value) ? [value] : value
}

export function countOf({ value }: Requirement): number {
  return isPrimitive(value) ? 1 : value.length
}

const valuesMax = 1_024

/**
 * What has to hold for a condition to hold: equalities and `in` on plain facts, their conjunctions, and `any` over one
 * fact. Only ever leaves out what cannot match: whatever it does not understand, it requires nothing of.
 */
export function requirementsOf(condition: Condition, compiling: Compiling): readonly Requirement[] {
  if ('all' in condition) return ofAll(condition.all, compiling)
  if ('any' in condition) return ofAny(condition.any.map((part) => requirementsOf(part, compiling)))
  if ('not' in condition) return []
  if ('fact' in condition) {
    const requirement = ofComparison(condition, compiling)
    return requirement === null ? [] : [requirement]
  }
  const named = compiling.conditions[condition.condition]
  return named === undefined ? [] : requirementsOf(named, compiling)
}

function ofComparison(condition: FactCondition, { hostFacts }: Compiling): Requirement | null {
  const { operator, value } = condition
  if (operator !== 'equal' && operator !== 'in') return null
  const fact = plainFact(condition, hostFacts)
  if (fact === null || !isKeyed(fact) || isFactReference(value)) return null
  if (operator === 'equal') return isPrimitive(value) ? { fact, value } : null
  // A list inside the list never equals anything.
  return Array.isArray(value) ? { fact, value: [...new Set(value.filter(isPrimitive))] } : null
}

function ofAll(parts: readonly Condition[], compiling: Compiling): readonly Requirement[] {
  const found: Requirement[] = []
  for (const part of parts) {
    if (!('fact' in part)) for (const requirement of requirementsOf(part, compiling)) merge(found, requirement)
    else {
      const requirement = ofComparison(part, compiling)
      if (requirement !== null) merge(found, requirement)
    }
  }
  // A list that has grown keeps room for more: ten thousand of them would keep much.
  return found.slice()
}

/** Facts of one workflow by which it may be found; whatever else it requires is left to the check. */
const requirementsMax = 32

/** One requirement a fact: of two on the same fact the narrower one. */
function merge(found: Requirement[], requirement: Requirement): void {
  const place = found.findIndex(({ fact }) => fact.key === requirement.fact.key)
  const known = found[place]
  if (known === undefined) {
    if (found.length < requirementsMax) found.push(requirement)
  } else if (countOf(requirement) < countOf(known)) found[place] = requirement
}

/** A fact on which every branch requires something has to be one of all their values. */
function ofAny(branches: readonly (readonly Requirement[])[]): readonly Requirement[] {
  const [first = [], ...others] = branches
  return first.flatMap((requirement) => {
    const same = others.map((branch) => branch.find(({ fact }) => fact.key === requirement.fact.key))
    const values = new Set(valuesOf(requirement))
    for (const other of same) {
      if (other === undefined) return []
      for (const value of valuesOf(other)) values.add(value)
    }
    return values.size > valuesMax ? [] : [{ fact: requirement.fact, value: [...values] }]
  })
}

function isKeyed(fact: PlainFact): fact is KeyedFact {
  return fact.key !== null
}

function isPrimitive(value: unknown): value is Primitive {
  return value === null || typeof value !== 'object'
}
