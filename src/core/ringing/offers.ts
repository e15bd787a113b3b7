import { hashText } from '../collections/hash-text'
import { compareIds } from '../model/ids'
import type { Order, SelectiveRing, Target } from '../model/route'
import type { DeskState, StaffState } from '../state/state'
import { type Audience, byServiceOrder, type RequestState } from '../state/state'
import { isOpenAndPresent } from './rings'

/** Who is to be offered what next: selective ringing. Vacancies meet candidates; the best request goes first. */
export interface NextOffer {
  readonly request: RequestState
  readonly staff: readonly StaffState[]
  readonly offerTimeoutMs: number
}

/** The most urgent request that has a vacancy and somebody to fill it; `null` when the desk has settled. */
export function findNextOffer(state: DeskState): NextOffer | null {
  let best: RequestState | null = null
  for (const request of state.offerable) {
    if (best !== null && byServiceOrder(best, request) < 0) continue
    if (candidatesOf(request, 1).length > 0) best = request
  }
  if (best === null) return null
  const manner = selectiveRingOf(best)
  return {
    request: best,
    staff: candidatesOf(best, openOfferCount(best)),
    offerTimeoutMs: manner?.offerTimeoutMs ?? state.policy.offerTimeoutMs,
  }
}

/** How the request rings selectively: as its newest selective step says; `null` when none of its steps does. */
export function selectiveRingOf({ activeAudiences, routingResult, step }: RequestState): SelectiveRing | null {
  if (activeAudiences.every((rung) => rung.order === 'all')) return null
  for (let index = Math.min(step, routingResult.route.steps.length - 1); index >= 0; index -= 1) {
    const ring = routingResult.route.steps[index]?.ring
    if (ring !== undefined && ring !== 'all') return ring
  }
  return null
}

export function openOfferCount(request: RequestState): number {
  if (!isOpenAndPresent(request)) return 0
  const manner = selectiveRingOf(request)
  return manner === null ? 0 : Math.max(0, (manner.concurrentOffers ?? 1) - (request.detail?.offers.size ?? 0))
}

/** Up to `count` people to offer it to, best first; earlier steps' audiences come before later ones'. */
export function candidatesOf(request: RequestState, count: number): readonly StaffState[] {
  const found: StaffState[] = []
  for (const rung of request.activeAudiences) {
    for (const staff of candidatesInOrder(rung, request)) {
      if (found.length >= count) return found
      if (isOfferableTo(request, staff) && !found.includes(staff)) found.push(staff)
    }
  }
  return found
}

/** A full pass has ended without an answer: a vacancy, nobody left to try, and somebody who was tried. */
export function isRoundExhausted(request: RequestState): boolean {
  const { detail } = request
  if (detail === null || detail.nextRoundAt !== null || detail.tried.size === 0 || detail.offers.size > 0) return false
  return openOfferCount(request) > 0 && candidatesOf(request, 1).length === 0
}

/**
 * Keeps a request where vacancies are looked for; to be called whenever its offers, its silence or its rungs changed.
 */
export function updateOpenOffer(state: DeskState, request: RequestState, rungs = request.activeAudiences): void {
  if (rungs.every((rung) => rung.order === 'all')) return
  const isVacant = openOfferCount(request) > 0
  for (const rung of rungs) {
    if (rung.order === 'all') continue
    if (isVacant && request.activeAudiences.includes(rung)) rung.awaitingOffer.add(request)
    else rung.awaitingOffer.delete(request)
  }
  if (isVacant && candidatesOf(request, 1).length > 0) state.offerable.add(request)
  else removeOfferable(state, request)
}

/** To be called before a request changes its place in the order of service: lists are searched by that order. */
export function removeOpenOffer(request: RequestState): void {
  for (const rung of request.activeAudiences) if (rung.order !== 'all') rung.awaitingOffer.delete(request)
}

