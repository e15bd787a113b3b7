import type { Condition, NamedConditions, Workflow } from '../workflow/workflow'
import { findModel, isSatisfiable, type Term, toLiteral, toNormalForm } from './normal-form'

interface IndexedWorkflow {
  readonly name: string
  readonly terms: readonly Term[]
  readonly opaqueSubjects: ReadonlySet<string>
}

/** Looking at so many combinations leaves it open whether one is shadowed. */
const coverChecksMax = 2_000

/**
 * For each workflow that never gets a turn the earlier one that matches whenever it would: together with its failing,
 * nothing is left that matches, as long as facts answer. The earlier one opaqueSubjects no question besides: one that fails would
 * leave the turn to the other. Those that nothing can match are no matter of this.
 */
export function findShadowedWorkflows(ranked: readonly Workflow[], named: NamedConditions): Map<string, string> {
  const before = new EarlierWorkflows()
  const found = new Map<string, string>()
  for (const { name, conditions } of ranked) {
    const terms = toNormalForm(conditions, named)
    const [first] = terms ?? []
    if (terms === null || first === undefined) continue
    const own = { name, terms, opaqueSubjects: new Set(opaqueSubjectsOf(conditions, named)) }
    const shadow = before.matching(findModel(first) ?? new Map()).find((earlier) => isCoveredBy(earlier, own))
    if (shadow !== undefined) found.set(name, shadow.name)
    else before.add(own)
  }
  return found
}

function isCoveredBy(earlier: IndexedWorkflow, { terms, opaqueSubjects }: IndexedWorkflow): boolean {
  for (const ask of earlier.opaqueSubjects) if (!opaqueSubjects.has(ask)) return false
  const looks = { left: coverChecksMax }
  return terms.every((term) => isTermCovered(term, earlier.terms, looks))
}

/** What is more than a comparison with a value, and may fail. */
function* opaqueSubjectsOf(condition: Condition, named: NamedConditions): Generator<string> {
  if ('all' in condition) for (const part of condition.all) yield* opaqueSubjectsOf(part, named)
  else if ('any' in condition) for (const part of condition.any) yield* opaqueSubjectsOf(part, named)
  else if ('not' in condition) yield* opaqueSubjectsOf(condition.not, named)
  else if ('fact' in condition) {
    const { isOpaque, subject } = toLiteral(condition, true)
    if (isOpaque) yield subject
  } else {
    const known = named[condition.condition]
    if (known !== undefined) yield* opaqueSubjectsOf(known, named)
  }
}

/** Whether a way to match leaves none in which each of these has a literal that fails. */
function isTermCovered(term: Term, [one, ...others]: readonly Term[], looks: { left: number }): boolean {
  if (one === undefined) return false
  return one.every((literal) => {
    looks.left -= 1
    if (looks.left < 0) return false
    const failing = { ...literal, holds: (value: unknown) => !literal.holds(value) }
    const left = [...term, failing]
    return !isSatisfiable(left) || isTermCovered(left, others, looks)
  })
}

/** What comes before, found by a value that it needs: one of ten thousand is compared with few. */
class EarlierWorkflows {
  readonly #byNeed = new Map<string, Set<IndexedWorkflow>>()
  readonly #withoutNeed: IndexedWorkflow[] = []

  add(earlier: IndexedWorkflow): void {
    const needs = earlier.terms.map(requiredKeysOf)
    if (needs.some((keys) => keys.length === 0)) this.#withoutNeed.push(earlier)
    else for (const key of needs.flat()) this.#byNeed.set(key, (this.#byNeed.get(key) ?? new Set()).add(earlier))
  }

  /** Those that match these values, in no order. */
  matching(witness: ReadonlyMap<string, unknown>): IndexedWorkflow[] {
    const found = new Set(this.#withoutNeed)
    for (const [subject, value] of witness) {
      for (const earlier of this.#byNeed.get(valueKey(subject, value)) ?? []) found.add(earlier)
    }
    return [...found].filter(({ terms }) =>
      terms.some((term) => term.every((literal) => literal.holds(witness.get(literal.subject)))),
    )
  }
}

/** The values of one fact of which a term needs one; of several facts that with the fewest. */
function requiredKeysOf(term: Term): readonly string[] {
  const needs = term.flatMap((literal) => {
    const { valueKind, subject, constants, holds } = literal
    const isNeed = valueKind === 'plain' && constants.length > 0 && !holds(unnamedValue)
    return isNeed ? [constants.filter((atom) => literal.holds(atom)).map((atom) => valueKey(subject, atom))] : []
  })
  return needs.reduce<readonly string[]>(
    (least, one) => (least.length === 0 || one.length < least.length ? one : least),
    [],
  )
}

/** Equals nothing that a rule names. */
const unnamedValue = Symbol('unnamed')

function valueKey(subject: string, value: unknown): string {
  return `${subject} ${typeof value === 'string' ? JSON.stringify(value) : String(value)}`
}
