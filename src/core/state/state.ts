import { DeadlineHeap } from '../collections/deadline-heap'
import { RecentMap, recentEntriesMin } from '../collections/recent-map'
import { SortedList } from '../collections/sorted-list'
import type { SparseMap, SparseSet } from '../collections/sparse-map'
import type { ChangeCollector } from '../messages/edge'
import type { UnattendedCause } from '../messages/event'
import type { ClosedOutcome } from '../messages/refusal'
import type { AssignmentId, Facts, RequestId, SessionId, ShiftId, StaffId, VisitorId } from '../model/ids'
import { compareIds } from '../model/ids'
import { defaultPolicy, type Policy } from '../model/policy'
import type { Order, RoutingResult, Target, WorkflowRecord } from '../model/route'
import type { Availability, Shift, Staff } from '../model/staff'

/** The state of a desk. Only `evolve` changes it, in place, but for derived parts; outside the core it is only read. */
export interface DeskState {
  /** Instant of the newest event. */
  at: number
  policy: Policy
  /** When the desk was opened again after no process had it open; `null`: never. */
  resumedAt: number | null
  /** How often the workflows or the shifts were changed. */
  rulesRevision: number
  /** By name, in the order of the list; a workflow that replaces another keeps its place. */
  readonly workflows: Map<string, WorkflowRecord>
  readonly staff: Map<StaffId, StaffState>
  readonly shifts: Map<ShiftId, ShiftState>
  readonly visitors: Map<VisitorId, VisitorState>
  /** Open and assigned ones. */
  readonly requests: Map<RequestId, RequestState>
  /** Live requests of each visitor: one, or the list of several, oldest first. */
  readonly requestsByVisitor: Map<VisitorId, RequestState | readonly RequestState[]>
  /** Derived: by giver, the chats that were transferred and not accepted yet. The giver may accept each again. */
  readonly givenChats: Map<StaffId, Set<RequestState>>
  readonly wrapUps: Map<AssignmentId, WrapUp>
  /** The outcomes of recent closed requests, and the staff members who last had a chat with recent visitors. */
  readonly closed: RecentMap<RequestId, ClosedOutcome>
  readonly lastStaff: RecentMap<VisitorId, StaffId>
  /** For `round-robin`: audience key, then staff id, to the number of the latest offer. */
  readonly lastOfferNumbers: Map<string, Map<StaffId, number>>
  offerCount: number
  openedCount: number
  /** Requests opened, and visitors who became known, in the current minute. */
  readonly arrivals: { minute: number; count: number }
  readonly visitorArrivals: { minute: number; count: number }
  /** Derived: the bytes of all workflows, and of the facts of all visitors. */
  readonly bytes: { workflows: number; visitorFacts: number }
  /** Derived: interned audiences by key. */
  readonly audiences: Map<string, Audience>
  /** Derived: requests with an open offer and a candidate for it. Empty when nothing is left to decide. */
  readonly offerable: Set<RequestState>
  /** Derived: whether an offer that an audience blocked could be possible now; cleared after each event. */
  hasUnblockedOffers: boolean
  /** Derived: open requests of a weight above 1 whose visitor is present, in the order of service. */
  readonly heavyRequests: SortedList<RequestState>
  /** Derived: the staff whose free slots an open heavy request reserves. */
  readonly reservedStaff: Set<StaffState>
  /** Collects what changes, for the screens that are served from this state; `null` while there are none. */
  changes: ChangeCollector | null
  /** Derived: the next deadline of each. */
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
  /** Since when present although no session is left; `null` outside the grace. */
  graceSinceAt: number | null
  /** Sum of the weights of chats and wrap-ups. */
  load: number
  readonly chats: SparseSet<RequestState>
  /** The one selective offer held; it reserves the slot. */
  offer: RequestState | null
  /** The heavy request that reserves this staff member: no request that is served after it rings for them. */
  reservedFor: RequestState | null
  /** The number of the latest offer, of any target; 0: never. Of equal candidates the lowest is first. */
  lastOfferNumber: number
  /** Offers in a row that expired. */
  missedOffers: number
  /** When this person last became present or available, a chat began, or a slot became free. */
  idleSinceAt: number
  readonly alerts: { minute: number; count: number }
  /** Derived: the audiences that this person belongs to by roster, and those where also eligible. */
  readonly audiences: Set<Audience>
  readonly eligibleIn: Set<Audience>
  heapIndex: number
}

