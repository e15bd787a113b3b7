import type { StaffId, Target } from '../../core'
import { findStaff, isOpen, type ReferenceModel, type RequestRecord, type StaffRecord } from './reference-model'
import {
  activeSteps,
  capacityOf,
  isEligibleByRoster,
  isKeptForEarlier,
  isServedBefore,
  isVisitorPresent,
  loadOf,
} from './ringing'

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
  for (const { to } of earlier.flatMap(ringAllSteps)) targets.set(targetText(to), to)
  return [...targets].every(([text, to]) => {
    if (!isReachable(model, to, staffId)) return true
    const waiting = earlier
      .filter((each) => ringAllSteps(each).some((step) => targetText(step.to) === text))
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
      isEligibleByRoster(model, record.staff.id, { ...earlier, steps: activeSteps(earlier) }) &&
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

function ringAllSteps(request: RequestRecord) {
  return activeSteps(request).filter(({ ring }) => ring === 'all')
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
      isEligibleByRoster(model, record.staff.id, { ...request, steps: activeSteps(request) }),
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
