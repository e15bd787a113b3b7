import { compareIds, hashText } from '../model/ids'
import type { Order, SelectiveRing, Target } from '../model/route'
import type { DeskState, StaffState } from '../state/state'
import { type Audience, byServiceOrder, type RequestState } from '../state/state'
import { leavesRoomForEarlier } from './one-order'
import { isOpenAndPresent, isReservedForEarlier, muteAndDeclineCount } from './rings'

/** The next offer of selective ringing: one request, and the staff to whom it is offered. */
export interface NextOffer {
  readonly request: RequestState
  readonly staff: readonly StaffState[]
  readonly offerTimeoutMs: number
}

/**
 * Returns the next offer: of the first request, in the order of service, with an open offer and a candidate; `null`
 * when there is none.
 */
export function findNextOffer(state: DeskState): NextOffer | null {
  let best: RequestState | null = null
  for (const request of state.offerable) {
    if (best !== null && byServiceOrder(best, request) < 0) continue
    if (candidatesOf(state, request, 1).length > 0) best = request
  }
  if (best === null) return null
  const ring = selectiveRingOf(best)
  return {
    request: best,
    staff: candidatesOf(state, best, openOfferCount(best)),
    offerTimeoutMs: ring?.offerTimeoutMs ?? state.policy.offerTimeoutMs,
  }
}

/** Returns the selective ring of the newest selective step; `null` when no active step is selective. */
export function selectiveRingOf({ activeAudiences, routingResult, step }: RequestState): SelectiveRing | null {
  if (activeAudiences.every((audience) => audience.order === 'all')) return null
  for (let index = Math.min(step, routingResult.route.steps.length - 1); index >= 0; index -= 1) {
    const ring = routingResult.route.steps[index]?.ring
    if (ring !== undefined && ring !== 'all') return ring
  }
  return null
}

/** Returns how many more offers a request may have now. */
export function openOfferCount(request: RequestState): number {
  if (!isOpenAndPresent(request)) return 0
  const ring = selectiveRingOf(request)
  return ring === null ? 0 : Math.max(0, (ring.concurrentOffers ?? 1) - (request.detail?.offers.size ?? 0))
}

/**
 * Returns up to `count` staff to offer a request to, best first; those of earlier steps before those of later ones.
 */
export function candidatesOf(state: DeskState, request: RequestState, count: number): readonly StaffState[] {
  const found: StaffState[] = []
  for (const audience of request.activeAudiences) {
    for (const staff of candidatesInOrder(audience, request)) {
      if (found.length >= count) return found
      if (!found.includes(staff) && isOfferableTo(state, request, staff, found)) found.push(staff)
    }
  }
  return found
}

/**
 * Returns whether a round of offers is over: an offer is open, no candidate is left, and at least one staff
 * member has let an offer expire in this round.
 */
export function isRoundExhausted(state: DeskState, request: RequestState): boolean {
  const { detail } = request
  if (detail === null || detail.roundEndedAt !== null || detail.missedThisRound.size === 0 || detail.offers.size > 0)
    return false
  return openOfferCount(request) > 0 && candidatesOf(state, request, 1).length === 0
}

/** Updates where a request awaits an offer. To be called whenever its offers, mutes, declines or audiences changed. */
export function updateOpenOffer(state: DeskState, request: RequestState, audiences = request.activeAudiences): void {
  if (audiences.every((audience) => audience.order === 'all')) return
  const hasOpenOffer = openOfferCount(request) > 0
  for (const audience of audiences) {
    if (audience.order === 'all') continue
    if (hasOpenOffer && request.activeAudiences.includes(audience)) audience.awaitingOffer.add(request)
    else audience.awaitingOffer.delete(request)
  }
  if (hasOpenOffer && candidatesOf(state, request, 1).length > 0) state.offerable.add(request)
  else removeOfferable(state, request)
}

/**
 * Removes a request from the lists of those that await an offer. To be called before it changes its place in the order
 * of service, since lists are searched by that order.
 */
export function removeOpenOffer(request: RequestState): void {
  for (const audience of request.activeAudiences) if (audience.order !== 'all') audience.awaitingOffer.delete(request)
}

/** Removes a request from the offerable ones, and adds the next one that awaits a candidate of its audiences. */
function removeOfferable(state: DeskState, request: RequestState): void {
  if (!state.offerable.delete(request)) return
  for (const audience of request.activeAudiences) addFirstOfferable(state, audience, request)
}

/** Finds the offers that are possible after the requests or the free slots of a blocking audience have changed. */
export function findUnblockedOffers(state: DeskState): void {
  state.hasUnblockedOffers = false
  for (const audience of state.audiences.values()) addFirstOfferable(state, audience)
}

function addFirstOfferable(state: DeskState, audience: Audience, except: RequestState | null = null): void {
  if (audience.order === 'all' || audience.candidates.entries.length === 0) return
  const next = firstAwaiting(audience, except, (request) => candidatesOf(state, request, 1).length > 0)
  if (next !== undefined) state.offerable.add(next)
}

/**
 * Returns the first request, in the order of service, that awaits an offer in an audience and can have it. When one
 * without exceptions has no candidate, no later one without exceptions and of at least its weight has one.
 */
function firstAwaiting(
  audience: Audience,
  except: RequestState | null,
  canHaveOffer: (request: RequestState) => boolean,
): RequestState | undefined {
  let refusedWeight = Number.POSITIVE_INFINITY
  for (const request of audience.awaitingOffer.entries) {
    if (request === except || !awaitsOfferIn(audience, request)) continue
    const isPlain = request.activeAudiences.length === 1 && !hasExceptions(request)
    if (isPlain && request.weight >= refusedWeight) continue
    if (canHaveOffer(request)) return request
    if (isPlain) refusedWeight = request.weight
  }
  return undefined
}

