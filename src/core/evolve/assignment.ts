import type { EdgeCollector } from '../messages/edge'
import type { EventOf } from '../messages/event'
import type { ClosedOutcome } from '../messages/refusal'
import { everyoneRoute, type Route } from '../model/route'
import { asList } from '../ringing/audience'
import { scheduleRequest } from '../ringing/next-action'
import { removeOpenOffer } from '../ringing/offers'
import { changeLoad, changeRequest } from '../ringing/ring-changes'
import { setTransfer } from '../state/given-chats'
import { removeRequestOfVisitor } from '../state/requests-of-visitor'
import {
  type DeskState,
  detailOf,
  type RequestDetail,
  type RequestState,
  type StaffState,
  type WrapUp,
} from '../state/state'
import { ringFromStep } from './request'

export function requestReplied(state: DeskState, _edges: EdgeCollector, request: RequestState): void {
  if (request.assignment !== null) request.assignment.replyDueAt = null
  scheduleRequest(state, request)
}

interface AssignmentDetails {
  /** Why the request stops for the staff for whom it rang. */
  readonly stopReason?: 'accepted' | 'transferred'
  readonly staffId: string
  readonly assignmentId: string
  readonly replyDueAt: number | null
  readonly at: number
}

/** Assigns the request, also when a transfer returns to the staff member who gave it. */
export function requestAccepted(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  details: AssignmentDetails,
): void {
  const { stopReason = 'accepted', staffId, assignmentId, replyDueAt, at } = details
  const staff = state.staff.get(staffId)
  if (staff === undefined) return
  const previous = request.assignment
  changeRequest(state, edges, request, { reason: stopReason, by: staffId, acceptedBy: staff }, () => {
    request.assignment = { id: assignmentId, assignmentNumber: nextAssignmentNumber(request), staff, at, replyDueAt }
    request.activeAudiences = noAudiences
    if (request.detail !== null) {
      setTransfer(state, request, null)
      clearRinging(request.detail)
    }
  })
  if (previous !== null) freeSlot(state, edges, previous.staff, request, at)
  changeLoad(state, edges, staff, () => {
    if (staff.offer === request) staff.offer = null
    staff.load += request.weight
    staff.chats.add(request)
    staff.missedOffers = 0
    staff.idleSinceAt = at
  })
  state.lastStaff.set(request.visitorId, staffId)
}

const noAudiences: readonly never[] = []

/** Returns the number of a request's next assignment, from 1: `decide` forms its id, `evolve` counts it. */
export function nextAssignmentNumber({ assignment, detail }: RequestState): number {
  return (assignment?.assignmentNumber ?? detail?.assignmentCount ?? 0) + 1
}

/** Clears what ringing has recorded of a request; declines, the assignment count and the visitor's absence stay. */
function clearRinging(detail: RequestDetail): void {
  detail.mutes.clear()
  detail.offers.clear()
  detail.missedThisRound.clear()
  detail.missed.clear()
  detail.nextRoundAt = null
  detail.unattendedCause = null
  detail.remindAt = null
  detail.longWaitAt = null
  detail.longWaitGapMs = null
  detail.abandonAt = null
}

function freeSlot(state: DeskState, edges: EdgeCollector, staff: StaffState, request: RequestState, at: number): void {
  changeLoad(state, edges, staff, () => {
    staff.chats.delete(request)
    staff.load -= request.weight
    staff.idleSinceAt = at
  })
}

interface ReopenDetails {
  readonly route: Route
  readonly step: number
  readonly at: number
  /** The staff member for whom the request is muted from the start: until another step starts, or a reminder. */
  readonly mutedFor?: string | null
}

/** Opens an assigned request again, so that it rings with its own age and place in the order of service. */
function reopen(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  { route, step, at, mutedFor = null }: ReopenDetails,
): void {
  const { assignment } = request
  changeRequest(state, edges, request, { reason: 'transferred' }, () => {
    const detail = detailOf(request)
    if (assignment !== null) detail.assignmentCount = assignment.assignmentNumber
    request.assignment = null
    detail.routedAt = at
    detail.reopenedAt = at
    if (request.routingResult.route !== route)
      request.routingResult = { ...request.routingResult, workflow: null, route }
    if (detail.visitorLeftAt !== null) detail.abandonAt = at + state.policy.abandonAfterMs
    ringFromStep(state, request, step)
    if (mutedFor !== null) detail.mutes.set(mutedFor, { sinceAt: at, untilAt: null })
  })
  if (assignment !== null) freeSlot(state, edges, assignment.staff, request, at)
}

