import type { EdgeCollector } from '../messages/edge'
import type { EventOf, VisitorEvent } from '../messages/event'
import type { VisitorId } from '../model/ids'
import { changeRequest } from '../ringing/ring-changes'
import { requestsOfVisitor } from '../state/requests-of-visitor'
import { type DeskState, detailOf, type RequestState, type VisitorState } from '../state/state'

/** Who looks at the host's pages, and whether those who asked are still there. */
export function evolveVisitor(state: DeskState, book: EdgeCollector, event: VisitorEvent): void {
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
export function markRequesterPresent(state: DeskState, visitorId: VisitorId, at: number): void {
  for (const { detail } of requestsOfVisitor(state, visitorId)) if (detail !== null) detail.visitorLeftAt = null
  const visitor = state.visitors.get(visitorId)
  if (visitor !== undefined && !visitor.isPresent) markPresent(state, visitor, at)
}

function markPresent(state: DeskState, visitor: VisitorState, at: number): void {
  if (!visitor.isPresent) visitor.arrivedAt = at
  visitor.isPresent = true
  visitor.forgetAt = null
  state.deadlines.visitors.set(visitor, Number.POSITIVE_INFINITY)
}

/** A visitor who left with an open request is there again: it rings again in its old place. */
function visitorReturned(state: DeskState, book: EdgeCollector, visitorId: VisitorId): void {
  for (const request of requestsOfVisitor(state, visitorId)) {
    const { detail } = request
    if (detail === null || detail.visitorLeftAt === null) continue
    changeRequest(state, book, request, { reason: 'visitor-away' }, () => {
      detail.visitorLeftAt = null
      detail.abandonAt = null
    })
  }
}

function arrived(state: DeskState, book: EdgeCollector, event: EventOf<'visitor.arrived'>): void {
  const { visitorId, facts, alerted, at } = event
  const visitor = state.visitors.get(visitorId) ?? newVisitor(visitorId)
  state.visitors.set(visitorId, visitor)
  markPresent(state, visitor, at)
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

function left(state: DeskState, book: EdgeCollector, { visitorId, abandonAt, at }: EventOf<'visitor.left'>): void {
  const visitor = state.visitors.get(visitorId)
  if (visitor !== undefined) {
    visitor.isPresent = false
    visitor.forgetAt = at + state.policy.visitorAlertTtlMs
    state.deadlines.visitors.set(visitor, visitor.forgetAt)
  }
  const attended = requestsOfVisitor(state, visitorId).filter(({ detail }) => detail?.visitorLeftAt == null)
  withdrawRequests(state, book, attended.toSorted(byOfferCount), { abandonAt, at })
}

/**
 * Each within the one before it, those with offers outermost: the slot that an offer frees is freed when none of them
 * rings any more, so that no other of this visitor's requests rings for an instant.
 */
function withdrawRequests(
  state: DeskState,
  book: EdgeCollector,
  [request, ...others]: readonly RequestState[],
  leaving: { readonly abandonAt: number | null; readonly at: number },
): void {
  if (request === undefined) return
  changeRequest(state, book, request, { reason: 'visitor-away' }, () => {
    const detail = detailOf(request)
    detail.visitorLeftAt = leaving.at
    detail.abandonAt = request.assignment === null ? leaving.abandonAt : null
    detail.offers.clear()
    withdrawRequests(state, book, others, leaving)
  })
}

function byOfferCount(one: RequestState, other: RequestState): number {
  return (other.detail?.offers.size ?? 0) - (one.detail?.offers.size ?? 0)
}

function forgotten(state: DeskState, { visitorId }: EventOf<'visitor.forgotten'>): void {
  const visitor = state.visitors.get(visitorId)
  if (visitor === undefined) return
  state.visitors.delete(visitorId)
  state.deadlines.visitors.set(visitor, Number.POSITIVE_INFINITY)
}

function newVisitor(id: VisitorId): VisitorState {
  return { id, facts: {}, arrivedAt: 0, alertedAt: null, forgetAt: null, isPresent: false, dueSlot: -1 }
}