export interface ShiftState {
  readonly shift: Shift
  isOn: boolean
  nextBoundaryAt: number | null
  heapIndex: number
}

export interface VisitorState {
  readonly id: VisitorId
  facts: Facts
  arrivedAt: number
  /** When the staff were notified; `null`: not yet. */
  alertedAt: number | null
  /** When the visitor left, whom the desk forgets after a while; `null` while present. */
  leftAt: number | null
  /** Also without a session: a visitor who left, requested a chat and has no session yet is present. */
  isPresent: boolean
  /** Session to the end of its lease; `null`: no lease. Session `''`: the host itself counts the visitor's tabs. */
  readonly sessions: Map<SessionId, number | null>
  /** The session with an id that ended last, which asking for a chat starts anew; `null`: none has ended. */
  lastSessionId: SessionId | null
  heapIndex: number
}

export interface RequestState {
  readonly id: RequestId
  readonly visitorId: VisitorId
  facts: Facts
  readonly weight: number
  readonly openedAt: number
  /** How many were opened before it: breaks ties of age. */
  readonly sequenceNumber: number
  routingResult: RoutingResult
  step: number
  /** Those of the steps that ring, without repeats; empty while assigned. */
  activeAudiences: readonly Audience[]
  assignment: Assignment | null
  /** What most requests never need; `null` until it is first written. */
  detail: RequestDetail | null
  heapIndex: number
}

export interface Assignment {
  readonly id: AssignmentId
  /** 1 for the first assignment of the request. */
  readonly assignmentNumber: number
  readonly staff: StaffState
  readonly at: number
  /** Since when its staff member is absent, who was present with it; and whether that was reported. */
  absentSinceAt: number | null
  isAbsenceReported: boolean
  /** Since when the visitor waits for the first reply, and for an answer to what they wrote; `null`: not. */
  firstReplySinceAt: number | null
  replySinceAt: number | null
  /** When the missing answer was reported. */
  silentSinceAt: number | null
}

/** Mutes, declines and offers are sparse: the request holds them, for the few staff who have one. */
export interface RequestDetail {
  /** The staff who have muted it, since when, and until when (`null`: until unmuted). */
  readonly mutes: SparseMap<StaffId, { readonly sinceAt: number; readonly untilAt: number | null }>
  readonly declines: SparseSet<StaffId>
  /** The staff who did not reply, or were absent, with the chat, and have not accepted it since. */
  readonly silent: SparseSet<StaffId>
  /** The staff who hold an offer, since when, and for how long (`null`: by the policy). */
  readonly offers: SparseMap<StaffState, { readonly sinceAt: number; readonly timeoutMs: number | null }>
  /** The staff whose offer expired in this round of offers. */
  readonly missedThisRound: SparseSet<StaffId>
  /** All staff whose offer expired, and when the latest did. */
  readonly missed: SparseMap<StaffId, number>
  roundEndedAt: number | null
  /** The staff member whom it reserves, since no staff member has room for its weight. */
  reservedStaff: StaffState | null
  /** When the route began, and when it last became open, if later than `openedAt`. */
  routedAt: number | null
  reopenedAt: number | null
  /** How often it had been assigned when it last became open again. */
  assignmentCount: number
  /** Whether the visitor had no answer to what they wrote when it last became open again. */
  isReplyOwed: boolean
  visitorLeftAt: number | null
  /** The cause that was reported and still holds; and since when everybody has muted it, for the reminder. */
  unattendedCause: Extract<UnattendedCause, 'all-muted' | 'nobody-reachable'> | null
  allMutedSinceAt: number | null
  longWaitReportedAt: number | null
  longWaitReports: number
  /** The giver of the chat, to whom it returns, and since when, until it is accepted. */
  transfer: { readonly by: StaffId; readonly sinceAt: number } | null
  /** The staff member or supervisor whose transfer set its present route; `null` on the route of a workflow. */
  transferredBy: string | null
  /** What its workflow gave it, while it is on another route. */
  workflowRoute: Pick<RoutingResult, 'workflow' | 'route'> | null
}

