import { settle } from './attention'
import { changeLoad, changeRequest } from './change'
import type { EdgeBook } from './edge-book'
import type { EventOf } from './event'
import { ringFrom } from './evolve-request'
import type { ClosedOutcome } from './refusal'
import { everyoneRoute, type Route } from './route'
import { type DeskState, detailOf, type RequestState, type StaffState, type WrapUp } from './state'
import { nextTake } from './take'
import { removeFromVisitor } from './visitor-requests'

type ChatEvent = EventOf<
  | 'request.accepted'
  | 'request.replied'
  | 'request.released'
  | 'request.transferred'
  | 'transfer.returned'
  | 'request.closed'
  | 'wrapUp.ended'
>

/** From accept to the free slot. */
export function evolveChat(state: DeskState, book: EdgeBook, event: ChatEvent): void {
  if (event.type === 'wrapUp.ended') return wrapUpEnded(state, book, event)
  const request = state.requests.get(event.requestId)
  if (request === undefined) return
  switch (event.type) {
    case 'request.accepted':
      return taken(state, book, request, event)
    case 'request.replied':
      if (request.assignment !== null) request.assignment.replyDueAt = null
      return settle(state, request)
    case 'request.released':
      return released(state, book, request, event)
    case 'request.transferred':
      return transferred(state, book, request, event)
    case 'transfer.returned':
      return returned(state, book, request, event)
    case 'request.closed':
      return closed(state, book, request, event)
    default:
      return event satisfies never
  }
}

interface Taking {
  /** What those hear who rang until now. */
  readonly reason?: 'accepted' | 'transferred'
  readonly staffId: string
  readonly assignmentId: string
  readonly replyDueAt: number | null
  readonly at: number
}

function taken(state: DeskState, book: EdgeBook, request: RequestState, taking: Taking): void {
  const { reason = 'accepted', staffId, assignmentId, replyDueAt, at } = taking
  const staff = state.staff.get(staffId)
  if (staff === undefined) return
  const previous = request.assignment
  changeRequest(state, book, request, { reason, by: staffId, taker: staff }, () => {
    request.assignment = { id: assignmentId, take: nextTake(request), staff, at, replyDueAt }
    request.rungs = unrung
    forgetRinging(request)
  })
  if (previous !== null) free(state, book, previous.staff, request, at)
  changeLoad(state, book, staff, () => {
    if (staff.offer === request) staff.offer = null
    staff.load += request.weight
    staff.chats.add(request)
    staff.strikes = 0
    staff.idleSinceAt = at
  })
  state.lastStaff.set(request.visitorId, staffId)
}

const unrung: readonly never[] = []

/** What a ring leaves behind on a request: all but declines, the count of takes, and that the visitor has left. */
function forgetRinging({ detail }: RequestState): void {
  if (detail === null) return
  detail.mutes.clear()
  detail.offers.clear()
  detail.tried.clear()
  detail.missed.clear()
  detail.restUntilAt = null
  detail.unattended = null
  detail.remindAt = null
  detail.longWaitAt = null
  detail.longWaitGapMs = null
  detail.transfer = null
  detail.abandonAt = null
}

function free(state: DeskState, book: EdgeBook, staff: StaffState, request: RequestState, at: number): void {
  changeLoad(state, book, staff, () => {
    staff.chats.delete(request)
    staff.load -= request.weight
    staff.idleSinceAt = at
  })
}

interface Reopening {
  readonly route: Route
  readonly step: number
  readonly at: number
  /** Silenced for it as by a mute: until it reaches another step, or reminds. */
  readonly silenced?: string | null
  /** Who gave it away for a while, and when they get it back. */
  readonly transfer?: { readonly by: string; readonly returnAt: number }
}

/** Back to the ring, with its own age and place. */
function reopen(
  state: DeskState,
  book: EdgeBook,
  request: RequestState,
  { route, step, at, silenced = null, transfer }: Reopening,
): void {
  const { assignment } = request
  changeRequest(state, book, request, { reason: 'transferred' }, () => {
    const detail = detailOf(request)
    if (assignment !== null) detail.takes = assignment.take
    request.assignment = null
    detail.routedAt = at
    detail.reopenedAt = at
    if (request.verdict.route !== route) request.verdict = { ...request.verdict, workflow: null, route }
    if (detail.visitorLeftAt !== null) detail.abandonAt = at + state.policy.abandonAfterMs
    ringFrom(state, request, step)
    if (transfer !== undefined) detail.transfer = transfer
    if (silenced !== null) detail.mutes.set(silenced, { sinceAt: at, untilAt: null })
  })
  if (assignment !== null) free(state, book, assignment.staff, request, at)
}

function released(state: DeskState, book: EdgeBook, request: RequestState, event: EventOf<'request.released'>): void {
  const { exclude, by, staffId, cause, step, at } = event
  if (exclude) detailOf(request).declines.add(state.staff.has(by) ? by : staffId)
  const silenced = cause === 'no-reply' ? staffId : null
  reopen(state, book, request, { route: request.verdict.route, step, at, silenced })
}

function transferred(
  state: DeskState,
  book: EdgeBook,
  request: RequestState,
  event: EventOf<'request.transferred'>,
): void {
  const { route, step, at, returnAt, staffId } = event
  reopen(state, book, request, { route, step, at, silenced: staffId, transfer: { by: staffId, returnAt } })
}

function returned(state: DeskState, book: EdgeBook, request: RequestState, event: EventOf<'transfer.returned'>): void {
  const detail = detailOf(request)
  detail.transfer = null
  if (event.to !== null) {
    return taken(state, book, request, { ...event.to, reason: 'transferred', replyDueAt: null, at: event.at })
  }
  changeRequest(state, book, request, { reason: 'rerouted' }, () => {
    detail.routedAt = event.at
    detail.offers.clear()
    request.verdict = { ...request.verdict, workflow: null, route: everyoneRoute }
    ringFrom(state, request, 0)
  })
}

function closed(state: DeskState, book: EdgeBook, request: RequestState, event: EventOf<'request.closed'>): void {
  const { requestId, outcome, wrapUpUntilAt, at } = event
  const { assignment } = request
  state.requests.delete(requestId)
  removeFromVisitor(state, request)
  state.closed.set(requestId, outcome)
  changeRequest(state, book, request, { reason: stopReasons[outcome] }, () => {
    request.rungs = unrung
    forgetRinging(request)
  })
  if (assignment === null) return
  if (wrapUpUntilAt === null) return free(state, book, assignment.staff, request, at)
  assignment.staff.chats.delete(request)
  const { weight } = request
  const wrapUp: WrapUp = { requestId, staff: assignment.staff, weight, untilAt: wrapUpUntilAt, dueSlot: -1 }
  state.wrapUps.set(requestId, wrapUp)
  state.due.wrapUps.set(wrapUp, wrapUpUntilAt)
}

/** An assigned request rings for nobody, so `ended` is never heard. */
const stopReasons = {
  ended: 'cancelled',
  cancelled: 'cancelled',
  abandoned: 'abandoned',
  expired: 'expired',
} as const satisfies Record<ClosedOutcome, string>

function wrapUpEnded(state: DeskState, book: EdgeBook, { requestId, at }: EventOf<'wrapUp.ended'>): void {
  const wrapUp = state.wrapUps.get(requestId)
  if (wrapUp === undefined) return
  state.wrapUps.delete(requestId)
  state.due.wrapUps.set(wrapUp, Number.POSITIVE_INFINITY)
  changeLoad(state, book, wrapUp.staff, () => {
    wrapUp.staff.load -= wrapUp.weight
    wrapUp.staff.idleSinceAt = at
  })
}
