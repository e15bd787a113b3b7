import type { EdgeCollector } from '../messages/edge'
import type { EventOf } from '../messages/event'
import type { ClosedOutcome } from '../messages/refusal'
import { everyoneRoute, type Route } from '../model/route'
import { scheduleRequest } from '../ringing/next-action'
import { changeLoad, changeRequest } from '../ringing/ring-changes'
import { removeRequestOfVisitor } from '../state/requests-of-visitor'
import {
  type DeskState,
  detailOf,
  nextAssignmentNumber,
  type RequestState,
  type StaffState,
  type WrapUp,
} from '../state/state'
import { ringFromStep } from './request'

type AssignmentEvent = EventOf<
  | 'request.accepted'
  | 'request.replied'
  | 'request.released'
  | 'request.transferred'
  | 'transfer.returned'
  | 'request.closed'
  | 'wrapUp.ended'
>

/** From accept to the free slot. */
export function evolveAssignment(state: DeskState, book: EdgeCollector, event: AssignmentEvent): void {
  if (event.type === 'wrapUp.ended') return wrapUpEnded(state, book, event)
  const request = state.requests.get(event.requestId)
  if (request === undefined) return
  switch (event.type) {
    case 'request.accepted':
      return assigned(state, book, request, event)
    case 'request.replied':
      if (request.assignment !== null) request.assignment.replyDueAt = null
      return scheduleRequest(state, request)
    case 'request.released':
      return released(state, book, request, event)
    case 'request.transferred':
      return transferred(state, book, request, event)
    case 'transfer.returned':
      return transferReturned(state, book, request, event)
    case 'request.closed':
      return requestClosed(state, book, request, event)
    default:
      return event satisfies never
  }
}

interface AssignmentDetails {
  /** What those hear who rang until now. */
  readonly stopReason?: 'accepted' | 'transferred'
  readonly staffId: string
  readonly assignmentId: string
  readonly replyDueAt: number | null
  readonly at: number
}

function assigned(state: DeskState, book: EdgeCollector, request: RequestState, taking: AssignmentDetails): void {
  const { stopReason = 'accepted', staffId, assignmentId, replyDueAt, at } = taking
  const staff = state.staff.get(staffId)
  if (staff === undefined) return
  const previous = request.assignment
  changeRequest(state, book, request, { reason: stopReason, by: staffId, acceptedBy: staff }, () => {
    request.assignment = { id: assignmentId, take: nextAssignmentNumber(request), staff, at, replyDueAt }
    request.activeAudiences = noAudiences
    clearRinging(request)
  })
  if (previous !== null) freeSlot(state, book, previous.staff, request, at)
  changeLoad(state, book, staff, () => {
    if (staff.offer === request) staff.offer = null
    staff.load += request.weight
    staff.chats.add(request)
    staff.missedOffers = 0
    staff.idleSinceAt = at
  })
  state.lastStaff.set(request.visitorId, staffId)
}

const noAudiences: readonly never[] = []

/** What a ring leaves behind on a request: all but declines, the count of takes, and that the visitor has left. */
function clearRinging({ detail }: RequestState): void {
  if (detail === null) return
  detail.mutes.clear()
  detail.offers.clear()
  detail.tried.clear()
  detail.missed.clear()
  detail.nextRoundAt = null
  detail.unattendedCause = null
  detail.remindAt = null
  detail.longWaitAt = null
  detail.longWaitGapMs = null
  detail.transfer = null
  detail.abandonAt = null
}

function freeSlot(state: DeskState, book: EdgeCollector, staff: StaffState, request: RequestState, at: number): void {
  changeLoad(state, book, staff, () => {
    staff.chats.delete(request)
    staff.load -= request.weight
    staff.idleSinceAt = at
  })
}

interface ReopenDetails {
  readonly route: Route
  readonly step: number
  readonly at: number
  /** Silenced for it as by a mute: until it reaches another step, or reminds. */
  readonly mutedFor?: string | null
  /** Who gave it away for a while, and when they get it back. */
  readonly transfer?: { readonly by: string; readonly returnAt: number }
}

