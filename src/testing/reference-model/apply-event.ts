import type {
  DomainEvent,
  EventType,
  PresenceEvent,
  RosterEvent,
  ShiftEvent,
  StaffId,
  VisitorEvent,
  VisitorId,
} from '../../core'
import { everyoneRoute, type RequestId, type RoutingResult } from '../../core'
import type { EventHandlers, ReferenceModel, RequestRecord } from './reference-model'
import { findRequest, findStaff, isOpen, type StaffRecord } from './reference-model'
import { isVisitorPresent, requiresOffer } from './ringing'

/** Who is there: the roster, presence, shifts and visitors. */
export const presenceHandlers: EventHandlers<(RosterEvent | PresenceEvent | ShiftEvent | VisitorEvent)['type']> = {
  'policy.set': (book, { policy, at }) => {
    const { sessionLeaseMs } = policy
    const isSwitched = (book.policy.sessionLeaseMs === null) !== (sessionLeaseMs === null)
    book.policy = policy
    if (!isSwitched) return
    const leaseUntilAt = sessionLeaseMs === null ? null : at + sessionLeaseMs
    for (const record of book.staff) for (const session of record.sessions) session.leaseUntilAt = leaseUntilAt
  },
  'workflows.set': () => {},
  'workflow.set': () => {},
  'workflow.removed': () => {},
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
    const record = expectStaff(book, staffId)
    record.sessions = [
      ...record.sessions.filter((session) => session.sessionId !== sessionId),
      { sessionId, leaseUntilAt },
    ]
    record.isPresent = true
    record.graceUntilAt = null
  },
  'session.renewed': (book, { staffId, sessionId, leaseUntilAt }) => {
    const session = expectStaff(book, staffId).sessions.find((each) => each.sessionId === sessionId)
    if (session === undefined) throw new Error(`${staffId} has no session ${sessionId} to renew`)
    session.leaseUntilAt = leaseUntilAt
  },
  'session.ended': (book, { staffId, sessionId, graceUntilAt }) => {
    const record = expectStaff(book, staffId)
    record.sessions = record.sessions.filter((session) => session.sessionId !== sessionId)
    record.graceUntilAt = graceUntilAt
    record.isPresent = record.sessions.length > 0 || graceUntilAt !== null
  },
  'presence.ended': (book, { staffId }) => {
    const record = expectStaff(book, staffId)
    record.isPresent = false
    record.graceUntilAt = null
  },
  'availability.changed': (book, { staffId, availability }) => {
    expectStaff(book, staffId).availability = availability
  },
  'staff.notResponding': () => {},
  'shifts.set': (book, { times }) => {
    book.shifts = [...times]
  },
  'shift.started': (book, event) => setShiftTime(book, event),
  'shift.ended': (book, event) => setShiftTime(book, event),
  'visitor.arrived': (book, { visitorId }) => setVisitorPresence(book, visitorId, true),
  'visitor.left': (book, { visitorId, abandonAt }) => {
    for (const request of book.requests) {
      const isNews = request.visitorId === visitorId && isOpen(request) && isVisitorPresent(book, request)
      if (isNews) request.abandonAt = abandonAt
    }
    setVisitorPresence(book, visitorId, false)
  },
  'visitor.forgotten': () => {},
}

function expectStaff(book: ReferenceModel, staffId: StaffId): StaffRecord {
  const record = book.staff.find(({ staff }) => staff.id === staffId)
  if (record === undefined) throw new Error(`an event names ${staffId}, who is not in the roster`)
  return record
}

function setShiftTime(book: ReferenceModel, { shiftId, isOn, nextBoundaryAt }: ReferenceModel['shifts'][number]): void {
  book.shifts = [...book.shifts.filter((shift) => shift.shiftId !== shiftId), { shiftId, isOn, nextBoundaryAt }]
}

/** Also called when a visitor asks for a chat: whoever asks is here. */
export function setVisitorPresence(book: ReferenceModel, visitorId: VisitorId, isHere: boolean): void {
  book.visitors = [...book.visitors.filter((visitor) => visitor.visitorId !== visitorId), { visitorId, isHere }]
  if (!isHere) return
  for (const request of book.requests) if (request.visitorId === visitorId) request.abandonAt = null
}

