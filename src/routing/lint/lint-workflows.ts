import type { RouteInput, Shift, Staff, Target } from '../../core'
import { comparisonsOf, factReferencesOf } from '../workflow/condition-walk'
import { deskFactNames } from '../workflow/vocabulary'
import type { Condition, NamedConditions, Workflow } from '../workflow/workflow'
import { isOpaque, toLiteral } from './literal'
import { type NormalForm, type Term, toNormalForm } from './normal-form'
import { findModel, isSatisfiable, LintBudget, stepsOf } from './satisfiability'
import { type CoverageWeek, findCoverageGaps, findUnknownTargets } from './target-coverage'

export interface LintInput {
  readonly workflows: readonly Workflow[]
  readonly staff: readonly Staff[]
  readonly shifts: readonly Shift[]
  /** Conditions that workflows refer to by name. */
  readonly conditions?: NamedConditions
  /** The start of the week that is checked; default: 5 January 2026, an ordinary week of winter. */
  readonly weekFrom?: number
  /** About a comparison each. Default 100 000, at most about 100 ms; a program that may block takes more. */
  readonly stepsMax?: number
}

/** A likely mistake of an administrator. */
export interface LintFinding {
  readonly code:
    | 'never-matches'
    | 'shadowed'
    | 'empty-audience'
    | 'nobody-on-shift'
    | 'fact-used-once'
    | 'not-looked-at'
  readonly workflow: string
  readonly message: string
}

/**
 * Finds mistakes in workflows that are each well formed; reports nothing where it is not sure. It looks at the
 * workflows in the order of their rank, and stops after `stepsMax` steps of work: then the last finding is
 * `not-looked-at`.
 */
export function lintWorkflows(input: LintInput): LintFinding[] {
  return new Lint(input).findings()
}

/** At most about 100 ms of work. */
const stepsMaxDefault = 100_000

class Lint {
  readonly #input: LintInput
  readonly #named: NamedConditions
  readonly #budget: LintBudget
  readonly #ranked: readonly Workflow[]
  /** The findings about a route's targets: most workflows share few routes. */
  readonly #targetFindings = new Map<string, readonly Omit<LintFinding, 'workflow'>[]>()

  constructor(input: LintInput) {
    this.#input = input
    this.#named = input.conditions ?? {}
    this.#budget = new LintBudget(input.stepsMax ?? stepsMaxDefault)
    this.#ranked = [...input.workflows].sort((one, other) => (other.priority ?? 1) - (one.priority ?? 1))
  }

