import type { Route } from '../model/route'
import { firstLeaseEndOf } from '../state/sessions'
import type { DeskState, RequestDetail, RequestState, StaffState, VisitorState } from '../state/state'
import { audienceOf, audiencesOfRoute, isEveryone } from './audience'
import { isRoundExhausted } from './offers'
import { hasCapacityFor, hasNoEligibleStaff, isMutedOrDeclined, isOpenAndPresent, ringsAnyone } from './rings'

const noDeadline = Number.POSITIVE_INFINITY

/** Schedules the next deadline of a request. To be called after every change that could make it earlier. */
export function scheduleRequest(state: DeskState, request: RequestState): void {
  state.deadlines.requests.set(
    request,
    state.requests.get(request.id) === request ? requestDueAt(state, request) : noDeadline,
  )
}

/**
 * Returns when the next event of a request is due without a command: one instant, the earliest of all reasons, derived
 * from the state. An open request always has one, so that it is never forgotten.
 */
export function requestDueAt(state: DeskState, request: RequestState): number {
  const { assignment, detail } = request
  if (assignment !== null) return assignment.replyDueAt ?? noDeadline
  const expiresAt = expiresAtOf(state, request)
  if (!isOpenAndPresent(request))
    return Math.min(expiresAt, abandonDueAt(state, request), detail?.transfer?.returnAt ?? noDeadline)
  if (isRoundExhausted(state, request) || (!ringsAnyone(request) && needsActionNow(state, request))) return state.at
  const plannedAt = Math.min(expiresAt, nextStepAt(request), longWaitAt(state, request))
  return detail === null ? plannedAt : Math.min(plannedAt, detailDueAt(detail))
}

/** Schedules when the earliest lease of a staff member expires, or the grace after the last session. */
export function scheduleStaff(state: DeskState, staff: StaffState): void {
  const at = Math.min(staff.graceUntilAt ?? noDeadline, firstLeaseEndOf(staff.sessions))
  state.deadlines.staff.set(staff, at)
}

/** Schedules when the earliest lease of a visitor expires, or when the desk forgets one who has left. */
export function scheduleVisitor(state: DeskState, visitor: VisitorState): void {
  const leaseEndAt = Math.max(firstLeaseEndOf(visitor.sessions), visitorsAwaitedUntil(state))
  state.deadlines.visitors.set(visitor, visitor.sessions.size > 0 ? leaseEndAt : (visitor.forgetAt ?? noDeadline))
}

/** Returns when the request of a visitor who has left is abandoned. */
export function abandonDueAt(state: DeskState, { detail }: RequestState): number {
  return detail?.abandonAt == null ? noDeadline : Math.max(detail.abandonAt, visitorsAwaitedUntil(state))
}

/** Returns until when visitors have time to come back after a restart: no deadline of a visitor is due before. */
export function visitorsAwaitedUntil({ resumedAt, policy }: DeskState): number {
  return resumedAt === null ? 0 : resumedAt + (policy.visitorLeaseMs ?? policy.abandonAfterMs)
}

export function expiresAtOf({ policy }: DeskState, request: RequestState): number {
  return policy.maxWaitMs === null ? noDeadline : waitingSinceOf(request) + policy.maxWaitMs
}

export function nextStepAt({ routingResult, step, detail, openedAt }: RequestState): number {
  const next = routingResult.route.steps[step + 1]
  return next === undefined ? noDeadline : (detail?.routedAt ?? openedAt) + next.afterMs
}

export function longWaitAt({ policy }: DeskState, request: RequestState): number {
  return request.detail?.longWaitAt ?? waitingSinceOf(request) + policy.unattendedAfterMs
}

/** Returns since when a request is open. The time of a chat that was released or transferred is no wait. */
function waitingSinceOf({ detail, openedAt }: RequestState): number {
  return detail?.reopenedAt ?? openedAt
}