/** Back to the ring, with its own age and place. */
function reopen(
  state: DeskState,
  book: EdgeCollector,
  request: RequestState,
  { route, step, at, mutedFor = null, transfer }: ReopenDetails,
): void {
  const { assignment } = request
  changeRequest(state, book, request, { reason: 'transferred' }, () => {
    const detail = detailOf(request)
    if (assignment !== null) detail.assignmentCount = assignment.take
    request.assignment = null
    detail.routedAt = at
    detail.reopenedAt = at
    if (request.routingResult.route !== route)
      request.routingResult = { ...request.routingResult, workflow: null, route }
    if (detail.visitorLeftAt !== null) detail.abandonAt = at + state.policy.abandonAfterMs
    ringFromStep(state, request, step)
    if (transfer !== undefined) detail.transfer = transfer
    if (mutedFor !== null) detail.mutes.set(mutedFor, { sinceAt: at, untilAt: null })
  })
  if (assignment !== null) freeSlot(state, book, assignment.staff, request, at)
}

function released(
  state: DeskState,
  book: EdgeCollector,
  request: RequestState,
  event: EventOf<'request.released'>,
): void {
  const { exclude, by, staffId, cause, step, at } = event
  if (exclude) detailOf(request).declines.add(state.staff.has(by) ? by : staffId)
  const silenced = cause === 'no-reply' ? staffId : null
  reopen(state, book, request, { route: request.routingResult.route, step, at, mutedFor: silenced })
}

function transferred(
  state: DeskState,
  book: EdgeCollector,
  request: RequestState,
  event: EventOf<'request.transferred'>,
): void {
  const { route, step, at, returnAt, staffId } = event
  reopen(state, book, request, { route, step, at, mutedFor: staffId, transfer: { by: staffId, returnAt } })
}

function transferReturned(
  state: DeskState,
  book: EdgeCollector,
  request: RequestState,
  event: EventOf<'transfer.returned'>,
): void {
  const detail = detailOf(request)
  detail.transfer = null
  if (event.to !== null) {
    return assigned(state, book, request, { ...event.to, stopReason: 'transferred', replyDueAt: null, at: event.at })
  }
  changeRequest(state, book, request, { reason: 'rerouted' }, () => {
    detail.routedAt = event.at
    detail.offers.clear()
    request.routingResult = { ...request.routingResult, workflow: null, route: everyoneRoute }
    ringFromStep(state, request, 0)
  })
}

function requestClosed(
  state: DeskState,
  book: EdgeCollector,
  request: RequestState,
  event: EventOf<'request.closed'>,
): void {
  const { requestId, outcome, wrapUpUntilAt, at } = event
  const { assignment } = request
  state.requests.delete(requestId)
  removeRequestOfVisitor(state, request)
  state.closed.set(requestId, outcome)
  changeRequest(state, book, request, { reason: stopReasons[outcome] }, () => {
    request.activeAudiences = noAudiences
    clearRinging(request)
  })
  if (assignment === null) return
  if (wrapUpUntilAt === null) return freeSlot(state, book, assignment.staff, request, at)
  assignment.staff.chats.delete(request)
  const { weight } = request
  const wrapUp: WrapUp = { requestId, staff: assignment.staff, weight, untilAt: wrapUpUntilAt, dueSlot: -1 }
  state.wrapUps.set(requestId, wrapUp)
  state.deadlines.wrapUps.set(wrapUp, wrapUpUntilAt)
}

/** An assigned request rings for nobody, so `ended` is never heard. */
const stopReasons = {
  ended: 'cancelled',
  cancelled: 'cancelled',
  abandoned: 'abandoned',
  expired: 'expired',
} as const satisfies Record<ClosedOutcome, string>

function wrapUpEnded(state: DeskState, book: EdgeCollector, { requestId, at }: EventOf<'wrapUp.ended'>): void {
  const wrapUp = state.wrapUps.get(requestId)
  if (wrapUp === undefined) return
  state.wrapUps.delete(requestId)
  state.deadlines.wrapUps.set(wrapUp, Number.POSITIVE_INFINITY)
  changeLoad(state, book, wrapUp.staff, () => {
    wrapUp.staff.load -= wrapUp.weight
    wrapUp.staff.idleSinceAt = at
  })
}
