import { compareText } from './compare-text'
import type { Order } from './route'
import type { DeskState, StaffState } from './state'
import type { Target } from './target'

type Ranking = (a: StaffState, b: StaffState) => number

/**
 * Who is offered first, by the order of a selective ring. Ties fall to the staff id. `random` draws from the id order.
 */
export function rankingOf(state: DeskState, key: string, target: Target, order: 'all' | Order): Ranking {
  const first = measureOf(state, key, target, order)
  if (first === null) return (a, b) => compareText(a.id, b.id)
  return (a, b) => first(a) - first(b) || compareText(a.id, b.id)
}

/** Lower goes first. */
function measureOf(
  state: DeskState,
  key: string,
  target: Target,
  order: 'all' | Order,
): ((staff: StaffState) => number) | null {
  switch (order) {
    case 'longest-idle':
      return (staff) => staff.idleSinceAt
    case 'least-loaded':
      return (staff) => staff.load / staff.capacity
    case 'round-robin':
      return (staff) => state.dealt.get(key)?.get(staff.id) ?? 0
    case 'best-skilled':
      return (staff) => -skillOf(target, staff)
    case 'listed':
      return (staff) => placeIn(target, staff)
    case 'random':
    case 'all':
      return null
    default:
      return order satisfies never
  }
}

/** Sum of the levels of the skills the target asks for; of all skills, when it asks for none. */
function skillOf(target: Target, { record }: StaffState): number {
  const skills = record.skills ?? {}
  const asked = target === 'everyone' || target.skills === undefined ? skills : target.skills
  return Object.keys(asked).reduce((sum, skill) => sum + (skills[skill] ?? 0), 0)
}

function placeIn(target: Target, staff: StaffState): number {
  if (target === 'everyone' || target.staff === undefined || typeof target.staff === 'string') return 0
  return target.staff.indexOf(staff.id)
}