/** Returns whether no staff of the active steps are eligible, and the route has a next step or widens to everyone. */
export function shouldAdvance(request: RequestState): boolean {
  if (!hasNoEligibleStaff(request)) return false
  const { route } = request.routingResult
  const current = route.steps[request.step]
  if (current === undefined) return false
  if (request.step + 1 < route.steps.length) return current.skipWhen === 'nobody-present'
  return route.whenExhausted === 'everyone' && !request.activeAudiences.some(isEveryone)
}

/** Returns why a request that does not ring is unattended; `null` while it will ring again without a command. */
export function unattendedCauseOf(request: RequestState): 'all-muted' | 'nobody-reachable' | null {
  let isMuted = false
  for (const audience of request.activeAudiences) {
    if (audience.freeCount === 0) continue
    for (const staff of audience.eligible) {
      if (!hasCapacityFor(request, staff)) continue
      if (!isMutedOrDeclined(request, staff.id)) return null
      isMuted = true
    }
  }
  return isMuted ? 'all-muted' : 'nobody-reachable'
}

/** Returns the cause that is not reported yet; also `all-muted` when a reminder should be set and is not. */
export function unreportedCause({ policy }: DeskState, request: RequestState): 'all-muted' | 'nobody-reachable' | null {
  const cause = unattendedCauseOf(request)
  const { detail } = request
  if (cause !== (detail?.unattendedCause ?? null)) return cause
  const lacksReminder = cause === 'all-muted' && detail?.remindAt === null && policy.remindAfterMs !== null
  return lacksReminder ? cause : null
}

function needsActionNow(state: DeskState, request: RequestState): boolean {
  return shouldAdvance(request) || unreportedCause(state, request) !== null
}

function detailDueAt({ mutes, offers, nextRoundAt, remindAt, transfer }: RequestDetail): number {
  let at = Math.min(nextRoundAt ?? noDeadline, remindAt ?? noDeadline, transfer?.returnAt ?? noDeadline)
  if (mutes.size > 0) for (const { untilAt } of mutes.values()) at = Math.min(at, untilAt ?? noDeadline)
  if (offers.size > 0) for (const untilAt of offers.values()) at = Math.min(at, untilAt)
  return at
}

/**
 * Returns the step to start when a route begins or advances: `from`, or a later step where steps without eligible staff
 * are skipped; the number of the route's steps when no staff of the route are eligible and it widens to everyone.
 */
export function resolveStartStep(state: DeskState, route: Route, from: number): number {
  const last = route.steps.length - 1
  let step = Math.min(from, last)
  while (step < last && route.steps[step]?.skipWhen === 'nobody-present' && hasNobodyPresent(state, route, step))
    step += 1
  return step === last && shouldWiden(state, route) ? last + 1 : step
}

function hasNobodyPresent(state: DeskState, route: Route, step: number): boolean {
  const each = route.steps[step]
  return each !== undefined && audienceOf(state, each).eligible.size === 0
}

function shouldWiden(state: DeskState, route: Route): boolean {
  if (route.whenExhausted !== 'everyone') return false
  const audiences = audiencesOfRoute(state, route, route.steps.length - 1)
  return !audiences.some(isEveryone) && audiences.every((audience) => audience.eligible.size === 0)
}

/**
 * Returns when the next tick is due: the earliest deadline of any kind, in milliseconds since the epoch; the instant of
 * the newest event when an offer can be made at once; `null` when there is no deadline. It may be early, never late.
 */
export function nextDueAt({ at, offerable, deadlines }: DeskState): number | null {
  if (offerable.size > 0) return at
  const { shifts, staff, visitors, wrapUps, requests } = deadlines
  const earliest = Math.min(
    shifts.earliestAt,
    staff.earliestAt,
    visitors.earliestAt,
    wrapUps.earliestAt,
    requests.earliestAt,
  )
  return earliest === Number.POSITIVE_INFINITY ? null : earliest
}

/** Returns the shifts whose boundary is due: the `tick` has to carry their times. */
export function dueShifts({ shifts, deadlines }: DeskState, at: number) {
  if (deadlines.shifts.earliestAt > at) return []
  return [...shifts.values()]
    .filter(({ nextBoundaryAt }) => nextBoundaryAt !== null && nextBoundaryAt <= at)
    .map(({ shift }) => shift)
}
