import { whyNotMatched } from './audience'
import { type Decision, refused } from './decision'
import type { RequestId, StaffId } from './ids'
import type { WhyNotInAudience } from './refusal'
import { isInAudience } from './ringing'
import type { DeskState, RequestState, StaffState } from './state'

/** A request that still lives, or the refusal that says why there is none. */
export function findRequest(state: DeskState, requestId: RequestId): RequestState | Decision {
  const request = state.requests.get(requestId)
  if (request !== undefined) return request
  const outcome = state.closed.get(requestId)
  return refused(outcome === undefined ? { code: 'unknown-request', requestId } : { code: 'gone', requestId, outcome })
}

export function findStaff(state: DeskState, staffId: StaffId): StaffState | Decision {
  return state.staff.get(staffId) ?? refused({ code: 'unknown-staff', staffId })
}

export function isDecision(found: RequestState | StaffState | Decision): found is Decision {
  return 'outcome' in found
}

/** The first reason why somebody may not take a request at all; `null` when they may. */
export function whyNotInAudience(request: RequestState, staff: StaffState): WhyNotInAudience | null {
  if (request.detail?.declines.has(staff.id) === true) return 'declined'
  if (isInAudience(request, staff)) return null
  const why = request.rungs.map((rung) => whyNotMatched(rung.target, staff)).find((each) => each !== null)
  return why ?? 'not-in-team'
}
