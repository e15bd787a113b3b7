import type { DomainEvent, SelectiveRing, StaffId } from '../../core'
import {
  findRequest,
  isLeftAlone,
  isOpen,
  type ReferenceModel,
  type RequestRecord,
} from '../reference-model/reference-model'
import { activeSteps, isServedBefore, leavesRoomForEarlier, requiresOffer } from '../reference-model/ringing'
import type { DeskView, Invariant } from './invariant'

/**
 * I10: no staff member is offered a request while one before it (by priority, then age) lacks an offer and could be
 * offered to that staff member, nor a slot that an earlier ring-all request needs or a heavy one reserves.
 */
export const offersFollowPriority: Invariant = {
  id: 'I10',
  name: 'offers follow priority',
  createObserver: () => ({
    beforeEvent: (event, model) => (event.type === 'offer.made' ? findWrongOffer(event, model) : null),
    onIdle: (_, model) => findMissedOffer(model),
  }),
}

function findWrongOffer(
  { requestId, staffIds }: Extract<DomainEvent, { type: 'offer.made' }>,
  model: ReferenceModel,
): string | null {
  const offered = findRequest(model, requestId)
  if (offered === undefined) return `${requestId} is offered and was never opened`
  for (const staffId of staffIds) {
    const earlier = model.requests.find(
      (each) => isOpen(each) && isServedBefore(model, each, offered) && isOfferable(model, each, staffId),
    )
    if (earlier !== undefined) return `${staffId} is offered ${requestId} while ${earlier.requestId} lacks an offer`
    if (hasOffer(model, staffId)) return `${staffId} is offered ${requestId} and holds an offer already`
    if (!requiresOffer(model, staffId, offered)) return `${staffId} is offered ${requestId} and needs no offer`
    const chosen = staffIds.slice(0, staffIds.indexOf(staffId))
    if (!leavesRoomForEarlier(model, offered, staffId, chosen))
      return `${staffId} is offered ${requestId} and an earlier ring-all request needs the slot`
  }
  return null
}

/** Once the desk is idle, every request that lacks an offer has one if a free staff member could have it. */
function findMissedOffer(model: ReferenceModel): string | null {
  const free = model.staff.map(({ staff }) => staff.id).filter((staffId) => !hasOffer(model, staffId))
  for (const request of model.requests.filter(isOpen)) {
    const staffId = free.find((each) => isOfferable(model, request, each))
    if (staffId !== undefined) return `${request.requestId} lacks an offer, and ${staffId}, who is free, could have it`
  }
  return null
}

function isOfferable(model: ReferenceModel, request: RequestRecord, staffId: StaffId): boolean {
  if (request.roundEndedAt !== null || request.missedThisRound.includes(staffId)) return false
  const steps = activeSteps(model, request)
  const ring = steps.map((step) => step.ring).findLast((each): each is SelectiveRing => each !== 'all')
  if (ring === undefined || request.offers.length >= (ring.concurrentOffers ?? 1)) return false
  return requiresOffer(model, staffId, request) && leavesRoomForEarlier(model, request, staffId)
}

function hasOffer(model: ReferenceModel, staffId: StaffId): boolean {
  return model.requests.some(({ offers }) => offers.some((offer) => offer.staffId === staffId))
}

/**
 * I13: awaiting lists exactly the open requests whose accept would succeed or be refused only for capacity, and for a
 * supervisor all that are open or left alone.
 */
export const awaitingIsComplete: Invariant = {
  id: 'I13',
  name: 'awaiting is complete',
  createObserver: () => ({
    onIdle: (desk, model) => {
      for (const { staff } of model.staff) {
        const violation = findAwaitingMismatch(desk, model, staff.id)
        if (violation !== null) return violation
      }
      const all = desk.awaiting().map(({ requestId }) => requestId)
      const due = model.requests.filter((each) => isOpen(each) || isLeftAlone(each)).map(({ requestId }) => requestId)
      return sameSet(all, due) ? null : `the supervisor sees ${all}, open or left alone are ${due}`
    },
  }),
}

function findAwaitingMismatch(desk: DeskView, model: ReferenceModel, staffId: string): string | null {
  if (desk.preview === undefined) return null
  const listed = desk.awaiting(staffId).map(({ requestId }) => requestId)
  const acceptable = model.requests.filter(isOpen).filter(({ requestId }) => mayAccept(desk, model, requestId, staffId))
  const due = acceptable.map(({ requestId }) => requestId)
  return sameSet(listed, due) ? null : `${staffId} sees ${listed}, and could accept ${due}`
}

function mayAccept(desk: DeskView, model: ReferenceModel, requestId: string, staffId: string): boolean {
  const outcome = desk.preview?.({ type: 'accept', at: model.at, requestId, staffId }).outcome
  return outcome !== undefined && (outcome.ok || outcome.code === 'at-capacity')
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && new Set(one).size === one.length && one.every((each) => other.includes(each))
}
