import type { CompileContext } from '../compile/compile-condition'
import { type AsyncFact, asyncFactOf } from '../facts/routing-context'
import { type Condition, type FactReference, isFactReference } from './workflow'

/** The questions a condition has for functions of the host's, each once. */
export function asyncFactsOf(condition: Condition, compiling: CompileContext): readonly AsyncFact[] {
  const late = new Map<string, AsyncFact>()
  for (const reference of factReferencesOf(condition, compiling)) {
    if (typeof ownValue(compiling.hostFacts, reference.fact) !== 'function') continue
    const fact = asyncFactOf(reference)
    late.set(fact.key, fact)
  }
  return [...late.values()]
}

/** Every fact that a condition asks for, named conditions and right-hand sides included. */
export function* factReferencesOf(
  condition: Condition,
  compiling: Pick<CompileContext, 'conditions'>,
): Generator<FactReference> {
  if ('all' in condition) for (const part of condition.all) yield* factReferencesOf(part, compiling)
  else if ('any' in condition) for (const part of condition.any) yield* factReferencesOf(part, compiling)
  else if ('not' in condition) yield* factReferencesOf(condition.not, compiling)
  else if ('fact' in condition) {
    yield condition
    if (isFactReference(condition.value)) yield condition.value
  } else {
    const named = ownValue(compiling.conditions, condition.condition)
    if (named !== undefined) yield* factReferencesOf(named, compiling)
  }
}

function ownValue<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