export function requestReleased(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  event: EventOf<'request.released'>,
): void {
  const { exclude, by, staffId, cause, step, at } = event
  if (exclude) detailOf(request).declines.add(state.staff.has(by) ? by : staffId)
  const mutedFor = cause === 'no-reply' ? staffId : null
  reopen(state, edges, request, { route: request.routingResult.route, step, at, mutedFor })
}

export function requestTransferred(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  event: EventOf<'request.transferred'>,
): void {
  const { route, step, at, returnAt, staffId, by } = event
  const named = staffIdsNamedBy(route)
  detailOf(request).transferredBy = by
  setTransfer(state, request, staffId === null || returnAt === null ? null : { by: staffId, returnAt })
  if (staffId === null) return redirect(state, edges, request, event)
  for (const each of named) request.detail?.declines.delete(each)
  reopen(state, edges, request, { route, step, at, mutedFor: named.includes(staffId) ? null : staffId })
}

/** Rings an open request on another route, with its own age and place in the order of service. */
function redirect(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  { route, step, at }: EventOf<'request.transferred'>,
): void {
  removeOpenOffer(request)
  changeRequest(state, edges, request, { reason: 'transferred' }, () => {
    const detail = detailOf(request)
    for (const each of staffIdsNamedBy(route)) detail.declines.delete(each)
    detail.routedAt = at
    detail.unattendedCause = null
    detail.offers.clear()
    request.routingResult = { ...request.routingResult, workflow: null, route }
    ringFromStep(state, request, step)
  })
}

/** Returns the staff whom the steps of a route name by id; a team, a shift or a skill names none. */
function staffIdsNamedBy({ steps }: Route): readonly string[] {
  return steps.flatMap(({ to }) => (to === 'everyone' ? [] : asList(to.staff ?? [])))
}

export function transferReturned(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  event: EventOf<'transfer.returned'>,
): void {
  const detail = detailOf(request)
  setTransfer(state, request, null)
  if (event.to !== null) {
    return requestAccepted(state, edges, request, {
      ...event.to,
      stopReason: 'transferred',
      replyDueAt: null,
      at: event.at,
    })
  }
  changeRequest(state, edges, request, { reason: 'rerouted' }, () => {
    detail.routedAt = event.at
    detail.offers.clear()
    request.routingResult = { ...request.routingResult, workflow: null, route: everyoneRoute }
    ringFromStep(state, request, 0)
  })
}

export function requestClosed(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  event: EventOf<'request.closed'>,
): void {
  const { requestId, outcome, wrapUpUntilAt, at } = event
  const { assignment } = request
  state.requests.delete(requestId)
  removeRequestOfVisitor(state, request)
  state.closed.set(requestId, outcome)
  changeRequest(state, edges, request, { reason: stopReasons[outcome] }, () => {
    request.activeAudiences = noAudiences
    setTransfer(state, request, null)
    if (request.detail !== null) clearRinging(request.detail)
  })
  if (assignment === null) return
  if (wrapUpUntilAt === null) return freeSlot(state, edges, assignment.staff, request, at)
  assignment.staff.chats.delete(request)
  const { visitorId, weight } = request
  const { staff } = assignment
  const wrapUp: WrapUp = { requestId, visitorId, staff, weight, untilAt: wrapUpUntilAt, heapIndex: -1 }
  state.wrapUps.set(requestId, wrapUp)
  state.deadlines.wrapUps.set(wrapUp, wrapUpUntilAt)
}

/** An assigned request does not ring, so `ended` causes no edge. */
const stopReasons = {
  ended: 'cancelled',
  cancelled: 'cancelled',
  abandoned: 'abandoned',
  expired: 'expired',
} as const satisfies Record<ClosedOutcome, string>

export function wrapUpEnded(state: DeskState, edges: EdgeCollector, { requestId, at }: EventOf<'wrapUp.ended'>): void {
  const wrapUp = state.wrapUps.get(requestId)
  if (wrapUp === undefined) return
  state.wrapUps.delete(requestId)
  state.deadlines.wrapUps.set(wrapUp, Number.POSITIVE_INFINITY)
  changeLoad(state, edges, wrapUp.staff, () => {
    wrapUp.staff.load -= wrapUp.weight
    wrapUp.staff.idleSinceAt = at
  })
}
