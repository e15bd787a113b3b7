import { DeadlineHeap } from '../collections/deadline-heap'
import { RecentMap, recentEntriesMin } from '../collections/recent-map'
import type { SortedList } from '../collections/sorted-list'
import { SparseMap, SparseSet } from '../collections/sparse-map'
import type { UnattendedCause } from '../messages/event'
import type { ClosedOutcome } from '../messages/refusal'
import type { AssignmentId, Facts, RequestId, SessionId, ShiftId, StaffId, VisitorId } from '../model/ids'
import { compareIds } from '../model/ids'
import { defaultPolicy, type Policy } from '../model/policy'
import type { Order, RoutingResult, Target, WorkflowRecord } from '../model/route'
import type { Availability, Shift, Staff } from '../model/staff'

/** Everything the desk knows. Changed in place by `evolve` and by nothing else; nobody outside the core holds it. */
export interface DeskState {
  /** Instant of the newest event. */
  at: number
  policy: Policy
  /** By name, in the order of the list; a workflow that replaces another keeps its place. */
  readonly workflows: Map<string, WorkflowRecord>
  readonly staff: Map<StaffId, StaffState>
  readonly shifts: Map<ShiftId, ShiftState>
  readonly visitors: Map<VisitorId, VisitorState>
  /** Open and assigned ones. */
  readonly requests: Map<RequestId, RequestState>
  /** Live requests of each visitor: one, or the list of several, oldest first. */
  readonly requestsByVisitor: Map<VisitorId, RequestState | readonly RequestState[]>
  readonly wrapUps: Map<RequestId, WrapUp>
  /** How the most recent requests ended. */
  readonly closed: RecentMap<RequestId, ClosedOutcome>
  /** Who served a visitor last. */
  readonly lastStaff: RecentMap<VisitorId, StaffId>
  /** Round-robin's memory: audience key, then staff id, to the number of the latest offer. */
  readonly lastOfferNumbers: Map<string, Map<StaffId, number>>
  offerCount: number
  openedCount: number
  /** Requests opened in the current minute. */
  readonly arrivals: { minute: number; count: number }
  /** Derived: interned audiences by key. */
  readonly audiences: Map<string, Audience>
  /** Derived: requests with a vacancy for which somebody could be offered now. Empty when the desk has settled. */
  readonly offerable: Set<RequestState>
  /** Derived: when to look at what again. */
  readonly deadlines: {
    readonly shifts: DeadlineHeap<ShiftState>
    readonly staff: DeadlineHeap<StaffState>
    readonly visitors: DeadlineHeap<VisitorState>
    readonly wrapUps: DeadlineHeap<WrapUp>
    readonly requests: DeadlineHeap<RequestState>
  }
}

export interface StaffState {
  readonly id: StaffId
  record: Staff
  capacity: number
  availability: Availability
  /** Session to the end of its lease; `null`: no lease. */
  readonly sessions: Map<SessionId, number | null>
  /** Until then present although no session lives; `null`: not in the grace. */
  graceUntilAt: number | null
  /** Sum of the weights of chats and wrap-ups. */
  load: number
  readonly chats: SparseSet<RequestState>
  /** The one selective offer held; it reserves the slot. */
  offer: RequestState | null
  /** Offers in a row that expired. */
  missedOffers: number
  /** Since when without new work: came available, took or ended a chat. */
  idleSinceAt: number
  readonly alerts: { minute: number; count: number }
  /** Derived: where a member by roster, and where able to be rung by presence and shift as well. */
  readonly audiences: Set<Audience>
  readonly reachableIn: Set<Audience>
  dueSlot: number
}

export interface ShiftState {
  readonly shift: Shift
  isOn: boolean
  nextBoundaryAt: number | null
  dueSlot: number
}

export interface VisitorState {
  readonly id: VisitorId
  facts: Facts
  arrivedAt: number
  /** When the staff were told of them; `null`: nobody was yet. */
  alertedAt: number | null
  /** When they are forgotten, once they have left. */
  forgetAt: number | null
  isPresent: boolean
  dueSlot: number
}

export interface RequestState {
  readonly id: RequestId
  readonly visitorId: VisitorId
  readonly facts: Facts
  readonly weight: number
  readonly openedAt: number
  /** How many were opened before it: breaks ties of age. */
  readonly sequenceNumber: number
  routingResult: RoutingResult
  step: number
  /** The audiences being rung, one for each step that rings; empty while assigned. */
  activeAudiences: readonly Audience[]
  assignment: Assignment | null
  /** What most requests never need; `null` until the first of it. */
  detail: RequestDetail | null
  dueSlot: number
}

export interface Assignment {
  readonly id: AssignmentId
  /** 1 for the first time somebody took the request. */
  readonly take: number
  readonly staff: StaffState
  readonly at: number
  replyDueAt: number | null
}

