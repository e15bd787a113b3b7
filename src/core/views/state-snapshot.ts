import { SparseSet } from '../collections/sparse-map'
import type { ClosedOutcome } from '../messages/refusal'
import { type Facts, factsBytesOf, jsonBytesOf, type StaffId } from '../model/ids'
import { defaultPolicy, type Policy } from '../model/policy'
import type { RoutingResult, WorkflowRecord } from '../model/route'
import type { Availability, Shift, Staff } from '../model/staff'
import { audiencesOfRoute } from '../ringing/audience'
import { scheduleRequest, scheduleStaff, scheduleVisitor, scheduleWrapUp } from '../ringing/next-action'
import { updateOpenOffer } from '../ringing/offers'
import { updateQueues } from '../ringing/one-order'
import { usesSharedRingSet } from '../ringing/rings'
import { addRequestOfVisitor, detailOf, setTransfer } from '../state/request-detail'
import {
  type Assignment,
  type DeskState,
  emptyState,
  type RequestDetail,
  type RequestState,
  type StaffState,
  type WrapUp,
} from '../state/state'

/** The whole state as plain JSON, without what is derived from the rest. Equal states give equal snapshots. */
export interface StateSnapshot {
  readonly schema: 1
  readonly at: number
  readonly policy: Policy
  /** Absent in snapshots of earlier releases. */
  readonly resumedAt?: number | null
  /** Absent in snapshots of earlier releases. */
  readonly rulesRevision?: number
  readonly workflows: readonly WorkflowRecord[]
  readonly staff: readonly StaffSnapshot[]
  readonly shifts: readonly { readonly shift: Shift; readonly isOn: boolean; readonly nextBoundaryAt: number | null }[]
  readonly visitors: readonly VisitorSnapshot[]
  readonly requests: readonly RequestSnapshot[]
  readonly wrapUps: readonly (Omit<WrapUp, 'staff' | 'heapIndex'> & { readonly staffId: StaffId })[]
  readonly closed: Generations<ClosedOutcome>
  readonly lastStaff: Generations<StaffId>
  readonly lastOfferNumbers: readonly (readonly [string, readonly (readonly [StaffId, number])[]])[]
  readonly offerCount: number
  readonly openedCount: number
  readonly arrivals: { readonly minute: number; readonly count: number }
  /** Not in a snapshot of earlier releases. */
  readonly visitorArrivals?: { readonly minute: number; readonly count: number }
}

type Generations<Value> = readonly [readonly (readonly [string, Value])[], readonly (readonly [string, Value])[]]

interface StaffSnapshot {
  readonly record: Staff
  readonly availability: Availability
  readonly sessions: readonly (readonly [string, number | null])[]
  readonly graceSinceAt: number | null
  readonly missedOffers: number
  readonly lastOfferNumber: number
  readonly idleSinceAt: number
  readonly alerts: { readonly minute: number; readonly count: number }
}

interface VisitorSnapshot {
  readonly id: string
  readonly facts: Facts
  readonly arrivedAt: number
  readonly alertedAt: number | null
  readonly leftAt: number | null
  readonly isPresent: boolean
  /** Absent in snapshots of earlier releases. */
  readonly sessions?: readonly (readonly [string, number | null])[]
  /** Absent in snapshots of earlier releases. */
  readonly lastSessionId?: string | null
}

interface RequestSnapshot {
  readonly id: string
  readonly visitorId: string
  readonly facts: Facts
  readonly weight: number
  readonly openedAt: number
  readonly sequenceNumber: number
  readonly routingResult: RoutingResult
  readonly step: number
  readonly assignment: (Omit<Assignment, 'staff'> & { readonly staffId: StaffId }) | null
  readonly detail: RequestDetailSnapshot | null
}

type RequestDetailSnapshot = Omit<
  RequestDetail,
  'mutes' | 'declines' | 'silent' | 'offers' | 'missedThisRound' | 'missed' | 'reservedStaff'
> & {
  readonly reservedStaffId: StaffId | null
  readonly mutes: readonly (readonly [StaffId, { readonly sinceAt: number; readonly untilAt: number | null }])[]
  readonly declines: readonly StaffId[]
  readonly silent: readonly StaffId[]
  readonly offers: readonly (readonly [StaffId, { readonly sinceAt: number; readonly timeoutMs: number | null }])[]
  readonly missedThisRound: readonly StaffId[]
  readonly missed: readonly (readonly [StaffId, number])[]
}