/** Several people may have waited for one place: when it is gone, the next best request is pointed at. */
function removeOfferable(state: DeskState, request: RequestState): void {
  if (!state.offerable.delete(request)) return
  for (const { order, candidates, awaitingOffer } of request.activeAudiences) {
    if (order === 'all' || candidates.entries.length === 0) continue
    const next = awaitingOffer.entries.find((other) => other !== request && candidatesOf(other, 1).length > 0)
    if (next !== undefined) state.offerable.add(next)
  }
}

export function removeCandidate(staff: StaffState): void {
  for (const audience of staff.reachableIn) if (audience.order !== 'all') audience.candidates.delete(staff)
}

/** Puts somebody among those who can be offered, and points at the best request that waits for just that. */
export function addCandidate(state: DeskState, staff: StaffState): void {
  if (staff.offer !== null || staff.capacity - staff.load < 1) return
  for (const audience of staff.reachableIn) {
    if (audience.order === 'all') continue
    audience.candidates.add(staff)
    const waiting = audience.awaitingOffer.entries.find(
      (request) => awaitsOfferIn(audience, request) && isOfferableTo(request, staff),
    )
    if (waiting !== undefined) state.offerable.add(waiting)
  }
}

/** Whether it still waits there: a request that is being changed has not left its old places yet. */
function awaitsOfferIn(audience: Audience, request: RequestState): boolean {
  return request.activeAudiences.includes(audience) && openOfferCount(request) > 0
}

/** Drops requests whose candidates have gone since; called after each event. */
export function pruneOfferable(state: DeskState): void {
  for (const request of state.offerable) {
    if (openOfferCount(request) === 0 || candidatesOf(request, 1).length === 0) removeOfferable(state, request)
  }
}

/** Whoever a step rings anyway needs no offer: it would only reserve their slot and count strikes. */
function isOfferableTo({ weight, detail, activeAudiences }: RequestState, staff: StaffState): boolean {
  if (staff.offer !== null || staff.capacity - staff.load < weight) return false
  if (activeAudiences.length > 1 && activeAudiences.some((rung) => rung.order === 'all' && staff.reachableIn.has(rung)))
    return false
  if (detail === null) return true
  return !detail.mutes.has(staff.id) && !detail.declines.has(staff.id) && !detail.tried.has(staff.id)
}

/** The ranks of a rung; for `random` a walk from a place drawn from the request, so that replay draws the same. */
function* candidatesInOrder(rung: Audience, request: RequestState): Generator<StaffState> {
  const { entries } = rung.candidates
  if (rung.order === 'all' || entries.length === 0) return
  const start = rung.order === 'random' ? hashOfRequest(request) % entries.length : 0
  for (let index = 0; index < entries.length; index += 1) {
    yield entries[(start + index) % entries.length] as StaffState
  }
}

/** Returns a number that depends on the request and how often it was offered. */
function hashOfRequest({ id, detail }: RequestState): number {
  return hashText(`${id}/${detail?.missed.size ?? 0}/${detail?.tried.size ?? 0}/${detail?.offers.size ?? 0}`)
}

type StaffComparator = (a: StaffState, b: StaffState) => number

/**
 * Who is offered first, by the order of a selective ring. Ties fall to the staff id. `random` draws from the id order.
 */
export function staffComparatorOf(
  state: DeskState,
  key: string,
  target: Target,
  order: 'all' | Order,
): StaffComparator {
  const first = rankOf(state, key, target, order)
  if (first === null) return (a, b) => compareIds(a.id, b.id)
  return (a, b) => first(a) - first(b) || compareIds(a.id, b.id)
}

/** Lower goes first. */
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

/** Sum of the levels of the skills the target asks for; of all skills, when it asks for none. */
function skillLevelOf(target: Target, { record }: StaffState): number {
  const skills = record.skills ?? {}
  const asked = target === 'everyone' || target.skills === undefined ? skills : target.skills
  return Object.keys(asked).reduce((sum, skill) => sum + (skills[skill] ?? 0), 0)
}

function listedIndexOf(target: Target, staff: StaffState): number {
  if (target === 'everyone' || target.staff === undefined || typeof target.staff === 'string') return 0
  return target.staff.indexOf(staff.id)
}
