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
  return isEligibleByRoster(model, staffId, { ...request, steps: activeSteps(model, request) })
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

/**
 * The active steps: the latest, and those before it back to the last one that replaced its predecessors. Of an
 * exhausted route: everyone, or all its steps where it holds.
 */
export function activeSteps(
  { policy }: ReferenceModel,
  { route, step }: Pick<RequestRecord, 'route' | 'step'>,
): { readonly to: Target; readonly ring: Ring }[] {
  if (step >= route.steps.length) {
    return (route.whenExhausted ?? policy.whenExhausted) === 'hold'
      ? [...route.steps]
      : [{ to: 'everyone', ring: 'all' }]
  }
  const started = route.steps.slice(0, step + 1)
  const replacement = started.findLastIndex((each: Step) => each.mode === 'replace')
  return started.slice(Math.max(0, replacement))
}

/** Whether an active step names this staff member, by roster, who has not declined. */
export function isInAudience(model: ReferenceModel, staffId: StaffId, request: RequestRecord): boolean {
  const record = findStaff(model, staffId)
  if (record === undefined || request.declinedBy.includes(staffId)) return false
  return activeSteps(model, request).some(({ to }) => matchesTargetByRoster(record, to))
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
  return activeSteps(model, request).filter(
    ({ to }) => matchesTargetByRoster(record, to) && isOnShift(model, record, to),
  )
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

/**
 * "One order for all": whether an offer leaves, in every audience of the staff member that rings all, as many free
 * slots as the ring-all requests there weigh that are served before it. `chosen`: who gets the same offer already.
 */
export function leavesRoomForEarlier(
  model: ReferenceModel,
  request: RequestRecord,
  staffId: StaffId,
  chosen: readonly StaffId[] = [],
): boolean {
  const earlier = model.requests.filter(
    (each) => isOpen(each) && isVisitorPresent(model, each) && isServedBefore(model, each, request),
  )
  const targets = new Map<string, Target>()
  for (const { to } of earlier.flatMap((each) => ringAllSteps(model, each))) targets.set(targetText(to), to)
  return [...targets].every(([text, to]) => {
    if (!isReachable(model, to, staffId)) return true
    const waiting = earlier
      .filter((each) => ringAllSteps(model, each).some((step) => targetText(step.to) === text))
      .filter((each) => needsSlotOf(model, each, staffId))
    const members = model.staff.filter(({ staff }) => isReachable(model, to, staff.id))
    const free = members
      .filter(({ staff }) => staff.id === staffId || !isKeptForEarlier(model, staff.id, request))
      .reduce((sum, record) => sum + Math.max(0, freeSlotsOf(model, record)), 0)
    const takers = [...chosen, staffId].filter((each) => members.some(({ staff }) => staff.id === each))
    const remaining = free - takers.length * request.weight
    if (remaining < waiting.reduce((sum, { weight }) => sum + weight, 0)) return false
    return waiting.every((each) => keepsRoom(model, each, request, [...chosen, staffId]))
  })
}

/** Whether a heavy request that has room with the last taker keeps room, with them or with another staff member. */
function keepsRoom(
  model: ReferenceModel,
  earlier: RequestRecord,
  request: RequestRecord,
  takers: readonly StaffId[],
): boolean {
  const taker = findStaff(model, takers.at(-1) ?? '')
  if (earlier.weight === 1 || taker === undefined) return true
  const free = freeSlotsOf(model, taker)
  if (free < earlier.weight || free - request.weight >= earlier.weight) return true
  return model.staff.some(
    (record) =>
      !takers.includes(record.staff.id) &&
      isEligibleByRoster(model, record.staff.id, { ...earlier, steps: activeSteps(model, earlier) }) &&
      !isKeptForEarlier(model, record.staff.id, earlier) &&
      freeSlotsOf(model, record) >= earlier.weight,
  )
}

function needsSlotOf(model: ReferenceModel, request: RequestRecord, staffId: StaffId): boolean {
  const record = findStaff(model, staffId)
  if (record === undefined || request.declinedBy.includes(staffId)) return false
  if (request.mutes.some((mute) => mute.staffId === staffId)) return false
  if (request.reservedStaffId !== null && request.reservedStaffId !== staffId) return false
  return request.weight <= capacityOf(model, record)
}

/** The ring-all steps whose staff a request needs a slot of: also of a route that has widened to everyone. */
function ringAllSteps(model: ReferenceModel, request: RequestRecord) {
  const { route, step } = request
  const last = activeSteps(model, { ...request, step: Math.min(step, route.steps.length - 1) })
  const steps = step < route.steps.length ? last : [...last, ...activeSteps(model, request)]
  return steps.filter(({ ring }) => ring === 'all')
}

/** Whether a target names this staff member, who is present, available and on its shift. */
function isReachable(model: ReferenceModel, to: Target, staffId: StaffId): boolean {
  return isEligibleByRoster(model, staffId, { steps: [{ to, ring: 'all' }], declinedBy: [], mutes: [] })
}

/** Slots that neither chats, wrap-ups nor offers take. */
function freeSlotsOf(model: ReferenceModel, record: StaffRecord): number {
  return roomOf(model, record) - offeredWeight(model, record.staff.id)
}

function roomOf(model: ReferenceModel, record: StaffRecord): number {
  return capacityOf(model, record) - loadOf(model, record.staff.id)
}

function offeredWeight(model: ReferenceModel, staffId: StaffId): number {
  const offered = model.requests.filter(({ offers }) => offers.some((offer) => offer.staffId === staffId))
  return offered.reduce((sum, { weight }) => sum + weight, 0)
}

/** A text that is equal for targets that mean the same. */
function targetText(target: Target): string {
  if (target === 'everyone') return target
  const list = (value: string | readonly string[] | undefined) => (value === undefined ? [] : [value].flat().sort())
  const { staff, team, shift, skills, not } = target
  const unique = [staff, team, shift].map((value) => [value !== undefined, ...new Set(list(value))])
  return JSON.stringify([unique, Object.entries(skills ?? {}).sort(), not === undefined ? null : targetText(not)])
}

/**
 * Updates whom the heavy requests keep free, in the order of service: while nobody has room for one, the able staff
 * member with the most free slots, then the one idle the longest; once chosen, until another has room.
 */
export function updateReservations(model: ReferenceModel): void {
  const heavy = model.requests.filter((each) => each.weight > 1 && isOpen(each) && isVisitorPresent(model, each))
  const former = new Map(model.requests.map((each) => [each, each.reservedStaffId]))
  for (const request of model.requests) request.reservedStaffId = null
  const kept: StaffId[] = []
  for (const request of heavy.sort((a, b) => (isServedBefore(model, a, b) ? -1 : 1))) {
    request.reservedStaffId = staffToReserve(model, request, { kept, current: former.get(request) ?? null })
    if (request.reservedStaffId !== null) kept.push(request.reservedStaffId)
  }
}

function staffToReserve(
  model: ReferenceModel,
  request: RequestRecord,
  { kept, current }: { readonly kept: readonly StaffId[]; readonly current: StaffId | null },
): StaffId | null {
  const able = model.staff.filter(
    (record) =>
      roomOf(model, record) >= 1 &&
      capacityOf(model, record) >= request.weight &&
      !kept.includes(record.staff.id) &&
      isEligibleByRoster(model, record.staff.id, { ...request, steps: activeSteps(model, request) }),
  )
  const others = able.filter(({ staff }) => staff.id !== current)
  const room = current === null ? roomOf : freeSlotsOf
  if (others.some((record) => room(model, record) >= request.weight)) return null
  if (others.length < able.length) return current
  const [best] = able.sort(
    (a, b) =>
      roomOf(model, b) - roomOf(model, a) || a.idleSinceAt - b.idleSinceAt || (a.staff.id < b.staff.id ? -1 : 1),
  )
  return best?.staff.id ?? null
}
