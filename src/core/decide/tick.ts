import type { CommandOf } from '../messages/command'
import type { DomainEvent, EventOf, UnattendedCause } from '../messages/event'
import {
  abandonDueAt,
  expiresAtOf,
  longWaitAt,
  nextStepAt,
  requestDueAt,
  resolveStartStep,
  shouldAdvance,
  unreportedCause,
} from '../ringing/next-action'
import { findNextOffer, isRoundExhausted } from '../ringing/offers'
import { isOpenAndPresent, ringsAnyone } from '../ringing/rings'
import { expiredSessions } from '../state/sessions'
import {
  type DeskState,
  isPresent,
  type RequestDetail,
  type RequestState,
  type StaffState,
  type VisitorState,
} from '../state/state'
import { nextAssignmentId, releaseEvents } from './assignment'
import { type Decision, decided } from './decision'
import { presenceGraceUntil, visitorSessionEndEvents } from './presence'
import { closeEvent } from './request'

/**
 * Decides one of the deadlines that are due; `run` repeats it until none is left. An open offer that has a candidate is
 * made before all deadlines, so that no later request gets the candidate; then shifts, staff, visitors, wrap-ups,
 * requests. Reschedules a request whose deadline has no event.
 */
export function tick(state: DeskState, { at, times }: CommandOf<'tick'>): Decision {
  const offer = findNextOffer(state)
  if (offer !== null) {
    const staffIds = offer.staff.map(({ id }) => id)
    return decided([
      { type: 'offer.made', requestId: offer.request.id, staffIds, untilAt: at + offer.offerTimeoutMs, at },
    ])
  }
  const turned = shiftEvents(state, times, at)
  if (turned.length > 0) return decided(turned)
  const { deadlines } = state
  if (deadlines.staff.earliest !== undefined && deadlines.staff.earliestAt <= at)
    return decided(sessionEndEvents(state, deadlines.staff.earliest, at))
  if (deadlines.visitors.earliest !== undefined && deadlines.visitors.earliestAt <= at) {
    return decided(visitorEvents(state, deadlines.visitors.earliest, at))
  }
  const wrapUp = deadlines.wrapUps.earliest
  if (wrapUp !== undefined && deadlines.wrapUps.earliestAt <= at) {
    const { requestId, visitorId, staff } = wrapUp
    return decided([{ type: 'wrapUp.ended', requestId, visitorId, staffId: staff.id, at }])
  }
  return decided(dueRequestEvents(state, at))
}

function shiftEvents(state: DeskState, times: CommandOf<'tick'>['times'], at: number): DomainEvent[] {
  if (state.deadlines.shifts.earliestAt > at) return []
  return times
    .filter(({ shiftId }) => (state.shifts.get(shiftId)?.nextBoundaryAt ?? Number.POSITIVE_INFINITY) <= at)
    .map((time) => ({ type: time.isOn ? 'shift.started' : 'shift.ended', ...time, at }))
}

/** Returns the events of a visitor's expired leases; else the event by which the desk forgets one who has left. */
function visitorEvents(state: DeskState, { id: visitorId, sessions }: VisitorState, at: number): DomainEvent[] {
  const sessionIds = expiredSessions(sessions, at)
  if (sessionIds.length === 0) return [{ type: 'visitor.forgotten', visitorId, at }]
  return visitorSessionEndEvents(state, { visitorId, sessionIds, cause: 'lease-expired', at })
}

function sessionEndEvents(state: DeskState, staff: StaffState, at: number): DomainEvent[] {
  const { id: staffId } = staff
  const ended = expiredSessions(staff.sessions, at)
  if (ended.length === 0) return [{ type: 'presence.ended', staffId, at }]
  const graceUntilAt = presenceGraceUntil(state, staff, at, ended.length)
  return ended.map((sessionId) => ({
    type: 'session.ended',
    staffId,
    sessionId,
    cause: 'lease-expired',
    graceUntilAt,
    at,
  }))
}

/** Returns the events of the first due request that has any; one that has none is scheduled again. */
function dueRequestEvents(state: DeskState, at: number): DomainEvent[] {
  const { requests } = state.deadlines
  for (;;) {
    const request = requests.earliest
    if (request === undefined || requests.earliestAt > at) return []
    const events = requestEvents(state, request, at)
    if (events.length > 0) return events
    requests.set(request, Math.max(requestDueAt(state, request), at + 1))
  }
}

