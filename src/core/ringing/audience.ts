import { SortedList } from '../collections/sorted-list'
import { SparseSet } from '../collections/sparse-map'
import type { NotInAudienceReason } from '../messages/refusal'
import type { RequestId } from '../model/ids'
import type { Order, Route, Step, Target, TargetParts, WhenExhausted } from '../model/route'
import type { Audience, DeskState, StaffState } from '../state/state'
import { byServiceOrder, isPresent, type RequestState } from '../state/state'
import { staffComparatorOf } from './offers'
import { freeCapacityOf } from './rings'

const idleAudiencesMax = 256

/**
 * Returns the audiences that ring at a step: those from the latest `replace` up to it. When the route is exhausted,
 * everyone also; with `hold`, those of all its steps.
 */
export function audiencesOfRoute(state: DeskState, route: Route, step: number): readonly Audience[] {
  const last = Math.min(step, route.steps.length - 1)
  const isExhausted = step >= route.steps.length
  const isHeld = isExhausted && whenExhaustedOf(state, route) === 'hold'
  let first = isHeld ? 0 : last
  while (first > 0 && route.steps[first]?.mode === 'widen') first -= 1
  const only = first === step ? route.steps[step] : undefined
  if (only !== undefined) return audienceOf(state, only).asSingleton
  const audiences: Audience[] = []
  for (const each of route.steps.slice(first, last + 1)) addUnique(audiences, audienceOf(state, each))
  if (isExhausted && !isHeld) addUnique(audiences, internAudience(state, '* all', 'everyone', 'all'))
  return audiences.length === 1 ? (audiences[0] as Audience).asSingleton : audiences
}

/** Returns what a route does when none of its staff are there: what it says itself, else what the policy says now. */
export function whenExhaustedOf({ policy }: DeskState, { whenExhausted }: Route): WhenExhausted {
  return whenExhausted ?? policy.whenExhausted
}

/** Returns the audience of a step. */
export function audienceOf(state: DeskState, step: Step): Audience {
  return internAudience(state, audienceKeyOf(step), step.to, ringOrderOf(step))
}

export function isEveryone(audience: Audience): boolean {
  return audience.target === 'everyone'
}

/** Returns whether a staff member belongs to a target by roster, whether or not present, on shift and free. */
export function belongsToTarget(target: Target, staff: StaffState): boolean {
  return targetMismatchOf(target, staff) === null
}

/** Returns the first reason why a staff member does not belong to a target by roster; `null` when they do. */
export function targetMismatchOf(
  target: Target,
  staff: StaffState,
): 'not-targeted' | 'not-in-team' | 'lacks-skill' | 'not-in-shift' | null {
  if (target === 'everyone') return null
  const { record } = staff
  if (target.staff !== undefined && !asList(target.staff).includes(staff.id)) return 'not-targeted'
  if (target.team !== undefined && !asList(target.team).some((team) => record.teams?.includes(team)))
    return 'not-in-team'
  if (target.not !== undefined && belongsToTarget(target.not, staff)) return 'not-targeted'
  if (target.skills !== undefined && !hasSkills(target.skills, record.skills ?? {})) return 'lacks-skill'
  if (target.shift !== undefined && !asList(target.shift).some((id) => record.shifts?.includes(id)))
    return 'not-in-shift'
  return null
}

/** Returns the first reason why a staff member who is not in a request's audience may not accept it. */
export function notInAudienceReason(request: RequestState, staff: StaffState): NotInAudienceReason {
  if (request.detail?.declines.has(staff.id) === true) return 'declined'
  for (const { target } of request.activeAudiences) {
    const mismatch = targetMismatchOf(target, staff)
    if (mismatch !== null) return mismatch
  }
  return 'not-targeted'
}

/** Returns whether a member of an audience is present, available and on shift. */
export function isEligible(state: DeskState, audience: Audience, staff: StaffState): boolean {
  return isPresent(staff) && staff.availability === 'available' && isOnShift(state, audience, staff)
}

