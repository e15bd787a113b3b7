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

/** A sentence about every desk at every time (SEMANTICS 11), and how to see that it is broken. */
export interface Invariant {
  readonly id: InvariantId
  /** What it promises, in a few words. */
  readonly name: string
  /** A fresh observer of one desk from its first event. */
  createObserver(): InvariantObserver
}

export type InvariantId = `I${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15}`

/** Each says what is wrong in one sentence, or `null`. */
export interface InvariantObserver {
  beforeEvent?(event: DomainEvent, book: ReferenceModel): string | null
  afterEvent?(step: AppliedEvent, book: ReferenceModel): string | null
  afterTurn?(turn: Step, book: ReferenceModel): string | null
  atRest?(desk: DeskView, book: ReferenceModel): string | null
}

/** What an invariant may ask of a desk; a `Desk` answers all of it but the last two. */
export interface DeskView {
  ringing(staffId: StaffId): readonly RequestId[]
  awaiting(staffId?: StaffId): readonly AwaitingItem[]
  request(requestId: RequestId): RequestView | undefined
  staff(staffId: StaffId): StaffView | undefined
  /** The earliest deadline; `null` when there is none. */
  nextDueAt?(): number | null
  /** What would be answered, without doing it. */
  preview?(command: Command): Decision
}

/** The bare core behind the same questions. */
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