/** Returns a snapshot of a state. */
export function toStateSnapshot(state: DeskState): StateSnapshot {
  return {
    schema: 1,
    at: state.at,
    policy: state.policy,
    resumedAt: state.resumedAt,
    rulesRevision: state.rulesRevision,
    workflows: [...state.workflows.values()],
    staff: [...state.staff.values()].map(toStaffSnapshot),
    shifts: [...state.shifts.values()].map(({ shift, isOn, nextBoundaryAt }) => ({ shift, isOn, nextBoundaryAt })),
    visitors: [...state.visitors.values()].map(({ heapIndex: _, sessions, ...visitor }) => ({
      ...visitor,
      sessions: [...sessions],
    })),
    requests: [...state.requests.values()].map(toRequestSnapshot),
    wrapUps: [...state.wrapUps.values()].map(({ heapIndex: _, staff, ...wrapUp }) => ({
      ...wrapUp,
      staffId: staff.id,
    })),
    closed: state.closed.toGenerations(),
    lastStaff: state.lastStaff.toGenerations(),
    lastOfferNumbers: [...state.lastOfferNumbers].map(([key, numbers]) => [key, [...numbers]]),
    offerCount: state.offerCount,
    openedCount: state.openedCount,
    arrivals: { ...state.arrivals },
    visitorArrivals: { ...state.visitorArrivals },
  }
}

/** Returns the state of a snapshot. Trusts its input: the caller parses a snapshot from outside. */
export function restoreState(saved: StateSnapshot): DeskState {
  const state = emptyState({ ...defaultPolicy, ...saved.policy })
  state.at = saved.at
  state.resumedAt = saved.resumedAt ?? null
  state.rulesRevision = saved.rulesRevision ?? 0
  for (const workflow of saved.workflows) {
    state.workflows.set(workflow.name, workflow)
    state.bytes.workflows += jsonBytesOf(workflow)
  }
  for (const { shift, isOn, nextBoundaryAt } of saved.shifts) {
    const entry = { shift, isOn, nextBoundaryAt, heapIndex: -1 }
    state.shifts.set(shift.id, entry)
    state.deadlines.shifts.set(entry, nextBoundaryAt ?? noDeadline)
  }
  for (const visitor of saved.visitors) {
    const { lastSessionId = null } = visitor
    const entry = { ...visitor, sessions: new Map(visitor.sessions), lastSessionId, heapIndex: -1 }
    state.visitors.set(visitor.id, entry)
    state.bytes.visitorFacts += factsBytesOf(visitor.facts)
    scheduleVisitor(state, entry)
  }
  restoreCounts(state, saved)
  for (const each of saved.staff) restoreStaff(state, each)
  for (const each of saved.requests) restoreRequest(state, each)
  for (const { staffId, ...wrapUp } of saved.wrapUps) {
    const staff = state.staff.get(staffId)
    if (staff === undefined) continue
    const entry = { ...wrapUp, staff, heapIndex: -1 }
    state.wrapUps.set(wrapUp.assignmentId, entry)
    scheduleWrapUp(state, entry)
    staff.load += wrapUp.weight
  }
  for (const request of state.requests.values()) restoreAudiences(state, request)
  for (const request of state.requests.values()) updateOpenOffer(state, request)
  for (const request of state.requests.values()) scheduleRequest(state, request)
  return state
}

const noAudiences: readonly never[] = []
const noDeadline = Number.POSITIVE_INFINITY

function toStaffSnapshot(staff: StaffState): StaffSnapshot {
  const { record, availability, sessions, graceSinceAt, missedOffers, lastOfferNumber, idleSinceAt, alerts } = staff
  return {
    record,
    availability,
    sessions: [...sessions],
    graceSinceAt,
    missedOffers,
    lastOfferNumber,
    idleSinceAt,
    alerts: { ...alerts },
  }
}

function toRequestSnapshot(request: RequestState): RequestSnapshot {
  const { heapIndex: _, activeAudiences: __, assignment, detail, ...rest } = request
  if (assignment === null)
    return { ...rest, assignment, detail: detail === null ? null : toRequestDetailSnapshot(detail) }
  const { staff, ...bond } = assignment
  return {
    ...rest,
    assignment: { ...bond, staffId: staff.id },
    detail: detail === null ? null : toRequestDetailSnapshot(detail),
  }
}

