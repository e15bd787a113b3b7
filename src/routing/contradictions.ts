import { type Condition, type FactCondition, isFactReference } from './condition'
import type { NamedConditions } from './workflow'

/** Why a condition can never hold, in words; nothing where that is not sure. */
export function contradictionsOf(condition: Condition, named: NamedConditions): string[] {
  if ('any' in condition) {
    const branches = condition.any.map((part) => contradictionsOf(part, named))
    return branches.every((branch) => branch.length > 0) ? branches.flat() : []
  }
  if ('all' in condition) {
    const inside = condition.all.flatMap((part) => contradictionsOf(part, named))
    return [...inside, ...amongst(condition.all)]
  }
  if ('fact' in condition) return impossible(condition)
  const reference = 'condition' in condition ? named[condition.condition] : undefined
  return reference === undefined ? [] : contradictionsOf(reference, named)
}

function impossible({ fact, operator, value }: FactCondition): string[] {
  if (operator === 'in' && Array.isArray(value) && value.length === 0) return [`${fact} is never in an empty list`]
  const isObject = typeof value === 'object' && value !== null && !isFactReference(value)
  return operator === 'equal' && isObject ? [`${fact} never equals a list or an object: only plain values compare`] : []
}

/** What a fact has to be and has to be as well, under one `all`. */
function amongst(parts: readonly Condition[]): string[] {
  const byFact = new Map<string, FactCondition[]>()
  for (const part of parts) {
    if (!('fact' in part) || part.params !== undefined || isFactReference(part.value)) continue
    const key = JSON.stringify([part.fact, part.path ?? null])
    byFact.set(key, [...(byFact.get(key) ?? []), part])
  }
  return [...byFact.values()].flatMap((conditions) => (isPossible(conditions) ? [] : [clash(conditions)]))
}

function isPossible(conditions: readonly FactCondition[]): boolean {
  const lists = conditions.flatMap(({ operator, value }) => {
    if (operator === 'equal') return [[value]]
    return operator === 'in' && Array.isArray(value) ? [value] : []
  })
  const [first, ...others] = lists
  if (first !== undefined) {
    const left = first.filter((value) => others.every((other) => other.includes(value)))
    return left.some((value) => conditions.every((condition) => allows(condition, value)))
  }
  const [low, high] = [lowest(conditions), highest(conditions)]
  return low < high || (low === high && conditions.filter(isBound).every((bound) => allows(bound, low)))
}

function isBound({ operator }: FactCondition): boolean {
  return operator.startsWith('greaterThan') || operator.startsWith('lessThan')
}

/** Whether one value that the fact might have gets past a condition. */
function allows({ operator, value: expected }: FactCondition, value: unknown): boolean {
  if (operator === 'notEqual') return value !== expected
  if (operator === 'notIn') return !(Array.isArray(expected) && expected.includes(value as never))
  if (typeof value !== 'number' || typeof expected !== 'number') return true
  if (operator === 'lessThan') return value < expected
  if (operator === 'lessThanInclusive') return value <= expected
  if (operator === 'greaterThan') return value > expected
  return operator !== 'greaterThanInclusive' || value >= expected
}

function lowest(conditions: readonly FactCondition[]): number {
  return Math.max(...bounds(conditions, 'greaterThan'), Number.NEGATIVE_INFINITY)
}

function highest(conditions: readonly FactCondition[]): number {
  return Math.min(...bounds(conditions, 'lessThan'), Number.POSITIVE_INFINITY)
}

function bounds(conditions: readonly FactCondition[], prefix: string): number[] {
  const found = conditions.filter(({ operator }) => operator.startsWith(prefix))
  return found.flatMap(({ value }) => (typeof value === 'number' ? [value] : []))
}

function clash(conditions: readonly FactCondition[]): string {
  const told = conditions.map(({ operator, value }) => `${operator} ${JSON.stringify(value)}`)
  return `${conditions[0]?.fact} is never at the same time ${told.join(' and ')}`
}
