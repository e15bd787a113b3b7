import type { Json } from '../../core'
import type { RuleEngine } from '../engine/rule-engine'
import { type ReadFact, resolvedFact, syncFact } from '../facts/fact-reader'
import type { RoutingContext } from '../facts/routing-context'
import type { HostFacts } from '../workflow/vocabulary'
import type { NamedConditions } from '../workflow/workflow'
import { type Condition, type FactCondition, type FactReference, isFactReference } from '../workflow/workflow'

export type ConditionCheck = (context: RoutingContext) => boolean

/** A condition as a closure. */
export interface CompiledCondition {
  /** `false` only where json-rules-engine would not say true. `null`: nothing is known before it is asked. */
  readonly check: ConditionCheck | null
  /** Whether `true` means true as well. */
  readonly isExact: boolean
}

/** What conditions are compiled against. */
export interface CompileContext {
  readonly hostFacts: HostFacts
  readonly conditions: NamedConditions
  readonly engine: RuleEngine
  /** Whether the facts that have to be waited for have answered when the check runs. */
  readonly hasAsyncFacts: boolean
}

const uncompilable: CompiledCondition = { check: null, isExact: false }

/**
 * Gives json-rules-engine's own answer without a promise, for facts that are there at once and operators it brings
 * along. A check may throw where json-rules-engine would reject. Around what cannot be compiled it keeps what still can
 * be ruled out.
 */
export function compileCondition(condition: Condition, compiling: CompileContext): CompiledCondition {
  if ('all' in condition) return compileAll(byPriority(condition.all).map((part) => compileCondition(part, compiling)))
  if ('any' in condition) return compileAny(byPriority(condition.any).map((part) => compileCondition(part, compiling)))
  if ('not' in condition) return compileNot(compileCondition(condition.not, compiling))
  if ('fact' in condition) return compileComparison(condition, compiling)
  const named = compiling.conditions[condition.condition]
  return named === undefined ? uncompilable : compileCondition(named, compiling)
}

/** json-rules-engine looks at what has the higher priority first, and at the rest only where that left it open. */
function byPriority(parts: readonly Condition[]): readonly Condition[] {
  return parts.toSorted((one, other) => priorityOf(other) - priorityOf(one))
}

function priorityOf(part: Condition): number {
  return 'priority' in part && typeof part.priority === 'number' ? part.priority : 1
}

function compileAll(parts: readonly CompiledCondition[]): CompiledCondition {
  const checks = parts.map(({ check }) => check).filter((check) => check !== null)
  if (checks.length === 0) return uncompilable
  return { check: allHold(checks), isExact: parts.every(({ isExact }) => isExact) }
}

function allHold(checks: readonly ConditionCheck[]): ConditionCheck {
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

function compileAny(parts: readonly CompiledCondition[]): CompiledCondition {
  const checks = parts.map(({ check }) => check).filter((check) => check !== null)
  if (checks.length < parts.length) return uncompilable
  const check: ConditionCheck = (context) => {
    for (const one of checks) if (one(context)) return true
    return false
  }
  return { check, isExact: parts.every(({ isExact }) => isExact) }
}

function compileNot({ check, isExact }: CompiledCondition): CompiledCondition {
  return check === null || !isExact ? uncompilable : { check: (context) => !check(context), isExact: true }
}

function compileComparison(condition: FactCondition, compiling: CompileContext): CompiledCondition {
  const { engine } = compiling
  const left = readerOf(condition, compiling)
  if (left === undefined || !engine.isBuiltInOperator(condition.operator)) return uncompilable
  if (!isFactReference(condition.value))
    return exact(compileValueComparison(condition.operator, left, condition.value, engine))
  const right = readerOf(condition.value, compiling)
  if (right === undefined) return uncompilable
  const compare = engine.operatorFunction(condition.operator)
  return exact((context) => compare(left(context), right(context)))
}

function readerOf(reference: FactReference, { hostFacts, hasAsyncFacts }: CompileContext): ReadFact | undefined {
  return hasAsyncFacts ? resolvedFact(reference, hostFacts).read : syncFact(reference, hostFacts)?.read
}

function exact(check: ConditionCheck): CompiledCondition {
  return { check, isExact: true }
}

/** The most frequent operators without a call; the rest is json-rules-engine's own function. */
function compileValueComparison(operator: string, left: ReadFact, value: Json, engine: RuleEngine): ConditionCheck {
  if (operator === 'equal') return (context) => left(context) === value
  if (operator === 'notEqual') return (context) => left(context) !== value
  if (operator === 'in' && Array.isArray(value)) {
    const items = new Set<unknown>(value.filter((item) => typeof item !== 'object' || item === null))
    return (context) => items.has(left(context))
  }
  const compare = engine.operatorFunction(operator)
  return (context) => compare(left(context), value)
}
