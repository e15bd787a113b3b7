import type { EdgeCollector } from '../messages/edge'
import type { EventOf } from '../messages/event'
import { audiencesOfRoute } from '../ringing/audience'
import { scheduleRequest } from '../ringing/next-action'
import { selectiveRingOf } from '../ringing/offers'
import { leaveServiceOrder } from '../ringing/reservations'
import { changeRequest } from '../ringing/ring-changes'
import { requiresOffer } from '../ringing/rings'
import { addRequestOfVisitor, detailOf, setTransfer } from '../state/request-detail'
import type { DeskState, RequestDetail, RequestState } from '../state/state'
import { countInMinute, markRequesterPresent } from './visitor'

/** Rings a request from a step of its route on. Ends all mutes, and the offers to staff whom it rings without one. */
export function ringFromStep(state: DeskState, request: RequestState, step: number): void {
  request.step = step
  const { detail } = request
  if (detail !== null) {
    clearMutes(detail)
    detail.missedThisRound.clear()
    detail.roundEndedAt = null
  }
  ringActiveSteps(state, request)
}

/** Rings the staff of the steps that are active at the request's step, without offers to those rung without one. */
export function ringActiveSteps(state: DeskState, request: RequestState): void {
  const { routingResult, step, detail } = request
  request.activeAudiences = audiencesOfRoute(state, routingResult.route, step)
  if (detail === null) return
  for (const staff of detail.offers.keys()) {
    if (!requiresOffer(request, staff)) detail.offers.delete(staff)
  }
}

/** Also clears the cause `all-muted`, even where the request rings for no staff member at once. */
function clearMutes(detail: RequestDetail): void {
  detail.mutes.clear()
  detail.allMutedSinceAt = null
  if (detail.unattendedCause === 'all-muted') detail.unattendedCause = null
}

export function requestOpened(state: DeskState, edges: EdgeCollector, event: EventOf<'request.opened'>): void {
  const { requestId, visitorId, facts, weight, routingResult, step, at } = event
  const request: RequestState = {
    id: requestId,
    visitorId,
    facts,
    weight,
    openedAt: at,
    sequenceNumber: state.openedCount,
    routingResult,
    step,
    activeAudiences: noAudiences,
    assignment: null,
    detail: null,
    heapIndex: -1,
  }
  state.openedCount += 1
  countInMinute(state.arrivals, at)
  state.requests.set(requestId, request)
  markRequesterPresent(state, edges, event)
  addRequestOfVisitor(state, request)
  changeRequest(state, edges, request, { reason: 'rerouted' }, () => ringFromStep(state, request, step))
}

const noAudiences: readonly never[] = []

export function requestFactsUpdated(
  state: DeskState,
  _edges: EdgeCollector,
  request: RequestState,
  { facts }: EventOf<'request.factsUpdated'>,
): void {
  request.facts = facts
  state.changes?.addRequest(request.id)
}

export function requestMuted(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  event: EventOf<'request.muted'>,
): void {
  const { staffId, untilAt, at } = event
  const only = state.staff.get(staffId)
  changeRequest(state, edges, request, { reason: untilAt === null ? 'muted' : 'snoozed', onlyStaff: only }, () => {
    const detail = detailOf(request)
    detail.mutes.set(staffId, { sinceAt: at, untilAt })
    if (only !== undefined) detail.offers.delete(only)
  })
}

export function requestUnmuted(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  { staffId }: EventOf<'request.unmuted' | 'snooze.ended'>,
): void {
  changeRequest(state, edges, request, { reason: 'muted', onlyStaff: state.staff.get(staffId) }, () => {
    request.detail?.mutes.delete(staffId)
  })
}

export function requestDeclined(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  event: EventOf<'request.declined'>,
): void {
  const only = state.staff.get(event.staffId)
  changeRequest(state, edges, request, { reason: 'declined', onlyStaff: only }, () => {
    const detail = detailOf(request)
    detail.declines.add(event.staffId)
    detail.mutes.delete(event.staffId)
    if (only !== undefined) detail.offers.delete(only)
  })
}

