import type { AssignmentId } from './ids'
import type { RequestState } from './state'

/** Which take the next one of a request is, from 1. */
export function nextTake({ assignment, detail }: RequestState): number {
  return (assignment?.take ?? detail?.takes ?? 0) + 1
}

/** The id that the next assignment of a request gets: the same on every node and at every replay. */
export function nextAssignmentId(request: RequestState): AssignmentId {
  return `${request.id}/${nextTake(request)}`
}
