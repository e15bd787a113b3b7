import { settle } from './attention'
import { changeStanding } from './change'
import type { EdgeBook } from './edge-book'
import type { EventOf, RosterEvent, ShiftEvent } from './event'
import { settleStaff } from './evolve-presence'
import type { ShiftId } from './ids'
import type { ShiftTime } from './shift'
import { SparseSet } from './sparse-set'
import type { DeskState, StaffState } from './state'

/** Who works here, when, and by which rules. */
export function evolveRoster(state: DeskState, book: EdgeBook, event: RosterEvent | ShiftEvent): void {
  switch (event.type) {
    case 'policy.set':
      return policySet(state, book, event)
    case 'workflows.set':
      state.workflows = event.workflows
      return
    case 'staff.set':
      return staffSet(state, book, event)
    case 'staff.removed':
      return staffRemoved(state, book, event)
    case 'shifts.set':
      return shiftsSet(state, book, event)
    case 'shift.started':
    case 'shift.ended':
      return shiftTurned(state, book, event)
    default:
      return event satisfies never
  }
}

function policySet(state: DeskState, book: EdgeBook, { policy, at }: EventOf<'policy.set'>): void {
  const hadLeases = state.policy.sessionLeaseMs !== null
  state.policy = policy
  for (const staff of state.staff.values()) {
    changeStanding(state, book, staff, () => {
      staff.capacity = staff.record.capacity ?? policy.capacity
    })
    if (hadLeases !== (policy.sessionLeaseMs !== null)) lease(state, staff, policy.sessionLeaseMs, at)
  }
  for (const request of state.requests.values()) settle(state, request)
}

/** Leases are switched on or off for the sessions that are there, too. */
function lease(state: DeskState, staff: StaffState, leaseMs: number | null, at: number): void {
  for (const sessionId of staff.sessions.keys()) staff.sessions.set(sessionId, leaseMs === null ? null : at + leaseMs)
  settleStaff(state, staff)
}

function staffSet(state: DeskState, book: EdgeBook, { staff: record, at }: EventOf<'staff.set'>): void {
  const staff = state.staff.get(record.id) ?? newStaff(record.id, at)
  const change = () => {
    state.staff.set(record.id, staff)
    staff.record = record
    staff.capacity = record.capacity ?? state.policy.capacity
  }
  changeStanding(state, book, staff, change, true)
}

function staffRemoved(state: DeskState, book: EdgeBook, { staffId }: EventOf<'staff.removed'>): void {
  const staff = state.staff.get(staffId)
  if (staff === undefined) return
  const change = () => {
    state.staff.delete(staffId)
    staff.sessions.clear()
    staff.graceUntilAt = null
  }
  changeStanding(state, book, staff, change, true)
  settleStaff(state, staff)
  for (const wrapUp of state.wrapUps.values()) {
    if (wrapUp.staff !== staff) continue
    state.wrapUps.delete(wrapUp.requestId)
    state.due.wrapUps.set(wrapUp, Number.POSITIVE_INFINITY)
  }
}

function shiftsSet(state: DeskState, book: EdgeBook, { shifts, times }: EventOf<'shifts.set'>): void {
  for (const shift of state.shifts.values()) state.due.shifts.set(shift, Number.POSITIVE_INFINITY)
  state.shifts.clear()
  for (const shift of shifts) state.shifts.set(shift.id, { shift, isOn: false, nextBoundaryAt: null, dueSlot: -1 })
  for (const time of times) turn(state, time)
  for (const staff of state.staff.values()) changeStanding(state, book, staff, nothing)
}

function shiftTurned(state: DeskState, book: EdgeBook, time: EventOf<'shift.started' | 'shift.ended'>): void {
  turn(state, time)
  for (const staff of membersOf(state, time.shiftId)) changeStanding(state, book, staff, nothing)
}

function turn(state: DeskState, { shiftId, isOn, nextBoundaryAt }: ShiftTime): void {
  const shift = state.shifts.get(shiftId)
  if (shift === undefined) return
  shift.isOn = isOn
  shift.nextBoundaryAt = nextBoundaryAt
  state.due.shifts.set(shift, nextBoundaryAt ?? Number.POSITIVE_INFINITY)
}

function* membersOf(state: DeskState, shiftId: ShiftId): Generator<StaffState> {
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
    strikes: 0,
    idleSinceAt: at,
    alerts: { minute: 0, count: 0 },
    audiences: new Set(),
    reachableIn: new Set(),
    dueSlot: -1,
  }
}

function nothing(): void {}
