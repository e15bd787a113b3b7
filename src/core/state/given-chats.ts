import { type DeskState, detailOf, type RequestDetail, type RequestState, type StaffState } from './state'

/** Sets or ends the pending transfer of a request, and adds it to or removes it from the given chats of its giver. */
export function setTransfer(state: DeskState, request: RequestState, transfer: RequestDetail['transfer']): void {
  const before = request.detail?.transfer ?? null
  if (before !== null) removeGivenChat(state, before.by, request)
  if (before === null && transfer === null) return
  detailOf(request).transfer = transfer
  if (transfer === null) return
  const given = state.givenChats.get(transfer.by) ?? new Set()
  state.givenChats.set(transfer.by, given.add(request))
}

function removeGivenChat({ givenChats }: DeskState, by: string, request: RequestState): void {
  const given = givenChats.get(by)
  if (given?.delete(request) === true && given.size === 0) givenChats.delete(by)
}

/** Returns whether a staff member transferred this chat and it is not accepted yet: the giver may accept it. */
export function isGiverOf({ assignment, detail }: RequestState, staff: StaffState): boolean {
  return assignment === null && detail !== null && detail.transfer !== null && detail.transfer.by === staff.id
}
