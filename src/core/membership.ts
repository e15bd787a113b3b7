import { isReachable, matches } from './audience'
import type { Audience, DeskState, StaffState } from './state'

/** Puts somebody into the audiences that mean them by roster, and takes them out of the others. */
export function refreshMemberships(state: DeskState, staff: StaffState): void {
  const isOnRoster = state.staff.get(staff.id) === staff
  for (const audience of state.audiences.values()) {
    if (isOnRoster && matches(audience.target, staff)) {
      audience.members.add(staff)
      staff.audiences.add(audience)
    } else if (audience.members.delete(staff)) {
      staff.audiences.delete(audience)
      leaveReach(audience, staff)
    }
  }
}

/** Whether somebody can hear an audience now: present, available, on shift. */
export function refreshReach(state: DeskState, audience: Audience, staff: StaffState): void {
  if (!isReachable(state, audience, staff)) return leaveReach(audience, staff)
  audience.reachable.add(staff)
  staff.reachableIn.add(audience)
}

function leaveReach(audience: Audience, staff: StaffState): void {
  audience.reachable.delete(staff)
  staff.reachableIn.delete(audience)
}
