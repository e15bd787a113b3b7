import type { StaffId } from './ids'
import type { Audience, RequestState, StaffState } from './state'

/**
 * What of a staff member decides whether something rings for them: read before and after a change to find its edges.
 */
export type Standing = Pick<StaffState, 'capacity' | 'load' | 'offer' | 'reachableIn'>

/**
 * The one rule (SEMANTICS 2): whether this request rings for this person. Reads nothing but the state. The desk never
 * stores the answer; it emits the difference that each event makes to it.
 */
export function rings(request: RequestState, staff: StaffState, standing: Standing = staff): boolean {
  if (!isHere(request) || isSilenced(request, staff.id)) return false
  if (standing.capacity - standing.load < request.weight) return false
  return request.rungs.some((rung) => standing.reachableIn.has(rung) && isRungBy(rung, request, staff, standing))
}

/** Everybody for whom a request rings, in the order of the audience. Shared when it can be: do not change it. */
export function ringersOf(request: RequestState): readonly StaffId[] {
  const rung = request.rungs[0]
  if (rung === undefined || !isHere(request)) return none
  if (request.rungs.length > 1 || request.weight !== 1) return [...idsOf(eachRinger(request))]
  if (rung.order !== 'all') return offeredOf(request)
  return isPlain(request) ? ringable(rung) : ringableFor(rung, request)
}

/** Whether it rings for anybody. */
export function ringsAnybody(request: RequestState): boolean {
  const rung = request.rungs[0]
  if (rung === undefined || !isHere(request)) return false
  if (rung.order === 'all' && request.rungs.length === 1 && request.weight === 1) {
    if (ringable(rung).length > silencedCount(request)) return true
  }
  return eachRinger(request).next().done !== true
}

/** Open, and its visitor is there. */
export function isHere(request: RequestState): boolean {
  return request.assignment === null && (request.detail === null || request.detail.visitorLeftAt === null)
}

/** Whether its ring set is just the audience's: nothing about it needs a look of its own. */
export function isPlain({ rungs, weight, detail }: RequestState): boolean {
  if (rungs.length !== 1 || weight !== 1) return false
  return detail === null || (detail.mutes.size === 0 && detail.declines.size === 0 && detail.visitorLeftAt === null)
}

/** At least as many as have silenced it. */
function silencedCount({ detail }: RequestState): number {
  return detail === null ? 0 : detail.mutes.size + detail.declines.size
}

export function isSilenced({ detail }: RequestState, staffId: StaffId): boolean {
  return detail !== null && (detail.mutes.has(staffId) || detail.declines.has(staffId))
}

/** Room for another request: what the selective offer in hand reserves is taken. */
export function roomOf({ capacity, load, offer }: Standing): number {
  return capacity - load - (offer === null ? 0 : offer.weight)
}

/** Whether it takes an offer to ring this person: a selective step means them, and no other rings them anyway. */
export function needsOffer({ rungs }: RequestState, staff: StaffState): boolean {
  const meant = rungs.filter((rung) => staff.reachableIn.has(rung))
  return meant.length > 0 && meant.every((rung) => rung.order !== 'all')
}

/** Whether a person could take it as far as presence, shift and room go, offers in hand left aside. */
export function isAble(request: RequestState, staff: StaffState): boolean {
  return staff.capacity - staff.load >= request.weight && request.detail?.declines.has(staff.id) !== true
}

/** Belongs to what the request rings, by roster, and has not declined it. */
export function isInAudience(request: RequestState, staff: StaffState): boolean {
  return request.rungs.some((rung) => rung.members.has(staff)) && request.detail?.declines.has(staff.id) !== true
}

/** Nobody of the route as far as it has come is present, available and on shift. */
export function isDeserted({ rungs, detail }: RequestState): boolean {
  for (const rung of rungs) {
    if (detail === null || detail.declines.size === 0) {
      if (rung.reachable.size > 0) return false
      continue
    }
    for (const staff of rung.reachable) if (!detail.declines.has(staff.id)) return false
  }
  return true
}

export function openRequestsOf(staff: StaffState): Set<RequestState> {
  const requests = new Set<RequestState>()
  for (const audience of staff.audiences) {
    for (const request of audience.plain) requests.add(request)
    for (const request of audience.particular) if (isInAudience(request, staff)) requests.add(request)
  }
  return requests
}

const none: readonly never[] = []

function isRungBy(rung: Audience, request: RequestState, staff: StaffState, standing: Standing): boolean {
  if (rung.order !== 'all') return request.detail?.offers.has(staff) === true
  if (standing.offer === null || standing.offer === request) return true
  return roomOf(standing) >= request.weight
}

function ringable(rung: Audience): readonly StaffId[] {
  if (rung.ringable !== null) return rung.ringable
  const ids: StaffId[] = []
  for (const staff of rung.reachable) if (roomOf(staff) >= 1) ids.push(staff.id)
  rung.ringable = ids
  return ids
}

/** Those who silenced it are few, those who are rung many: so they are looked for one by one and cut out. */
function ringableFor(rung: Audience, { detail }: RequestState): readonly StaffId[] {
  const ids = [...ringable(rung)]
  if (detail === null) return ids
  for (const id of detail.mutes.keys()) cutOut(ids, id)
  for (const id of detail.declines) cutOut(ids, id)
  return ids
}

function cutOut(ids: StaffId[], id: StaffId): void {
  const index = ids.indexOf(id)
  if (index >= 0) ids.splice(index, 1)
}

function offeredOf({ detail }: RequestState): readonly StaffId[] {
  return detail === null || detail.offers.size === 0 ? none : [...idsOf(detail.offers.keys())]
}

function* eachRinger(request: RequestState): Generator<StaffState> {
  for (const rung of request.rungs) {
    const candidates = rung.order === 'all' ? rung.reachable : (request.detail?.offers.keys() ?? none)
    for (const staff of candidates) if (rings(request, staff)) yield staff
  }
}

/** Unique: somebody may stand in the audiences of several steps. */
function idsOf(staff: Iterable<StaffState>): Set<StaffId> {
  const ids = new Set<StaffId>()
  for (const { id } of staff) ids.add(id)
  return ids
}
