import type { Shift, Staff, Target } from '../core'
import { contradictionsOf } from './contradictions'
import { deskFactNames } from './desk-facts'
import { referencesOf } from './late-facts'
import { shiftTimeAt } from './shift-time'
import { isNamed, listed, unknownTargets } from './unknown-targets'
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
    ...shadows(ranked),
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

/**
 * A route is shadowed when an earlier one matches whatever it matches: the same conditions, or fewer of them under
 * `all`.
 */
function shadows(ranked: readonly Workflow[]): LintFinding[] {
  const before: { readonly name: string; readonly needs: ReadonlySet<string> }[] = []
  const found: LintFinding[] = []
  for (const { name, event, conditions } of ranked) {
    if (event.type !== 'route') continue
    const needs = needsOf(conditions)
    const shadow = before.find((earlier) => [...earlier.needs].every((need) => needs.has(need)))
    if (shadow !== undefined) {
      found.push({
        code: 'shadowed',
        workflow: name,
        message: `${quoted(shadow.name)} matches first whenever this would`,
      })
    }
    before.push({ name, needs })
  }
  return found
}

function needsOf(conditions: Workflow['conditions']): ReadonlySet<string> {
  const parts = 'all' in conditions ? conditions.all : [conditions]
  return new Set(parts.map((part) => JSON.stringify(part)))
}

function targets({ name, event }: Workflow, { staff, shifts, weekFrom }: LintInput): LintFinding[] {
  if (event.type !== 'route') return []
  const route = event.params
  const warnings = unknownTargets(route, { staff, shifts })
  const steps = 'steps' in route ? route.steps : [route]
  const holes =
    warnings.length > 0
      ? []
      : holesOf(
          steps.map(({ to }) => to),
          { staff, shifts, weekFrom: weekFrom ?? ordinaryWeekFrom },
        )
  return [
    ...warnings.map(({ message }): LintFinding => ({ code: 'nobody-meant', workflow: name, message })),
    ...holes.map((message): LintFinding => ({ code: 'nobody-on-shift', workflow: name, message })),
  ]
}

const ordinaryWeekFrom = Date.UTC(2026, 0, 5)
const hourMs = 3_600_000
const weekHours = 168
const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

interface Week {
  readonly staff: readonly Staff[]
  readonly shifts: readonly Shift[]
  readonly weekFrom: number
}

/**
 * Hours of the week, in UTC, in which no step of a route has anybody on shift. Only for routes that name shifts in
 * every step.
 */
function holesOf(steps: readonly Target[], { staff, shifts, weekFrom }: Week): string[] {
  const named = steps.map((to) =>
    to === 'everyone' || to.shift === undefined ? null : { to, shift: listed(to.shift) },
  )
  if (named.includes(null)) return []
  const empty: number[] = []
  for (let hour = 0; hour < weekHours; hour += 1) {
    const on = new Set(shifts.filter((shift) => shiftTimeAt(shift, weekFrom + hour * hourMs).isOn).map(({ id }) => id))
    const isManned = named.some((step) => step?.shift.some((id) => on.has(id) && isServed(step.to, id, staff)))
    if (!isManned) empty.push(hour)
  }
  return empty.length === 0 ? [] : [`nobody of it is on shift in ${empty.length} of 168 hours (UTC): ${spansOf(empty)}`]
}

function isServed(to: Target, shiftId: string, staff: readonly Staff[]): boolean {
  return staff.some((one) => one.shifts?.includes(shiftId) === true && isNamed(to, one))
}

/** `mon 00-08, tue 17-24, …`, the first few. */
function spansOf(hours: readonly number[]): string {
  const spans: { from: number; to: number }[] = []
  for (const hour of hours) {
    const last = spans.at(-1)
    if (last !== undefined && last.to === hour && hour % 24 !== 0) last.to = hour + 1
    else spans.push({ from: hour, to: hour + 1 })
  }
  const texts = spans
    .slice(0, 7)
    .map(({ from, to }) => `${days[Math.floor(from / 24)]} ${two(from % 24)}-${two(to - from + (from % 24))}`)
  return texts.join(', ') + (spans.length > 7 ? ', …' : '')
}

function two(hour: number): string {
  return String(hour).padStart(2, '0')
}

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
