import { SparseSet } from '../collections/sparse-map'
import type { EdgeCollector } from '../messages/edge'
import type { EventOf, RosterEvent, ShiftEvent } from '../messages/event'
import type { ShiftId } from '../model/ids'
import type { ShiftTime } from '../model/staff'
import { scheduleRequest } from '../ringing/next-action'
import { changeEligibility } from '../ringing/ring-changes'
import type { DeskState, StaffState } from '../state/state'
import { scheduleStaff } from './presence'

/** Who works here, when, and by which rules. */
export function evolveRoster(state: DeskState, book: EdgeCollector, event: RosterEvent | ShiftEvent): void {
  switch (event.type) {
    case 'policy.set':
      return policySet(state, book, event)
    case 'workflows.set':
      state.workflows.clear()
      for (const workflow of event.workflows) state.workflows.set(workflow.name, workflow)
      return
    case 'workflow.set':
      state.workflows.set(event.workflow.name, event.workflow)
      return
    case 'workflow.removed':
      state.workflows.delete(event.name)
      return
    case 'staff.set':
      return staffSet(state, book, event)
    case 'staff.removed':
      return staffRemoved(state, book, event)
    case 'shifts.set':
      return shiftsSet(state, book, event)
    case 'shift.started':
    case 'shift.ended':
      return shiftChanged(state, book, event)
    default:
      return event satisfies never
  }
}

function policySet(state: DeskState, book: EdgeCollector, { policy, at }: EventOf<'policy.set'>): void {
  const hadLeases = state.policy.sessionLeaseMs !== null
  state.policy = policy
  for (const staff of state.staff.values()) {
    changeEligibility(state, book, staff, () => {
      staff.capacity = staff.record.capacity ?? policy.capacity
    })
    if (hadLeases !== (policy.sessionLeaseMs !== null)) resetLeases(state, staff, policy.sessionLeaseMs, at)
  }
  for (const request of state.requests.values()) scheduleRequest(state, request)
}

/** Leases are switched on or off for the sessions that are there, too. */
function resetLeases(state: DeskState, staff: StaffState, leaseMs: number | null, at: number): void {
  for (const sessionId of staff.sessions.keys()) staff.sessions.set(sessionId, leaseMs === null ? null : at + leaseMs)
  scheduleStaff(state, staff)
}

function staffSet(state: DeskState, book: EdgeCollector, { staff: record, at }: EventOf<'staff.set'>): void {
  const staff = state.staff.get(record.id) ?? newStaff(record.id, at)
  const change = () => {
    state.staff.set(record.id, staff)
    staff.record = record
    staff.capacity = record.capacity ?? state.policy.capacity
  }
  changeEligibility(state, book, staff, change, true)
}

function staffRemoved(state: DeskState, book: EdgeCollector, { staffId }: EventOf<'staff.removed'>): void {
  const staff = state.staff.get(staffId)
  if (staff === undefined) return
  const change = () => {
    state.staff.delete(staffId)
    staff.sessions.clear()
    staff.graceUntilAt = null
  }
  changeEligibility(state, book, staff, change, true)
  scheduleStaff(state, staff)
  for (const wrapUp of state.wrapUps.values()) {
    if (wrapUp.staff !== staff) continue
    state.wrapUps.delete(wrapUp.requestId)
    state.deadlines.wrapUps.set(wrapUp, Number.POSITIVE_INFINITY)
  }
}

function shiftsSet(state: DeskState, book: EdgeCollector, { shifts, times }: EventOf<'shifts.set'>): void {
  for (const shift of state.shifts.values()) state.deadlines.shifts.set(shift, Number.POSITIVE_INFINITY)
  state.shifts.clear()
  for (const shift of shifts) state.shifts.set(shift.id, { shift, isOn: false, nextBoundaryAt: null, dueSlot: -1 })
  for (const time of times) setShiftTime(state, time)
  for (const staff of state.staff.values()) changeEligibility(state, book, staff, noChange)
}

function shiftChanged(state: DeskState, book: EdgeCollector, time: EventOf<'shift.started' | 'shift.ended'>): void {
  setShiftTime(state, time)
  for (const staff of staffOfShift(state, time.shiftId)) changeEligibility(state, book, staff, noChange)
}

function setShiftTime(state: DeskState, { shiftId, isOn, nextBoundaryAt }: ShiftTime): void {
  const shift = state.shifts.get(shiftId)
  if (shift === undefined) return
  shift.isOn = isOn
  shift.nextBoundaryAt = nextBoundaryAt
  state.deadlines.shifts.set(shift, nextBoundaryAt ?? Number.POSITIVE_INFINITY)
}

function* staffOfShift(state: DeskState, shiftId: ShiftId): Generator<StaffState> {
  for (const staff of state.staff.values()) if (staff.record.shifts?.includes(shiftId)) yield staff
}

function newStaff(id: string, at: number): StaffState {
  return {
    id,
    record: { id },
    capacity: 0,
    availability: 'available',
    sessions: new Map(),
    graceUntilAt: null,
    load: 0,
    chats: new SparseSet(),
    offer: null,
    missedOffers: 0,
    idleSinceAt: at,
    alerts: { minute: 0, count: 0 },
    audiences: new Set(),
    reachableIn: new Set(),
    dueSlot: -1,
  }
}

function noChange(): void {}