type LifecycleEvent =
  | 'request.opened'
  | 'request.accepted'
  | 'request.replied'
  | 'request.released'
  | 'request.transferred'
  | 'transfer.returned'
  | 'request.rerouted'
  | 'request.closed'
  | 'wrapUp.ended'

/** The life of a request: opened, taken, given back, handed on, closed. */
export const requestHandlers: EventHandlers<LifecycleEvent> = {
  'request.opened': (book, { requestId, visitorId, facts, weight, routingResult, step, at }) => {
    setVisitorPresence(book, visitorId, true)
    book.requests.push({
      requestId,
      visitorId,
      facts,
      weight,
      ...routingFields(routingResult),
      ...restartedRouteFields(step, at),
      ...newRequestFields(at),
    })
  },
  'request.accepted': (book, { requestId, staffId, assignmentId, by, replyDueAt, at }) => {
    const request = by === null ? expectOpenRequest(book, requestId) : expectRequest(book, requestId)
    request.assignment = { assignmentId, staffId, at, replyDueAt }
    Object.assign(request, { offers: [], transfer: null, warnAt: null, abandonAt: null })
  },
  'request.replied': (book, { requestId }) => {
    const { assignment } = expectRequest(book, requestId)
    if (assignment === null) throw new Error(`${requestId} was replied to, and nobody has it`)
    assignment.replyDueAt = null
  },
  'request.released': (book, { requestId, staffId, by, cause, exclude, step, at }) => {
    const request = expectAssignedRequest(book, requestId)
    Object.assign(request, restartedRouteFields(step, at), { assignment: null })
    if (cause === 'no-reply') request.silences = [{ staffId, untilAt: null }]
    if (exclude) addDecline(request, findStaff(book, by) === undefined ? staffId : by)
  },
  'request.transferred': (book, { requestId, staffId, route, step, returnAt, at }) => {
    const request = expectAssignedRequest(book, requestId)
    Object.assign(request, restartedRouteFields(step, at), { assignment: null, route, workflow: null })
    request.silences = [{ staffId, untilAt: null }]
    request.transfer = { by: staffId, returnAt }
  },
  'transfer.returned': (book, { requestId, to, at }) => {
    const request = expectOpenRequest(book, requestId)
    Object.assign(request, restartedRouteFields(to === null ? 0 : request.step, at))
    if (to === null) Object.assign(request, { route: everyoneRoute, workflow: null })
    else Object.assign(request, { assignment: { ...to, at, replyDueAt: null }, warnAt: null, abandonAt: null })
  },
  'request.rerouted': (book, { requestId, routingResult, step, at }) => {
    Object.assign(expectOpenRequest(book, requestId), routingFields(routingResult), restartedRouteFields(step, at))
  },
  'request.closed': (book, { requestId, outcome, staffId, wrapUpUntilAt }) => {
    const request = expectRequest(book, requestId)
    if (request.outcome !== null) throw new Error(`${requestId} was closed twice`)
    Object.assign(request, { outcome, assignment: null, offers: [], transfer: null })
    if (staffId === null || wrapUpUntilAt === null) return
    book.wrapUps.push({ requestId, staffId, weight: request.weight, untilAt: wrapUpUntilAt })
  },
  'wrapUp.ended': (book, { requestId }) => {
    book.wrapUps = book.wrapUps.filter((wrapUp) => wrapUp.requestId !== requestId)
  },
}

function routingFields({ workflow, route, priority, tags }: RoutingResult) {
  return { workflow, route, priority, tags }
}

/** Routed anew: mutes, offers and the pass begin afresh; declines stay. */
function restartedRouteFields(step: number, at: number) {
  return { step, routedAt: at, silences: [], offers: [], triedThisPass: [], restUntilAt: null, transfer: null }
}

function newRequestFields(at: number) {
  return { openedAt: at, outcome: null, assignment: null, declinedBy: [], warnAt: null, abandonAt: null }
}

export function addDecline(request: RequestRecord, staffId: string): void {
  if (!request.declinedBy.includes(staffId)) request.declinedBy.push(staffId)
}

