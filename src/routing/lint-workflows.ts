import type { Shift, Staff } from '../core'
import { contradictionsOf } from './contradictions'
import { deskFactNames } from './desk-facts'
import { referencesOf } from './late-facts'
import { shadowsOf } from './shadows'
import { shiftHoles } from './shift-holes'
import { unknownTargets } from './unknown-targets'
import type { NamedConditions, Workflow } from './workflow'

export interface LintInput {
  readonly workflows: readonly Workflow[]
  readonly staff: readonly Staff[]
  readonly shifts: readonly Shift[]
  /** Conditions that workflows refer to by name. */
  readonly conditions?: NamedConditions
  /** The week that is looked at begins here; default: 5 January 2026, an ordinary week of winter. */
  readonly weekFrom?: number
}

/** Something that an administrator likely did not mean. */
export interface LintFinding {
  readonly code: 'never-matches' | 'shadowed' | 'nobody-meant' | 'nobody-on-shift' | 'fact-used-once'
  readonly workflow: string
  readonly message: string
}

/** Looks for mistakes in workflows that are each well formed; finds nothing wrong where it is not sure. */
export function lintWorkflows(input: LintInput): LintFinding[] {
  const conditions = input.conditions ?? {}
  const ranked = [...input.workflows].sort((one, other) => (other.priority ?? 1) - (one.priority ?? 1))
  return [
    ...ranked.flatMap((workflow) => contradictions(workflow, conditions)),
    ...shadows(ranked, conditions),
    ...ranked.flatMap((workflow) => targets(workflow, input)),
    ...lonelyFacts(ranked, conditions),
  ]
}

function contradictions(workflow: Workflow, conditions: NamedConditions): LintFinding[] {
  return contradictionsOf(workflow.conditions, conditions).map((message) => ({
    code: 'never-matches',
    workflow: workflow.name,
    message,
  }))
}

function shadows(ranked: readonly Workflow[], conditions: NamedConditions): LintFinding[] {
  const routes = ranked.filter(({ event }) => event.type === 'route')
  return [...shadowsOf(routes, conditions)].map(([workflow, shadow]) => ({
    code: 'shadowed',
    workflow,
    message: `${quoted(shadow)} matches first whenever this would`,
  }))
}

function targets({ name, event }: Workflow, { staff, shifts, weekFrom }: LintInput): LintFinding[] {
  if (event.type !== 'route') return []
  const route = event.params
  const warnings = unknownTargets(route, { staff, shifts })
  const steps = 'steps' in route ? route.steps : [route]
  const week = { staff, shifts, weekFrom: weekFrom ?? ordinaryWeekFrom }
  const hole =
    warnings.length > 0
      ? undefined
      : shiftHoles(
          steps.map(({ to }) => to),
          week,
        )
  return [
    ...warnings.map(({ message }): LintFinding => ({ code: 'nobody-meant', workflow: name, message })),
    ...(hole === undefined ? [] : [{ code: 'nobody-on-shift', workflow: name, message: hole } as const]),
  ]
}

const ordinaryWeekFrom = Date.UTC(2026, 0, 5)
/** A fact that only one of several workflows asks for is likely misspelt. */
function lonelyFacts(ranked: readonly Workflow[], conditions: NamedConditions): LintFinding[] {
  const users = new Map<string, Set<string>>()
  for (const { name, conditions: own } of ranked) {
    for (const { fact } of referencesOf(own, { conditions })) users.set(fact, (users.get(fact) ?? new Set()).add(name))
  }
  return [...users].flatMap(([fact, names]): LintFinding[] => {
    const [workflow = ''] = names
    if (names.size !== 1 || ranked.length < 2 || deskFactNames.has(fact)) return []
    return [
      { code: 'fact-used-once', workflow, message: `only this workflow asks for the fact ${quoted(fact)}: misspelt?` },
    ]
  })
}

function quoted(text: string): string {
  return JSON.stringify(text)
}
