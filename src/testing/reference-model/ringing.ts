import type { RequestId, Ring, StaffId, Step, Target } from '../../core'
import { findStaff, isOpen, type ReferenceModel, type RequestRecord, type StaffRecord } from './reference-model'

/** One (request, staff) pair that rings. */
export interface RingingPair {
  readonly requestId: RequestId
  readonly staffId: StaffId
}

/** Returns every pair that rings. Tests each request with each staff member. */
export function ringingPairs(model: ReferenceModel): RingingPair[] {
  return model.requests
    .filter(isOpen)
    .flatMap((request) =>
      model.staff
        .filter(({ staff }) => isRinging(model, staff.id, request))
        .map(({ staff }) => ({ requestId: request.requestId, staffId: staff.id })),
    )
}

/** The main rule: ringing is a function of the state. */
export function isRinging(model: ReferenceModel, staffId: StaffId, request: RequestRecord): boolean {
  if (!isEligible(model, staffId, request)) return false
  if (activeStepsFor(model, staffId, request).some(({ ring }) => ring === 'all')) return true
  return request.offers.some((offer) => offer.staffId === staffId)
}

/** The rule without the offer that a selective step requires. */
export function isEligible(model: ReferenceModel, staffId: StaffId, request: RequestRecord): boolean {
  const record = findStaff(model, staffId)
  if (record === undefined || !isOpen(request) || !isVisitorPresent(model, request)) return false
  if (!hasCapacityFor(model, record, request) || isKeptForEarlier(model, staffId, request)) return false
  return isEligibleByRoster(model, staffId, { ...request, steps: activeSteps(request) })
}

interface Wanted {
  readonly steps: readonly { readonly to: Target; readonly ring: Ring }[]
  readonly declinedBy: readonly StaffId[]
  readonly mutes: readonly { readonly staffId: StaffId }[]
}

/** Whether a staff member could be rung if they had room: present, available, on shift, neither muted nor declined. */
export function isEligibleByRoster(
  model: ReferenceModel,
  staffId: StaffId,
  { steps, declinedBy, mutes }: Wanted,
): boolean {
  const record = findStaff(model, staffId)
  if (record === undefined || !record.isPresent || record.availability !== 'available') return false
  if (declinedBy.includes(staffId) || mutes.some((mute) => mute.staffId === staffId)) return false
  return steps.some(({ to }) => matchesTargetByRoster(record, to) && isOnShift(model, record, to))
}

/** Whether the first of two open requests is served before the second: the higher priority, then the older. */
export function isServedBefore(model: ReferenceModel, one: RequestRecord, other: RequestRecord): boolean {
  if (one === other) return false
  if (one.priority !== other.priority) return one.priority > other.priority
  if (one.openedAt !== other.openedAt) return one.openedAt < other.openedAt
  return model.requests.indexOf(one) < model.requests.indexOf(other)
}

/** Whether this staff member is kept free for a heavy request that is served before this one. */
export function isKeptForEarlier(model: ReferenceModel, staffId: StaffId, request: RequestRecord): boolean {
  return model.requests.some((each) => each.reservedStaffId === staffId && isServedBefore(model, each, request))
}

/** Whether only an offer rings this staff member: eligible, and every step that names them is selective. */
export function requiresOffer(model: ReferenceModel, staffId: StaffId, request: RequestRecord): boolean {
  return (
    isEligible(model, staffId, request) && activeStepsFor(model, staffId, request).every(({ ring }) => ring !== 'all')
  )
}

/** The active steps: the latest, and those before it back to the last one that replaced its predecessors. */
export function activeSteps({ route, step }: RequestRecord): { readonly to: Target; readonly ring: Ring }[] {
  if (step >= route.steps.length) return [{ to: 'everyone', ring: 'all' }]
  const started = route.steps.slice(0, step + 1)
  const replacement = started.findLastIndex((each: Step) => each.mode === 'replace')
  return started.slice(Math.max(0, replacement))
}

/** Whether an active step names this staff member, by roster, who has not declined. */
export function isInAudience(model: ReferenceModel, staffId: StaffId, request: RequestRecord): boolean {
  const record = findStaff(model, staffId)
  if (record === undefined || request.declinedBy.includes(staffId)) return false
  return activeSteps(request).some(({ to }) => matchesTargetByRoster(record, to))
}

/** Whether a target names this staff member, by roster alone. */
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

/** The weight of a staff member's chats and wrap-ups. */
export function loadOf(model: ReferenceModel, staffId: StaffId): number {
  const chats = model.requests.filter((request) => request.assignment?.staffId === staffId)
  const wrapUps = model.wrapUps.filter((wrapUp) => wrapUp.staffId === staffId)
  return [...chats, ...wrapUps].reduce((sum, { weight }) => sum + weight, 0)
}

export function capacityOf(model: ReferenceModel, { staff }: StaffRecord): number {
  return staff.capacity ?? model.policy.capacity
}

/** A selective offer reserves its weight from every other request. */
export function hasCapacityFor(model: ReferenceModel, record: StaffRecord, request: RequestRecord): boolean {
  const { id } = record.staff
  const offered = model.requests.filter((each) => each !== request && each.offers.some((offer) => offer.staffId === id))
  const reserved = offered.reduce((sum, { weight }) => sum + weight, 0)
  return loadOf(model, id) + reserved + request.weight <= capacityOf(model, record)
}

export function isVisitorPresent(model: ReferenceModel, { visitorId }: RequestRecord): boolean {
  return model.visitors.find((visitor) => visitor.visitorId === visitorId)?.isHere ?? false
}

/** The active steps that name this staff member and, where they name a shift, have one of their shifts on. */
function activeStepsFor(model: ReferenceModel, staffId: StaffId, request: RequestRecord) {
  const record = findStaff(model, staffId)
  if (record === undefined) return []
  return activeSteps(request).filter(({ to }) => matchesTargetByRoster(record, to) && isOnShift(model, record, to))
}

export function isOnShift(model: ReferenceModel, { staff }: StaffRecord, target: Target): boolean {
  if (target === 'everyone' || target.shift === undefined) return true
  const mine = asArray(target.shift).filter((shiftId) => staff.shifts?.includes(shiftId))
  return mine.some((shiftId) => model.shifts.some((shift) => shift.shiftId === shiftId && shift.isOn))
}

function asArray(one: string | readonly string[]): readonly string[] {
  return typeof one === 'string' ? [one] : one
}

function intersects(mine: readonly string[] | undefined, wanted: string | readonly string[]): boolean {
  return asArray(wanted).some((each) => mine?.includes(each))
}
