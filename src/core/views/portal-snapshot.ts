import type { RequestId, StaffId } from '../model/ids'
import { openRequestsOf, rings } from '../ringing/rings'
import { byServiceOrder, type DeskState } from '../state/state'
import { awaitingListOf } from './awaiting-list'
import type { PortalSnapshot } from './views'
import { requestViewOf, visitorViews } from './views'

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
    visitors: visitorViews(state),
  }
}

function ringingRequests(state: DeskState, staffId: StaffId) {
  const staff = state.staff.get(staffId)
  if (staff === undefined) return []
  return [...openRequestsOf(state, staff)].filter((request) => rings(request, staff)).sort(byServiceOrder)
}
