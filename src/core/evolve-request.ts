import { settle } from './attention'
import { rungsOf } from './audience'
import { changeRequest } from './change'
import type { EdgeBook } from './edge-book'
import type { EventOf, RequestEvent } from './event'
import { evolveOffer } from './evolve-offer'
import { visitorAsked } from './evolve-visitor'
import { leaveVacancies } from './offering'
import { needsOffer } from './ringing'
import { type DeskState, detailOf, type RequestDetail, type RequestState } from './state'
import { addToVisitor } from './visitor-requests'

type OpenEvent = Exclude<
  RequestEvent,
  {
    type:
      | 'request.accepted'
      | 'request.replied'
      | 'request.released'
      | 'request.transferred'
      | 'transfer.returned'
      | 'request.closed'
      | 'wrapUp.ended'
  }
>

/** What happens to a request while it is open: opened, silenced by some, moved along its route, warned about. */
export function evolveRequest(state: DeskState, book: EdgeBook, event: OpenEvent): void {
  if (event.type === 'request.opened') return opened(state, book, event)
  const request = state.requests.get(event.requestId)
  if (request === undefined) return
  switch (event.type) {
    case 'request.muted':
      return muted(state, book, request, event)
    case 'request.unmuted':
    case 'snooze.ended':
      return changeRequest(state, book, request, { reason: 'muted', only: state.staff.get(event.staffId) }, () => {
        request.detail?.mutes.delete(event.staffId)
      })
    case 'request.declined':
      return declined(state, book, request, event)
    case 'request.rerouted':
      return rerouted(state, book, request, event)
    case 'step.started':
      return stepStarted(state, book, request, event)
    case 'request.reminded':
      return changeRequest(state, book, request, { reason: 'muted' }, () => {
        liftMutes(detailOf(request))
      })
    case 'request.unattended':
      return unattended(state, request, event)
    default:
      return evolveOffer(state, book, request, event)
  }
}

/** Lets a request ring from a step of its route on; whoever is not of that step any more loses mute and offer. */
export function ringFrom(state: DeskState, request: RequestState, step: number): void {
  request.step = step
  request.rungs = rungsOf(state, request.verdict.route, step)
  const { detail } = request
  if (detail === null) return
  liftMutes(detail)
  detail.tried.clear()
  detail.restUntilAt = null
  for (const staff of detail.offers.keys()) {
    if (!needsOffer(request, staff)) detail.offers.delete(staff)
  }
}

/** What was said of them holds no more, also where nobody is rung at once. */
function liftMutes(detail: RequestDetail): void {
  detail.mutes.clear()
  detail.remindAt = null
  if (detail.unattended === 'all-muted') detail.unattended = null
}

function opened(state: DeskState, book: EdgeBook, event: EventOf<'request.opened'>): void {
  const { requestId, visitorId, facts, weight, verdict, step, at } = event
  const request: RequestState = {
    id: requestId,
    visitorId,
    facts,
    weight,
    openedAt: at,
    order: state.openedCount,
    verdict,
    step,
    rungs: unrung,
    assignment: null,
    detail: null,
    dueSlot: -1,
  }
  state.openedCount += 1
  const minute = Math.floor(at / 60_000)
  state.arrivals.count = state.arrivals.minute === minute ? state.arrivals.count + 1 : 1
  state.arrivals.minute = minute
  state.requests.set(requestId, request)
  visitorAsked(state, visitorId, at)
  addToVisitor(state, request)
  changeRequest(state, book, request, { reason: 'rerouted' }, () => ringFrom(state, request, step))
}

const unrung: readonly never[] = []

function muted(state: DeskState, book: EdgeBook, request: RequestState, event: EventOf<'request.muted'>): void {
  const { staffId, untilAt, at } = event
  const only = state.staff.get(staffId)
  changeRequest(state, book, request, { reason: untilAt === null ? 'muted' : 'snoozed', only }, () => {
    const detail = detailOf(request)
    detail.mutes.set(staffId, { sinceAt: at, untilAt })
    if (only !== undefined) detail.offers.delete(only)
  })
}

function declined(state: DeskState, book: EdgeBook, request: RequestState, event: EventOf<'request.declined'>): void {
  const only = state.staff.get(event.staffId)
  changeRequest(state, book, request, { reason: 'declined', only }, () => {
    const detail = detailOf(request)
    detail.declines.add(event.staffId)
    detail.mutes.delete(event.staffId)
    if (only !== undefined) detail.offers.delete(only)
  })
}

function rerouted(state: DeskState, book: EdgeBook, request: RequestState, event: EventOf<'request.rerouted'>): void {
  leaveVacancies(request)
  changeRequest(state, book, request, { reason: 'rerouted' }, () => {
    const detail = detailOf(request)
    request.verdict = event.verdict
    detail.routedAt = event.at
    detail.transfer = null
    detail.unattended = null
    detail.offers.clear()
    ringFrom(state, request, event.step)
  })
}

function stepStarted(state: DeskState, book: EdgeBook, request: RequestState, event: EventOf<'step.started'>): void {
  changeRequest(state, book, request, { reason: 'handed-over' }, () => ringFrom(state, request, event.step))
}

function unattended(state: DeskState, request: RequestState, event: EventOf<'request.unattended'>): void {
  const detail = detailOf(request)
  // A reminder keeps running while those who muted are out of reach: whoever comes and goes cannot put it off for ever.
  if (event.cause === 'waited-too-long') {
    detail.longWaitAt = event.nextAt
    detail.longWaitGapMs = event.nextAt === null ? null : event.nextAt - event.at
  } else {
    detail.unattended = event.cause
    if (event.cause === 'all-muted') detail.remindAt = event.nextAt
  }
  settle(state, request)
}
