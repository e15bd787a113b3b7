import type { DomainEvent } from '../messages/event'
import type { Refusal } from '../messages/refusal'
import type { AssignmentId, RequestId, StaffId } from '../model/ids'
import type { DeskState, RequestState } from '../state/state'

/** The decision about a command: the events to record, in their order, and the outcome for the caller. */
export interface Decision {
  readonly events: readonly DomainEvent[]
  readonly outcome: Success | Refused
}

/** `ok: true` and the details of the command; see `docs/reference/commands.md`. */
export type Success = Readonly<{ ok: true }> &
  (Readonly<Record<never, never>> | OpenedOutcome | AcceptedOutcome | RulesOutcome)

/** The details of a successful `requestChat`. */
export interface OpenedOutcome {
  readonly requestId: RequestId
  /** The visitor already has a live request, open or in a chat; this is that one. */
  readonly duplicate: boolean
}

/** The details of a successful `accept` or `assign`. */
export interface AcceptedOutcome {
  readonly assignmentId: AssignmentId
  /** The staff member had it already. */
  readonly already: boolean
}

/** The details of a successful change of the workflows or shifts. */
export interface RulesOutcome {
  /** That of the rules after the change. */
  readonly revision: number
}

/** `ok: false` and the refusal. */
export type Refused = Readonly<{ ok: false }> & Refusal

export function decided(events: readonly DomainEvent[], outcome: Success = succeeded): Decision {
  return { events, outcome }
}

/** Returns a success without events: the state is already as the command wants it. */
export function unchanged(outcome?: Success): Decision {
  return decided(noEvents, outcome)
}

export function refused(refusal: Refusal): Decision {
  return { events: noEvents, outcome: { ok: false, ...refusal } }
}

const noEvents: readonly DomainEvent[] = []
const succeeded: Success = Object.freeze({ ok: true })

/** Returns the refusal for a request that is not in the state. */
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
