import type { RequestId, StaffId } from '../model/ids'
import { reclaimDueAt, transferReturnsAt } from '../ringing/next-action'
import { isSlotReserved, openRequestsOf, rings, ringsAnyone } from '../ringing/rings'
import { isGiverOf } from '../state/request-detail'
import { byServiceOrder, type DeskState, type RequestState, type StaffState } from '../state/state'
import type { AwaitingItem, AwaitingReason, PortalSnapshot } from './views'
import { leftAloneSinceOf, requestViewOf, visitorViews } from './views'

/** Returns the requests that ring for a staff member now, in the order of service. */
export function ringingRequestIds(state: DeskState, staffId: StaffId): RequestId[] {
  return ringingRequests(state, staffId).map(({ id }) => id)
}

/** Returns all that one staff member's screen shows; `undefined` for unknown staff. `version` is the desk's. */
export function portalSnapshotOf(state: DeskState, staffId: StaffId, version: number): PortalSnapshot | undefined {
  const staff = state.staff.get(staffId)
  if (staff === undefined) return undefined
  return {
    staffId,
    version,
    at: state.at,
    availability: staff.availability,
    ringing: ringingRequests(state, staffId).map(requestViewOf),
    awaiting: awaitingListOf(state, staffId),
    chats: [...staff.chats].sort(byServiceOrder).map(requestViewOf),
    ...visitorViews(state),
  }
}

function ringingRequests(state: DeskState, staffId: StaffId) {
  const staff = state.staff.get(staffId)
  if (staff === undefined) return []
  return [...openRequestsOf(state, staff)].filter((request) => rings(request, staff)).sort(byServiceOrder)
}

/** Returns the open requests that a staff member may accept now, in the order of service; none for unknown staff. */
export function awaitingListOf(state: DeskState, staffId: StaffId): AwaitingItem[] {
  const staff = state.staff.get(staffId)
  if (staff === undefined) return []
  return [...openRequestsOf(state, staff)]
    .sort(byServiceOrder)
    .map((request) => staffAwaitingItem(state, request, staff))
}

/**
 * Returns the supervisor's list: every open request and every chat that is left alone, without exception. Those that do
 * not ring are first, those whose visitor has left last.
 */
export function supervisorAwaitingList(state: DeskState): AwaitingItem[] {
  return [...state.requests.values()]
    .filter((request) => request.assignment === null || leftAloneSinceOf(request) !== null)
    .map((request) => ({ request, rank: supervisorRankOf(request) }))
    .sort((a, b) => a.rank - b.rank || byServiceOrder(a.request, b.request))
    .map(({ request }) => supervisorAwaitingItem(state, request))
}

function supervisorRankOf(request: RequestState): number {
  if (request.detail !== null && request.detail.visitorLeftAt !== null) return 2
  return ringsAnyone(request) ? 1 : 0
}

function staffAwaitingItem(state: DeskState, request: RequestState, staff: StaffState): AwaitingItem {
  const reason = awaitingReasonOf(request, staff)
  const period = awaitingPeriodOf(state, request, { staff, reason })
  return { requestId: request.id, reason, ...period, request: requestViewOf(request) }
}

/** Returns why an open request is in the list of a staff member. */
export function awaitingReasonOf(request: RequestState, staff: StaffState): AwaitingReason {
  if (rings(request, staff)) return 'ringing'
  if (isGiverOf(request, staff)) return 'transferred'
  const mute = request.detail?.mutes.get(staff.id)
  if (mute !== undefined) return mute.untilAt === null ? 'muted' : 'snoozed'
  if (staff.load + request.weight > staff.capacity) return 'over-capacity'
  if (isSlotReserved(request, staff)) return 'reserved'
  return request.detail?.missed.has(staff.id) === true ? 'missed' : 'waiting'
}

/** Returns since when, and until when, an open request is in the list of a staff member for this reason. */
export function awaitingPeriodOf(
  state: DeskState,
  request: RequestState,
  { staff, reason }: { readonly staff: StaffState; readonly reason: AwaitingReason },
): Pick<AwaitingItem, 'since' | 'untilAt'> {
  const { detail, openedAt } = request
  if (reason === 'transferred')
    return { since: detail?.reopenedAt ?? openedAt, untilAt: transferReturnsAt(state, request) }
  const mute = detail?.mutes.get(staff.id)
  if (mute !== undefined) return { since: mute.sinceAt, untilAt: mute.untilAt }
  const missedAt = reason === 'missed' ? detail?.missed.get(staff.id) : undefined
  return { since: missedAt ?? openedAt, untilAt: null }
}

function supervisorAwaitingItem(state: DeskState, request: RequestState): AwaitingItem {
  const view = requestViewOf(request)
  if (request.assignment !== null) {
    const { absent, silent } = reclaimDueAt(state, request.assignment)
    const reclaimAt = Math.min(absent, silent)
    const untilAt = Number.isFinite(reclaimAt) ? reclaimAt : null
    const since = view.leftAloneSince ?? request.openedAt
    return { requestId: request.id, reason: 'left-alone', since, untilAt, request: view }
  }
  const reason = ringsAnyone(request)
    ? 'ringing'
    : request.detail?.unattendedCause === 'all-muted'
      ? 'muted'
      : 'waiting'
  return { requestId: request.id, reason, since: request.openedAt, untilAt: null, request: view }
}
