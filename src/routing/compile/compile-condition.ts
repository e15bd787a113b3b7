import type { Json } from '../../core'
import type { RuleEngine } from '../engine/rule-engine'
import { type ReadFact, resolvedFact, syncFact } from '../facts/fact-reader'
import type { RoutingContext } from '../facts/routing-context'
import { foldCondition } from '../workflow/condition-walk'
import type { HostFacts } from '../workflow/vocabulary'
import {
  type Condition,
  type FactCondition,
  type FactReference,
  isFactReference,
  type NamedConditions,
} from '../workflow/workflow'

export type ConditionCheck = (context: RoutingContext) => boolean

/** A condition as a closure. */
export interface CompiledCondition {
  /** `false` only where json-rules-engine would not say true. `null`: only json-rules-engine can evaluate it. */
  readonly check: ConditionCheck | null
  /** Whether `true` means true as well. */
  readonly isExact: boolean
}

/** What conditions are compiled against. */
export interface CompileContext {
  readonly hostFacts: HostFacts
  readonly conditions: NamedConditions
  readonly engine: RuleEngine
  /** Whether the async facts are resolved when the check runs. */
  readonly hasAsyncFacts: boolean
}

const uncompilable: CompiledCondition = { check: null, isExact: false }

/**
 * Returns a check that gives json-rules-engine's own result without a promise, for sync facts and built-in operators.
 * The check may throw where json-rules-engine would reject. Of a condition that cannot be compiled as a whole, the
 * check still rules out what its compilable parts rule out.
 */
export function compileCondition(condition: Condition, compileContext: CompileContext): CompiledCondition {
  return foldCondition(condition, compileContext.conditions, {
    all: (parts, { all }) => compileAll(byPriority(parts, all)),
    any: (parts, { any }) => compileAny(byPriority(parts, any)),
    not: compileNot,
    comparison: (comparison) => compileComparison(comparison, compileContext),
    unknown: () => uncompilable,
  })
}

/** json-rules-engine evaluates parts of a higher priority first, and the rest only where these left it open. */
function byPriority(compiled: readonly CompiledCondition[], parts: readonly Condition[]): CompiledCondition[] {
  const ranked = compiled.map((part, index) => ({ part, priority: parts[index]?.priority ?? 1 }))
  return ranked.sort((one, other) => other.priority - one.priority).map(({ part }) => part)
}

function compileAll(parts: readonly CompiledCondition[]): CompiledCondition {
  const checks = parts.map(({ check }) => check).filter((check) => check !== null)
  if (checks.length === 0) return uncompilable
  return { check: everyCheck(checks), isExact: parts.every(({ isExact }) => isExact) }
}

function everyCheck(checks: readonly ConditionCheck[]): ConditionCheck {
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

function compileComparison(comparison: FactCondition, compileContext: CompileContext): CompiledCondition {
  const { engine } = compileContext
  const { operator, value } = comparison
  const left = readerOf(comparison, compileContext)
  if (left === undefined || !engine.isBuiltInOperator(operator)) return uncompilable
  if (!isFactReference(value)) return exact(compileValueComparison(operator, left, value, engine))
  const right = readerOf(value, compileContext)
  if (right === undefined) return uncompilable
  const compare = engine.operatorFunction(operator)
  return exact((context) => compare(left(context), right(context)))
}

function readerOf(reference: FactReference, { hostFacts, hasAsyncFacts }: CompileContext): ReadFact | undefined {
  return hasAsyncFacts ? resolvedFact(reference, hostFacts).read : syncFact(reference, hostFacts)?.read
}

function exact(check: ConditionCheck): CompiledCondition {
  return { check, isExact: true }
}

/** The most frequent operators without a call; the others are json-rules-engine's own functions. */
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
