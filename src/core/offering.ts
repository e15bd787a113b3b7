import { isHere } from './ringing'
import type { SelectiveRing } from './route'
import { type Audience, compareServed, type DeskState, type RequestState, type StaffState } from './state'

/** Who is to be offered what next: selective ringing. Vacancies meet candidates; the best request goes first. */
export interface Match {
  readonly request: RequestState
  readonly staff: readonly StaffState[]
  readonly eachMs: number
}

/** The most urgent request that has a vacancy and somebody to fill it; `null` when the desk has settled. */
export function bestMatch(state: DeskState): Match | null {
  let best: RequestState | null = null
  for (const request of state.matchable) {
    if (best !== null && compareServed(best, request) < 0) continue
    if (candidatesOf(request, 1).length > 0) best = request
  }
  if (best === null) return null
  const manner = mannerOf(best)
  return {
    request: best,
    staff: candidatesOf(best, vacanciesOf(best)),
    eachMs: manner?.eachMs ?? state.policy.eachMs,
  }
}

/** How the request rings selectively: as its newest selective step says; `null` when none of its steps does. */
export function mannerOf({ rungs, verdict, step }: RequestState): SelectiveRing | null {
  if (rungs.every((rung) => rung.order === 'all')) return null
  for (let index = Math.min(step, verdict.route.steps.length - 1); index >= 0; index -= 1) {
    const ring = verdict.route.steps[index]?.ring
    if (ring !== undefined && ring !== 'all') return ring
  }
  return null
}

export function vacanciesOf(request: RequestState): number {
  if (!isHere(request)) return 0
  const manner = mannerOf(request)
  return manner === null ? 0 : Math.max(0, (manner.atOnce ?? 1) - (request.detail?.offers.size ?? 0))
}

/** Up to `count` people to offer it to, best first; earlier steps' audiences come before later ones'. */
export function candidatesOf(request: RequestState, count: number): readonly StaffState[] {
  const found: StaffState[] = []
  for (const rung of request.rungs) {
    for (const staff of inOrder(rung, request)) {
      if (found.length >= count) return found
      if (mayBeOffered(request, staff) && !found.includes(staff)) found.push(staff)
    }
  }
  return found
}

/** A full pass has ended without an answer: a vacancy, nobody left to try, and somebody who was tried. */
export function isPassOver(request: RequestState): boolean {
  const { detail } = request
  if (detail === null || detail.restUntilAt !== null || detail.tried.size === 0 || detail.offers.size > 0) return false
  return vacanciesOf(request) > 0 && candidatesOf(request, 1).length === 0
}

/**
 * Keeps a request where vacancies are looked for; to be called whenever its offers, its silence or its rungs changed.
 */
export function placeVacancy(state: DeskState, request: RequestState, rungs = request.rungs): void {
  if (rungs.every((rung) => rung.order === 'all')) return
  const isVacant = vacanciesOf(request) > 0
  for (const rung of rungs) {
    if (rung.order === 'all') continue
    if (isVacant && request.rungs.includes(rung)) rung.vacant.add(request)
    else rung.vacant.delete(request)
  }
  if (isVacant && candidatesOf(request, 1).length > 0) state.matchable.add(request)
  else unmatch(state, request)
}

/** To be called before a request changes its place in the order of service: lists are searched by that order. */
export function leaveVacancies(request: RequestState): void {
  for (const rung of request.rungs) if (rung.order !== 'all') rung.vacant.delete(request)
}

/** Several people may have waited for one place: when it is gone, the next best request is pointed at. */
function unmatch(state: DeskState, request: RequestState): void {
  if (!state.matchable.delete(request)) return
  for (const { order, ranks, vacant } of request.rungs) {
    if (order === 'all' || ranks.entries.length === 0) continue
    const next = vacant.entries.find((other) => other !== request && candidatesOf(other, 1).length > 0)
    if (next !== undefined) state.matchable.add(next)
  }
}

export function leaveRanks(staff: StaffState): void {
  for (const audience of staff.reachableIn) if (audience.order !== 'all') audience.ranks.delete(staff)
}

/** Puts somebody among those who can be offered, and points at the best request that waits for just that. */
export function enterRanks(state: DeskState, staff: StaffState): void {
  if (staff.offer !== null || staff.capacity - staff.load < 1) return
  for (const audience of staff.reachableIn) {
    if (audience.order === 'all') continue
    audience.ranks.add(staff)
    const waiting = audience.vacant.entries.find(
      (request) => isVacantIn(audience, request) && mayBeOffered(request, staff),
    )
    if (waiting !== undefined) state.matchable.add(waiting)
  }
}

/** Whether it still waits there: a request that is being changed has not left its old places yet. */
function isVacantIn(audience: Audience, request: RequestState): boolean {
  return request.rungs.includes(audience) && vacanciesOf(request) > 0
}

/** Drops requests whose candidates have gone since; called after each event. */
export function tidyMatches(state: DeskState): void {
  for (const request of state.matchable) {
    if (vacanciesOf(request) === 0 || candidatesOf(request, 1).length === 0) unmatch(state, request)
  }
}

/** Whoever a step rings anyway needs no offer: it would only reserve their slot and count strikes. */
function mayBeOffered({ weight, detail, rungs }: RequestState, staff: StaffState): boolean {
  if (staff.offer !== null || staff.capacity - staff.load < weight) return false
  if (rungs.length > 1 && rungs.some((rung) => rung.order === 'all' && staff.reachableIn.has(rung))) return false
  if (detail === null) return true
  return !detail.mutes.has(staff.id) && !detail.declines.has(staff.id) && !detail.tried.has(staff.id)
}

/** The ranks of a rung; for `random` a walk from a place drawn from the request, so that replay draws the same. */
function* inOrder(rung: Audience, request: RequestState): Generator<StaffState> {
  const { entries } = rung.ranks
  if (rung.order === 'all' || entries.length === 0) return
  const start = rung.order === 'random' ? drawn(request) % entries.length : 0
  for (let index = 0; index < entries.length; index += 1) {
    yield entries[(start + index) % entries.length] as StaffState
  }
}

/** A number from the request and how often it was offered: FNV-1a. */
function drawn({ id, detail }: RequestState): number {
  const text = `${id}/${detail?.missed.size ?? 0}/${detail?.tried.size ?? 0}/${detail?.offers.size ?? 0}`
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}