function hasExceptions(request: RequestState): boolean {
  return muteAndDeclineCount(request) > 0 || (request.detail !== null && request.detail.missedThisRound.size > 0)
}

export function removeCandidate(staff: StaffState): void {
  for (const audience of staff.eligibleIn) if (audience.order !== 'all') audience.candidates.delete(staff)
}

/** Adds a staff member to the candidates, and makes the first request that awaits one of them offerable. */
export function addCandidate(state: DeskState, staff: StaffState): void {
  if (staff.offer !== null || staff.capacity - staff.load < 1) return
  for (const audience of staff.eligibleIn) {
    if (audience.order === 'all') continue
    audience.candidates.add(staff)
    const waiting = firstAwaiting(audience, null, (request) => isOfferableTo(state, request, staff, none))
    if (waiting !== undefined) state.offerable.add(waiting)
  }
}

/** Returns whether a request still awaits an offer in an audience: one being changed may be in outdated lists. */
function awaitsOfferIn(audience: Audience, request: RequestState): boolean {
  return request.activeAudiences.includes(audience) && openOfferCount(request) > 0
}

/** Removes the offerable requests that have no candidate any more, and returns them. To be called after each event. */
export function pruneOfferable(state: DeskState): readonly RequestState[] {
  const removed: RequestState[] = []
  for (const request of state.offerable) {
    if (openOfferCount(request) > 0 && candidatesOf(state, request, 1).length > 0) continue
    removeOfferable(state, request)
    removed.push(request)
  }
  return removed
}

const none: readonly never[] = []

/**
 * Returns whether a staff member can get an offer of a request. One whom a ring-all step rings gets none: it would only
 * reserve a slot and could be missed. `chosen`: the staff who get the same offer already.
 */
function isOfferableTo(
  state: DeskState,
  request: RequestState,
  staff: StaffState,
  chosen: readonly StaffState[],
): boolean {
  const { weight, detail, activeAudiences } = request
  if (staff.offer !== null || staff.capacity - staff.load < weight || isReservedForEarlier(request, staff)) return false
  if (
    activeAudiences.length > 1 &&
    activeAudiences.some((audience) => audience.order === 'all' && staff.eligibleIn.has(audience))
  )
    return false
  if (detail !== null) {
    if (detail.mutes.has(staff.id) || detail.declines.has(staff.id) || detail.missedThisRound.has(staff.id))
      return false
  }
  return leavesRoomForEarlier(state, request, staff, chosen)
}

/** Yields the candidates of an audience; `random` starts at an index hashed from the request, so that replay agrees. */
function* candidatesInOrder(audience: Audience, request: RequestState): Generator<StaffState> {
  const { entries } = audience.candidates
  if (audience.order === 'all' || entries.length === 0) return
  const start = audience.order === 'random' ? hashOfRequest(request) % entries.length : 0
  for (let index = 0; index < entries.length; index += 1) {
    yield entries[(start + index) % entries.length] as StaffState
  }
}

/** Returns a hash of a request and of its offers so far. */
function hashOfRequest({ id, detail }: RequestState): number {
  return hashText(`${id}/${detail?.missed.size ?? 0}/${detail?.missedThisRound.size ?? 0}/${detail?.offers.size ?? 0}`)
}

type StaffComparator = (a: StaffState, b: StaffState) => number

/**
 * Returns the order of the candidates of a selective ring. Of equal candidates the one with the least recent offer is
 * first, then the lower staff id; for `random` the order is that of the ids alone.
 */
export function staffComparatorOf(
  state: DeskState,
  key: string,
  target: Target,
  order: 'all' | Order,
): StaffComparator {
  const first = rankOf(state, key, target, order)
  if (first === null) return (a, b) => compareIds(a.id, b.id)
  return (a, b) => first(a) - first(b) || a.lastOfferNumber - b.lastOfferNumber || compareIds(a.id, b.id)
}

/** Returns the rank by which candidates are ordered, lowest first; `null` for orders without one. */
function rankOf(
  state: DeskState,
  key: string,
  target: Target,
  order: 'all' | Order,
): ((staff: StaffState) => number) | null {
  switch (order) {
    case 'longest-idle':
      return (staff) => staff.idleSinceAt
    case 'least-loaded':
      return (staff) => staff.load / staff.capacity
    case 'round-robin':
      return (staff) => state.lastOfferNumbers.get(key)?.get(staff.id) ?? 0
    case 'best-skilled':
      return (staff) => -skillLevelOf(target, staff)
    case 'listed':
      return (staff) => listedIndexOf(target, staff)
    case 'random':
    case 'all':
      return null
    default:
      return order satisfies never
  }
}

/** Returns the sum of the levels of the skills that the target names; of all skills when it names none. */
function skillLevelOf(target: Target, { record }: StaffState): number {
  const skills = record.skills ?? {}
  const counted = target === 'everyone' || target.skills === undefined ? skills : target.skills
  return Object.keys(counted).reduce((sum, skill) => sum + (skills[skill] ?? 0), 0)
}

function listedIndexOf(target: Target, staff: StaffState): number {
  if (target === 'everyone' || target.staff === undefined || typeof target.staff === 'string') return 0
  return target.staff.indexOf(staff.id)
}
