import type { AssignmentId, Refusal, RequestId } from '../core'
import type { CommandInputType } from './command-input'
import type { Warning } from './warning'

/** What a command answers. A refusal is an answer like any other, never thrown; nothing has changed then. */
export type OutcomeOf<Type extends CommandInputType> = (Readonly<{ ok: true }> & DetailsOf<Type>) | Refused

export type Outcome = OutcomeOf<CommandInputType>

/** Turned down, and why: the refusal's code and details, and one sentence for people. */
export type Refused = Readonly<{ ok: false; message: string }> & Refusal

type DetailsOf<Type extends CommandInputType> = Type extends keyof Details ? Details[Type] : unknown

interface Details {
  requestChat: {
    readonly requestId: RequestId
    /** The visitor has an open request already; this is that one. */
    readonly duplicate: boolean
  }
  accept: Taken
  assign: Taken
  transfer: Warned
  setWorkflows: Warned & Rerouted
  setShifts: Warned & Rerouted
}

interface Taken {
  readonly assignmentId: AssignmentId
  /** It was this person's already; nothing changed. */
  readonly already: boolean
}

interface Warned {
  /** Targets that nobody known today satisfies; rosters change, so they are accepted. Absent when there are none. */
  readonly warnings?: readonly Warning[]
}

interface Rerouted {
  /** How many open requests were routed anew; absent unless asked for. */
  readonly rerouted?: number
}
