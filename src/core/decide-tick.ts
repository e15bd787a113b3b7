import { startStep } from './advance'
import { expiresAtOf, isToAdvance, longWaitAt, nextStepAt, requestDueAt, untoldCause } from './attention'
import type { CommandOf } from './command'
import { releasing } from './decide-chat'
import { graceAfter } from './decide-presence'
import { closing } from './decide-request'
import { type Decision, decided } from './decision'
import type { DomainEvent, EventOf, UnattendedCause } from './event'
import { bestMatch, isPassOver } from './offering'
import { isHere, ringsAnybody } from './ringing'
import { type DeskState, isPresent, type RequestDetail, type RequestState, type StaffState } from './state'
import { nextAssignmentId } from './take'

/**
 * A deadline has come: decides what follows from one of them; the desk repeats until nothing does. A vacancy that meets
 * a candidate comes before all deadlines, so that nobody overtakes; then shifts, staff, visitors, wrap-ups, requests.
 */
export function decideTick(state: DeskState, { at, times }: CommandOf<'tick'>): Decision {
  const match = bestMatch(state)
  if (match !== null) {
    const staffIds = match.staff.map(({ id }) => id)
    return decided([{ type: 'offer.made', requestId: match.request.id, staffIds, untilAt: at + match.eachMs, at }])
  }
  const turned = shiftsTurned(state, times, at)
  if (turned.length > 0) return decided(turned)
  const { due } = state
  if (due.staff.earliest !== undefined && due.staff.earliestAt <= at)
    return decided(absences(state, due.staff.earliest, at))
  if (due.visitors.earliest !== undefined && due.visitors.earliestAt <= at) {
    return decided([{ type: 'visitor.forgotten', visitorId: due.visitors.earliest.id, at }])
  }
  const wrapUp = due.wrapUps.earliest
  if (wrapUp !== undefined && due.wrapUps.earliestAt <= at) {
    return decided([{ type: 'wrapUp.ended', requestId: wrapUp.requestId, staffId: wrapUp.staff.id, at }])
  }
  return decided(requestDue(state, at))
}

function shiftsTurned(state: DeskState, times: CommandOf<'tick'>['times'], at: number): DomainEvent[] {
  if (state.due.shifts.earliestAt > at) return []
  return times
    .filter(({ shiftId }) => (state.shifts.get(shiftId)?.nextBoundaryAt ?? Number.POSITIVE_INFINITY) <= at)
    .map((time) => ({ type: time.isOn ? 'shift.started' : 'shift.ended', ...time, at }))
}

function absences(state: DeskState, staff: StaffState, at: number): DomainEvent[] {
  const { id: staffId } = staff
  const ended = [...staff.sessions].filter(([, leaseUntilAt]) => leaseUntilAt !== null && leaseUntilAt <= at)
  if (ended.length === 0) return [{ type: 'presence.ended', staffId, at }]
  const graceUntilAt = graceAfter(state, staff, at, ended.length)
  return ended.map(([sessionId]) => ({
    type: 'session.ended',
    staffId,
    sessionId,
    cause: 'lease-expired',
    graceUntilAt,
    at,
  }))
}

/** The first due request that something follows from; one whose reason has passed is put back where it belongs. */
function requestDue(state: DeskState, at: number): DomainEvent[] {
  const { requests } = state.due
  for (;;) {
    const request = requests.earliest
    if (request === undefined || requests.earliestAt > at) return []
    const events = consequences(state, request, at)
    if (events.length > 0) return events
    requests.set(request, Math.max(requestDueAt(state, request), at + 1))
  }
}

function consequences(state: DeskState, request: RequestState, at: number): DomainEvent[] {
  const { id: requestId, assignment, detail } = request
  if (assignment !== null) {
    if (assignment.replyDueAt === null || assignment.replyDueAt > at) return []
    return releasing(state, request, { by: assignment.staff.id, cause: 'no-reply', exclude: false, at })
  }
  if (expiresAtOf(state, request) <= at) return [closing(state, request, { outcome: 'expired', reason: null, at })]
  const transferred = detail?.transfer ?? null
  if (transferred !== null && transferred.returnAt <= at) return [transferReturned(state, request, transferred.by, at)]
  if (!isHere(request)) {
    if (detail?.abandonAt == null || detail.abandonAt > at) return []
    return [closing(state, request, { outcome: 'abandoned', reason: null, at })]
  }
  if (detail !== null) {
    const ended = endings(state, requestId, detail, at)
    if (ended.length > 0) return ended
  }
  return movement(state, request, at) ?? attention(state, request, at)
}

