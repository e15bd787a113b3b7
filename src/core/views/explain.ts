import type { RequestId, StaffId } from '../model/ids'
import { belongsToTarget, isOnShift, notInAudienceReason } from '../ringing/audience'
import { isInAudience, isSlotReserved, rings } from '../ringing/rings'
import { type DeskState, isPresent, type RequestState, type StaffState } from '../state/state'

/** Why a request rings for a staff member, or the first reason why it does not. */
export interface StaffReason {
  readonly staffId: StaffId
  readonly reason: RingReason
}

/**
 * `off-shift`: a member of the shift that the target names, which is off; `not-in-shift`: no member of it;
 * `visitor-away`: the visitor has left, so that it rings for no staff member.
 */
export type RingReason =
  | 'rung'
  | 'not-targeted'
  | 'not-in-team'
  | 'lacks-skill'
  | 'not-in-shift'
  | 'off-shift'
  | 'absent'
  | 'away'
  | 'full'
  | 'muted'
  | 'snoozed'
  | 'declined'
  | 'reserved'
  | 'visitor-away'
  | 'not-offered'

/** Returns a reason for every staff member of the roster, for an open request; none for any other request. */
export function explainStaff(state: DeskState, requestId: RequestId): StaffReason[] {
  const request = state.requests.get(requestId)
  if (request === undefined || request.assignment !== null) return []
  return [...state.staff.values()].map((staff) => ({ staffId: staff.id, reason: ringReasonOf(state, request, staff) }))
}

function ringReasonOf(state: DeskState, request: RequestState, staff: StaffState): RingReason {
  if (rings(request, staff)) return 'rung'
  if (!isInAudience(request, staff)) return notInAudienceReason(request, staff)
  if (request.detail !== null && request.detail.visitorLeftAt !== null) return 'visitor-away'
  if (!isPresent(staff)) return 'absent'
  if (staff.availability === 'away') return 'away'
  const isOn = request.activeAudiences.some(
    (audience) => belongsToTarget(audience.target, staff) && isOnShift(state, audience, staff),
  )
  if (!isOn) return 'off-shift'
  const mute = request.detail?.mutes.get(staff.id)
  if (mute !== undefined) return mute.untilAt === null ? 'muted' : 'snoozed'
  if (staff.load + request.weight > staff.capacity) return 'full'
  return isSlotReserved(request, staff) ? 'reserved' : 'not-offered'
}
