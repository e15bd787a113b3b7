import type { EdgeCollector } from '../messages/edge'
import type { PresenceEvent } from '../messages/event'
import { changeEligibility } from '../ringing/ring-changes'
import { type DeskState, isPresent, type StaffState } from '../state/state'

/** Who is there and wants work. */
export function evolvePresence(state: DeskState, book: EdgeCollector, event: PresenceEvent): void {
  const staff = state.staff.get(event.staffId)
  if (staff === undefined) return
  switch (event.type) {
    case 'session.renewed':
      staff.sessions.set(event.sessionId, event.leaseUntilAt)
      break
    case 'staff.notResponding':
      staff.missedOffers = 0
      break
    default:
      changeEligibility(state, book, staff, () => applyPresenceEvent(staff, event))
  }
  scheduleStaff(state, staff)
}

/** Registers when the earliest lease or the grace of somebody is over. */
export function scheduleStaff(state: DeskState, staff: StaffState): void {
  let at = staff.graceUntilAt ?? Number.POSITIVE_INFINITY
  for (const leaseUntilAt of staff.sessions.values()) at = Math.min(at, leaseUntilAt ?? at)
  state.deadlines.staff.set(staff, at)
}

type EligibilityEvent = Exclude<PresenceEvent, { type: 'session.renewed' | 'staff.notResponding' }>

function applyPresenceEvent(staff: StaffState, event: EligibilityEvent): void {
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
      staff.missedOffers = 0
      return
    default:
      return event satisfies never
  }
}