/** What ends for single people: snoozes, offers, the rest between passes. */
function endings({ policy, staff }: DeskState, requestId: string, detail: RequestDetail, at: number): DomainEvent[] {
  const events: DomainEvent[] = []
  for (const [staffId, { untilAt }] of detail.mutes) {
    if (untilAt !== null && untilAt <= at) events.push({ type: 'snooze.ended', requestId, staffId, at })
  }
  for (const [{ id: staffId, strikes }, untilAt] of detail.offers) {
    if (untilAt > at) continue
    events.push({ type: 'offer.expired', requestId, staffId, at })
    if (strikes + 1 < policy.strikes) continue
    events.push({ type: 'staff.notResponding', staffId, strikes: strikes + 1, at })
    if (policy.awayOnStrikes && staff.get(staffId)?.availability === 'available') {
      events.push({ type: 'availability.changed', staffId, availability: 'away', at })
    }
  }
  if (events.length === 0 && detail.restUntilAt !== null && detail.restUntilAt <= at) {
    events.push({ type: 'pass.started', requestId, at })
  }
  return events
}

/** The next step, by time, because nobody of the route is there, or because everybody has muted it long enough. */
function movement(state: DeskState, request: RequestState, at: number): DomainEvent[] | null {
  const { id: requestId, verdict, step, detail } = request
  const { route } = verdict
  const start = (cause: EventOf<'step.started'>['cause']): DomainEvent[] => {
    const next = step + 1 < route.steps.length ? startStep(state, route, step + 1) : route.steps.length
    return [{ type: 'step.started', requestId, step: next, cause, at }]
  }
  if (nextStepAt(request) <= at) return start('time')
  if (ringsAnybody(request)) return null
  if (isToAdvance(request)) return start('nobody-present')
  if (detail?.remindAt == null || detail.remindAt > at) return null
  return step + 1 < route.steps.length ? start('reminder') : [{ type: 'request.reminded', requestId, at }]
}

function attention(state: DeskState, request: RequestState, at: number): DomainEvent[] {
  const { id: requestId, detail } = request
  const { policy } = state
  const unattended = (cause: UnattendedCause, nextAt: number | null): DomainEvent[] => [
    { type: 'request.unattended', requestId, cause, nextAt, at },
  ]
  if (isPassOver(request)) return [{ type: 'pass.ended', requestId, restUntilAt: at + policy.passGapMs, at }]
  if (!ringsAnybody(request)) {
    const cause = untoldCause(state, request)
    if (cause !== null) {
      if (cause !== 'all-muted' || policy.remindAfterMs === null) return unattended(cause, null)
      return unattended(cause, detail?.remindAt ?? at + policy.remindAfterMs)
    }
  }
  if (longWaitAt(state, request) > at) return []
  const lastGapMs = detail?.longWaitGapMs ?? null
  const gapMs = lastGapMs === null ? policy.unattendedAfterMs : Math.min(2 * lastGapMs, longestGapMs)
  return unattended('waited-too-long', at + Math.max(gapMs, policy.unattendedAfterMs))
}

/** Warnings of a long wait come in doubling gaps up to this one. */
const longestGapMs = 15 * 60_000

/** Back to who gave it away, when they are still there and have room; otherwise to everyone. */
function transferReturned(state: DeskState, request: RequestState, by: string, at: number): DomainEvent {
  const giver = state.staff.get(by)
  const isBack = giver !== undefined && isPresent(giver) && giver.load + request.weight <= giver.capacity
  const to = isBack ? { staffId: by, assignmentId: nextAssignmentId(request) } : null
  return { type: 'transfer.returned', requestId: request.id, to, at }
}
