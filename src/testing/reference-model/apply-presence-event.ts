import type { EventOf, PresenceEvent, RosterEvent, ShiftEvent, StaffId, VisitorEvent, VisitorId } from '../../core'
import { defaultPolicy } from '../../core'
import type { EventHandlers, ReferenceModel, StaffRecord } from './reference-model'

/** The roster, presence, shifts and visitors. */
export const presenceHandlers: EventHandlers<(RosterEvent | PresenceEvent | ShiftEvent | VisitorEvent)['type']> = {
  'desk.resumed': (model, { at }) => {
    model.resumedAt = at
  },
  'policy.set': (model, event) => {
    const { at } = event
    const { policy: before } = model
    const policy = { ...defaultPolicy, ...event.policy }
    model.policy = policy
    for (const session of model.staff.flatMap(({ sessions }) => sessions))
      session.leaseUntilAt = changedLease(session.leaseUntilAt, [before.sessionLeaseMs, policy.sessionLeaseMs], at)
    for (const session of model.visitors.flatMap(({ sessions }) => sessions)) {
      if (session.sessionId === '') continue
      session.leaseUntilAt = changedLease(session.leaseUntilAt, [before.visitorLeaseMs, policy.visitorLeaseMs], at)
    }
    for (const { assignment } of model.requests) {
      if (assignment === null || assignment.silentSinceAt === null || assignment.replySinceAt === null) continue
      const isOverdue = policy.replyMs !== null && assignment.replySinceAt + policy.replyMs <= at
      if (!isOverdue) assignment.silentSinceAt = null
    }
  },
  'workflows.set': () => {},
  'workflow.set': () => {},
  'workflow.removed': () => {},
  'staff.set': (model, { staff, at }) => {
    const known = model.staff.find((record) => record.staff.id === staff.id)
    if (known !== undefined) known.staff = staff
    else model.staff.push({ ...newStaffFields(at), staff })
  },
  'staff.removed': (model, { staffId }) => {
    model.staff = model.staff.filter(({ staff }) => staff.id !== staffId)
    model.wrapUps = model.wrapUps.filter((wrapUp) => wrapUp.staffId !== staffId)
    for (const request of model.requests) request.offers = request.offers.filter((offer) => offer.staffId !== staffId)
  },
  'session.started': (model, { staffId, sessionId, leaseUntilAt, at }) => {
    const record = expectStaff(model, staffId)
    if (!record.isPresent) record.idleSinceAt = at
    record.sessions = [
      ...record.sessions.filter((session) => session.sessionId !== sessionId),
      { sessionId, leaseUntilAt },
    ]
    if (!record.isPresent) setAbsence(model, staffId, null)
    record.isPresent = true
    record.graceSinceAt = null
  },
  'session.renewed': (model, { staffId, sessionId, leaseUntilAt }) => {
    const session = expectStaff(model, staffId).sessions.find((each) => each.sessionId === sessionId)
    if (session === undefined) throw new Error(`${staffId} has no session ${sessionId} to renew`)
    session.leaseUntilAt = leaseUntilAt
  },
  'session.ended': (model, { staffId, sessionId, graceUntilAt, at }) => {
    const record = expectStaff(model, staffId)
    record.sessions = record.sessions.filter((session) => session.sessionId !== sessionId)
    record.graceSinceAt = graceUntilAt === null ? null : at
    record.isPresent = record.sessions.length > 0 || graceUntilAt !== null
    if (!record.isPresent) setAbsence(model, staffId, at)
  },
  'presence.ended': (model, { staffId, at }) => {
    const record = expectStaff(model, staffId)
    record.isPresent = false
    record.graceSinceAt = null
    setAbsence(model, staffId, at)
  },
  'availability.changed': (model, { staffId, availability, at }) => {
    const record = expectStaff(model, staffId)
    record.availability = availability
    if (availability === 'available') record.idleSinceAt = at
  },
  'staff.notResponding': () => {},
  'shifts.set': (model, { times }) => {
    model.shifts = [...times]
  },
  'shift.started': (model, event) => setShiftTime(model, event),
  'shift.ended': (model, event) => setShiftTime(model, event),
  'visitor.arrived': (model, { visitorId }) => setVisitorPresence(model, visitorId, true),
  'visitor.left': (model, { visitorId, at }) => {
    for (const request of model.requests)
      if (request.visitorId === visitorId && request.outcome === null) request.visitorLeftAt ??= at
    setVisitorPresence(model, visitorId, false)
  },
  'visitorSession.started': setVisitorSession,
  'visitorSession.renewed': setVisitorSession,
  'visitorSession.ended': (model, { visitorId, sessionId }) => {
    const visitor = model.visitors.find((each) => each.visitorId === visitorId)
    if (visitor === undefined) throw new Error(`a session of ${visitorId} ended, who never arrived`)
    visitor.sessions = visitor.sessions.filter((session) => session.sessionId !== sessionId)
  },
  'visitor.forgotten': () => {},
}

