import { changeRequest } from './change'
import type { EdgeBook } from './edge-book'
import type { EventOf, VisitorEvent } from './event'
import type { VisitorId } from './ids'
import { type DeskState, detailOf, type RequestState, type VisitorState } from './state'
import { requestsOf } from './visitor-requests'

/** Who looks at the host's pages, and whether those who asked are still there. */
export function evolveVisitor(state: DeskState, book: EdgeBook, event: VisitorEvent): void {
  switch (event.type) {
    case 'visitor.arrived':
      return arrived(state, book, event)
    case 'visitor.left':
      return left(state, book, event)
    case 'visitor.forgotten':
      return forgotten(state, event)
    default:
      return event satisfies never
  }
}

/** A visitor who asks is here, arrived or not, whatever else of theirs is being talked about. */
export function visitorAsked(state: DeskState, visitorId: VisitorId, at: number): void {
  for (const { detail } of requestsOf(state, visitorId)) if (detail !== null) detail.visitorLeftAt = null
  const visitor = state.visitors.get(visitorId)
  if (visitor !== undefined && !visitor.isHere) isHereAgain(state, visitor, at)
}

function isHereAgain(state: DeskState, visitor: VisitorState, at: number): void {
  if (!visitor.isHere) visitor.arrivedAt = at
  visitor.isHere = true
  visitor.forgetAt = null
  state.due.visitors.set(visitor, Number.POSITIVE_INFINITY)
}

/** A visitor who left with an open request is there again: it rings again in its old place. */
function visitorReturned(state: DeskState, book: EdgeBook, visitorId: VisitorId): void {
  for (const request of requestsOf(state, visitorId)) {
    const { detail } = request
    if (detail === null || detail.visitorLeftAt === null) continue
    changeRequest(state, book, request, { reason: 'visitor-away' }, () => {
      detail.visitorLeftAt = null
      detail.abandonAt = null
    })
  }
}

function arrived(state: DeskState, book: EdgeBook, event: EventOf<'visitor.arrived'>): void {
  const { visitorId, facts, alerted, at } = event
  const visitor = state.visitors.get(visitorId) ?? newVisitor(visitorId)
  state.visitors.set(visitorId, visitor)
  isHereAgain(state, visitor, at)
  visitor.facts = facts
  if (alerted.length > 0) visitor.alertedAt = at
  const minute = Math.floor(at / 60_000)
  for (const staffId of alerted) {
    const alerts = state.staff.get(staffId)?.alerts
    if (alerts === undefined) continue
    alerts.count = alerts.minute === minute ? alerts.count + 1 : 1
    alerts.minute = minute
  }
  if (alerted.length > 0) book.add({ type: 'visitor', visitorId, staffIds: alerted })
  visitorReturned(state, book, visitorId)
}

function left(state: DeskState, book: EdgeBook, { visitorId, abandonAt, at }: EventOf<'visitor.left'>): void {
  const visitor = state.visitors.get(visitorId)
  if (visitor !== undefined) {
    visitor.isHere = false
    visitor.forgetAt = at + state.policy.visitorAlertTtlMs
    state.due.visitors.set(visitor, visitor.forgetAt)
  }
  const attended = requestsOf(state, visitorId).filter(({ detail }) => detail?.visitorLeftAt == null)
  leaveBehind(state, book, attended.toSorted(offeredFirst), { abandonAt, at })
}

/**
 * Each within the one before it, those with offers outermost: the slot that an offer frees is freed when none of them
 * rings any more, so that no other of this visitor's requests rings for an instant.
 */
function leaveBehind(
  state: DeskState,
  book: EdgeBook,
  [request, ...others]: readonly RequestState[],
  leaving: { readonly abandonAt: number | null; readonly at: number },
): void {
  if (request === undefined) return
  changeRequest(state, book, request, { reason: 'visitor-away' }, () => {
    const detail = detailOf(request)
    detail.visitorLeftAt = leaving.at
    detail.abandonAt = request.assignment === null ? leaving.abandonAt : null
    detail.offers.clear()
    leaveBehind(state, book, others, leaving)
  })
}

function offeredFirst(one: RequestState, other: RequestState): number {
  return (other.detail?.offers.size ?? 0) - (one.detail?.offers.size ?? 0)
}

function forgotten(state: DeskState, { visitorId }: EventOf<'visitor.forgotten'>): void {
  const visitor = state.visitors.get(visitorId)
  if (visitor === undefined) return
  state.visitors.delete(visitorId)
  state.due.visitors.set(visitor, Number.POSITIVE_INFINITY)
}

function newVisitor(id: VisitorId): VisitorState {
  return { id, facts: {}, arrivedAt: 0, alertedAt: null, forgetAt: null, isHere: false, dueSlot: -1 }
}