/** The record of a request that is neither closed nor taken; an event about another kind of request is a bug. */
export function expectOpenRequest(book: ReferenceModel, requestId: RequestId): RequestRecord {
  const request = expectRequest(book, requestId)
  if (request.outcome !== null) throw new Error(`an event calls ${requestId} open after it was ${request.outcome}`)
  if (request.assignment !== null)
    throw new Error(`an event calls ${requestId} open while ${request.assignment.staffId} has it`)
  return request
}

function expectAssignedRequest(book: ReferenceModel, requestId: RequestId): RequestRecord {
  const request = expectRequest(book, requestId)
  if (request.assignment === null) throw new Error(`an event calls ${requestId} assigned, and nobody has it`)
  return request
}

function expectRequest(book: ReferenceModel, requestId: RequestId): RequestRecord {
  const request = findRequest(book, requestId)
  if (request === undefined) throw new Error(`an event names ${requestId}, which was never opened`)
  return request
}

type RingingEvent =
  | 'request.muted'
  | 'request.unmuted'
  | 'snooze.ended'
  | 'request.declined'
  | 'step.started'
  | 'request.reminded'
  | 'offer.made'
  | 'offer.expired'
  | 'offerRound.ended'
  | 'offerRound.started'
  | 'request.unattended'

/** What happens to an open request: silences, steps, offers and warnings. */
export const ringingHandlers: EventHandlers<RingingEvent> = {
  'request.muted': (book, { requestId, staffId, untilAt }) => {
    const request = expectOpenRequest(book, requestId)
    removeMute(request, staffId)
    request.silences.push({ staffId, untilAt })
    removeOffer(request, staffId)
  },
  'request.unmuted': (book, { requestId, staffId }) => removeMute(expectOpenRequest(book, requestId), staffId),
  'snooze.ended': (book, { requestId, staffId }) => removeMute(expectOpenRequest(book, requestId), staffId),
  'request.declined': (book, { requestId, staffId }) => {
    const request = expectOpenRequest(book, requestId)
    addDecline(request, staffId)
    removeMute(request, staffId)
    removeOffer(request, staffId)
  },
  'step.started': (book, { requestId, step }) => {
    Object.assign(expectOpenRequest(book, requestId), { step, silences: [], triedThisPass: [], restUntilAt: null })
  },
  'request.reminded': (book, { requestId }) => {
    const request = expectOpenRequest(book, requestId)
    request.silences = []
  },
  'offer.made': (book, { requestId, staffIds, untilAt }) => {
    const request = expectOpenRequest(book, requestId)
    for (const staffId of staffIds) request.offers.push({ staffId, untilAt })
  },
  'offer.expired': (book, { requestId, staffId }) => {
    const request = expectOpenRequest(book, requestId)
    removeOffer(request, staffId)
    request.triedThisPass.push(staffId)
  },
  'offerRound.ended': (book, { requestId, restUntilAt }) => {
    const request = expectOpenRequest(book, requestId)
    request.restUntilAt = restUntilAt
  },
  'offerRound.started': (book, { requestId }) => {
    Object.assign(expectOpenRequest(book, requestId), { restUntilAt: null, triedThisPass: [] })
  },
  'request.unattended': (book, { requestId, cause, nextAt }) => {
    if (cause === 'waited-too-long') expectOpenRequest(book, requestId).warnAt = nextAt
  },
}

function removeMute(request: RequestRecord, staffId: StaffId): void {
  request.silences = request.silences.filter((silence) => silence.staffId !== staffId)
}

function removeOffer(request: RequestRecord, staffId: StaffId): void {
  request.offers = request.offers.filter((offer) => offer.staffId !== staffId)
}

const eventHandlers: EventHandlers<EventType> = { ...presenceHandlers, ...requestHandlers, ...ringingHandlers }

/** Writes one event into the chronicle, in place. An offer that can no longer ring for its holder is over. */
export function applyEvent(book: ReferenceModel, event: DomainEvent): void {
  const write = eventHandlers[event.type] as (book: ReferenceModel, event: DomainEvent) => void
  write(book, event)
  book.at = Math.max(book.at, event.at)
  for (const request of book.requests) {
    if (request.offers.length === 0) continue
    request.offers = request.offers.filter(({ staffId }) => requiresOffer(book, staffId, request))
  }
}