/** Records since when the staff member of each of their chats is absent; `null`: present again. */
function setAbsence(model: ReferenceModel, staffId: StaffId, at: number | null): void {
  for (const { assignment } of model.requests) {
    if (assignment === null || assignment.staffId !== staffId) continue
    assignment.absentSinceAt = at
    assignment.isAbsenceReported = false
  }
}

/** A lease that runs follows the policy: from the same beginning, or from now on when leases are switched on. */
function changedLease(
  leaseUntilAt: number | null,
  [before, after]: readonly [before: number | null, after: number | null],
  at: number,
): number | null {
  if (after === null) return null
  return leaseUntilAt === null || before === null ? at + after : leaseUntilAt - before + after
}

function setVisitorSession(
  model: ReferenceModel,
  { visitorId, sessionId, leaseUntilAt }: EventOf<'visitorSession.started' | 'visitorSession.renewed'>,
): void {
  const visitor = model.visitors.find((each) => each.visitorId === visitorId)
  if (visitor?.isHere !== true) throw new Error(`a session of ${visitorId} goes on, who is not here`)
  const others = visitor.sessions.filter((session) => session.sessionId !== sessionId)
  visitor.sessions = [...others, { sessionId, leaseUntilAt }]
}

function newStaffFields(at: number): Omit<StaffRecord, 'staff'> {
  return { isPresent: false, graceSinceAt: null, sessions: [], availability: 'available', idleSinceAt: at }
}

/** A chat has begun or ended. */
export function restartIdleTime(model: ReferenceModel, staffId: StaffId | undefined, at: number): void {
  const record = model.staff.find(({ staff }) => staff.id === staffId)
  if (record !== undefined) record.idleSinceAt = at
}

function expectStaff(model: ReferenceModel, staffId: StaffId): StaffRecord {
  const record = model.staff.find(({ staff }) => staff.id === staffId)
  if (record === undefined) throw new Error(`an event names ${staffId}, who is not in the roster`)
  return record
}

function setShiftTime(
  model: ReferenceModel,
  { shiftId, isOn, nextBoundaryAt }: ReferenceModel['shifts'][number],
): void {
  model.shifts = [...model.shifts.filter((shift) => shift.shiftId !== shiftId), { shiftId, isOn, nextBoundaryAt }]
}

/** Also called when a visitor requests a chat, and so is present. */
export function setVisitorPresence(model: ReferenceModel, visitorId: VisitorId, isHere: boolean): void {
  const sessions = (isHere && model.visitors.find((visitor) => visitor.visitorId === visitorId)?.sessions) || []
  const others = model.visitors.filter((visitor) => visitor.visitorId !== visitorId)
  model.visitors = [...others, { visitorId, isHere, sessions }]
  if (!isHere) return
  for (const request of model.requests) if (request.visitorId === visitorId) request.visitorLeftAt = null
}
