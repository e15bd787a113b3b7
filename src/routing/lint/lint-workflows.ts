import type { Shift, Staff } from '../../core'
import { comparisonsOf, factReferencesOf } from '../workflow/condition-walk'
import { deskFactNames } from '../workflow/vocabulary'
import type { Condition, NamedConditions, Workflow } from '../workflow/workflow'
import { toLiteral } from './literal'
import { type Term, toNormalForm } from './normal-form'
import { findModel, isSatisfiable } from './satisfiability'
import { findCoverageGaps, findUnknownTargets } from './target-coverage'

export interface LintInput {
  readonly workflows: readonly Workflow[]
  readonly staff: readonly Staff[]
  readonly shifts: readonly Shift[]
  /** Conditions that workflows refer to by name. */
  readonly conditions?: NamedConditions
  /** The start of the week that is checked; default: 5 January 2026, an ordinary week of winter. */
  readonly weekFrom?: number
}

/** A likely mistake of an administrator. */
export interface LintFinding {
  readonly code: 'never-matches' | 'shadowed' | 'empty-audience' | 'nobody-on-shift' | 'fact-used-once'
  readonly workflow: string
  readonly message: string
}

/** Finds mistakes in workflows that are each well formed; reports nothing where it is not sure. */
export function lintWorkflows(input: LintInput): LintFinding[] {
  const conditions = input.conditions ?? {}
  const ranked = [...input.workflows].sort((one, other) => (other.priority ?? 1) - (one.priority ?? 1))
  return [
    ...ranked.flatMap((workflow) => contradictionFindings(workflow, conditions)),
    ...shadowFindings(ranked, conditions),
    ...ranked.flatMap((workflow) => targetFindings(workflow, input)),
    ...factsUsedOnce(ranked, conditions),
  ]
}

function contradictionFindings(workflow: Workflow, conditions: NamedConditions): LintFinding[] {
  return findContradictions(workflow.conditions, conditions).map((message) => ({
    code: 'never-matches',
    workflow: workflow.name,
    message,
  }))
}

function shadowFindings(ranked: readonly Workflow[], conditions: NamedConditions): LintFinding[] {
  const routes = ranked.filter(({ event }) => event.type === 'route')
  return [...findShadowedWorkflows(routes, conditions)].map(([workflow, shadow]) => ({
    code: 'shadowed',
    workflow,
    message: `${quote(shadow)} matches first whenever this would`,
  }))
}

function targetFindings({ name, event }: Workflow, { staff, shifts, weekFrom }: LintInput): LintFinding[] {
  if (event.type !== 'route') return []
  const route = event.params
  const warnings = findUnknownTargets(route, { staff, shifts })
  const steps = 'steps' in route ? route.steps : [route]
  const week = { staff, shifts, weekFrom: weekFrom ?? defaultWeekFrom }
  const gaps =
    warnings.length > 0
      ? undefined
      : findCoverageGaps(
          steps.map(({ to }) => to),
          week,
        )
  return [
    ...warnings.map(({ message }): LintFinding => ({ code: 'empty-audience', workflow: name, message })),
    ...(gaps === undefined ? [] : [{ code: 'nobody-on-shift', workflow: name, message: gaps } as const]),
  ]
}

const defaultWeekFrom = Date.UTC(2026, 0, 5)

/** A fact that only one of several workflows reads is likely misspelt. */
function factsUsedOnce(ranked: readonly Workflow[], conditions: NamedConditions): LintFinding[] {
  const users = new Map<string, Set<string>>()
  for (const { name, conditions: own } of ranked) {
    for (const { fact } of factReferencesOf(own, conditions)) users.set(fact, (users.get(fact) ?? new Set()).add(name))
  }
  return [...users].flatMap(([fact, names]): LintFinding[] => {
    const [workflow = ''] = names
    if (names.size !== 1 || ranked.length < 2 || deskFactNames.has(fact)) return []
    return [
      { code: 'fact-used-once', workflow, message: `only this workflow asks for the fact ${quote(fact)}: misspelt?` },
    ]
  })
}

function quote(text: string): string {
  return JSON.stringify(text)
}

const contradictionsMax = 5

/** Describes why a condition can never hold; nothing where that is not sure. */
export function findContradictions(condition: Condition, named: NamedConditions): string[] {
  const unsatisfiable: Term[] = []
  const terms = toNormalForm(condition, named, (term) => unsatisfiable.push(term))
  if (terms === null || terms.length > 0) return []
  return [...new Set(unsatisfiable.slice(0, contradictionsMax).map(describeContradiction))]
}

/** Describes the fewest literals that cannot hold together: they are about one fact. */
function describeContradiction(term: Term): string {
  const subjects = new Set(term.map(({ subject }) => subject))
  const literalsBySubject = [...subjects].map((subject) => term.filter((literal) => literal.subject === subject))
  let fewest = literalsBySubject.find((literals) => !isSatisfiable(literals)) ?? term
  for (const literal of fewest) {
    const rest = fewest.filter((one) => one !== literal)
    if (!isSatisfiable(rest)) fewest = rest
  }
  const texts = fewest.map((literal) => literal.text).join(' and ')
  return `${fewest[0]?.fact} is never ${fewest.length > 1 ? 'at the same time ' : ''}${texts}`
}

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
function findShadowedWorkflows(ranked: readonly Workflow[], named: NamedConditions): Map<string, string> {
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
