import { changeRequest } from './change'
import type { EdgeBook } from './edge-book'
import type { EventOf } from './event'
import { type DeskState, detailOf, type RequestState } from './state'

type OfferEvent = EventOf<'offer.made' | 'offer.expired' | 'pass.ended' | 'pass.started'>

/** Selective ringing: offers and passes. */
export function evolveOffer(state: DeskState, book: EdgeBook, request: RequestState, event: OfferEvent): void {
  switch (event.type) {
    case 'offer.made':
      return offered(state, book, request, event)
    case 'offer.expired':
      return expired(state, book, request, event)
    case 'pass.ended':
      return changeRequest(state, book, request, { reason: 'offer-expired' }, () => {
        detailOf(request).restUntilAt = event.restUntilAt
      })
    case 'pass.started':
      return changeRequest(state, book, request, { reason: 'offer-expired' }, () => {
        const detail = detailOf(request)
        detail.restUntilAt = null
        detail.tried.clear()
      })
    default:
      return event satisfies never
  }
}

function offered(state: DeskState, book: EdgeBook, request: RequestState, event: EventOf<'offer.made'>): void {
  const staff = event.staffIds.map((id) => state.staff.get(id)).filter((one) => one !== undefined)
  changeRequest(state, book, request, { reason: 'offer-expired' }, () => {
    const { offers } = detailOf(request)
    for (const one of staff) offers.set(one, event.untilAt)
  })
  for (const one of staff) remember(state, request, one.id)
}

/**
 * Round-robin's memory: who was offered something of this audience, and when in the row. Nobody here is in any ranks
 * now.
 */
function remember(state: DeskState, { rungs }: RequestState, staffId: string): void {
  state.dealtCount += 1
  for (const rung of rungs) {
    if (rung.order !== 'round-robin') continue
    const dealt = state.dealt.get(rung.key) ?? new Map<string, number>()
    state.dealt.set(rung.key, dealt.set(staffId, state.dealtCount))
  }
}

function expired(state: DeskState, book: EdgeBook, request: RequestState, event: EventOf<'offer.expired'>): void {
  const staff = state.staff.get(event.staffId)
  changeRequest(state, book, request, { reason: 'offer-expired' }, () => {
    const detail = detailOf(request)
    detail.tried.add(event.staffId)
    detail.missed.set(event.staffId, event.at)
    if (staff !== undefined) detail.offers.delete(staff)
  })
  if (staff !== undefined) staff.strikes += 1
}