/** Mutes, declines and offers are sparse: they stand on the request, for the few people who have one. */
export interface RequestDetail {
  /** Who has silenced it, since when, and until when (`null`: until unmuted). */
  readonly mutes: SparseMap<StaffId, { readonly sinceAt: number; readonly untilAt: number | null }>
  readonly declines: SparseSet<StaffId>
  /** Who holds an offer, and until when. */
  readonly offers: SparseMap<StaffState, number>
  /** Whose offer expired in this pass, and whose ever did, with the instant. */
  readonly tried: SparseSet<StaffId>
  readonly missed: SparseMap<StaffId, number>
  nextRoundAt: number | null
  /** When the route began, and when it last became open, if later than `openedAt`. */
  routedAt: number | null
  reopenedAt: number | null
  /** How often it had been taken when it was last given back. */
  assignmentCount: number
  visitorLeftAt: number | null
  abandonAt: number | null
  /** The cause that was announced and still holds. */
  unattendedCause: Exclude<UnattendedCause, 'waited-too-long'> | null
  remindAt: number | null
  longWaitAt: number | null
  longWaitGapMs: number | null
  transfer: { readonly by: StaffId; readonly returnAt: number } | null
}

/**
 * The people a step is for, right now. Interned by target and order and shared by all requests that use it, so that
 * memory is staff plus requests, never staff times requests, and a change of one person touches only their audiences.
 */
export interface Audience {
  readonly key: string
  readonly target: Target
  /** `all`: everyone reachable rings. Otherwise only who holds an offer, made in this order. */
  readonly order: 'all' | Order
  /** The shifts the target names; `null`: none, so that being on shift does not matter. */
  readonly shiftIds: readonly ShiftId[] | null
  /** Who belongs to it by roster. */
  readonly members: Set<StaffState>
  /** Members who are present, available and on shift. */
  readonly eligible: Set<StaffState>
  /** How many of these have room for a request of weight 1, offers left aside. */
  freeCount: number
  /** Cache: ids of the reachable with room for weight 1; `null` after a change. */
  ringableStaffIds: readonly StaffId[] | null
  /** Open requests whose ring set is just `ringable`; and those that need a look each (heavy, muted, several steps). */
  readonly sharedRingSet: SparseSet<RequestState>
  readonly ownRingSet: SparseSet<RequestState>
  /** Selective only: who could be offered something, best first; and who has a vacancy, first served first. */
  readonly candidates: SortedList<StaffState>
  readonly awaitingOffer: SortedList<RequestState>
  /** What a request with this one step rings: shared, so that it costs a request one pointer. */
  readonly asSingleton: readonly Audience[]
}

/** After a chat, the slot that stays taken. */
export interface WrapUp {
  readonly requestId: RequestId
  readonly staff: StaffState
  readonly weight: number
  readonly untilAt: number
  dueSlot: number
}

export function emptyState(policy: Policy = defaultPolicy): DeskState {
  return {
    at: 0,
    policy,
    workflows: new Map(),
    staff: new Map(),
    shifts: new Map(),
    visitors: new Map(),
    requests: new Map(),
    requestsByVisitor: new Map(),
    wrapUps: new Map(),
    closed: new RecentMap(recentEntriesMin),
    lastStaff: new RecentMap(recentEntriesMin),
    lastOfferNumbers: new Map(),
    offerCount: 0,
    openedCount: 0,
    arrivals: { minute: 0, count: 0 },
    audiences: new Map(),
    offerable: new Set(),
    deadlines: {
      shifts: new DeadlineHeap((a, b) => compareIds(a.shift.id, b.shift.id)),
      staff: new DeadlineHeap((a, b) => compareIds(a.id, b.id)),
      visitors: new DeadlineHeap((a, b) => compareIds(a.id, b.id)),
      wrapUps: new DeadlineHeap((a, b) => compareIds(a.requestId, b.requestId)),
      requests: new DeadlineHeap(byServiceOrder),
    },
  }
}

/** The order in which requests are served: priority, then age. */
export function byServiceOrder(a: RequestState, b: RequestState): number {
  return (
    b.routingResult.priority - a.routingResult.priority ||
    a.openedAt - b.openedAt ||
    a.sequenceNumber - b.sequenceNumber
  )
}

export function isPresent(staff: StaffState): boolean {
  return staff.sessions.size > 0 || staff.graceUntilAt !== null
}

/** The sparse part of a request, made at first use. */
export function detailOf(request: RequestState): RequestDetail {
  request.detail ??= {
    mutes: new SparseMap(),
    declines: new SparseSet(),
    offers: new SparseMap(),
    tried: new SparseSet(),
    missed: new SparseMap(),
    nextRoundAt: null,
    routedAt: null,
    reopenedAt: null,
    assignmentCount: 0,
    visitorLeftAt: null,
    abandonAt: null,
    unattendedCause: null,
    remindAt: null,
    longWaitAt: null,
    longWaitGapMs: null,
    transfer: null,
  }
  return request.detail
}

/** Which take the next one of a request is, from 1. */
export function nextAssignmentNumber({ assignment, detail }: RequestState): number {
  return (assignment?.take ?? detail?.assignmentCount ?? 0) + 1
}

/** The id that the next assignment of a request gets: the same on every node and at every replay. */
export function nextAssignmentId(request: RequestState): AssignmentId {
  return `${request.id}/${nextAssignmentNumber(request)}`
}
