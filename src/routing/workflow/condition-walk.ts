import {
  type AllOf,
  type AnyOf,
  type Condition,
  type FactCondition,
  type FactReference,
  isFactReference,
  type NamedCondition,
  type NamedConditions,
  type NotOf,
} from './workflow'

/** What each kind of node means, given what its parts mean. */
export interface ConditionFold<Result> {
  all(parts: readonly Result[], condition: AllOf): Result
  any(parts: readonly Result[], condition: AnyOf): Result
  not(part: Result, condition: NotOf): Result
  comparison(condition: FactCondition): Result
  /** A reference to a name that no condition has. */
  unknown(reference: NamedCondition): Result
}

/** Folds a condition tree from its leaves up. A reference means what the condition of its name means. */
export function foldCondition<Result>(
  condition: Condition,
  named: NamedConditions,
  fold: ConditionFold<Result>,
): Result {
  if ('all' in condition) return fold.all(foldAll(condition.all, named, fold), condition)
  if ('any' in condition) return fold.any(foldAll(condition.any, named, fold), condition)
  if ('not' in condition) return fold.not(foldCondition(condition.not, named, fold), condition)
  if ('fact' in condition) return fold.comparison(condition)
  const found = Object.hasOwn(named, condition.condition) ? named[condition.condition] : undefined
  return found === undefined ? fold.unknown(condition) : foldCondition(found, named, fold)
}

function foldAll<Result>(parts: readonly Condition[], named: NamedConditions, fold: ConditionFold<Result>): Result[] {
  return parts.map((part) => foldCondition(part, named, fold))
}

/** Every comparison of a condition, in the order of the tree. */
export function comparisonsOf(condition: Condition, named: NamedConditions): readonly FactCondition[] {
  const comparisons: FactCondition[] = []
  foldCondition<void>(condition, named, {
    all: () => {},
    any: () => {},
    not: () => {},
    comparison: (comparison) => void comparisons.push(comparison),
    unknown: () => {},
  })
  return comparisons
}

/** Every fact that a condition reads, those on right-hand sides included. */
export function factReferencesOf(condition: Condition, named: NamedConditions): readonly FactReference[] {
  return comparisonsOf(condition, named).flatMap((comparison): FactReference[] =>
    isFactReference(comparison.value) ? [comparison, comparison.value] : [comparison],
  )
}
