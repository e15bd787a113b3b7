import type { DomainEvent, SelectiveRing, StaffId } from '../../core'
import { findRequest, isOpen, type ReferenceModel, type RequestRecord } from '../reference-model/reference-model'
import { activeSteps, requiresOffer } from '../reference-model/ringing'
import type { DeskView, Invariant } from './invariant'

/**
 * I10: nobody is offered a request while a better one (priority, then age), which that person may take, has a vacancy.
 */
export const offersFollowPriority: Invariant = {
  id: 'I10',
  name: 'order',
  createObserver: () => ({
    beforeEvent: (event, book) => (event.type === 'offer.made' ? findWrongOffer(event, book) : null),
    atRest: (_, book) => findMissedOffer(book),
  }),
}

function findWrongOffer(
  { requestId, staffIds }: Extract<DomainEvent, { type: 'offer.made' }>,
  book: ReferenceModel,
): string | null {
  const offered = findRequest(book, requestId)
  if (offered === undefined) return `${requestId} is offered and was never opened`
  for (const staffId of staffIds) {
    const better = book.requests.find((each) => precedes(book, each, offered) && isOfferable(book, each, staffId))
    if (better !== undefined) return `${staffId} is offered ${requestId} while ${better.requestId} has a vacancy`
    if (hasOffer(book, staffId)) return `${staffId} is offered ${requestId} and holds an offer already`
    if (!requiresOffer(book, staffId, offered)) return `${staffId} is offered ${requestId} and needs no offer`
  }
  return null
}

/** At rest every vacancy has found whoever could fill it. */
function findMissedOffer(book: ReferenceModel): string | null {
  const free = book.staff.map(({ staff }) => staff.id).filter((staffId) => !hasOffer(book, staffId))
  for (const request of book.requests.filter(isOpen)) {
    const staffId = free.find((each) => isOfferable(book, request, each))
    if (staffId !== undefined)
      return `${request.requestId} has a vacancy, and nobody offers it to ${staffId}, who is free`
  }
  return null
}

function precedes(book: ReferenceModel, one: RequestRecord, other: RequestRecord): boolean {
  if (one === other || !isOpen(one)) return false
  if (one.priority !== other.priority) return one.priority > other.priority
  if (one.openedAt !== other.openedAt) return one.openedAt < other.openedAt
  return book.requests.indexOf(one) < book.requests.indexOf(other)
}

function isOfferable(book: ReferenceModel, request: RequestRecord, staffId: StaffId): boolean {
  if (request.restUntilAt !== null || request.triedThisPass.includes(staffId)) return false
  const steps = activeSteps(request)
  const ring = steps.map((step) => step.ring).findLast((each): each is SelectiveRing => each !== 'all')
  if (ring === undefined || request.offers.length >= (ring.concurrentOffers ?? 1)) return false
  return requiresOffer(book, staffId, request)
}

function hasOffer(book: ReferenceModel, staffId: StaffId): boolean {
  return book.requests.some(({ offers }) => offers.some((offer) => offer.staffId === staffId))
}

/** I13: awaiting lists exactly the open requests whose accept would succeed or be refused only for capacity. */
export const awaitingIsComplete: Invariant = {
  id: 'I13',
  name: 'awaiting is complete',
  createObserver: () => ({
    atRest: (desk, book) => {
      for (const { staff } of book.staff) {
        const complaint = findAwaitingMismatch(desk, book, staff.id)
        if (complaint !== null) return complaint
      }
      const all = desk.awaiting().map(({ requestId }) => requestId)
      const open = book.requests.filter(isOpen).map(({ requestId }) => requestId)
      return sameSet(all, open) ? null : `the supervisor sees ${all}, open are ${open}`
    },
  }),
}

function findAwaitingMismatch(desk: DeskView, book: ReferenceModel, staffId: string): string | null {
  if (desk.preview === undefined) return null
  const listed = desk.awaiting(staffId).map(({ requestId }) => requestId)
  const startable = book.requests.filter(isOpen).filter(({ requestId }) => mayAccept(desk, book, requestId, staffId))
  const due = startable.map(({ requestId }) => requestId)
  return sameSet(listed, due) ? null : `${staffId} sees ${listed}, and could start ${due}`
}

function mayAccept(desk: DeskView, book: ReferenceModel, requestId: string, staffId: string): boolean {
  const outcome = desk.preview?.({ type: 'accept', at: book.at, requestId, staffId }).outcome
  return outcome !== undefined && (outcome.ok || outcome.code === 'at-capacity')
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && new Set(one).size === one.length && one.every((each) => other.includes(each))
}
