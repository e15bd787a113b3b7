import type { Shift, Staff } from '../../core'
import { factReferencesOf } from '../workflow/condition-walk'
import { deskFactNames } from '../workflow/vocabulary'
import type { Condition, NamedConditions, Workflow } from '../workflow/workflow'
import { type Term, toNormalForm } from './normal-form'
import { isSatisfiable } from './satisfiability'
import { findShadowedWorkflows } from './shadowed-workflows'
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
