import { firstLeaseEndOf } from '../state/sessions'
import type {
  Assignment,
  DeskState,
  RequestDetail,
  RequestState,
  StaffState,
  VisitorState,
  WrapUp,
} from '../state/state'
import { isRoundExhausted } from './offers'
import { hasCapacityFor, isMutedOrDeclined, isOpenAndPresent, ringsAnyone } from './rings'
import { advanceCause } from './steps'

const noDeadline = Number.POSITIVE_INFINITY

type Offer = { readonly sinceAt: number; readonly timeoutMs: number | null }

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
  if (assignment !== null) return chatDueAt(state, request, assignment)
  const expiresAt = expiresAtOf(state, request)
  if (!isOpenAndPresent(request))
    return Math.min(expiresAt, abandonDueAt(state, request), transferReturnsAt(state, request))
  if (isRoundExhausted(state, request) || (!ringsAnyone(request) && needsActionNow(state, request))) return state.at
  const plannedAt = Math.min(expiresAt, nextStepAt(request), longWaitAt(state, request))
  return detail === null
    ? plannedAt
    : Math.min(plannedAt, transferReturnsAt(state, request), detailDueAt(state, detail))
}

/** Returns when the next event of a chat is due without a command. */
function chatDueAt(state: DeskState, request: RequestState, assignment: Assignment): number {
  const { firstReplyMs, replyMs, reclaimAfterMs, endWhenVisitorLeftMs } = state.policy
  const { absentSinceAt, firstReplySinceAt, replySinceAt, silentSinceAt } = assignment
  if (absentSinceAt !== null && !assignment.isAbsenceReported) return state.at
  let at = noDeadline
  if (absentSinceAt !== null && reclaimAfterMs !== null) at = absentSinceAt + reclaimAfterMs
  if (firstReplySinceAt !== null && firstReplyMs !== null) at = Math.min(at, firstReplySinceAt + firstReplyMs)
  if (silentSinceAt !== null) at = Math.min(at, reclaimAfterMs === null ? at : silentSinceAt + reclaimAfterMs)
  else if (replySinceAt !== null && replyMs !== null) at = Math.min(at, replySinceAt + replyMs)
  return endWhenVisitorLeftMs === null ? at : Math.min(at, chatEndsAt(state, request, assignment))
}

/** Returns when a chat ends since its visitor has left. */
export function chatEndsAt(state: DeskState, { detail }: RequestState, { at }: Assignment): number {
  const { endWhenVisitorLeftMs } = state.policy
  if (detail === null || detail.visitorLeftAt === null || endWhenVisitorLeftMs === null) return noDeadline
  return Math.max(Math.max(detail.visitorLeftAt, at) + endWhenVisitorLeftMs, visitorsAwaitedUntil(state))
}

/** Returns when the visitor has waited too long for the first reply to a chat. */
export function firstReplyDueAt({ policy }: DeskState, { firstReplySinceAt }: Assignment): number {
  return dueAt(firstReplySinceAt, policy.firstReplyMs)
}

/** Returns when the visitor has waited too long for an answer to what they wrote. */
export function replyDueAt({ policy }: DeskState, { replySinceAt }: Assignment): number {
  return dueAt(replySinceAt, policy.replyMs)
}

/** Returns when a chat goes back to the ring since its staff member is absent, or silent. */
export function reclaimDueAt({ policy }: DeskState, { absentSinceAt, silentSinceAt }: Assignment) {
  return { absent: dueAt(absentSinceAt, policy.reclaimAfterMs), silent: dueAt(silentSinceAt, policy.reclaimAfterMs) }
}

/**
 * The one rule of deadlines: since when it runs, and the duration that the policy has now. `Infinity` where it does not
 * run, or the policy switches it off.
 */
function dueAt(sinceAt: number | null, ms: number | null): number {
  return sinceAt === null || ms === null ? noDeadline : sinceAt + ms
}

/** Schedules when the earliest lease of a staff member expires, or the grace after the last session. */
export function scheduleStaff(state: DeskState, staff: StaffState): void {
  const graceEndAt = dueAt(staff.graceSinceAt, state.policy.presenceGraceMs)
  state.deadlines.staff.set(staff, Math.min(graceEndAt, firstLeaseEndOf(staff.sessions)))
}

