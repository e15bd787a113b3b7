import type { VisitorId } from '../model/ids'
import type { DeskState, RequestState } from './state'

/** Returns the requests of a visitor, open and assigned, oldest first: rarely more than one. */
export function requestsOfVisitor(state: DeskState, visitorId: VisitorId): readonly RequestState[] {
  const found = state.requestsByVisitor.get(visitorId)
  if (found === undefined) return none
  return isList(found) ? found : [found]
}

/**
 * Returns the request that a visitor gets back instead of another one: the newest open one, else the newest chat;
 * `undefined` while the visitor has fewer than `requestsPerVisitorMax`.
 */
export function requestToRepeat(state: DeskState, visitorId: VisitorId): RequestState | undefined {
  const found = state.requestsByVisitor.get(visitorId)
  if (found === undefined) return undefined
  const max = state.policy.requestsPerVisitorMax
  if (!isList(found)) return max > 1 ? undefined : found
  return found.length < max ? undefined : (found.findLast(isOpen) ?? found.at(-1))
}

export function addRequestOfVisitor(state: DeskState, request: RequestState): void {
  const others = requestsOfVisitor(state, request.visitorId)
  state.requestsByVisitor.set(request.visitorId, others.length === 0 ? request : [...others, request])
}

export function removeRequestOfVisitor(state: DeskState, request: RequestState): void {
  const { visitorId } = request
  const others = requestsOfVisitor(state, visitorId).filter((each) => each !== request)
  const first = others[0]
  if (first === undefined) state.requestsByVisitor.delete(visitorId)
  else state.requestsByVisitor.set(visitorId, others.length === 1 ? first : others)
}

const none: readonly never[] = []

function isOpen({ assignment }: RequestState): boolean {
  return assignment === null
}

function isList(found: RequestState | readonly RequestState[]): found is readonly RequestState[] {
  return Array.isArray(found)
}