function requestEvents(state: DeskState, request: RequestState, at: number): DomainEvent[] {
  const { id: requestId, assignment, detail } = request
  if (assignment !== null) {
    if (assignment.replyDueAt === null || assignment.replyDueAt > at) return []
    return releaseEvents(state, request, { by: assignment.staff.id, cause: 'no-reply', exclude: false, at })
  }
  if (expiresAtOf(state, request) <= at) return [closeEvent(state, request, { outcome: 'expired', reason: null, at })]
  const transferred = detail?.transfer ?? null
  if (transferred !== null && transferred.returnAt <= at)
    return [transferReturnedEvent(state, request, transferred.by, at)]
  if (!isOpenAndPresent(request)) {
    if (abandonDueAt(state, request) > at) return []
    return [closeEvent(state, request, { outcome: 'abandoned', reason: null, at })]
  }
  if (detail !== null) {
    const ended = expiryEvents(state, requestId, detail, at)
    if (ended.length > 0) return ended
  }
  return stepEvents(state, request, at) ?? unattendedEvents(state, request, at)
}

/** Returns the events of expired snoozes and offers; where there are none, that of a delay between rounds. */
function expiryEvents(
  { policy, staff }: DeskState,
  requestId: string,
  detail: RequestDetail,
  at: number,
): DomainEvent[] {
  const events: DomainEvent[] = []
  for (const [staffId, { untilAt }] of detail.mutes) {
    if (untilAt !== null && untilAt <= at) events.push({ type: 'snooze.ended', requestId, staffId, at })
  }
  for (const [{ id: staffId, missedOffers }, untilAt] of detail.offers) {
    if (untilAt > at) continue
    events.push({ type: 'offer.expired', requestId, staffId, at })
    if (missedOffers + 1 < policy.missedOffersMax) continue
    events.push({ type: 'staff.notResponding', staffId, missedOffers: missedOffers + 1, at })
    if (policy.awayAfterMissedOffers && staff.get(staffId)?.availability === 'available') {
      events.push({ type: 'availability.changed', staffId, availability: 'away', at })
    }
  }
  if (events.length === 0 && detail.nextRoundAt !== null && detail.nextRoundAt <= at) {
    events.push({ type: 'offerRound.started', requestId, at })
  }
  return events
}

/**
 * Starts the next step: by time, because no staff of the active steps are eligible, or because a reminder is due.
 */
function stepEvents(state: DeskState, request: RequestState, at: number): DomainEvent[] | null {
  const { id: requestId, routingResult, step, detail } = request
  const { route } = routingResult
  const start = (cause: EventOf<'step.started'>['cause']): DomainEvent[] => {
    const next = step + 1 < route.steps.length ? resolveStartStep(state, route, step + 1) : route.steps.length
    return [{ type: 'step.started', requestId, step: next, cause, at }]
  }
  if (nextStepAt(request) <= at) return start('time')
  if (ringsAnyone(request)) return null
  if (shouldAdvance(request)) return start('nobody-present')
  if (detail?.remindAt == null || detail.remindAt > at) return null
  return step + 1 < route.steps.length ? start('reminder') : [{ type: 'request.reminded', requestId, at }]
}

function unattendedEvents(state: DeskState, request: RequestState, at: number): DomainEvent[] {
  const { id: requestId, detail } = request
  const { policy } = state
  const unattended = (cause: UnattendedCause, nextAt: number | null): DomainEvent[] => [
    { type: 'request.unattended', requestId, cause, nextAt, at },
  ]
  if (isRoundExhausted(state, request))
    return [{ type: 'offerRound.ended', requestId, nextRoundAt: at + policy.retryDelayMs, at }]
  if (!ringsAnyone(request)) {
    const cause = unreportedCause(state, request)
    if (cause !== null) {
      if (cause !== 'all-muted' || policy.remindAfterMs === null) return unattended(cause, null)
      return unattended(cause, detail?.remindAt ?? at + policy.remindAfterMs)
    }
  }
  if (longWaitAt(state, request) > at) return []
  const lastGapMs = detail?.longWaitGapMs ?? null
  const gapMs = lastGapMs === null ? policy.unattendedAfterMs : Math.min(2 * lastGapMs, longWaitGapMaxMs)
  return unattended('waited-too-long', at + Math.max(gapMs, policy.unattendedAfterMs))
}

/** The gaps between reports of a long wait double up to this one. */
const longWaitGapMaxMs = 15 * 60_000

/** Returns a chat to the staff member who transferred it, if present and with room; otherwise to everyone. */
function transferReturnedEvent(state: DeskState, request: RequestState, by: string, at: number): DomainEvent {
  const sender = state.staff.get(by)
  const isBack = sender !== undefined && isPresent(sender) && sender.load + request.weight <= sender.capacity
  const to = isBack ? { staffId: by, assignmentId: nextAssignmentId(request) } : null
  return { type: 'transfer.returned', requestId: request.id, to, at }
}