function toRequestDetailSnapshot(detail: RequestDetail): RequestDetailSnapshot {
  const { reservedStaff, ...rest } = detail
  return {
    ...rest,
    reservedStaffId: reservedStaff?.id ?? null,
    mutes: [...detail.mutes],
    declines: [...detail.declines],
    silent: [...detail.silent],
    offers: [...detail.offers].map(([staff, offer]) => [staff.id, offer]),
    missedThisRound: [...detail.missedThisRound],
    missed: [...detail.missed],
  }
}

function restoreCounts(state: DeskState, saved: StateSnapshot): void {
  state.closed.restore(saved.closed)
  state.lastStaff.restore(saved.lastStaff)
  for (const [key, numbers] of saved.lastOfferNumbers) state.lastOfferNumbers.set(key, new Map(numbers))
  state.offerCount = saved.offerCount
  state.openedCount = saved.openedCount
  Object.assign(state.arrivals, saved.arrivals)
  Object.assign(state.visitorArrivals, saved.visitorArrivals)
}

function restoreStaff(state: DeskState, { record, sessions, alerts, ...rest }: StaffSnapshot): void {
  const staff: StaffState = {
    ...rest,
    id: record.id,
    record,
    capacity: record.capacity ?? state.policy.capacity,
    sessions: new Map(sessions),
    load: 0,
    chats: new SparseSet(),
    offer: null,
    reservedFor: null,
    alerts: { ...alerts },
    audiences: new Set(),
    eligibleIn: new Set(),
    heapIndex: -1,
  }
  state.staff.set(record.id, staff)
  scheduleStaff(state, staff)
}

/** To be called before `restoreAudiences`, which reads the load and the offers of all staff. */
function restoreRequest(state: DeskState, { assignment, detail, ...rest }: RequestSnapshot): void {
  const staff = assignment === null ? undefined : state.staff.get(assignment.staffId)
  const request: RequestState = { ...rest, activeAudiences: [], assignment: null, detail: null, heapIndex: -1 }
  state.requests.set(request.id, request)
  addRequestOfVisitor(state, request)
  if (detail !== null) restoreDetail(state, request, detail)
  if (assignment === null || staff === undefined) {
    return
  }
  const { staffId: _, ...bond } = assignment
  request.assignment = { ...bond, staff }
  staff.chats.add(request)
  staff.load += request.weight
}

function restoreDetail(state: DeskState, request: RequestState, saved: RequestDetailSnapshot): void {
  const { mutes, declines, silent, offers, missedThisRound, missed, reservedStaffId, ...rest } = saved
  const detail = Object.assign(detailOf(request), { ...rest, transfer: null })
  setTransfer(state, request, rest.transfer)
  for (const [staffId, mute] of mutes) detail.mutes.set(staffId, mute)
  for (const staffId of declines) detail.declines.add(staffId)
  for (const staffId of silent) detail.silent.add(staffId)
  restoreReservation(state, request, detail, reservedStaffId)
  for (const staffId of missedThisRound) detail.missedThisRound.add(staffId)
  for (const [staffId, at] of missed) detail.missed.set(staffId, at)
  for (const [staffId, offer] of offers) {
    const staff = state.staff.get(staffId)
    if (staff === undefined) continue
    detail.offers.set(staff, offer)
    staff.offer = request
  }
}

function restoreReservation(
  state: DeskState,
  request: RequestState,
  detail: RequestDetail,
  staffId: StaffId | null,
): void {
  const staff = staffId === null ? undefined : state.staff.get(staffId)
  if (staff === undefined) return
  detail.reservedStaff = staff
  staff.reservedFor = request
  state.reservedStaff.add(staff)
}

function restoreAudiences(state: DeskState, request: RequestState): void {
  if (request.assignment !== null) return
  request.activeAudiences = audiencesOfRoute(state, request.routingResult.route, request.step)
  const isShared = usesSharedRingSet(request)
  for (const audience of request.activeAudiences) (isShared ? audience.sharedRingSet : audience.ownRingSet).add(request)
  updateQueues(state, request, noAudiences)
}
