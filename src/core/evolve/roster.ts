import { SparseSet } from '../collections/sparse-map'
import type { EdgeCollector } from '../messages/edge'
import type { EventOf } from '../messages/event'
import { jsonBytesOf, type ShiftId } from '../model/ids'
import { defaultPolicy } from '../model/policy'
import type { WorkflowRecord } from '../model/route'
import type { ShiftTime } from '../model/staff'
import { replyDueAt, scheduleRequest, scheduleStaff, scheduleVisitor, scheduleWrapUp } from '../ringing/next-action'
import { changeEligibility, changeRequest } from '../ringing/ring-changes'
import { changeLeases } from '../state/sessions'
import type { DeskState, StaffState } from '../state/state'
import { ringActiveSteps } from './request'

/** A policy that an event of an earlier release does not have yet is that of today's defaults. */
export function policySet(state: DeskState, edges: EdgeCollector, event: EventOf<'policy.set'>): void {
  const { at } = event
  const before = state.policy
  const policy = { ...defaultPolicy, ...event.policy }
  state.policy = policy
  const isOtherwiseExhausted = before.whenExhausted !== policy.whenExhausted
  // A request may begin to ring by the new capacity, and stop by the new route's end.
  edges.mayReverse ||= isOtherwiseExhausted
  for (const staff of state.staff.values()) {
    changeEligibility(state, edges, staff, () => {
      staff.capacity = staff.record.capacity ?? policy.capacity
    })
    changeLeases(staff.sessions, { before: before.sessionLeaseMs, after: policy.sessionLeaseMs, at })
    scheduleStaff(state, staff)
  }
  for (const visitor of state.visitors.values()) {
    changeLeases(visitor.sessions, { before: before.visitorLeaseMs, after: policy.visitorLeaseMs, at })
    scheduleVisitor(state, visitor)
  }
  for (const wrapUp of state.wrapUps.values()) scheduleWrapUp(state, wrapUp)
  for (const request of state.requests.values()) {
    const { assignment } = request
    if (assignment !== null && assignment.silentSinceAt !== null && replyDueAt(state, assignment) > at)
      assignment.silentSinceAt = null
    state.changes?.addRequest(request.id)
    if (isOtherwiseExhausted && assignment === null && request.step >= request.routingResult.route.steps.length)
      changeRequest(state, edges, request, { reason: 'rerouted' }, () => ringActiveSteps(state, request))
    else scheduleRequest(state, request)
  }
}

export function workflowsSet(state: DeskState, _edges: EdgeCollector, event: EventOf<'workflows.set'>): void {
  state.rulesRevision += 1
  state.workflows.clear()
  state.bytes.workflows = 0
  for (const workflow of event.workflows) setWorkflowRecord(state, workflow)
}

export function workflowSet(state: DeskState, _edges: EdgeCollector, { workflow }: EventOf<'workflow.set'>): void {
  state.rulesRevision += 1
  setWorkflowRecord(state, workflow)
}

export function workflowRemoved(state: DeskState, _edges: EdgeCollector, { name }: EventOf<'workflow.removed'>): void {
  state.rulesRevision += 1
  const known = state.workflows.get(name)
  if (known !== undefined) state.bytes.workflows -= jsonBytesOf(known)
  state.workflows.delete(name)
}

/** Puts a workflow in the place of the one with its name. */
function setWorkflowRecord({ workflows, bytes }: DeskState, workflow: WorkflowRecord): void {
  const known = workflows.get(workflow.name)
  bytes.workflows += jsonBytesOf(workflow) - (known === undefined ? 0 : jsonBytesOf(known))
  workflows.set(workflow.name, workflow)
}

export function staffSet(state: DeskState, edges: EdgeCollector, { staff: record, at }: EventOf<'staff.set'>): void {
  const staff = state.staff.get(record.id) ?? newStaff(record.id, at)
  const change = () => {
    state.staff.set(record.id, staff)
    staff.record = record
    staff.capacity = record.capacity ?? state.policy.capacity
  }
  changeEligibility(state, edges, staff, change, true)
}

export function staffRemoved(state: DeskState, edges: EdgeCollector, { staffId }: EventOf<'staff.removed'>): void {
  const staff = state.staff.get(staffId)
  if (staff === undefined) return
  const change = () => {
    state.staff.delete(staffId)
    staff.sessions.clear()
    staff.graceSinceAt = null
  }
  changeEligibility(state, edges, staff, change, true)
  scheduleStaff(state, staff)
  for (const [key, numbers] of state.lastOfferNumbers) {
    if (numbers.delete(staffId) && numbers.size === 0) state.lastOfferNumbers.delete(key)
  }
  for (const wrapUp of state.wrapUps.values()) {
    if (wrapUp.staff !== staff) continue
    state.wrapUps.delete(wrapUp.assignmentId)
    state.deadlines.wrapUps.set(wrapUp, Number.POSITIVE_INFINITY)
  }
}

export function shiftsSet(state: DeskState, edges: EdgeCollector, { shifts, times }: EventOf<'shifts.set'>): void {
  state.rulesRevision += 1
  for (const shift of state.shifts.values()) state.deadlines.shifts.set(shift, Number.POSITIVE_INFINITY)
  state.shifts.clear()
  for (const shift of shifts) state.shifts.set(shift.id, { shift, isOn: false, nextBoundaryAt: null, heapIndex: -1 })
  for (const time of times) setShiftTime(state, time)
  for (const staff of state.staff.values()) changeEligibility(state, edges, staff, noChange)
}

export function shiftChanged(
  state: DeskState,
  edges: EdgeCollector,
  time: EventOf<'shift.started' | 'shift.ended'>,
): void {
  setShiftTime(state, time)
  for (const staff of staffOfShift(state, time.shiftId)) changeEligibility(state, edges, staff, noChange)
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
    graceSinceAt: null,
    load: 0,
    chats: new SparseSet(),
    offer: null,
    reservedFor: null,
    lastOfferNumber: 0,
    missedOffers: 0,
    idleSinceAt: at,
    alerts: { minute: 0, count: 0 },
    audiences: new Set(),
    eligibleIn: new Set(),
    heapIndex: -1,
  }
}

function noChange(): void {}
