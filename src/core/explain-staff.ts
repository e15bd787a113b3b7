import { isOnShift, matches } from './audience'
import type { RequestId, StaffId } from './ids'
import { whyNotInAudience } from './lookup'
import { rings } from './ringing'
import { type DeskState, isPresent, type RequestState, type StaffState } from './state'

/** Why a request rings for somebody, or the first reason why it does not. */
export interface StaffReason {
  readonly staffId: StaffId
  readonly why: WhyRung
}

export type WhyRung =
  | 'rung'
  | 'not-in-team'
  | 'lacks-skill'
  | 'off-shift'
  | 'absent'
  | 'away'
  | 'full'
  | 'muted'
  | 'snoozed'
  | 'declined'
  | 'not-offered'

/** One reason for every staff member of the roster, for an open request; empty for any other. */
export function explainStaff(state: DeskState, requestId: RequestId): StaffReason[] {
  const request = state.requests.get(requestId)
  if (request === undefined || request.assignment !== null) return []
  return [...state.staff.values()].map((staff) => ({ staffId: staff.id, why: whyRung(state, request, staff) }))
}

function whyRung(state: DeskState, request: RequestState, staff: StaffState): WhyRung {
  if (rings(request, staff)) return 'rung'
  const excluded = whyNotInAudience(request, staff)
  if (excluded !== null) return excluded
  if (!isPresent(staff)) return 'absent'
  if (staff.availability === 'away') return 'away'
  const isOn = request.rungs.some((rung) => matches(rung.target, staff) && isOnShift(state, rung, staff))
  if (!isOn) return 'off-shift'
  const mute = request.detail?.mutes.get(staff.id)
  if (mute !== undefined) return mute.untilAt === null ? 'muted' : 'snoozed'
  return staff.load + request.weight > staff.capacity ? 'full' : 'not-offered'
}