/** Returns whether a shift of the staff member that the audience names is on; `true` where it names none. */
export function isOnShift(state: DeskState, audience: Audience, staff: StaffState): boolean {
  if (audience.shiftIds === null) return true
  return audience.shiftIds.some((id) => staff.record.shifts?.includes(id) && state.shifts.get(id)?.isOn === true)
}

/** Returns a text that is equal for targets that mean the same: keys in order, lists sorted and unique. */
export function canonicalTarget(target: Target): string {
  if (target === 'everyone') return '*'
  const parts: string[] = []
  for (const key of ['staff', 'team', 'shift'] as const) {
    const value = target[key]
    if (value !== undefined) parts.push(`${key}=${JSON.stringify([...new Set(asList(value))].sort())}`)
  }
  if (target.skills !== undefined) parts.push(`skills=${JSON.stringify(Object.entries(target.skills).sort())}`)
  if (target.not !== undefined) parts.push(`not=(${canonicalTarget(target.not)})`)
  return parts.join(' ')
}

/** Returns the staff whom the steps of a route name by id; a team, a shift or a skill names none. */
export function staffIdsNamedBy({ steps }: Route): readonly string[] {
  return steps.flatMap(({ to }) => (to === 'everyone' ? [] : asList(to.staff ?? [])))
}

export function asList(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value
}

/** Steps are immutable and shared by all requests of a workflow, so that each key is built once. */
const audienceKeys = new WeakMap<Step, string>()

function audienceKeyOf(step: Step): string {
  const known = audienceKeys.get(step)
  if (known !== undefined) return known
  const order = ringOrderOf(step)
  const listed = order === 'listed' && step.to !== 'everyone' ? JSON.stringify(step.to.staff ?? []) : ''
  const key = `${canonicalTarget(step.to)} ${order}${listed}`
  audienceKeys.set(step, key)
  return key
}

function ringOrderOf(step: Step): 'all' | Order {
  return step.ring === 'all' ? 'all' : step.ring.order
}

function internAudience(state: DeskState, key: string, target: Target, order: 'all' | Order): Audience {
  const known = state.audiences.get(key)
  if (known !== undefined) return known
  if (state.audiences.size >= idleAudiencesMax) evictIdleAudiences(state)
  const audience = createAudience(state, key, target, order)
  state.audiences.set(key, audience)
  for (const staff of state.staff.values()) if (belongsToTarget(target, staff)) addMember(state, audience, staff)
  return audience
}

function createAudience(state: DeskState, key: string, target: Target, order: 'all' | Order): Audience {
  const asSingleton: Audience[] = []
  const audience: Audience = {
    key,
    target,
    order,
    shiftIds: target === 'everyone' || target.shift === undefined ? null : asList(target.shift),
    members: new Set(),
    eligible: new Set(),
    freeCount: 0,
    ringableCount: 0,
    reservedCount: 0,
    freeWeight: 0,
    ringAllQueue: null,
    isBlocking: false,
    ringableStaffIds: null,
    sharedRingSet: new SparseSet(),
    ownRingSet: new SparseSet(),
    candidates: new SortedList(staffComparatorOf(state, key, target, order)),
    awaitingOffer: new SortedList(byServiceOrder),
    asSingleton,
  }
  asSingleton.push(audience)
  return audience
}

function addMember(state: DeskState, audience: Audience, staff: StaffState): void {
  audience.members.add(staff)
  staff.audiences.add(audience)
  if (!isEligible(state, audience, staff)) return
  audience.eligible.add(staff)
  staff.eligibleIn.add(audience)
  if (staff.reservedFor !== null) audience.reservedCount += 1
  if (staff.capacity - staff.load < 1) return
  const free = Math.max(0, freeCapacityOf(staff))
  audience.freeWeight += free
  if (free >= 1) audience.ringableCount += 1
  audience.freeCount += 1
  if (audience.order !== 'all' && staff.offer === null) audience.candidates.add(staff)
}

/** Deletes the audiences that no request uses. They are derived, and are built again when a request needs them. */
function evictIdleAudiences(state: DeskState): void {
  for (const [key, audience] of state.audiences) {
    if (audience.sharedRingSet.size > 0 || audience.ownRingSet.size > 0) continue
    state.audiences.delete(key)
    for (const staff of audience.members) {
      staff.audiences.delete(audience)
      staff.eligibleIn.delete(audience)
    }
  }
}

