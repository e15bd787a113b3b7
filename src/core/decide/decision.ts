import type { DomainEvent } from '../messages/event'
import type { Refusal } from '../messages/refusal'
import type { AssignmentId, RequestId, StaffId } from '../model/ids'
import type { DeskState, RequestState } from '../state/state'

/** What a command leads to: the events to record, in their order, and the outcome for the caller. */
export interface Decision {
  readonly events: readonly DomainEvent[]
  readonly outcome: Success | Refused
}

/** `ok: true` and what the command promises; see the table of commands. */
export type Success = Readonly<{ ok: true }> & (Readonly<Record<never, never>> | OpenedOutcome | AcceptedOutcome)

export interface OpenedOutcome {
  readonly requestId: RequestId
  /** The visitor already has a live request, open or in a chat; this is that one. */
  readonly duplicate: boolean
}

export interface AcceptedOutcome {
  readonly assignmentId: AssignmentId
  /** The staff member had it already. */
  readonly already: boolean
}

export type Refused = Readonly<{ ok: false }> & Refusal

export function decided(events: readonly DomainEvent[], outcome: Success = succeeded): Decision {
  return { events, outcome }
}

/** Everything is already as the command wants it. */
export function unchanged(outcome?: Success): Decision {
  return decided(noEvents, outcome)
}

export function refused(refusal: Refusal): Decision {
  return { events: noEvents, outcome: { ok: false, ...refusal } }
}

const noEvents: readonly DomainEvent[] = []
const succeeded: Success = Object.freeze({ ok: true })

/** Refuses a request that is not in the state. */
export function closedOrUnknownRequest({ closed }: DeskState, requestId: RequestId): Decision {
  const outcome = closed.get(requestId)
  return refused(
    outcome === undefined ? { code: 'unknown-request', requestId } : { code: 'request-closed', requestId, outcome },
  )
}

export function unknownStaff(staffId: StaffId): Decision {
  return refused({ code: 'unknown-staff', staffId })
}

export function isRefusal(found: RequestState | Decision): found is Decision {
  return 'outcome' in found
}
