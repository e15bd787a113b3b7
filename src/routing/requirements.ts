import type { Compiling } from './compile-conditions'
import { type Condition, type FactCondition, isFactReference } from './condition'
import { type PlainFact, plainFact } from './fact-reader'

export type Primitive = string | number | boolean | null

/** A fact has to be one of these values for the workflow to match. */
export interface Requirement {
  readonly fact: PlainFact
  readonly key: string
  readonly values: readonly Primitive[]
}

const valuesMax = 1_024

/**
 * What has to hold for a condition to hold: equalities and `in` on plain facts, their conjunctions, and `any` over one
 * fact. Only ever leaves out what cannot match: whatever it does not understand, it requires nothing of.
 */
export function requirementsOf(condition: Condition, compiling: Compiling): readonly Requirement[] {
  if ('all' in condition) return merged(condition.all.flatMap((part) => requirementsOf(part, compiling)))
  if ('any' in condition) return ofAny(condition.any.map((part) => requirementsOf(part, compiling)))
  if ('not' in condition) return []
  if ('fact' in condition) return ofComparison(condition, compiling)
  const named = compiling.conditions[condition.condition]
  return named === undefined ? [] : requirementsOf(named, compiling)
}

function ofComparison(condition: FactCondition, { hostFacts }: Compiling): readonly Requirement[] {
  const { operator, value } = condition
  const fact = plainFact(condition, hostFacts)
  if (fact === null || fact.key === null || isFactReference(value)) return []
  if (operator === 'equal' && isPrimitive(value)) return [{ fact, key: fact.key, values: [value] }]
  if (operator !== 'in' || !Array.isArray(value)) return []
  // A list inside the list never equals anything.
  return [{ fact, key: fact.key, values: [...new Set(value.filter(isPrimitive))] }]
}

/** One requirement a fact: of two on the same fact the narrower one. */
function merged(requirements: readonly Requirement[]): readonly Requirement[] {
  const byKey = new Map<string, Requirement>()
  for (const requirement of requirements) {
    const known = byKey.get(requirement.key)
    if (known === undefined || requirement.values.length < known.values.length) byKey.set(requirement.key, requirement)
  }
  return [...byKey.values()]
}

/** A fact on which every branch requires something has to be one of all their values. */
function ofAny(branches: readonly (readonly Requirement[])[]): readonly Requirement[] {
  const [first = [], ...others] = branches
  return first.flatMap((requirement) => {
    const same = others.map((branch) => branch.find(({ key }) => key === requirement.key))
    const values = new Set(requirement.values)
    for (const other of same) {
      if (other === undefined) return []
      for (const value of other.values) values.add(value)
    }
    return values.size > valuesMax ? [] : [{ ...requirement, values: [...values] }]
  })
}

function isPrimitive(value: unknown): value is Primitive {
  return value === null || typeof value !== 'object'
}
