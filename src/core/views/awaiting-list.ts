import type { StaffId } from '../model/ids'
import { isSlotReserved, openRequestsOf, rings, ringsAnyone } from '../ringing/rings'
import { isGiverOf } from '../state/given-chats'
import { byServiceOrder, type DeskState, type RequestState, type StaffState } from '../state/state'
import type { AwaitingItem, AwaitingReason } from './views'
import { requestViewOf } from './views'

/** Returns the open requests that a staff member may accept now, in the order of service; none for unknown staff. */
export function awaitingListOf(state: DeskState, staffId: StaffId): AwaitingItem[] {
  const staff = state.staff.get(staffId)
  if (staff === undefined) return []
  return [...openRequestsOf(state, staff)].sort(byServiceOrder).map((request) => staffAwaitingItem(request, staff))
}

/** Returns the supervisor's list: every open request without exception, those that do not ring first. */
export function supervisorAwaitingList(state: DeskState): AwaitingItem[] {
  return [...state.requests.values()]
    .filter(({ assignment }) => assignment === null)
    .sort((a, b) => Number(ringsAnyone(a)) - Number(ringsAnyone(b)) || byServiceOrder(a, b))
    .map(supervisorAwaitingItem)
}

function staffAwaitingItem(request: RequestState, staff: StaffState): AwaitingItem {
  const reason = awaitingReasonOf(request, staff)
  const { since, untilAt } = awaitingPeriodOf(request, staff, reason)
  return { requestId: request.id, reason, since, untilAt, request: requestViewOf(request) }
}

function awaitingReasonOf(request: RequestState, staff: StaffState): AwaitingReason {
  if (rings(request, staff)) return 'ringing'
  if (isGiverOf(request, staff)) return 'transferred'
  const mute = request.detail?.mutes.get(staff.id)
  if (mute !== undefined) return mute.untilAt === null ? 'muted' : 'snoozed'
  if (staff.load + request.weight > staff.capacity) return 'over-capacity'
  if (isSlotReserved(request, staff)) return 'reserved'
  return request.detail?.missed.has(staff.id) === true ? 'missed' : 'waiting'
}

function awaitingPeriodOf({ detail, openedAt }: RequestState, staff: StaffState, reason: AwaitingReason) {
  if (reason === 'transferred')
    return { since: detail?.reopenedAt ?? openedAt, untilAt: detail?.transfer?.returnAt ?? null }
  const mute = detail?.mutes.get(staff.id)
  if (mute !== undefined) return { since: mute.sinceAt, untilAt: mute.untilAt }
  const missedAt = reason === 'missed' ? detail?.missed.get(staff.id) : undefined
  return { since: missedAt ?? openedAt, untilAt: null }
}

function supervisorAwaitingItem(request: RequestState): AwaitingItem {
  const reason = ringsAnyone(request)
    ? 'ringing'
    : request.detail?.unattendedCause === 'all-muted'
      ? 'muted'
      : 'waiting'
  return { requestId: request.id, reason, since: request.openedAt, untilAt: null, request: requestViewOf(request) }
}
