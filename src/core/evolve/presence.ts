import type { EdgeCollector } from '../messages/edge'
import type { EventOf, PresenceEvent } from '../messages/event'
import { scheduleRequest, scheduleStaff } from '../ringing/next-action'
import { changeEligibility } from '../ringing/ring-changes'
import { type DeskState, isPresent, type StaffState } from '../state/state'

export function sessionStarted(state: DeskState, edges: EdgeCollector, event: EventOf<'session.started'>): void {
  changePresence(state, edges, event, (staff) => {
    if (!isPresent(staff)) staff.idleSinceAt = event.at
    staff.sessions.set(event.sessionId, event.leaseUntilAt)
    staff.graceSinceAt = null
  })
}

export function sessionRenewed(state: DeskState, _edges: EdgeCollector, event: EventOf<'session.renewed'>): void {
  const staff = state.staff.get(event.staffId)
  if (staff === undefined) return
  staff.sessions.set(event.sessionId, event.leaseUntilAt)
  scheduleStaff(state, staff)
}

export function sessionEnded(state: DeskState, edges: EdgeCollector, event: EventOf<'session.ended'>): void {
  changePresence(state, edges, event, (staff) => {
    staff.sessions.delete(event.sessionId)
    staff.graceSinceAt = staff.sessions.size > 0 || event.graceUntilAt === null ? null : event.at
  })
}

export function presenceEnded(state: DeskState, edges: EdgeCollector, event: EventOf<'presence.ended'>): void {
  changePresence(state, edges, event, (staff) => {
    staff.graceSinceAt = null
  })
}

export function availabilityChanged(
  state: DeskState,
  edges: EdgeCollector,
  event: EventOf<'availability.changed'>,
): void {
  changePresence(state, edges, event, (staff) => {
    if (event.availability === 'available') staff.idleSinceAt = event.at
    staff.availability = event.availability
    staff.missedOffers = 0
  })
}

export function staffNotResponding(
  state: DeskState,
  _edges: EdgeCollector,
  { staffId }: EventOf<'staff.notResponding'>,
): void {
  const staff = state.staff.get(staffId)
  if (staff !== undefined) staff.missedOffers = 0
}

function changePresence(
  state: DeskState,
  edges: EdgeCollector,
  { staffId, at }: PresenceEvent,
  mutate: (staff: StaffState) => void,
): void {
  const staff = state.staff.get(staffId)
  if (staff === undefined) return
  const wasPresent = isPresent(staff)
  changeEligibility(state, edges, staff, mutate)
  scheduleStaff(state, staff)
  if (wasPresent !== isPresent(staff)) updateChats(state, staff, wasPresent ? at : null)
}

/** Records since when the staff member of each of their chats is absent; `null`: present again. */
function updateChats(state: DeskState, { chats }: StaffState, absentSinceAt: number | null): void {
  for (const request of chats) {
    if (request.assignment === null) continue
    request.assignment.absentSinceAt = absentSinceAt
    request.assignment.isAbsenceReported = false
    state.changes?.addRequest(request.id)
    scheduleRequest(state, request)
  }
}
