import type { CommandOf } from '../messages/command'
import type { DomainEvent, EventOf, UnattendedCause } from '../messages/event'
import {
  abandonDueAt,
  chatEndsAt,
  expiresAtOf,
  firstReplyDueAt,
  longWaitAt,
  longWaitGapMs,
  nextRoundDueAt,
  nextStepAt,
  offerDueAt,
  reclaimDueAt,
  remindDueAt,
  replyDueAt,
  requestDueAt,
  transferReturnsAt,
  unreportedCause,
} from '../ringing/next-action'
import { findNextOffer, isRoundExhausted } from '../ringing/offers'
import { isOpenAndPresent, ringsAnyone } from '../ringing/rings'
import { advanceCause, resolveStartStep, seekerOf } from '../ringing/steps'
import { roomFor } from '../state/request-detail'
import { expiredSessions } from '../state/sessions'
import {
  type Assignment,
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
    const { requestId, visitorId, assignmentId, staff } = wrapUp
    return decided([{ type: 'wrapUp.ended', requestId, visitorId, assignmentId, staffId: staff.id, at }])
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
  if (assignment !== null) return chatEvents(state, request, assignment, at)
  if (expiresAtOf(state, request) <= at) return [closeEvent(state, request, { outcome: 'expired', reason: null, at })]
  const transferred = detail?.transfer ?? null
  if (transferred !== null && transferReturnsAt(state, request) <= at)
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

/** Returns the events of a chat that is over, is left alone, or goes back to the ring. */
function chatEvents(state: DeskState, request: RequestState, assignment: Assignment, at: number): DomainEvent[] {
  const { id: requestId } = request
  const unattended = (cause: UnattendedCause, nextAt: number): DomainEvent => {
    return { type: 'request.unattended', requestId, cause, nextAt: Number.isFinite(nextAt) ? nextAt : null, at }
  }
  const released = (cause: 'assignee-absent' | 'no-reply') =>
    releaseEvents(state, request, { by: assignment.staff.id, cause, exclude: false, at })
  if (chatEndsAt(state, request, assignment) <= at)
    return [closeEvent(state, request, { outcome: 'ended', reason: 'visitor-left', at })]
  const { absent, silent } = reclaimDueAt(state, assignment)
  if (assignment.absentSinceAt !== null && !assignment.isAbsenceReported) return [unattended('assignee-absent', absent)]
  if (absent <= at) return released('assignee-absent')
  const isReported = assignment.silentSinceAt !== null
  if (firstReplyDueAt(state, assignment) <= at)
    return [...(isReported ? [] : [unattended('no-reply', at)]), ...released('no-reply')]
  if (isReported) return silent <= at ? released('no-reply') : []
  if (replyDueAt(state, assignment) > at) return []
  return [unattended('no-reply', at + (state.policy.reclaimAfterMs ?? Number.POSITIVE_INFINITY))]
}

/** Returns the events of expired snoozes and offers; where there are none, that of a delay between rounds. */
function expiryEvents(state: DeskState, requestId: string, detail: RequestDetail, at: number): DomainEvent[] {
  const { policy, staff } = state
  const events: DomainEvent[] = []
  for (const [staffId, { untilAt }] of detail.mutes) {
    if (untilAt !== null && untilAt <= at) events.push({ type: 'snooze.ended', requestId, staffId, at })
  }
  for (const [{ id: staffId, missedOffers }, offer] of detail.offers) {
    if (offerDueAt(state, offer) > at) continue
    events.push({ type: 'offer.expired', requestId, staffId, at })
    if (missedOffers + 1 < policy.missedOffersMax) continue
    events.push({ type: 'staff.notResponding', staffId, missedOffers: missedOffers + 1, at })
    if (policy.awayAfterMissedOffers && staff.get(staffId)?.availability === 'available') {
      events.push({ type: 'availability.changed', staffId, availability: 'away', at })
    }
  }
  if (events.length === 0 && nextRoundDueAt(state, detail) <= at)
    events.push({ type: 'offerRound.started', requestId, at })
  return events
}

/**
 * Starts the next step: by time, because no staff of the active steps are eligible or free, or by a due reminder.
 */
function stepEvents(state: DeskState, request: RequestState, at: number): DomainEvent[] | null {
  const { id: requestId, routingResult, step, detail } = request
  const { route } = routingResult
  const start = (cause: EventOf<'step.started'>['cause']): DomainEvent[] => {
    const next =
      step + 1 < route.steps.length ? resolveStartStep(state, route, step + 1, seekerOf(request)) : route.steps.length
    return [{ type: 'step.started', requestId, step: next, cause, at }]
  }
  if (nextStepAt(request) <= at) return start('time')
  if (ringsAnyone(request)) return null
  const cause = advanceCause(state, request)
  if (cause !== null) return start(cause)
  if (detail === null || remindDueAt(state, detail) > at) return null
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
    const cause = unreportedCause(request)
    if (cause !== null) {
      if (cause !== 'all-muted' || policy.remindAfterMs === null) return unattended(cause, null)
      return unattended(cause, (detail?.allMutedSinceAt ?? at) + policy.remindAfterMs)
    }
  }
  if (longWaitAt(state, request) > at) return []
  return unattended('waited-too-long', at + longWaitGapMs(policy, (detail?.longWaitReports ?? 0) + 1))
}

/** Returns a chat to the staff member who transferred it, if present and with room; otherwise to everyone. */
function transferReturnedEvent(state: DeskState, request: RequestState, by: string, at: number): DomainEvent {
  const sender = state.staff.get(by)
  const isBack = sender !== undefined && isPresent(sender) && roomFor(state, request, sender) >= request.weight
  const to = isBack ? { staffId: by, assignmentId: nextAssignmentId(request) } : null
  return { type: 'transfer.returned', requestId: request.id, to, at }
}
