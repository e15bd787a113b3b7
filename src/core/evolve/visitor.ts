import type { EdgeCollector } from '../messages/edge'
import type { EventOf } from '../messages/event'
import { factsBytesOf, type VisitorId } from '../model/ids'
import { scheduleRequest, scheduleVisitor } from '../ringing/next-action'
import { changeRequest } from '../ringing/ring-changes'
import { detailOf, requestsOfVisitor } from '../state/request-detail'
import { countedByHost } from '../state/sessions'
import type { DeskState, RequestState, VisitorState } from '../state/state'

/** Marks a known visitor who requests a chat as present, and makes the visitor's other requests ring again. */
export function markRequesterPresent(
  state: DeskState,
  edges: EdgeCollector,
  { visitorId, at }: EventOf<'request.opened'>,
): void {
  const visitor = state.visitors.get(visitorId)
  if (visitor !== undefined && !visitor.isPresent) markPresent(state, visitor, at)
  returnRequests(state, edges, visitorId)
}

function markPresent(state: DeskState, visitor: VisitorState, at: number): void {
  if (!visitor.isPresent) visitor.arrivedAt = at
  visitor.isPresent = true
  visitor.leftAt = null
  state.changes?.addVisitor(visitor.id)
  scheduleVisitor(state, visitor)
}

/** Makes the requests of a visitor who has come back ring again, in their former places. */
function returnRequests(state: DeskState, edges: EdgeCollector, visitorId: VisitorId): void {
  for (const request of requestsOfVisitor(state, visitorId)) {
    const { detail } = request
    if (detail === null || detail.visitorLeftAt === null) continue
    changeRequest(state, edges, request, { reason: 'visitor-away' }, () => {
      detail.visitorLeftAt = null
    })
  }
}

export function visitorArrived(state: DeskState, edges: EdgeCollector, event: EventOf<'visitor.arrived'>): void {
  const { visitorId, facts, alerted, at } = event
  const known = state.visitors.get(visitorId)
  const visitor = known ?? newVisitor(visitorId)
  if (known === undefined) countInMinute(state.visitorArrivals, at)
  state.visitors.set(visitorId, visitor)
  markPresent(state, visitor, at)
  if (facts !== visitor.facts) state.bytes.visitorFacts += factsBytesOf(facts) - factsBytesOf(visitor.facts)
  visitor.facts = facts
  if (alerted.length > 0) visitor.alertedAt = at
  for (const staffId of alerted) {
    const alerts = state.staff.get(staffId)?.alerts
    if (alerts !== undefined) countInMinute(alerts, at)
  }
  if (alerted.length > 0) edges.list.push({ type: 'visitor', visitorId, staffIds: alerted })
  returnRequests(state, edges, visitorId)
}

/** Counts one more in the minute of an instant; the counter forgets the minutes before. */
export function countInMinute(counter: { minute: number; count: number }, at: number): void {
  const minute = Math.floor(at / 60_000)
  counter.count = counter.minute === minute ? counter.count + 1 : 1
  counter.minute = minute
}

export function visitorLeft(state: DeskState, edges: EdgeCollector, { visitorId, at }: EventOf<'visitor.left'>): void {
  const visitor = state.visitors.get(visitorId)
  if (visitor !== undefined) {
    visitor.isPresent = false
    visitor.sessions.clear()
    visitor.leftAt = at
    state.changes?.addVisitor(visitorId)
    scheduleVisitor(state, visitor)
  }
  const affected = requestsOfVisitor(state, visitorId).filter(({ detail }) => detail?.visitorLeftAt == null)
  withdrawRequests(state, edges, affected.toSorted(byOfferCount), at)
}

/**
 * Changes each request within the change of the one before it, those with offers outermost: an offer frees its slot
 * only when none of them rings any more, so that no other request of this visitor rings for an instant.
 */
function withdrawRequests(
  state: DeskState,
  edges: EdgeCollector,
  [request, ...others]: readonly RequestState[],
  at: number,
): void {
  if (request === undefined) return
  changeRequest(state, edges, request, { reason: 'visitor-away' }, () => {
    const detail = detailOf(request)
    detail.visitorLeftAt = at
    detail.offers.clear()
    withdrawRequests(state, edges, others, at)
  })
}

function byOfferCount(one: RequestState, other: RequestState): number {
  return (other.detail?.offers.size ?? 0) - (one.detail?.offers.size ?? 0)
}

export function visitorSessionRenewed(
  state: DeskState,
  _edges: EdgeCollector,
  { visitorId, sessionId, leaseUntilAt }: EventOf<'visitorSession.started' | 'visitorSession.renewed'>,
): void {
  const visitor = state.visitors.get(visitorId)
  if (visitor === undefined) return
  visitor.sessions.set(sessionId, leaseUntilAt)
  scheduleVisitor(state, visitor)
}

/** Ends one session. When it was the last one, `visitor.left` is the next event. */
export function visitorSessionEnded(
  state: DeskState,
  _edges: EdgeCollector,
  { visitorId, sessionId }: EventOf<'visitorSession.ended'>,
): void {
  const visitor = state.visitors.get(visitorId)
  if (visitor === undefined) return
  visitor.sessions.delete(sessionId)
  if (sessionId !== countedByHost) visitor.lastSessionId = sessionId
  scheduleVisitor(state, visitor)
}

export function deskResumed(state: DeskState, _edges: EdgeCollector, { at }: EventOf<'desk.resumed'>): void {
  state.resumedAt = at
  for (const visitor of state.visitors.values()) scheduleVisitor(state, visitor)
  for (const request of state.requests.values()) scheduleRequest(state, request)
}

export function visitorForgotten(
  state: DeskState,
  _edges: EdgeCollector,
  { visitorId }: EventOf<'visitor.forgotten'>,
): void {
  const visitor = state.visitors.get(visitorId)
  if (visitor === undefined) return
  state.visitors.delete(visitorId)
  state.bytes.visitorFacts -= factsBytesOf(visitor.facts)
  state.deadlines.visitors.set(visitor, Number.POSITIVE_INFINITY)
}

function newVisitor(id: VisitorId): VisitorState {
  return {
    id,
    facts: {},
    arrivedAt: 0,
    alertedAt: null,
    leftAt: null,
    isPresent: false,
    sessions: new Map(),
    lastSessionId: null,
    heapIndex: -1,
  }
}