/** Schedules when the earliest lease of a visitor expires, or when the desk forgets one who has left. */
export function scheduleVisitor(state: DeskState, visitor: VisitorState): void {
  const leaseEndAt = Math.max(firstLeaseEndOf(visitor.sessions), visitorsAwaitedUntil(state))
  const forgetAt = dueAt(visitor.leftAt, state.policy.visitorAlertTtlMs)
  state.deadlines.visitors.set(visitor, visitor.sessions.size > 0 ? leaseEndAt : forgetAt)
}

/** Schedules when the slots of a wrap-up become free. */
export function scheduleWrapUp(state: DeskState, wrapUp: WrapUp): void {
  state.deadlines.wrapUps.set(wrapUp, wrapUp.sinceAt + state.policy.wrapUpMs)
}

/** Returns when the open request of a visitor who has left is abandoned: counted from when it last became open. */
export function abandonDueAt(state: DeskState, { detail }: RequestState): number {
  if (detail === null || detail.visitorLeftAt === null) return noDeadline
  const sinceAt = Math.max(detail.visitorLeftAt, detail.reopenedAt ?? 0)
  return Math.max(sinceAt + state.policy.abandonAfterMs, visitorsAwaitedUntil(state))
}

/** Returns when a transferred chat that nobody has accepted returns. */
export function transferReturnsAt({ policy }: DeskState, { detail }: RequestState): number {
  return dueAt(detail?.transfer?.sinceAt ?? null, policy.transferMs)
}

/** Returns until when visitors have time to come back after a restart: no deadline of a visitor is due before. */
export function visitorsAwaitedUntil({ resumedAt, policy }: DeskState): number {
  return resumedAt === null ? 0 : resumedAt + (policy.visitorLeaseMs ?? policy.abandonAfterMs)
}

export function expiresAtOf({ policy }: DeskState, request: RequestState): number {
  return dueAt(waitingSinceOf(request), policy.maxWaitMs)
}

export function nextStepAt({ routingResult, step, detail, openedAt }: RequestState): number {
  const next = routingResult.route.steps[step + 1]
  return next === undefined ? noDeadline : (detail?.routedAt ?? openedAt) + next.afterMs
}

/** Returns when the next report of a long wait is due. */
export function longWaitAt({ policy }: DeskState, request: RequestState): number {
  const { detail } = request
  if (detail === null || detail.longWaitReportedAt === null) return waitingSinceOf(request) + policy.unattendedAfterMs
  return detail.longWaitReportedAt + longWaitGapMs(policy, detail.longWaitReports)
}

/** Returns the gap after a number of reports of a long wait: it doubles up to 15 minutes. */
export function longWaitGapMs({ unattendedAfterMs }: DeskState['policy'], reports: number): number {
  return Math.max(unattendedAfterMs, Math.min(unattendedAfterMs * 2 ** (reports - 1), longWaitGapMaxMs))
}

const longWaitGapMaxMs = 15 * 60_000

/** Returns when the reminder of a request is due that everybody has muted. */
export function remindDueAt({ policy }: DeskState, { allMutedSinceAt }: RequestDetail): number {
  return dueAt(allMutedSinceAt, policy.remindAfterMs)
}

/** Returns when the next round of offers begins. */
export function nextRoundDueAt({ policy }: DeskState, { roundEndedAt }: RequestDetail): number {
  return dueAt(roundEndedAt, policy.retryDelayMs)
}

/** Returns when an offer expires. */
export function offerDueAt({ policy }: DeskState, { sinceAt, timeoutMs }: Offer): number {
  return sinceAt + (timeoutMs ?? policy.offerTimeoutMs)
}

/** Returns since when a request is open. The time of a chat that was released or transferred is no wait. */
function waitingSinceOf({ detail, openedAt }: RequestState): number {
  return detail?.reopenedAt ?? openedAt
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

/** Returns the cause that is not reported yet. */
export function unreportedCause(request: RequestState): 'all-muted' | 'nobody-reachable' | null {
  const cause = unattendedCauseOf(request)
  return cause === (request.detail?.unattendedCause ?? null) ? null : cause
}

function needsActionNow(state: DeskState, request: RequestState): boolean {
  return advanceCause(state, request) !== null || unreportedCause(request) !== null
}

function detailDueAt(state: DeskState, detail: RequestDetail): number {
  const { mutes, offers } = detail
  let at = Math.min(nextRoundDueAt(state, detail), remindDueAt(state, detail))
  if (mutes.size > 0) for (const { untilAt } of mutes.values()) at = Math.min(at, untilAt ?? noDeadline)
  if (offers.size > 0) for (const offer of offers.values()) at = Math.min(at, offerDueAt(state, offer))
  return at
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
