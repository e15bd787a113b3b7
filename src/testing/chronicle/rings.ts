import type { RequestId, Ring, StaffId, Step, Target } from '../../core'
import { type Chronicle, isOpen, type RequestRecord, type StaffRecord, staffIn } from './chronicle'

/** One (request, staff) pair that rings. */
export interface Pair {
  readonly requestId: RequestId
  readonly staffId: StaffId
}

/** Every pair for which `rings` holds, found by asking each. */
export function ringingPairs(book: Chronicle): Pair[] {
  return book.requests
    .filter(isOpen)
    .flatMap((request) =>
      book.staff
        .filter(({ staff }) => rings(book, staff.id, request))
        .map(({ staff }) => ({ requestId: request.requestId, staffId: staff.id })),
    )
}

/** The one rule that everything follows from: `ringing` is a function of state. */
export function rings(book: Chronicle, staffId: StaffId, request: RequestRecord): boolean {
  if (!canRing(book, staffId, request)) return false
  if (audibleSteps(book, staffId, request).some(({ ring }) => ring === 'all')) return true
  return request.offers.some((offer) => offer.staffId === staffId)
}

/** All of the rule but the offer that a selective step asks for. */
export function canRing(book: Chronicle, staffId: StaffId, request: RequestRecord): boolean {
  const record = staffIn(book, staffId)
  if (record === undefined || !isOpen(request) || !isVisitorHere(book, request)) return false
  if (!record.isPresent || record.availability !== 'available') return false
  if (request.declinedBy.includes(staffId)) return false
  if (request.silences.some((silence) => silence.staffId === staffId)) return false
  if (!hasRoom(book, record, request)) return false
  return audibleSteps(book, staffId, request).length > 0
}

/** It takes an offer to ring this person: they could be rung, and every step that means them rings selectively. */
export function canBeOffered(book: Chronicle, staffId: StaffId, request: RequestRecord): boolean {
  return canRing(book, staffId, request) && audibleSteps(book, staffId, request).every(({ ring }) => ring !== 'all')
}

/** The steps in force: the latest, and those before it back to the last that handed over. */
export function stepsInForce({ route, step }: RequestRecord): { readonly to: Target; readonly ring: Ring }[] {
  if (step >= route.steps.length) return [{ to: 'everyone', ring: 'all' }]
  const started = route.steps.slice(0, step + 1)
  const handOver = started.findLastIndex((each: Step) => !each.add)
  return started.slice(Math.max(0, handOver))
}

/** Whether somebody is among those whom the steps in force are for, by roster, and has not declined. */
export function isInAudience(book: Chronicle, staffId: StaffId, request: RequestRecord): boolean {
  const record = staffIn(book, staffId)
  if (record === undefined || request.declinedBy.includes(staffId)) return false
  return stepsInForce(request).some(({ to }) => isMember(record, to))
}

/** Whether a target means this person, by roster alone. */
export function isMember({ staff }: Pick<StaffRecord, 'staff'>, target: Target): boolean {
  if (target === 'everyone') return true
  if (target.staff !== undefined && !listed(target.staff).includes(staff.id)) return false
  if (target.team !== undefined && !sharesOne(staff.teams, target.team)) return false
  if (target.shift !== undefined && !sharesOne(staff.shifts, target.shift)) return false
  for (const [skill, least] of Object.entries(target.skills ?? {})) {
    const levels: Readonly<Record<string, number>> = staff.skills ?? {}
    if (!Object.hasOwn(levels, skill) || (levels[skill] ?? -1) < least) return false
  }
  return target.not === undefined || !isMember({ staff }, target.not)
}

/** What somebody's slots hold: chats and wrap-ups, in units of weight. */
export function loadOf(book: Chronicle, staffId: StaffId): number {
  const chats = book.requests.filter((request) => request.assignment?.staffId === staffId)
  const wrapUps = book.wrapUps.filter((wrapUp) => wrapUp.staffId === staffId)
  return [...chats, ...wrapUps].reduce((sum, { weight }) => sum + weight, 0)
}

export function capacityOf(book: Chronicle, { staff }: StaffRecord): number {
  return staff.capacity ?? book.policy.capacity
}

/** A selective offer that somebody holds keeps its slot from every other request. */
export function hasRoom(book: Chronicle, record: StaffRecord, request: RequestRecord): boolean {
  const { id } = record.staff
  const offered = book.requests.filter((each) => each !== request && each.offers.some((offer) => offer.staffId === id))
  const reserved = offered.reduce((sum, { weight }) => sum + weight, 0)
  return loadOf(book, id) + reserved + request.weight <= capacityOf(book, record)
}

export function isVisitorHere(book: Chronicle, { visitorId }: RequestRecord): boolean {
  return book.visitors.find((visitor) => visitor.visitorId === visitorId)?.isHere ?? false
}

/** The steps in force that mean this person and, where they name a shift, have one of that person's shifts on. */
function audibleSteps(book: Chronicle, staffId: StaffId, request: RequestRecord) {
  const record = staffIn(book, staffId)
  if (record === undefined) return []
  return stepsInForce(request).filter(({ to }) => isMember(record, to) && isOnShift(book, record, to))
}

export function isOnShift(book: Chronicle, { staff }: StaffRecord, target: Target): boolean {
  if (target === 'everyone' || target.shift === undefined) return true
  const mine = listed(target.shift).filter((shiftId) => staff.shifts?.includes(shiftId))
  return mine.some((shiftId) => book.shifts.some((shift) => shift.shiftId === shiftId && shift.isOn))
}

function listed(one: string | readonly string[]): readonly string[] {
  return typeof one === 'string' ? [one] : one
}

function sharesOne(mine: readonly string[] | undefined, wanted: string | readonly string[]): boolean {
  return listed(wanted).some((each) => mine?.includes(each))
}
