import type { DomainEvent, SelectiveRing, StaffId } from '../../core'
import { type Chronicle, isOpen, type RequestRecord, requestIn } from '../chronicle/chronicle'
import { canBeOffered, stepsInForce } from '../chronicle/rings'
import type { Invariant } from './invariant'

/**
 * I10: nobody is offered a request while a better one (priority, then age), which that person may take, has a vacancy.
 */
export const orderOfOffers: Invariant = {
  id: 'I10',
  name: 'order',
  watch: () => ({
    beforeEvent: (event, book) => (event.type === 'offer.made' ? overtaken(event, book) : null),
    atRest: (_, book) => overlooked(book),
  }),
}

function overtaken(
  { requestId, staffIds }: Extract<DomainEvent, { type: 'offer.made' }>,
  book: Chronicle,
): string | null {
  const offered = requestIn(book, requestId)
  if (offered === undefined) return `${requestId} is offered and was never opened`
  for (const staffId of staffIds) {
    const better = book.requests.find((each) => isBetter(book, each, offered) && couldBeOffered(book, each, staffId))
    if (better !== undefined) return `${staffId} is offered ${requestId} while ${better.requestId} has a vacancy`
    if (holdsAnOffer(book, staffId)) return `${staffId} is offered ${requestId} and holds an offer already`
    if (!canBeOffered(book, staffId, offered)) return `${staffId} is offered ${requestId} and needs no offer`
  }
  return null
}

/** At rest every vacancy has found whoever could fill it. */
function overlooked(book: Chronicle): string | null {
  const free = book.staff.map(({ staff }) => staff.id).filter((staffId) => !holdsAnOffer(book, staffId))
  for (const request of book.requests.filter(isOpen)) {
    const staffId = free.find((each) => couldBeOffered(book, request, each))
    if (staffId !== undefined)
      return `${request.requestId} has a vacancy, and nobody offers it to ${staffId}, who is free`
  }
  return null
}

function isBetter(book: Chronicle, one: RequestRecord, other: RequestRecord): boolean {
  if (one === other || !isOpen(one)) return false
  if (one.priority !== other.priority) return one.priority > other.priority
  if (one.openedAt !== other.openedAt) return one.openedAt < other.openedAt
  return book.requests.indexOf(one) < book.requests.indexOf(other)
}

function couldBeOffered(book: Chronicle, request: RequestRecord, staffId: StaffId): boolean {
  if (request.restUntilAt !== null || request.triedThisPass.includes(staffId)) return false
  const steps = stepsInForce(request)
  const ring = steps.map((step) => step.ring).findLast((each): each is SelectiveRing => each !== 'all')
  if (ring === undefined || request.offers.length >= (ring.atOnce ?? 1)) return false
  return canBeOffered(book, staffId, request)
}

function holdsAnOffer(book: Chronicle, staffId: StaffId): boolean {
  return book.requests.some(({ offers }) => offers.some((offer) => offer.staffId === staffId))
}
