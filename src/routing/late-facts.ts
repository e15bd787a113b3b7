import type { Compiling } from './compile-conditions'
import { type Condition, type FactReference, isFactReference } from './condition'
import { type LateFact, lateFactOf } from './late-fact'

/** The questions a condition has for functions of the host's, each once. */
export function lateFactsOf(condition: Condition, compiling: Compiling): readonly LateFact[] {
  const late = new Map<string, LateFact>()
  for (const reference of referencesOf(condition, compiling)) {
    if (typeof ownOf(compiling.hostFacts, reference.fact) !== 'function') continue
    const fact = lateFactOf(reference)
    late.set(fact.key, fact)
  }
  return [...late.values()]
}

/** Every fact that a condition asks for, named conditions and right-hand sides included. */
export function* referencesOf(
  condition: Condition,
  compiling: Pick<Compiling, 'conditions'>,
): Generator<FactReference> {
  if ('all' in condition) for (const part of condition.all) yield* referencesOf(part, compiling)
  else if ('any' in condition) for (const part of condition.any) yield* referencesOf(part, compiling)
  else if ('not' in condition) yield* referencesOf(condition.not, compiling)
  else if ('fact' in condition) {
    yield condition
    if (isFactReference(condition.value)) yield condition.value
  } else {
    const named = ownOf(compiling.conditions, condition.condition)
    if (named !== undefined) yield* referencesOf(named, compiling)
  }
}

function ownOf<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
