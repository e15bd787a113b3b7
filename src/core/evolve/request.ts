import type { EdgeCollector } from '../messages/edge'
import type { EventOf, RequestEvent } from '../messages/event'
import { audiencesOfRoute } from '../ringing/audience'
import { scheduleRequest } from '../ringing/next-action'
import { removeOpenOffer } from '../ringing/offers'
import { changeRequest } from '../ringing/ring-changes'
import { requiresOffer } from '../ringing/rings'
import { addRequestOfVisitor } from '../state/requests-of-visitor'
import { type DeskState, detailOf, type RequestDetail, type RequestState } from '../state/state'
import { markRequesterPresent } from './visitor'

type OpenRequestEvent = Exclude<
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
export function evolveRequest(state: DeskState, book: EdgeCollector, event: OpenRequestEvent): void {
  if (event.type === 'request.opened') return opened(state, book, event)
  const request = state.requests.get(event.requestId)
  if (request === undefined) return
  switch (event.type) {
    case 'request.muted':
      return muted(state, book, request, event)
    case 'request.unmuted':
    case 'snooze.ended':
      return changeRequest(state, book, request, { reason: 'muted', onlyStaff: state.staff.get(event.staffId) }, () => {
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
        clearMutes(detailOf(request))
      })
    case 'request.unattended':
      return unattended(state, request, event)
    default:
      return evolveOffer(state, book, request, event)
  }
}

/** Lets a request ring from a step of its route on; whoever is not of that step any more loses mute and offer. */
export function ringFromStep(state: DeskState, request: RequestState, step: number): void {
  request.step = step
  request.activeAudiences = audiencesOfRoute(state, request.routingResult.route, step)
  const { detail } = request
  if (detail === null) return
  clearMutes(detail)
  detail.tried.clear()
  detail.nextRoundAt = null
  for (const staff of detail.offers.keys()) {
    if (!requiresOffer(request, staff)) detail.offers.delete(staff)
  }
}

/** What was said of them holds no more, also where nobody is rung at once. */
function clearMutes(detail: RequestDetail): void {
  detail.mutes.clear()
  detail.remindAt = null
  if (detail.unattendedCause === 'all-muted') detail.unattendedCause = null
}

function opened(state: DeskState, book: EdgeCollector, event: EventOf<'request.opened'>): void {
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
    dueSlot: -1,
  }
  state.openedCount += 1
  const minute = Math.floor(at / 60_000)
  state.arrivals.count = state.arrivals.minute === minute ? state.arrivals.count + 1 : 1
  state.arrivals.minute = minute
  state.requests.set(requestId, request)
  markRequesterPresent(state, visitorId, at)
  addRequestOfVisitor(state, request)
  changeRequest(state, book, request, { reason: 'rerouted' }, () => ringFromStep(state, request, step))
}

const noAudiences: readonly never[] = []

function muted(state: DeskState, book: EdgeCollector, request: RequestState, event: EventOf<'request.muted'>): void {
  const { staffId, untilAt, at } = event
  const only = state.staff.get(staffId)
  changeRequest(state, book, request, { reason: untilAt === null ? 'muted' : 'snoozed', onlyStaff: only }, () => {
    const detail = detailOf(request)
    detail.mutes.set(staffId, { sinceAt: at, untilAt })
    if (only !== undefined) detail.offers.delete(only)
  })
}

function declined(
  state: DeskState,
  book: EdgeCollector,
  request: RequestState,
  event: EventOf<'request.declined'>,
): void {
  const only = state.staff.get(event.staffId)
  changeRequest(state, book, request, { reason: 'declined', onlyStaff: only }, () => {
    const detail = detailOf(request)
    detail.declines.add(event.staffId)
    detail.mutes.delete(event.staffId)
    if (only !== undefined) detail.offers.delete(only)
  })
}

function rerouted(
  state: DeskState,
  book: EdgeCollector,
  request: RequestState,
  event: EventOf<'request.rerouted'>,
): void {
  removeOpenOffer(request)
  changeRequest(state, book, request, { reason: 'rerouted' }, () => {
    const detail = detailOf(request)
    request.routingResult = event.routingResult
    detail.routedAt = event.at
    detail.transfer = null
    detail.unattendedCause = null
    detail.offers.clear()
    ringFromStep(state, request, event.step)
  })
}

function stepStarted(
  state: DeskState,
  book: EdgeCollector,
  request: RequestState,
  event: EventOf<'step.started'>,
): void {
  changeRequest(state, book, request, { reason: 'handed-over' }, () => ringFromStep(state, request, event.step))
}

function unattended(state: DeskState, request: RequestState, event: EventOf<'request.unattended'>): void {
  const detail = detailOf(request)
  // A reminder keeps running while those who muted are out of reach: whoever comes and goes cannot put it off for ever.
  if (event.cause === 'waited-too-long') {
    detail.longWaitAt = event.nextAt
    detail.longWaitGapMs = event.nextAt === null ? null : event.nextAt - event.at
  } else {
    detail.unattendedCause = event.cause
    if (event.cause === 'all-muted') detail.remindAt = event.nextAt
  }
  scheduleRequest(state, request)
}

type OfferEvent = EventOf<'offer.made' | 'offer.expired' | 'offerRound.ended' | 'offerRound.started'>

/** Selective ringing: offers and passes. */
export function evolveOffer(state: DeskState, book: EdgeCollector, request: RequestState, event: OfferEvent): void {
  switch (event.type) {
    case 'offer.made':
      return offerMade(state, book, request, event)
    case 'offer.expired':
      return offerExpired(state, book, request, event)
    case 'offerRound.ended':
      return changeRequest(state, book, request, { reason: 'offer-expired' }, () => {
        detailOf(request).nextRoundAt = event.restUntilAt
      })
    case 'offerRound.started':
      return changeRequest(state, book, request, { reason: 'offer-expired' }, () => {
        const detail = detailOf(request)
        detail.nextRoundAt = null
        detail.tried.clear()
      })
    default:
      return event satisfies never
  }
}

function offerMade(state: DeskState, book: EdgeCollector, request: RequestState, event: EventOf<'offer.made'>): void {
  const staff = event.staffIds.map((id) => state.staff.get(id)).filter((one) => one !== undefined)
  changeRequest(state, book, request, { reason: 'offer-expired' }, () => {
    const { offers } = detailOf(request)
    for (const one of staff) offers.set(one, event.untilAt)
  })
  for (const one of staff) recordOfferOrder(state, request, one.id)
}

/**
 * Round-robin's memory: who was offered something of this audience, and when in the row. Nobody here is in any ranks
 * now.
 */
function recordOfferOrder(state: DeskState, { activeAudiences }: RequestState, staffId: string): void {
  state.offerCount += 1
  for (const rung of activeAudiences) {
    if (rung.order !== 'round-robin') continue
    const dealt = state.lastOfferNumbers.get(rung.key) ?? new Map<string, number>()
    state.lastOfferNumbers.set(rung.key, dealt.set(staffId, state.offerCount))
  }
}

function offerExpired(
  state: DeskState,
  book: EdgeCollector,
  request: RequestState,
  event: EventOf<'offer.expired'>,
): void {
  const staff = state.staff.get(event.staffId)
  changeRequest(state, book, request, { reason: 'offer-expired' }, () => {
    const detail = detailOf(request)
    detail.tried.add(event.staffId)
    detail.missed.set(event.staffId, event.at)
    if (staff !== undefined) detail.offers.delete(staff)
  })
  if (staff !== undefined) staff.missedOffers += 1
}
