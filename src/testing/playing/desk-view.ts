import {
  type AwaitingItem,
  awaitingOf,
  awaitingOfAll,
  type Command,
  type Decision,
  type DeskState,
  decide,
  nextDueAt,
  type RequestId,
  type RequestView,
  requestView,
  ringingOf,
  type StaffId,
  type StaffView,
  staffView,
} from '../../core'

/** What an invariant may ask of a desk; a `Desk` answers all of it but the last two. */
export interface DeskView {
  ringing(staffId: StaffId): readonly RequestId[]
  awaiting(staffId?: StaffId): readonly AwaitingItem[]
  request(requestId: RequestId): RequestView | undefined
  staff(staffId: StaffId): StaffView | undefined
  /** The earliest deadline; `null` when there is none. */
  nextDueAt?(): number | null
  /** What would be answered, without doing it. */
  ask?(command: Command): Decision
}

/** The bare core behind the same questions. */
export function viewOf(state: DeskState): DeskView {
  return {
    ringing: (staffId) => ringingOf(state, staffId),
    awaiting: (staffId) => (staffId === undefined ? awaitingOfAll(state) : awaitingOf(state, staffId)),
    request: (requestId) => requestView(state, requestId),
    staff: (staffId) => staffView(state, staffId),
    nextDueAt: () => nextDueAt(state),
    ask: (command) => decide(state, command),
  }
}
