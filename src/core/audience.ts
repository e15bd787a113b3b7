import { rankingOf } from './ranking'
import type { Order, Route, Step } from './route'
import { SortedList } from './sorted-list'
import { SparseSet } from './sparse-set'
import { type Audience, compareServed, type DeskState, isPresent, type StaffState } from './state'
import type { Target, TargetParts } from './target'

const idleAudiencesMax = 256

/**
 * The audiences that ring at a step: from the latest hand-over on, all steps up to this one; then everyone, when
 * widened.
 */
export function rungsOf(state: DeskState, route: Route, step: number): readonly Audience[] {
  const last = Math.min(step, route.steps.length - 1)
  let first = last
  while (first > 0 && route.steps[first]?.add === true) first -= 1
  const only = first === step ? route.steps[step] : undefined
  if (only !== undefined) return audienceOf(state, only).alone
  const rungs: Audience[] = []
  for (const each of route.steps.slice(first, last + 1)) addOnce(rungs, audienceOf(state, each))
  if (step >= route.steps.length) addOnce(rungs, intern(state, '* all', 'everyone', 'all'))
  return rungs.length === 1 ? (rungs[0] as Audience).alone : rungs
}

export function audienceOf(state: DeskState, step: Step): Audience {
  return intern(state, keyOf(step), step.to, orderOf(step))
}

export function isEveryone(audience: Audience): boolean {
  return audience.target === 'everyone'
}

/** Whether somebody belongs to a target by roster; being on shift, present or free is another matter. */
export function matches(target: Target, staff: StaffState): boolean {
  return whyNotMatched(target, staff) === null
}

/** The first reason why somebody does not belong to a target by roster; `null` when they do. */
export function whyNotMatched(target: Target, staff: StaffState): 'not-in-team' | 'lacks-skill' | 'off-shift' | null {
  if (target === 'everyone') return null
  const { record } = staff
  if (target.staff !== undefined && !listOf(target.staff).includes(staff.id)) return 'not-in-team'
  if (target.team !== undefined && !listOf(target.team).some((team) => record.teams?.includes(team)))
    return 'not-in-team'
  if (target.not !== undefined && matches(target.not, staff)) return 'not-in-team'
  if (target.skills !== undefined && !hasSkills(target.skills, record.skills ?? {})) return 'lacks-skill'
  if (target.shift !== undefined && !listOf(target.shift).some((id) => record.shifts?.includes(id))) return 'off-shift'
  return null
}

/** Whether a member can be rung as far as presence, availability and shift go. */
export function isReachable(state: DeskState, audience: Audience, staff: StaffState): boolean {
  return isPresent(staff) && staff.availability === 'available' && isOnShift(state, audience, staff)
}

export function isOnShift(state: DeskState, audience: Audience, staff: StaffState): boolean {
  if (audience.shiftIds === null) return true
  return audience.shiftIds.some((id) => staff.record.shifts?.includes(id) && state.shifts.get(id)?.isOn === true)
}

/** Text that is equal for targets that mean the same: keys in order, lists sorted and made unique. */
export function canonicalTarget(target: Target): string {
  if (target === 'everyone') return '*'
  const parts: string[] = []
  for (const key of ['staff', 'team', 'shift'] as const) {
    const value = target[key]
    if (value !== undefined) parts.push(`${key}=${JSON.stringify([...new Set(listOf(value))].sort())}`)
  }
  if (target.skills !== undefined) parts.push(`skills=${JSON.stringify(Object.entries(target.skills).sort())}`)
  if (target.not !== undefined) parts.push(`not=(${canonicalTarget(target.not)})`)
  return parts.join(' ')
}

export function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value
}

/** Steps are immutable and shared by all requests of a workflow, so each spells its key once. */
const keys = new WeakMap<Step, string>()

function keyOf(step: Step): string {
  const known = keys.get(step)
  if (known !== undefined) return known
  const order = orderOf(step)
  const listed = order === 'listed' && step.to !== 'everyone' ? JSON.stringify(step.to.staff ?? []) : ''
  const key = `${canonicalTarget(step.to)} ${order}${listed}`
  keys.set(step, key)
  return key
}

function orderOf(step: Step): 'all' | Order {
  return step.ring === 'all' ? 'all' : step.ring.order
}

function intern(state: DeskState, key: string, target: Target, order: 'all' | Order): Audience {
  const known = state.audiences.get(key)
  if (known !== undefined) return known
  if (state.audiences.size >= idleAudiencesMax) forgetIdle(state)
  const audience = create(state, key, target, order)
  state.audiences.set(key, audience)
  for (const staff of state.staff.values()) if (matches(target, staff)) join(state, audience, staff)
  return audience
}

function create(state: DeskState, key: string, target: Target, order: 'all' | Order): Audience {
  const alone: Audience[] = []
  const audience: Audience = {
    key,
    target,
    order,
    shiftIds: target === 'everyone' || target.shift === undefined ? null : listOf(target.shift),
    members: new Set(),
    reachable: new Set(),
    ableCount: 0,
    ringable: null,
    plain: new SparseSet(),
    particular: new SparseSet(),
    ranks: new SortedList(rankingOf(state, key, target, order)),
    vacant: new SortedList(compareServed),
    alone,
  }
  alone.push(audience)
  return audience
}

function join(state: DeskState, audience: Audience, staff: StaffState): void {
  audience.members.add(staff)
  staff.audiences.add(audience)
  if (!isReachable(state, audience, staff)) return
  audience.reachable.add(staff)
  staff.reachableIn.add(audience)
  if (staff.capacity - staff.load < 1) return
  audience.ableCount += 1
  if (audience.order !== 'all' && staff.offer === null) audience.ranks.add(staff)
}

/** Audiences are derived: one that no request uses can go at any time and comes back when it is needed. */
function forgetIdle(state: DeskState): void {
  for (const [key, audience] of state.audiences) {
    if (audience.plain.size > 0 || audience.particular.size > 0) continue
    state.audiences.delete(key)
    for (const staff of audience.members) {
      staff.audiences.delete(audience)
      staff.reachableIn.delete(audience)
    }
  }
}

function hasSkills(wanted: NonNullable<TargetParts['skills']>, skills: Readonly<Record<string, number>>): boolean {
  return Object.entries(wanted).every(([skill, least]) => Object.hasOwn(skills, skill) && (skills[skill] ?? 0) >= least)
}

function addOnce(rungs: Audience[], audience: Audience): void {
  if (!rungs.includes(audience)) rungs.push(audience)
}
