import type { DomainEvent } from './event'
import type { AssignmentId, RequestId } from './ids'
import type { Refusal } from './refusal'

/** What a command leads to: the facts to record, in the order in which the world hears them, and the answer. */
export interface Decision {
  readonly events: readonly DomainEvent[]
  readonly outcome: Success | Refused
}

/** `ok: true` and what the command promises; see the table of commands. */
export type Success = Readonly<{ ok: true }> & (Readonly<Record<never, never>> | Opened | Taken)

export interface Opened {
  readonly requestId: RequestId
  /** The visitor already had an open request; this is that one. */
  readonly duplicate: boolean
}

export interface Taken {
  readonly assignmentId: AssignmentId
  /** It was already yours. */
  readonly already: boolean
}

export type Refused = Readonly<{ ok: false }> & Refusal

export function decided(events: readonly DomainEvent[], outcome: Success = done): Decision {
  return { events, outcome }
}

/** Everything is already as asked. */
export function unchanged(outcome?: Success): Decision {
  return decided(nothing, outcome)
}

export function refused(refusal: Refusal): Decision {
  return { events: nothing, outcome: { ok: false, ...refusal } }
}

const nothing: readonly DomainEvent[] = []
const done: Success = Object.freeze({ ok: true })
