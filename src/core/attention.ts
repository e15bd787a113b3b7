import { isEveryone } from './audience'
import { isPassOver } from './offering'
import { isAble, isDeserted, isHere, isSilenced, ringsAnybody } from './ringing'
import type { DeskState, RequestDetail, RequestState } from './state'

const never = Number.POSITIVE_INFINITY

/** Registers when the desk looks at a request again. To be called after every change that could bring that forward. */
export function settle(state: DeskState, request: RequestState): void {
  state.due.requests.set(request, state.requests.get(request.id) === request ? requestDueAt(state, request) : never)
}

/**
 * When the desk must look at a request again: one instant for each, the earliest of all its reasons, derived from the
 * state. An open request always has one, so that none is ever left unattended.
 */
export function requestDueAt(state: DeskState, request: RequestState): number {
  const { assignment, detail } = request
  if (assignment !== null) return assignment.replyDueAt ?? never
  const expiresAt = expiresAtOf(state, request)
  if (!isHere(request)) return Math.min(expiresAt, detail?.abandonAt ?? never, detail?.transfer?.returnAt ?? never)
  if (isPassOver(request) || (!ringsAnybody(request) && needsActionNow(state, request))) return state.at
  const plannedAt = Math.min(expiresAt, nextStepAt(request), longWaitAt(state, request))
  return detail === null ? plannedAt : Math.min(plannedAt, sparseDueAt(detail))
}

export function expiresAtOf({ policy }: DeskState, request: RequestState): number {
  return policy.maxWaitMs === null ? never : openSinceOf(request) + policy.maxWaitMs
}

export function nextStepAt({ verdict, step, detail, openedAt }: RequestState): number {
  const next = verdict.route.steps[step + 1]
  return next === undefined ? never : (detail?.routedAt ?? openedAt) + next.afterMs
}

export function longWaitAt({ policy }: DeskState, request: RequestState): number {
  return request.detail?.longWaitAt ?? openSinceOf(request) + policy.unattendedAfterMs
}

/** Since when nobody has it. The time of a chat that was given back is no wait. */
function openSinceOf({ detail, openedAt }: RequestState): number {
  return detail?.reopenedAt ?? openedAt
}

/** Nobody of its route is there, and the route has somewhere to go. */
export function isToAdvance(request: RequestState): boolean {
  if (!isDeserted(request)) return false
  const { route } = request.verdict
  const current = route.steps[request.step]
  if (current === undefined) return false
  if (request.step + 1 < route.steps.length) return current.skipIfNobody
  return route.whenExhausted === 'everyone' && !request.rungs.some(isEveryone)
}

/**
 * Why a request that rings for nobody is unattended; `null` while somebody can still be rung without anybody's doing.
 */
export function whyUnattended(request: RequestState): 'all-muted' | 'nobody-reachable' | null {
  let isMuted = false
  for (const rung of request.rungs) {
    if (rung.ableCount === 0) continue
    for (const staff of rung.reachable) {
      if (!isAble(request, staff)) continue
      if (!isSilenced(request, staff.id)) return null
      isMuted = true
    }
  }
  return isMuted ? 'all-muted' : 'nobody-reachable'
}

/** The same, while nobody has been told of it, or no reminder runs that should. */
export function untoldCause({ policy }: DeskState, request: RequestState): 'all-muted' | 'nobody-reachable' | null {
  const cause = whyUnattended(request)
  const { detail } = request
  if (cause !== (detail?.unattended ?? null)) return cause
  const lacksReminder = cause === 'all-muted' && detail?.remindAt === null && policy.remindAfterMs !== null
  return lacksReminder ? cause : null
}

function needsActionNow(state: DeskState, request: RequestState): boolean {
  return isToAdvance(request) || untoldCause(state, request) !== null
}

function sparseDueAt({ mutes, offers, restUntilAt, remindAt, transfer }: RequestDetail): number {
  let at = Math.min(restUntilAt ?? never, remindAt ?? never, transfer?.returnAt ?? never)
  if (mutes.size > 0) for (const { untilAt } of mutes.values()) at = Math.min(at, untilAt ?? never)
  if (offers.size > 0) for (const untilAt of offers.values()) at = Math.min(at, untilAt)
  return at
}
