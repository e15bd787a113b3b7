import type { RequestId, Ring, StaffId, Step, Target } from '../../core'
import { findStaff, isOpen, type ReferenceModel, type RequestRecord, type StaffRecord } from './reference-model'

/** One (request, staff) pair that rings. */
export interface RingingPair {
  readonly requestId: RequestId
  readonly staffId: StaffId
}

/** Every pair for which `rings` holds, found by asking each. */
export function ringingPairs(book: ReferenceModel): RingingPair[] {
  return book.requests
    .filter(isOpen)
    .flatMap((request) =>
      book.staff
        .filter(({ staff }) => isRinging(book, staff.id, request))
        .map(({ staff }) => ({ requestId: request.requestId, staffId: staff.id })),
    )
}

/** The one rule that everything follows from: `ringing` is a function of state. */
export function isRinging(book: ReferenceModel, staffId: StaffId, request: RequestRecord): boolean {
  if (!isEligible(book, staffId, request)) return false
  if (activeStepsFor(book, staffId, request).some(({ ring }) => ring === 'all')) return true
  return request.offers.some((offer) => offer.staffId === staffId)
}

/** All of the rule but the offer that a selective step asks for. */
export function isEligible(book: ReferenceModel, staffId: StaffId, request: RequestRecord): boolean {
  const record = findStaff(book, staffId)
  if (record === undefined || !isOpen(request) || !isVisitorPresent(book, request)) return false
  if (!record.isPresent || record.availability !== 'available') return false
  if (request.declinedBy.includes(staffId)) return false
  if (request.silences.some((silence) => silence.staffId === staffId)) return false
  if (!hasCapacityFor(book, record, request)) return false
  return activeStepsFor(book, staffId, request).length > 0
}

/** It takes an offer to ring this person: they could be rung, and every step that means them rings selectively. */
export function requiresOffer(book: ReferenceModel, staffId: StaffId, request: RequestRecord): boolean {
  return (
    isEligible(book, staffId, request) && activeStepsFor(book, staffId, request).every(({ ring }) => ring !== 'all')
  )
}

/** The steps in force: the latest, and those before it back to the last that handed over. */
export function activeSteps({ route, step }: RequestRecord): { readonly to: Target; readonly ring: Ring }[] {
  if (step >= route.steps.length) return [{ to: 'everyone', ring: 'all' }]
  const started = route.steps.slice(0, step + 1)
  const handOver = started.findLastIndex((each: Step) => each.mode === 'replace')
  return started.slice(Math.max(0, handOver))
}

/** Whether somebody is among those whom the steps in force are for, by roster, and has not declined. */
export function isInAudience(book: ReferenceModel, staffId: StaffId, request: RequestRecord): boolean {
  const record = findStaff(book, staffId)
  if (record === undefined || request.declinedBy.includes(staffId)) return false
  return activeSteps(request).some(({ to }) => matchesTargetByRoster(record, to))
}

/** Whether a target means this person, by roster alone. */
export function matchesTargetByRoster({ staff }: Pick<StaffRecord, 'staff'>, target: Target): boolean {
  if (target === 'everyone') return true
  if (target.staff !== undefined && !asArray(target.staff).includes(staff.id)) return false
  if (target.team !== undefined && !intersects(staff.teams, target.team)) return false
  if (target.shift !== undefined && !intersects(staff.shifts, target.shift)) return false
  for (const [skill, least] of Object.entries(target.skills ?? {})) {
    const levels: Readonly<Record<string, number>> = staff.skills ?? {}
    if (!Object.hasOwn(levels, skill) || (levels[skill] ?? -1) < least) return false
  }
  return target.not === undefined || !matchesTargetByRoster({ staff }, target.not)
}

/** What somebody's slots hold: chats and wrap-ups, in units of weight. */
export function loadOf(book: ReferenceModel, staffId: StaffId): number {
  const chats = book.requests.filter((request) => request.assignment?.staffId === staffId)
  const wrapUps = book.wrapUps.filter((wrapUp) => wrapUp.staffId === staffId)
  return [...chats, ...wrapUps].reduce((sum, { weight }) => sum + weight, 0)
}

export function capacityOf(book: ReferenceModel, { staff }: StaffRecord): number {
  return staff.capacity ?? book.policy.capacity
}

/** A selective offer that somebody holds keeps its slot from every other request. */
export function hasCapacityFor(book: ReferenceModel, record: StaffRecord, request: RequestRecord): boolean {
  const { id } = record.staff
  const offered = book.requests.filter((each) => each !== request && each.offers.some((offer) => offer.staffId === id))
  const reserved = offered.reduce((sum, { weight }) => sum + weight, 0)
  return loadOf(book, id) + reserved + request.weight <= capacityOf(book, record)
}

export function isVisitorPresent(book: ReferenceModel, { visitorId }: RequestRecord): boolean {
  return book.visitors.find((visitor) => visitor.visitorId === visitorId)?.isHere ?? false
}

/** The steps in force that mean this person and, where they name a shift, have one of that person's shifts on. */
function activeStepsFor(book: ReferenceModel, staffId: StaffId, request: RequestRecord) {
  const record = findStaff(book, staffId)
  if (record === undefined) return []
  return activeSteps(request).filter(({ to }) => matchesTargetByRoster(record, to) && isOnShift(book, record, to))
}

export function isOnShift(book: ReferenceModel, { staff }: StaffRecord, target: Target): boolean {
  if (target === 'everyone' || target.shift === undefined) return true
  const mine = asArray(target.shift).filter((shiftId) => staff.shifts?.includes(shiftId))
  return mine.some((shiftId) => book.shifts.some((shift) => shift.shiftId === shiftId && shift.isOn))
}

function asArray(one: string | readonly string[]): readonly string[] {
  return typeof one === 'string' ? [one] : one
}

function intersects(mine: readonly string[] | undefined, wanted: string | readonly string[]): boolean {
  return asArray(wanted).some((each) => mine?.includes(each))
}
