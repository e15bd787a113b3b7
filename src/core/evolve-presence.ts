import { changeStanding } from './change'
import type { EdgeBook } from './edge-book'
import type { PresenceEvent } from './event'
import { type DeskState, isPresent, type StaffState } from './state'

/** Who is there and wants work. */
export function evolvePresence(state: DeskState, book: EdgeBook, event: PresenceEvent): void {
  const staff = state.staff.get(event.staffId)
  if (staff === undefined) return
  switch (event.type) {
    case 'session.renewed':
      staff.sessions.set(event.sessionId, event.leaseUntilAt)
      break
    case 'staff.notResponding':
      staff.strikes = 0
      break
    default:
      changeStanding(state, book, staff, () => change(staff, event))
  }
  settleStaff(state, staff)
}

/** Registers when the earliest lease or the grace of somebody is over. */
export function settleStaff(state: DeskState, staff: StaffState): void {
  let at = staff.graceUntilAt ?? Number.POSITIVE_INFINITY
  for (const leaseUntilAt of staff.sessions.values()) at = Math.min(at, leaseUntilAt ?? at)
  state.due.staff.set(staff, at)
}

type Change = Exclude<PresenceEvent, { type: 'session.renewed' | 'staff.notResponding' }>

function change(staff: StaffState, event: Change): void {
  switch (event.type) {
    case 'session.started':
      if (!isPresent(staff)) staff.idleSinceAt = event.at
      staff.sessions.set(event.sessionId, event.leaseUntilAt)
      staff.graceUntilAt = null
      return
    case 'session.ended':
      staff.sessions.delete(event.sessionId)
      staff.graceUntilAt = staff.sessions.size > 0 ? null : event.graceUntilAt
      return
    case 'presence.ended':
      staff.graceUntilAt = null
      return
    case 'availability.changed':
      if (event.availability === 'available') staff.idleSinceAt = event.at
      staff.availability = event.availability
      staff.strikes = 0
      return
    default:
      return event satisfies never
  }
}
