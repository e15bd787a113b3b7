import { canonicalTarget, listOf, matches } from './audience'
import { type Audience, type DeskState, isPresent, type RequestState, type StaffState } from './state'
import type { Target } from './target'

/**
 * How many of a target could be rung now for a request of weight 1: present, available, on a shift that the target
 * names, with room; selective offers that are out are left aside.
 */
export function countAvailable(state: DeskState, target: Target): number {
  const known = state.audiences.get(`${canonicalTarget(target)} all`)
  if (known !== undefined) return known.ableCount
  let count = 0
  for (const staff of state.staff.values()) if (isAble(state, target, staff)) count += 1
  return count
}

/** How many open requests are at a step with this very target, whatever their order of ringing. */
export function countWaiting(state: DeskState, target: Target): number {
  const text = canonicalTarget(target)
  const sameTarget = [...state.audiences.values()].filter((audience) => canonicalTarget(audience.target) === text)
  if (sameTarget.length === 1)
    return sameTarget.reduce((sum, { plain, particular }) => sum + plain.size + particular.size, 0)
  return new Set(sameTarget.flatMap(openOf)).size
}

function isAble(state: DeskState, target: Target, staff: StaffState): boolean {
  if (!matches(target, staff) || !isPresent(staff) || staff.availability !== 'available') return false
  if (staff.capacity - staff.load < 1) return false
  if (target === 'everyone' || target.shift === undefined) return true
  return listOf(target.shift).some((id) => staff.record.shifts?.includes(id) && state.shifts.get(id)?.isOn === true)
}

function openOf({ plain, particular }: Audience): RequestState[] {
  return [...plain, ...particular]
}
