import type { Json } from '../core'
import { type Condition, type FactCondition, type FactReference, isFactReference } from './condition'
import type { HostFacts } from './desk-facts'
import { plainFact, type Read, settledFact } from './fact-reader'
import type { RoutingContext } from './routing-context'
import type { RuleEngine } from './rule-engine'
import type { NamedConditions } from './workflow'

export type Check = (context: RoutingContext) => boolean

/** A condition as a closure. */
export interface Compiled {
  /** `false` only where json-rules-engine would not say true. `null`: nothing is known before it is asked. */
  readonly check: Check | null
  /** Whether `true` means true as well. */
  readonly isExact: boolean
}

/** What conditions are compiled against. */
export interface Compiling {
  readonly hostFacts: HostFacts
  readonly conditions: NamedConditions
  readonly engine: RuleEngine
  /** Whether the facts that have to be waited for have answered when the check runs. */
  readonly isSettled: boolean
}

const unknown: Compiled = { check: null, isExact: false }

/**
 * Gives json-rules-engine's own answer without a promise, for facts that are there at once and operators it brings
 * along. A check may throw where json-rules-engine would reject. Around what cannot be compiled it keeps what still can
 * be ruled out.
 */
export function compileCondition(condition: Condition, compiling: Compiling): Compiled {
  if ('all' in condition) return compileAll(inOrder(condition.all).map((part) => compileCondition(part, compiling)))
  if ('any' in condition) return compileAny(inOrder(condition.any).map((part) => compileCondition(part, compiling)))
  if ('not' in condition) return compileNot(compileCondition(condition.not, compiling))
  if ('fact' in condition) return compileComparison(condition, compiling)
  const named = compiling.conditions[condition.condition]
  return named === undefined ? unknown : compileCondition(named, compiling)
}

/** json-rules-engine looks at what has the higher priority first, and at the rest only where that left it open. */
function inOrder(parts: readonly Condition[]): readonly Condition[] {
  return parts.toSorted((one, other) => priorityOf(other) - priorityOf(one))
}

function priorityOf(part: Condition): number {
  return 'priority' in part && typeof part.priority === 'number' ? part.priority : 1
}

function compileAll(parts: readonly Compiled[]): Compiled {
  const checks = parts.map(({ check }) => check).filter((check) => check !== null)
  if (checks.length === 0) return unknown
  return { check: every(checks), isExact: parts.every(({ isExact }) => isExact) }
}

function every(checks: readonly Check[]): Check {
  const [first, second, third] = checks
  if (first === undefined) return () => true
  if (second === undefined) return first
  if (third === undefined) return (context) => first(context) && second(context)
  if (checks.length === 3) return (context) => first(context) && second(context) && third(context)
  return (context) => {
    for (const check of checks) if (!check(context)) return false
    return true
  }
}

function compileAny(parts: readonly Compiled[]): Compiled {
  const checks = parts.map(({ check }) => check).filter((check) => check !== null)
  if (checks.length < parts.length) return unknown
  const check: Check = (context) => {
    for (const one of checks) if (one(context)) return true
    return false
  }
  return { check, isExact: parts.every(({ isExact }) => isExact) }
}

function compileNot({ check, isExact }: Compiled): Compiled {
  return check === null || !isExact ? unknown : { check: (context) => !check(context), isExact: true }
}

function compileComparison(condition: FactCondition, compiling: Compiling): Compiled {
  const { engine } = compiling
  const left = readOf(condition, compiling)
  if (left === undefined || !engine.isBuiltIn(condition.operator)) return unknown
  if (!isFactReference(condition.value))
    return exactly(compareWithValue(condition.operator, left, condition.value, engine))
  const right = readOf(condition.value, compiling)
  if (right === undefined) return unknown
  const compare = engine.comparison(condition.operator)
  return exactly((context) => compare(left(context), right(context)))
}

function readOf(reference: FactReference, { hostFacts, isSettled }: Compiling): Read | undefined {
  return isSettled ? settledFact(reference, hostFacts).read : plainFact(reference, hostFacts)?.read
}

function exactly(check: Check): Compiled {
  return { check, isExact: true }
}

/** The most frequent operators without a call; the rest is json-rules-engine's own function. */
function compareWithValue(operator: string, left: Read, value: Json, engine: RuleEngine): Check {
  if (operator === 'equal') return (context) => left(context) === value
  if (operator === 'notEqual') return (context) => left(context) !== value
  if (operator === 'in' && Array.isArray(value)) {
    const items = new Set<unknown>(value.filter((item) => typeof item !== 'object' || item === null))
    return (context) => items.has(left(context))
  }
  const compare = engine.comparison(operator)
  return (context) => compare(left(context), value)
}
