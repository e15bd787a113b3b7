import { compareText } from './compare-text'
import { Deadlines } from './deadlines'
import type { UnattendedCause } from './event'
import type { AssignmentId, Facts, Json, RequestId, SessionId, ShiftId, StaffId, VisitorId } from './ids'
import { defaultPolicy, type Policy } from './policy'
import { Recent, recentMin } from './recent'
import type { ClosedOutcome } from './refusal'
import type { Order } from './route'
import type { Shift } from './shift'
import type { SortedList } from './sorted-list'
import { SparseMap } from './sparse-map'
import { SparseSet } from './sparse-set'
import type { Availability, Staff } from './staff'
import type { Target } from './target'
import type { Verdict } from './verdict'

/** Everything the desk knows. Changed in place by `evolve` and by nothing else; nobody outside the core holds it. */
export interface DeskState {
  /** Instant of the newest event. */
  at: number
  policy: Policy
  workflows: readonly Json[]
  readonly staff: Map<StaffId, StaffState>
  readonly shifts: Map<ShiftId, ShiftState>
  readonly visitors: Map<VisitorId, VisitorState>
  /** Open and assigned ones. */
  readonly requests: Map<RequestId, RequestState>
  /** Live requests of each visitor: one, or the list of several, oldest first. */
  readonly requestsByVisitor: Map<VisitorId, RequestState | readonly RequestState[]>
  readonly wrapUps: Map<RequestId, WrapUp>
  /** How the most recent requests ended. */
  readonly closed: Recent<RequestId, ClosedOutcome>
  /** Who served a visitor last. */
  readonly lastStaff: Recent<VisitorId, StaffId>
  /** Round-robin's memory: audience key, then staff id, to the number of the latest offer. */
  readonly dealt: Map<string, Map<StaffId, number>>
  dealtCount: number
  openedCount: number
  /** Requests opened in the current minute. */
  readonly arrivals: { minute: number; count: number }
  /** Derived: interned audiences by key. */
  readonly audiences: Map<string, Audience>
  /** Derived: requests with a vacancy for which somebody could be offered now. Empty when the desk has settled. */
  readonly matchable: Set<RequestState>
  /** Derived: when to look at what again. */
  readonly due: {
    readonly shifts: Deadlines<ShiftState>
    readonly staff: Deadlines<StaffState>
    readonly visitors: Deadlines<VisitorState>
    readonly wrapUps: Deadlines<WrapUp>
    readonly requests: Deadlines<RequestState>
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
  strikes: number
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
  isHere: boolean
  dueSlot: number
}

export interface RequestState {
  readonly id: RequestId
  readonly visitorId: VisitorId
  readonly facts: Facts
  readonly weight: number
  readonly openedAt: number
  /** How many were opened before it: breaks ties of age. */
  readonly order: number
  verdict: Verdict
  step: number
  /** The audiences being rung, one for each step that rings; empty while assigned. */
  rungs: readonly Audience[]
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
  restUntilAt: number | null
  /** When the route began, and when it last became open, if later than `openedAt`. */
  routedAt: number | null
  reopenedAt: number | null
  /** How often it had been taken when it was last given back. */
  takes: number
  visitorLeftAt: number | null
  abandonAt: number | null
  /** The cause that was announced and still holds. */
  unattended: Exclude<UnattendedCause, 'waited-too-long'> | null
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
  readonly reachable: Set<StaffState>
  /** How many of these have room for a request of weight 1, offers left aside. */
  ableCount: number
  /** Cache: ids of the reachable with room for weight 1; `null` after a change. */
  ringable: readonly StaffId[] | null
  /** Open requests whose ring set is just `ringable`; and those that need a look each (heavy, muted, several steps). */
  readonly plain: SparseSet<RequestState>
  readonly particular: SparseSet<RequestState>
  /** Selective only: who could be offered something, best first; and who has a vacancy, first served first. */
  readonly ranks: SortedList<StaffState>
  readonly vacant: SortedList<RequestState>
  /** What a request with this one step rings: shared, so that it costs a request one pointer. */
  readonly alone: readonly Audience[]
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
    workflows: [],
    staff: new Map(),
    shifts: new Map(),
    visitors: new Map(),
    requests: new Map(),
    requestsByVisitor: new Map(),
    wrapUps: new Map(),
    closed: new Recent(recentMin),
    lastStaff: new Recent(recentMin),
    dealt: new Map(),
    dealtCount: 0,
    openedCount: 0,
    arrivals: { minute: 0, count: 0 },
    audiences: new Map(),
    matchable: new Set(),
    due: {
      shifts: new Deadlines((a, b) => compareText(a.shift.id, b.shift.id)),
      staff: new Deadlines((a, b) => compareText(a.id, b.id)),
      visitors: new Deadlines((a, b) => compareText(a.id, b.id)),
      wrapUps: new Deadlines((a, b) => compareText(a.requestId, b.requestId)),
      requests: new Deadlines(compareServed),
    },
  }
}

/** The order in which requests are served: priority, then age. */
export function compareServed(a: RequestState, b: RequestState): number {
  return b.verdict.priority - a.verdict.priority || a.openedAt - b.openedAt || a.order - b.order
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
    restUntilAt: null,
    routedAt: null,
    reopenedAt: null,
    takes: 0,
    visitorLeftAt: null,
    abandonAt: null,
    unattended: null,
    remindAt: null,
    longWaitAt: null,
    longWaitGapMs: null,
    transfer: null,
  }
  return request.detail
}