  findings(): LintFinding[] {
    const contradictions: LintFinding[] = []
    const shadowed: LintFinding[] = []
    const targets: LintFinding[] = []
    const before = new EarlierWorkflows()
    let lookedAt = 0
    for (const workflow of this.#ranked) {
      const { name, conditions, event } = workflow
      const form = toNormalForm(conditions, this.#named, this.#budget)
      for (const message of contradictionsOf(form, this.#budget))
        contradictions.push({ code: 'never-matches', workflow: name, message })
      const shadow = event.type === 'route' ? this.#shadowOf(workflow, form, before) : null
      if (shadow !== null) {
        const message = `${quote(shadow)} matches first whenever this would`
        shadowed.push({ code: 'shadowed', workflow: name, message })
      }
      if (event.type === 'route')
        for (const finding of this.#findingsOfTargets(event.params)) targets.push({ ...finding, workflow: name })
      if (this.#budget.isSpent) break
      lookedAt += 1
    }
    return [...contradictions, ...shadowed, ...targets, ...this.#endOf(lookedAt)]
  }

  /** Returns the findings that need all workflows; else that of what was not looked at. */
  #endOf(lookedAt: number): LintFinding[] {
    const once = lookedAt < this.#ranked.length ? null : factsUsedOnce(this.#ranked, this.#named, this.#budget)
    if (once !== null) return once
    const rest = this.#ranked.slice(Math.min(lookedAt, this.#ranked.length - 1))
    const others = rest.length === 1 ? '' : `, nor at the ${rest.length - 1} that rank after it`
    const message = `not looked at: this workflow in full${others}, nor at facts that one workflow alone reads`
    return [{ code: 'not-looked-at', workflow: rest[0]?.name ?? '', message }]
  }

  /**
   * Returns an earlier workflow that matches whenever this one would, provided that no fact fails: its condition and
   * the negation of the earlier one's have no model. An earlier workflow with an opaque literal that the later one
   * lacks shadows nothing, because where that literal fails the later one is evaluated. A workflow that nothing matches
   * is left out.
   */
  #shadowOf({ name, conditions }: Workflow, { terms }: NormalForm, before: EarlierWorkflows): string | null {
    const budget = this.#budget
    const [first] = terms ?? []
    if (terms === null || first === undefined) return null
    const current = { name, terms, opaqueSubjects: opaqueSubjectsOf(conditions, this.#named) }
    const earlier = before.matching(findModel(first, budget) ?? new Map(), budget)
    const shadow = earlier.find((each) => !budget.isSpent && isCoveredBy(each, current, budget))
    if (shadow !== undefined) return shadow.name
    before.add(current, budget)
    return null
  }

  #findingsOfTargets(route: RouteInput): readonly Omit<LintFinding, 'workflow'>[] {
    const key = JSON.stringify(route)
    const known = this.#targetFindings.get(key)
    if (known !== undefined) return known
    const { staff, shifts, weekFrom } = this.#input
    const targets = 'steps' in route ? route.steps.map(({ to }) => to) : [route.to]
    if (!this.#budget.spend(targets.length * (staff.length + stepsPerShift * shifts.length))) return []
    const found = targetFindings(route, targets, { staff, shifts, weekFrom: weekFrom ?? defaultWeekFrom })
    this.#targetFindings.set(key, found)
    return found
  }
}

/** Going through the week of a shift. */
const stepsPerShift = 200

function targetFindings(route: RouteInput, targets: readonly Target[], week: CoverageWeek) {
  const warnings = findUnknownTargets(route, week)
  const gaps = warnings.length > 0 ? undefined : findCoverageGaps(targets, week)
  return [
    ...warnings.map(({ message }) => ({ code: 'empty-audience', message }) as const),
    ...(gaps === undefined ? [] : [{ code: 'nobody-on-shift', message: gaps } as const]),
  ]
}

const defaultWeekFrom = Date.UTC(2026, 0, 5)

/** A fact that only one of several workflows reads is likely misspelt. `null`: the budget is spent. */
function factsUsedOnce(
  ranked: readonly Workflow[],
  conditions: NamedConditions,
  budget: LintBudget,
): LintFinding[] | null {
  const users = new Map<string, Set<string>>()
  for (const { name, conditions: own } of ranked) {
    const references = factReferencesOf(own, conditions)
    if (!budget.spend(references.length)) return null
    for (const { fact } of references) users.set(fact, (users.get(fact) ?? new Set()).add(name))
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
function contradictionsOf({ terms, unsatisfiable }: NormalForm, budget: LintBudget): string[] {
  if (terms === null || terms.length > 0 || budget.isSpent) return []
  return [...new Set(unsatisfiable.slice(0, contradictionsMax).map((term) => describeContradiction(term, budget)))]
}

/** Describes the fewest literals that cannot hold together: they are about one fact. */
function describeContradiction(term: Term, budget: LintBudget): string {
  const subjects = new Set(term.map(({ subject }) => subject))
  const literalsBySubject = [...subjects].map((subject) => term.filter((literal) => literal.subject === subject))
  let fewest = literalsBySubject.find((literals) => !isSatisfiable(literals, budget)) ?? term
  for (const literal of fewest) {
    const rest = fewest.filter((one) => one !== literal)
    if (!isSatisfiable(rest, budget)) fewest = rest
  }
  const texts = fewest.map((literal) => literal.toText()).join(' and ')
  return `${fewest[0]?.fact} is never ${fewest.length > 1 ? 'at the same time ' : ''}${texts}`
}

interface IndexedWorkflow {
  readonly name: string
  readonly terms: readonly Term[]
  readonly opaqueSubjects: ReadonlySet<string>
}

/** After so many combinations a workflow counts as not shadowed. */
const coverChecksMax = 2_000

function isCoveredBy(
  earlier: IndexedWorkflow,
  { terms, opaqueSubjects }: IndexedWorkflow,
  budget: LintBudget,
): boolean {
  for (const subject of earlier.opaqueSubjects) if (!opaqueSubjects.has(subject)) return false
  const checks = { left: coverChecksMax, budget }
  return terms.every((term) => isTermCovered(term, earlier.terms, checks))
}

/** The subjects of literals that are more than a comparison with a value, and may fail. */
function opaqueSubjectsOf(condition: Condition, named: NamedConditions): ReadonlySet<string> {
  const opaque = comparisonsOf(condition, named).filter(isOpaque)
  return new Set(opaque.map((comparison) => toLiteral(comparison, true).subject))
}

/** The comparisons that the search for a cover may still make. */
interface CoverChecks {
  left: number
  readonly budget: LintBudget
}

/** Whether a term has no model in which each of the other terms has a literal that fails. */
function isTermCovered(term: Term, [one, ...others]: readonly Term[], checks: CoverChecks): boolean {
  if (one === undefined) return false
  return one.every((literal) => {
    checks.left -= 1
    if (checks.left < 0 || !checks.budget.spend(term.length)) return false
    const failing = { ...literal, holds: (value: unknown) => !literal.holds(value) }
    const left = [...term, failing]
    return !isSatisfiable(left, checks.budget) || isTermCovered(left, others, checks)
  })
}

/** Earlier workflows, indexed by a value that they require: one of ten thousand is compared with few. */
class EarlierWorkflows {
  readonly #byRequiredKey = new Map<string, Set<IndexedWorkflow>>()
  readonly #unindexed: IndexedWorkflow[] = []

  add(earlier: IndexedWorkflow, budget: LintBudget): void {
    const steps = earlier.terms.flat().reduce((sum, each) => sum + 1 + each.constants.length * stepsOf(each), 0)
    if (!budget.spend(steps)) return
    const keysByTerm = earlier.terms.map(requiredKeysOf)
    if (keysByTerm.some((keys) => keys.length === 0)) this.#unindexed.push(earlier)
    else
      for (const key of keysByTerm.flat())
        this.#byRequiredKey.set(key, (this.#byRequiredKey.get(key) ?? new Set()).add(earlier))
  }

  /** Returns those that match these values, in no order; fewer where the budget is spent. */
  matching(model: ReadonlyMap<string, unknown>, budget: LintBudget): IndexedWorkflow[] {
    const found = new Set(this.#unindexed)
    for (const [subject, value] of model) {
      for (const earlier of this.#byRequiredKey.get(valueKey(subject, value)) ?? []) found.add(earlier)
    }
    return [...found].filter(({ terms }) =>
      terms.some((term) =>
        term.every((literal) => budget.spend(stepsOf(literal)) && literal.holds(model.get(literal.subject))),
      ),
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