export function requestRerouted(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  event: EventOf<'request.rerouted'>,
): void {
  leaveServiceOrder(state, edges, request)
  changeRequest(state, edges, request, { reason: 'rerouted' }, () => {
    const detail = detailOf(request)
    request.routingResult = event.routingResult
    detail.routedAt = event.at
    setTransfer(state, request, null)
    detail.transferredBy = null
    detail.workflowRoute = null
    detail.silent.clear()
    detail.unattendedCause = null
    detail.offers.clear()
    ringFromStep(state, request, event.step)
  })
}

export function stepStarted(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  event: EventOf<'step.started'>,
): void {
  changeRequest(state, edges, request, { reason: 'handed-over' }, () => ringFromStep(state, request, event.step))
}

export function requestReminded(state: DeskState, edges: EdgeCollector, request: RequestState): void {
  changeRequest(state, edges, request, { reason: 'muted' }, () => clearMutes(detailOf(request)))
}

export function requestUnattended(
  state: DeskState,
  _edges: EdgeCollector,
  request: RequestState,
  event: EventOf<'request.unattended'>,
): void {
  const { cause, at } = event
  if (cause === 'assignee-absent') {
    if (request.assignment !== null) request.assignment.isAbsenceReported = true
  } else if (cause === 'no-reply') {
    if (request.assignment !== null) request.assignment.silentSinceAt = at
    state.changes?.addRequest(request.id)
  } else if (cause === 'waited-too-long') {
    const detail = detailOf(request)
    detail.longWaitReportedAt = at
    detail.longWaitReports += 1
  } else {
    const detail = detailOf(request)
    detail.unattendedCause = cause
    // A reminder keeps running while those who muted are not eligible: staff who leave and return cannot delay it.
    if (cause === 'all-muted') detail.allMutedSinceAt ??= at
  }
  scheduleRequest(state, request)
}

export function offerMade(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  event: EventOf<'offer.made'>,
): void {
  const staff = event.staffIds.map((id) => state.staff.get(id)).filter((one) => one !== undefined)
  const offer = { sinceAt: event.at, timeoutMs: selectiveRingOf(request)?.offerTimeoutMs ?? null }
  changeRequest(state, edges, request, { reason: 'offer-expired' }, () => {
    const { offers } = detailOf(request)
    for (const one of staff) offers.set(one, offer)
  })
  for (const one of staff) recordOfferOrder(state, request, one.id)
}

/** Records the number of the latest offer; for `round-robin` by audience. The staff member is no candidate now. */
function recordOfferOrder(state: DeskState, { activeAudiences }: RequestState, staffId: string): void {
  state.offerCount += 1
  const staff = state.staff.get(staffId)
  if (staff !== undefined) staff.lastOfferNumber = state.offerCount
  for (const audience of activeAudiences) {
    if (audience.order !== 'round-robin') continue
    const numbers = state.lastOfferNumbers.get(audience.key) ?? new Map<string, number>()
    state.lastOfferNumbers.set(audience.key, numbers.set(staffId, state.offerCount))
  }
}

export function offerExpired(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  event: EventOf<'offer.expired'>,
): void {
  const staff = state.staff.get(event.staffId)
  changeRequest(state, edges, request, { reason: 'offer-expired' }, () => {
    const detail = detailOf(request)
    detail.missedThisRound.add(event.staffId)
    detail.missed.set(event.staffId, event.at)
    if (staff !== undefined) detail.offers.delete(staff)
  })
  if (staff !== undefined) staff.missedOffers += 1
}

export function offerRoundEnded(
  state: DeskState,
  edges: EdgeCollector,
  request: RequestState,
  event: EventOf<'offerRound.ended'>,
): void {
  changeRequest(state, edges, request, { reason: 'offer-expired' }, () => {
    detailOf(request).roundEndedAt = event.at
  })
}

export function offerRoundStarted(state: DeskState, edges: EdgeCollector, request: RequestState): void {
  changeRequest(state, edges, request, { reason: 'offer-expired' }, () => {
    const detail = detailOf(request)
    detail.roundEndedAt = null
    detail.missedThisRound.clear()
  })
}
