import type { PresenceEvent, RosterEvent, ShiftEvent, StaffId, VisitorEvent, VisitorId } from '../../core'
import { type Chronicle, isOpen, type StaffRecord } from './chronicle'
import type { Pages } from './pages'
import { isVisitorHere } from './rings'

/** Who is there: the roster, presence, shifts and visitors. */
export const presencePages: Pages<(RosterEvent | PresenceEvent | ShiftEvent | VisitorEvent)['type']> = {
  'policy.set': (book, { policy, at }) => {
    const { sessionLeaseMs } = policy
    const isSwitched = (book.policy.sessionLeaseMs === null) !== (sessionLeaseMs === null)
    book.policy = policy
    if (!isSwitched) return
    const leaseUntilAt = sessionLeaseMs === null ? null : at + sessionLeaseMs
    for (const record of book.staff) for (const session of record.sessions) session.leaseUntilAt = leaseUntilAt
  },
  'workflows.set': () => {},
  'staff.set': (book, { staff }) => {
    const known = book.staff.find((record) => record.staff.id === staff.id)
    if (known !== undefined) known.staff = staff
    else book.staff.push({ staff, isPresent: false, graceUntilAt: null, sessions: [], availability: 'available' })
  },
  'staff.removed': (book, { staffId }) => {
    book.staff = book.staff.filter(({ staff }) => staff.id !== staffId)
    book.wrapUps = book.wrapUps.filter((wrapUp) => wrapUp.staffId !== staffId)
    for (const request of book.requests) request.offers = request.offers.filter((offer) => offer.staffId !== staffId)
  },
  'session.started': (book, { staffId, sessionId, leaseUntilAt }) => {
    const record = known(book, staffId)
    record.sessions = [
      ...record.sessions.filter((session) => session.sessionId !== sessionId),
      { sessionId, leaseUntilAt },
    ]
    record.isPresent = true
    record.graceUntilAt = null
  },
  'session.renewed': (book, { staffId, sessionId, leaseUntilAt }) => {
    const session = known(book, staffId).sessions.find((each) => each.sessionId === sessionId)
    if (session === undefined) throw new Error(`${staffId} has no session ${sessionId} to renew`)
    session.leaseUntilAt = leaseUntilAt
  },
  'session.ended': (book, { staffId, sessionId, graceUntilAt }) => {
    const record = known(book, staffId)
    record.sessions = record.sessions.filter((session) => session.sessionId !== sessionId)
    record.graceUntilAt = graceUntilAt
    record.isPresent = record.sessions.length > 0 || graceUntilAt !== null
  },
  'presence.ended': (book, { staffId }) => {
    const record = known(book, staffId)
    record.isPresent = false
    record.graceUntilAt = null
  },
  'availability.changed': (book, { staffId, availability }) => {
    known(book, staffId).availability = availability
  },
  'staff.notResponding': () => {},
  'shifts.set': (book, { times }) => {
    book.shifts = [...times]
  },
  'shift.started': (book, event) => turn(book, event),
  'shift.ended': (book, event) => turn(book, event),
  'visitor.arrived': (book, { visitorId }) => seeVisitor(book, visitorId, true),
  'visitor.left': (book, { visitorId, abandonAt }) => {
    for (const request of book.requests) {
      const isNews = request.visitorId === visitorId && isOpen(request) && isVisitorHere(book, request)
      if (isNews) request.abandonAt = abandonAt
    }
    seeVisitor(book, visitorId, false)
  },
  'visitor.forgotten': () => {},
}

function known(book: Chronicle, staffId: StaffId): StaffRecord {
  const record = book.staff.find(({ staff }) => staff.id === staffId)
  if (record === undefined) throw new Error(`an event names ${staffId}, who is not in the roster`)
  return record
}

function turn(book: Chronicle, { shiftId, isOn, nextBoundaryAt }: Chronicle['shifts'][number]): void {
  book.shifts = [...book.shifts.filter((shift) => shift.shiftId !== shiftId), { shiftId, isOn, nextBoundaryAt }]
}

/** Also called when a visitor asks for a chat: whoever asks is here. */
export function seeVisitor(book: Chronicle, visitorId: VisitorId, isHere: boolean): void {
  book.visitors = [...book.visitors.filter((visitor) => visitor.visitorId !== visitorId), { visitorId, isHere }]
  if (!isHere) return
  for (const request of book.requests) if (request.visitorId === visitorId) request.abandonAt = null
}
