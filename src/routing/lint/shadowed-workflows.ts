import { comparisonsOf } from '../workflow/condition-walk'
import type { Condition, NamedConditions, Workflow } from '../workflow/workflow'
import { toLiteral } from './literal'
import { type Term, toNormalForm } from './normal-form'
import { findModel, isSatisfiable } from './satisfiability'

interface IndexedWorkflow {
  readonly name: string
  readonly terms: readonly Term[]
  readonly opaqueSubjects: ReadonlySet<string>
}

/** After so many combinations a workflow counts as not shadowed. */
const coverChecksMax = 2_000

/**
 * Returns, for each shadowed workflow, the earlier one that matches whenever it would, provided that no fact fails: its
 * condition and the negation of the earlier one's have no model. An earlier workflow with an opaque literal that the
 * later one lacks shadows nothing, because where that literal fails the later one is evaluated. Workflows that nothing
 * matches are left out.
 */
export function findShadowedWorkflows(ranked: readonly Workflow[], named: NamedConditions): Map<string, string> {
  const before = new EarlierWorkflows()
  const found = new Map<string, string>()
  for (const { name, conditions } of ranked) {
    const terms = toNormalForm(conditions, named)
    const [first] = terms ?? []
    if (terms === null || first === undefined) continue
    const current = { name, terms, opaqueSubjects: opaqueSubjectsOf(conditions, named) }
    const shadow = before.matching(findModel(first) ?? new Map()).find((earlier) => isCoveredBy(earlier, current))
    if (shadow !== undefined) found.set(name, shadow.name)
    else before.add(current)
  }
  return found
}

function isCoveredBy(earlier: IndexedWorkflow, { terms, opaqueSubjects }: IndexedWorkflow): boolean {
  for (const subject of earlier.opaqueSubjects) if (!opaqueSubjects.has(subject)) return false
  const checks = { left: coverChecksMax }
  return terms.every((term) => isTermCovered(term, earlier.terms, checks))
}

/** The subjects of literals that are more than a comparison with a value, and may fail. */
function opaqueSubjectsOf(condition: Condition, named: NamedConditions): ReadonlySet<string> {
  const literals = comparisonsOf(condition, named).map((comparison) => toLiteral(comparison, true))
  return new Set(literals.filter(({ isOpaque }) => isOpaque).map(({ subject }) => subject))
}

/** Whether a term has no model in which each of the other terms has a literal that fails. */
function isTermCovered(term: Term, [one, ...others]: readonly Term[], checks: { left: number }): boolean {
  if (one === undefined) return false
  return one.every((literal) => {
    checks.left -= 1
    if (checks.left < 0) return false
    const failing = { ...literal, holds: (value: unknown) => !literal.holds(value) }
    const left = [...term, failing]
    return !isSatisfiable(left) || isTermCovered(left, others, checks)
  })
}

/** Earlier workflows, indexed by a value that they require: one of ten thousand is compared with few. */
class EarlierWorkflows {
  readonly #byRequiredKey = new Map<string, Set<IndexedWorkflow>>()
  readonly #unindexed: IndexedWorkflow[] = []

  add(earlier: IndexedWorkflow): void {
    const keysByTerm = earlier.terms.map(requiredKeysOf)
    if (keysByTerm.some((keys) => keys.length === 0)) this.#unindexed.push(earlier)
    else
      for (const key of keysByTerm.flat())
        this.#byRequiredKey.set(key, (this.#byRequiredKey.get(key) ?? new Set()).add(earlier))
  }

  /** Returns those that match these values, in no order. */
  matching(model: ReadonlyMap<string, unknown>): IndexedWorkflow[] {
    const found = new Set(this.#unindexed)
    for (const [subject, value] of model) {
      for (const earlier of this.#byRequiredKey.get(valueKey(subject, value)) ?? []) found.add(earlier)
    }
    return [...found].filter(({ terms }) =>
      terms.some((term) => term.every((literal) => literal.holds(model.get(literal.subject)))),
    )
  }
}

/** The values of one fact of which a term requires one; of several facts the one with the fewest values. */
function requiredKeysOf(term: Term): readonly string[] {
  const required = term.flatMap((literal) => {
    const { valueKind, subject, constants, holds } = literal
    const isRequirement = valueKind === 'plain' && constants.length > 0 && !holds(unnamedValue)
    return isRequirement ? [constants.filter((atom) => literal.holds(atom)).map((atom) => valueKey(subject, atom))] : []
  })
  return required.reduce<readonly string[]>(
    (least, one) => (least.length === 0 || one.length < least.length ? one : least),
    [],
  )
}

/** Equals nothing that a rule names. */
const unnamedValue = Symbol('unnamed')

function valueKey(subject: string, value: unknown): string {
  return `${subject} ${typeof value === 'string' ? JSON.stringify(value) : String(value)}`
}
