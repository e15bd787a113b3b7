import type { DomainEvent } from '../../core'
import {
  type AwaitingItem,
  awaitingListOf,
  type Command,
  type Decision,
  type DeskState,
  decide,
  nextDueAt,
  type RequestId,
  type RequestView,
  requestView,
  ringingRequestIds,
  type StaffId,
  type StaffView,
  staffView,
  supervisorAwaitingList,
} from '../../core'
import type { AppliedEvent, Step } from '../driver/scenario'
import type { ReferenceModel } from '../reference-model/reference-model'

/** A property of every desk at every time, as in `docs/semantics.md`, and the observer that detects a violation. */
export interface Invariant {
  readonly id: InvariantId
  readonly name: string
  /** A fresh observer of one desk from its first event. */
  createObserver(): InvariantObserver
}

export type InvariantId = `I${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17}`

/** Each callback returns the violation in one sentence, or `null`. */
export interface InvariantObserver {
  beforeEvent?(event: DomainEvent, model: ReferenceModel): string | null
  afterEvent?(applied: AppliedEvent, model: ReferenceModel): string | null
  afterStep?(step: Step, model: ReferenceModel): string | null
  onIdle?(desk: DeskView, model: ReferenceModel): string | null
}

/** The queries of invariants; a `Desk` has all of them but the last two. */
export interface DeskView {
  ringing(staffId: StaffId): readonly RequestId[]
  awaiting(staffId?: StaffId): readonly AwaitingItem[]
  request(requestId: RequestId): RequestView | undefined
  staff(staffId: StaffId): StaffView | undefined
  /** The earliest deadline; `null` when there is none. */
  nextDueAt?(): number | null
  /** Returns the decision on a command without executing it. */
  preview?(command: Command): Decision
}

/** Returns the view of a bare state of the core. */
export function deskViewOf(state: DeskState): DeskView {
  return {
    ringing: (staffId) => ringingRequestIds(state, staffId),
    awaiting: (staffId) => (staffId === undefined ? supervisorAwaitingList(state) : awaitingListOf(state, staffId)),
    request: (requestId) => requestView(state, requestId),
    staff: (staffId) => staffView(state, staffId),
    nextDueAt: () => nextDueAt(state),
    preview: (command) => decide(state, command),
  }
}
