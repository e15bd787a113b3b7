import { settle } from './attention'
import { rungsOf } from './audience'
import { settleStaff } from './evolve-presence'
import type { Facts, Json, StaffId } from './ids'
import { placeVacancy } from './offering'
import type { Policy } from './policy'
import type { ClosedOutcome } from './refusal'
import { isPlain } from './ringing'
import type { Shift } from './shift'
import { SparseSet } from './sparse-set'
import type { Availability, Staff } from './staff'
import { type DeskState, detailOf, emptyState, type RequestDetail, type RequestState, type StaffState } from './state'
import type { Verdict } from './verdict'
import { addToVisitor } from './visitor-requests'

/** The whole state as plain JSON, without what can be derived from the rest. Equal states give equal snapshots. */
export interface StateSnapshot {
  readonly schema: 1
  readonly at: number
  readonly policy: Policy
  readonly workflows: readonly Json[]
  readonly staff: readonly SavedStaff[]
  readonly shifts: readonly { readonly shift: Shift; readonly isOn: boolean; readonly nextBoundaryAt: number | null }[]
  readonly visitors: readonly SavedVisitor[]
  readonly requests: readonly SavedRequest[]
  readonly wrapUps: readonly { requestId: string; staffId: StaffId; weight: number; untilAt: number }[]
  readonly closed: Generations<ClosedOutcome>
  readonly lastStaff: Generations<StaffId>
  readonly dealt: readonly (readonly [string, readonly (readonly [StaffId, number])[]])[]
  readonly counts: { readonly dealt: number; readonly opened: number }
  readonly arrivals: { readonly minute: number; readonly count: number }
}

type Generations<Value> = readonly [readonly (readonly [string, Value])[], readonly (readonly [string, Value])[]]

interface SavedStaff {
  readonly record: Staff
  readonly availability: Availability
  readonly sessions: readonly (readonly [string, number | null])[]
  readonly graceUntilAt: number | null
  readonly strikes: number
  readonly idleSinceAt: number
  readonly alerts: { readonly minute: number; readonly count: number }
}

interface SavedVisitor {
  readonly id: string
  readonly facts: Facts
  readonly arrivedAt: number
  readonly alertedAt: number | null
  readonly forgetAt: number | null
  readonly isHere: boolean
}

interface SavedRequest {
  readonly id: string
  readonly visitorId: string
  readonly facts: Facts
  readonly weight: number
  readonly openedAt: number
  readonly order: number
  readonly verdict: Verdict
  readonly step: number
  readonly assignment: { id: string; take: number; staffId: StaffId; at: number; replyDueAt: number | null } | null
  readonly detail: SavedDetail | null
}

type SavedDetail = Omit<RequestDetail, 'mutes' | 'declines' | 'offers' | 'tried' | 'missed'> & {
  readonly mutes: readonly (readonly [StaffId, { readonly sinceAt: number; readonly untilAt: number | null }])[]
  readonly declines: readonly StaffId[]
  readonly offers: readonly (readonly [StaffId, number])[]
  readonly tried: readonly StaffId[]
  readonly missed: readonly (readonly [StaffId, number])[]
}

export function snapshotOf(state: DeskState): StateSnapshot {
  return {
    schema: 1,
    at: state.at,
    policy: state.policy,
    workflows: state.workflows,
    staff: [...state.staff.values()].map(savedStaff),
    shifts: [...state.shifts.values()].map(({ shift, isOn, nextBoundaryAt }) => ({ shift, isOn, nextBoundaryAt })),
    visitors: [...state.visitors.values()].map(({ dueSlot: _, ...visitor }) => visitor),
    requests: [...state.requests.values()].map(savedRequest),
    wrapUps: [...state.wrapUps.values()].map(({ requestId, staff, weight, untilAt }) => ({
      requestId,
      staffId: staff.id,
      weight,
      untilAt,
    })),
    closed: state.closed.toGenerations(),
    lastStaff: state.lastStaff.toGenerations(),
    dealt: [...state.dealt].map(([key, dealt]) => [key, [...dealt]]),
    counts: { dealt: state.dealtCount, opened: state.openedCount },
    arrivals: { ...state.arrivals },
  }
}

