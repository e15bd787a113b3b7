import type { StaffId } from './ids'
import { openRequestsOf, rings, ringsAnybody } from './ringing'
import { compareServed, type DeskState, type RequestState, type StaffState } from './state'
import type { AwaitingItem, WhyAwaiting } from './view'
import { requestViewOf } from './views'

/**
 * The open requests somebody may accept now, as they are served: priority, then age (SEMANTICS 6). Unknown staff:
 * none.
 */
export function awaitingOf(state: DeskState, staffId: StaffId): AwaitingItem[] {
  const staff = state.staff.get(staffId)
  if (staff === undefined) return []
  return [...openRequestsOf(staff)].sort(compareServed).map((request) => itemFor(request, staff))
}

/** The supervisor's list: every open request, the unattended first. Nothing can hide a request from it. */
export function awaitingOfAll(state: DeskState): AwaitingItem[] {
  return [...state.requests.values()]
    .filter(({ assignment }) => assignment === null)
    .sort((a, b) => Number(ringsAnybody(a)) - Number(ringsAnybody(b)) || compareServed(a, b))
    .map(itemForAll)
}

function itemFor(request: RequestState, staff: StaffState): AwaitingItem {
  const why = whyFor(request, staff)
  const { since, untilAt } = timesOf(request, staff, why)
  return { requestId: request.id, why, since, untilAt, request: requestViewOf(request) }
}

function whyFor(request: RequestState, staff: StaffState): WhyAwaiting {
  if (rings(request, staff)) return 'ringing'
  const mute = request.detail?.mutes.get(staff.id)
  if (mute !== undefined) return mute.untilAt === null ? 'muted' : 'snoozed'
  if (staff.load + request.weight > staff.capacity) return 'over-capacity'
  return request.detail?.missed.has(staff.id) === true ? 'missed' : 'waiting'
}

function timesOf({ detail, openedAt }: RequestState, staff: StaffState, why: WhyAwaiting) {
  const mute = detail?.mutes.get(staff.id)
  if (mute !== undefined) return { since: mute.sinceAt, untilAt: mute.untilAt }
  const missedAt = why === 'missed' ? detail?.missed.get(staff.id) : undefined
  return { since: missedAt ?? openedAt, untilAt: null }
}

function itemForAll(request: RequestState): AwaitingItem {
  const why = ringsAnybody(request) ? 'ringing' : request.detail?.unattended === 'all-muted' ? 'muted' : 'waiting'
  return { requestId: request.id, why, since: request.openedAt, untilAt: null, request: requestViewOf(request) }
}