/**
 * The staff a step is for, right now. Interned by target and order and shared by all requests that use it: memory is
 * staff plus requests, not staff times requests, and a change of a staff member touches only their audiences.
 */
export interface Audience {
  readonly key: string
  readonly target: Target
  /** `all`: every eligible staff member rings. Otherwise only the holders of offers, which are made in this order. */
  readonly order: 'all' | Order
  /** The shifts that the target names; `null`: none, so that shifts do not matter. */
  readonly shiftIds: readonly ShiftId[] | null
  /** The staff who belong to it by roster. */
  readonly members: Set<StaffState>
  /** Members who are present, available and on shift. */
  readonly eligible: Set<StaffState>
  /** How many eligible ones have room for a request of weight 1, without regard to offers. */
  freeCount: number
  /** How many eligible ones have room for a request of weight 1, less what offers reserve. */
  ringableCount: number
  /** How many eligible ones are reserved for a heavy request. */
  reservedCount: number
  /** The free slots of the eligible, less what offers reserve. */
  freeWeight: number
  /** Ring-all only. Cache: its open requests in the order of service; `null` until an offer needs it. */
  ringAllQueue: RingAllQueue | null
  /** Whether an offer was blocked for the sake of its requests: a change of it may make that offer possible. */
  isBlocking: boolean
  /** Cache: ids of the eligible with room for weight 1; `null` after a change. */
  ringableStaffIds: readonly StaffId[] | null
  /** Open requests that ring for exactly `ringableStaffIds`; and those with their own ring set (heavy, muted, …). */
  readonly sharedRingSet: SparseSet<RequestState>
  readonly ownRingSet: SparseSet<RequestState>
  /** Selective only: the staff who could get an offer, best first; and the requests with an open offer in order. */
  readonly candidates: SortedList<StaffState>
  readonly awaitingOffer: SortedList<RequestState>
  /** The list of just this audience, shared by all requests that ring only it. */
  readonly asSingleton: readonly Audience[]
}

/** The requests that an audience rings, visitors present, in the order of service. */
export interface RingAllQueue {
  readonly requests: SortedList<RequestState>
  /** Those that are checked one by one: heavy ones, and those that a staff member has muted or declined. */
  readonly special: Set<RequestState>
}

/** The slots that stay occupied after a chat. */
export interface WrapUp {
  readonly assignmentId: AssignmentId
  readonly requestId: RequestId
  readonly visitorId: VisitorId
  readonly staff: StaffState
  readonly weight: number
  readonly sinceAt: number
  heapIndex: number
}

/** Returns the state of a desk without any event. */
export function emptyState(policy: Policy = defaultPolicy): DeskState {
  return {
    at: 0,
    policy,
    resumedAt: null,
    rulesRevision: 0,
    workflows: new Map(),
    staff: new Map(),
    shifts: new Map(),
    visitors: new Map(),
    requests: new Map(),
    requestsByVisitor: new Map(),
    givenChats: new Map(),
    wrapUps: new Map(),
    closed: new RecentMap(recentEntriesMin),
    lastStaff: new RecentMap(recentEntriesMin),
    lastOfferNumbers: new Map(),
    offerCount: 0,
    openedCount: 0,
    arrivals: { minute: 0, count: 0 },
    visitorArrivals: { minute: 0, count: 0 },
    bytes: { workflows: 0, visitorFacts: 0 },
    audiences: new Map(),
    offerable: new Set(),
    hasUnblockedOffers: false,
    heavyRequests: new SortedList(byServiceOrder),
    reservedStaff: new Set(),
    changes: null,
    deadlines: {
      shifts: new DeadlineHeap((a, b) => compareIds(a.shift.id, b.shift.id)),
      staff: new DeadlineHeap((a, b) => compareIds(a.id, b.id)),
      visitors: new DeadlineHeap((a, b) => compareIds(a.id, b.id)),
      wrapUps: new DeadlineHeap((a, b) => compareIds(a.assignmentId, b.assignmentId)),
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
  return staff.sessions.size > 0 || staff.graceSinceAt !== null
}