/** Trusts its input: a snapshot that comes from outside is parsed before. */
export function stateFrom(saved: StateSnapshot): DeskState {
  const state = emptyState(saved.policy)
  state.at = saved.at
  state.workflows = saved.workflows
  for (const { shift, isOn, nextBoundaryAt } of saved.shifts) {
    const entry = { shift, isOn, nextBoundaryAt, dueSlot: -1 }
    state.shifts.set(shift.id, entry)
    state.due.shifts.set(entry, nextBoundaryAt ?? never)
  }
  for (const visitor of saved.visitors) {
    const entry = { ...visitor, dueSlot: -1 }
    state.visitors.set(visitor.id, entry)
    state.due.visitors.set(entry, visitor.forgetAt ?? never)
  }
  restoreCounts(state, saved)
  for (const each of saved.staff) restoreStaff(state, each)
  for (const each of saved.requests) restoreLoad(state, each)
  for (const { staffId, ...wrapUp } of saved.wrapUps) {
    const staff = state.staff.get(staffId)
    if (staff === undefined) continue
    const entry = { ...wrapUp, staff, dueSlot: -1 }
    state.wrapUps.set(wrapUp.requestId, entry)
    state.due.wrapUps.set(entry, wrapUp.untilAt)
    staff.load += wrapUp.weight
  }
  for (const request of state.requests.values()) restoreRings(state, request)
  for (const request of state.requests.values()) placeVacancy(state, request)
  for (const request of state.requests.values()) settle(state, request)
  return state
}

const never = Number.POSITIVE_INFINITY

function savedStaff(staff: StaffState): SavedStaff {
  const { record, availability, sessions, graceUntilAt, strikes, idleSinceAt, alerts } = staff
  return { record, availability, sessions: [...sessions], graceUntilAt, strikes, idleSinceAt, alerts: { ...alerts } }
}

function savedRequest(request: RequestState): SavedRequest {
  const { dueSlot: _, rungs: __, assignment, detail, ...rest } = request
  if (assignment === null) return { ...rest, assignment, detail: detail === null ? null : savedDetail(detail) }
  const { staff, ...bond } = assignment
  return {
    ...rest,
    assignment: { ...bond, staffId: staff.id },
    detail: detail === null ? null : savedDetail(detail),
  }
}

function savedDetail(detail: RequestDetail): SavedDetail {
  return {
    ...detail,
    mutes: [...detail.mutes],
    declines: [...detail.declines],
    offers: [...detail.offers].map(([staff, untilAt]) => [staff.id, untilAt]),
    tried: [...detail.tried],
    missed: [...detail.missed],
  }
}

function restoreCounts(state: DeskState, saved: StateSnapshot): void {
  state.closed.restore(saved.closed)
  state.lastStaff.restore(saved.lastStaff)
  for (const [key, dealt] of saved.dealt) state.dealt.set(key, new Map(dealt))
  state.dealtCount = saved.counts.dealt
  state.openedCount = saved.counts.opened
  state.arrivals.minute = saved.arrivals.minute
  state.arrivals.count = saved.arrivals.count
}

function restoreStaff(state: DeskState, { record, sessions, alerts, ...rest }: SavedStaff): void {
  const staff: StaffState = {
    ...rest,
    id: record.id,
    record,
    capacity: record.capacity ?? state.policy.capacity,
    sessions: new Map(sessions),
    load: 0,
    chats: new SparseSet(),
    offer: null,
    alerts: { ...alerts },
    audiences: new Set(),
    reachableIn: new Set(),
    dueSlot: -1,
  }
  state.staff.set(record.id, staff)
  settleStaff(state, staff)
}

/** Chats and offers first: audiences, which come after, look at what everybody has in hand. */
function restoreLoad(state: DeskState, { assignment, detail, ...rest }: SavedRequest): void {
  const staff = assignment === null ? undefined : state.staff.get(assignment.staffId)
  const request: RequestState = { ...rest, rungs: [], assignment: null, detail: null, dueSlot: -1 }
  state.requests.set(request.id, request)
  addToVisitor(state, request)
  if (detail !== null) restoreDetail(state, request, detail)
  if (assignment === null || staff === undefined) {
    return
  }
  const { staffId: _, ...bond } = assignment
  request.assignment = { ...bond, staff }
  staff.chats.add(request)
  staff.load += request.weight
}

function restoreDetail(state: DeskState, request: RequestState, saved: SavedDetail): void {
  const { mutes, declines, offers, tried, missed, ...rest } = saved
  const detail = Object.assign(detailOf(request), rest)
  for (const [staffId, mute] of mutes) detail.mutes.set(staffId, mute)
  for (const staffId of declines) detail.declines.add(staffId)
  for (const staffId of tried) detail.tried.add(staffId)
  for (const [staffId, at] of missed) detail.missed.set(staffId, at)
  for (const [staffId, untilAt] of offers) {
    const staff = state.staff.get(staffId)
    if (staff === undefined) continue
    detail.offers.set(staff, untilAt)
    staff.offer = request
  }
}

function restoreRings(state: DeskState, request: RequestState): void {
  if (request.assignment !== null) return
  request.rungs = rungsOf(state, request.verdict.route, request.step)
  const isPlainNow = isPlain(request)
  for (const rung of request.rungs) (isPlainNow ? rung.plain : rung.particular).add(request)
}