function hasSkills(required: NonNullable<TargetParts['skills']>, skills: Readonly<Record<string, number>>): boolean {
  return Object.entries(required).every(
    ([skill, least]) => Object.hasOwn(skills, skill) && (skills[skill] ?? 0) >= least,
  )
}

function addUnique(audiences: Audience[], audience: Audience): void {
  if (!audiences.includes(audience)) audiences.push(audience)
}

/** Adds a staff member to the audiences whose targets they belong to by roster, and removes them from all others. */
export function refreshMemberships(state: DeskState, staff: StaffState): void {
  const isOnRoster = state.staff.get(staff.id) === staff
  for (const audience of state.audiences.values()) {
    if (isOnRoster && belongsToTarget(audience.target, staff)) {
      audience.members.add(staff)
      staff.audiences.add(audience)
    } else if (audience.members.delete(staff)) {
      staff.audiences.delete(audience)
      removeEligibility(audience, staff)
    }
  }
}

/** Updates whether a member of an audience is eligible: present, available and on shift. */
export function refreshEligibility(state: DeskState, audience: Audience, staff: StaffState): void {
  if (!isEligible(state, audience, staff)) return removeEligibility(audience, staff)
  audience.eligible.add(staff)
  staff.eligibleIn.add(audience)
}

function removeEligibility(audience: Audience, staff: StaffState): void {
  audience.eligible.delete(staff)
  staff.eligibleIn.delete(audience)
}

/**
 * Returns how many staff of a target could be rung now for a new request of weight 1: present, available, on a shift
 * that the target names, with a slot that is neither occupied nor reserved.
 */
export function countAvailable(state: DeskState, target: Target): number {
  const known = state.audiences.get(`${canonicalTarget(target)} all`)
  if (known !== undefined && known.reservedCount === 0) return known.ringableCount
  let count = 0
  for (const staff of state.staff.values()) if (isFree(state, target, staff)) count += 1
  return count
}

/**
 * Returns whether a staff member of a route, other than the one who has the request, could be rung for it now; `true`
 * for a request that is not in the state.
 */
export function couldBeTaken(state: DeskState, requestId: RequestId, route: Route): boolean {
  const request = state.requests.get(requestId)
  if (request === undefined) return true
  const giver = request.detail?.transfer?.by ?? request.assignment?.staff.id
  for (const staff of state.staff.values()) {
    if (staff.id === giver || freeCapacityOf(staff) < request.weight) continue
    if (route.steps.some(({ to }) => isFree(state, to, staff) && mayBeAsked(request, to, staff))) return true
  }
  return false
}

/** Returns whether a staff member has not declined a request, or is named by the target, which lifts the decline. */
function mayBeAsked({ detail }: RequestState, target: Target, { id }: StaffState): boolean {
  return detail?.declines.has(id) !== true || (target !== 'everyone' && asList(target.staff ?? []).includes(id))
}

/** Returns how many open requests have an active step with exactly this target, whatever its ring is. */
export function countWaiting(state: DeskState, target: Target): number {
  const text = canonicalTarget(target)
  const sameTarget = [...state.audiences.values()].filter((audience) => canonicalTarget(audience.target) === text)
  if (sameTarget.length === 1)
    return sameTarget.reduce((sum, { sharedRingSet, ownRingSet }) => sum + sharedRingSet.size + ownRingSet.size, 0)
  return new Set(sameTarget.flatMap(openRequestsIn)).size
}

function isFree(state: DeskState, target: Target, staff: StaffState): boolean {
  if (!belongsToTarget(target, staff) || !isPresent(staff) || staff.availability !== 'available') return false
  if (freeCapacityOf(staff) < 1 || staff.reservedFor !== null) return false
  if (target === 'everyone' || target.shift === undefined) return true
  return asList(target.shift).some((id) => staff.record.shifts?.includes(id) && state.shifts.get(id)?.isOn === true)
}

function openRequestsIn({ sharedRingSet, ownRingSet }: Audience): RequestState[] {
  return [...sharedRingSet, ...ownRingSet]
}
