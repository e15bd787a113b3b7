import { SortedList } from '../collections/sorted-list'
import { type AssignmentId, compareIds, type Facts, type RequestId, type StaffId, type VisitorId } from '../model/ids'
import type { Availability } from '../model/staff'
import { ringsAnyone } from '../ringing/rings'
import { requestsOfVisitor } from '../state/request-detail'
import { byServiceOrder, type DeskState, isPresent, type RequestState, type VisitorState } from '../state/state'

/** Returns a request that is open or assigned; `undefined` for any other. */
export function requestView(state: DeskState, requestId: RequestId): RequestView | undefined {
  const request = state.requests.get(requestId)
  return request === undefined ? undefined : requestViewOf(request)
}

/** Which requests `requestViews` returns: those that meet every key that is given. */
export interface RequestFilter {
  readonly phase?: RequestView['phase'] | undefined
  readonly visitorId?: VisitorId | undefined
  /** The staff member who has the request. */
  readonly staffId?: StaffId | undefined
}

/** Returns the requests that are open or assigned and meet a filter, in the order of service. */
export function requestViews(state: DeskState, filter: RequestFilter): RequestView[] {
  const { phase, visitorId } = filter
  return [...candidatesOf(state, filter)]
    .filter((request) => visitorId === undefined || request.visitorId === visitorId)
    .filter((request) => phase === undefined || phaseOf(request) === phase)
    .sort(byServiceOrder)
    .map(requestViewOf)
}

/** Returns the fewest requests that the state can name by the filter. */
function candidatesOf(state: DeskState, { visitorId, staffId }: RequestFilter): Iterable<RequestState> {
  if (staffId !== undefined) return state.staff.get(staffId)?.chats ?? []
  return visitorId === undefined ? state.requests.values() : requestsOfVisitor(state, visitorId)
}

function phaseOf(request: RequestState): RequestView['phase'] {
  if (request.assignment !== null) return 'assigned'
  return ringsAnyone(request) ? 'ringing' : 'waiting'
}

export function requestViewOf(request: RequestState): RequestView {
  const { assignment, routingResult, detail } = request
  return {
    requestId: request.id,
    visitorId: request.visitorId,
    facts: request.facts,
    priority: routingResult.priority,
    tags: routingResult.tags,
    weight: request.weight,
    openedAt: request.openedAt,
    sequenceNumber: request.sequenceNumber,
    phase: phaseOf(request),
    step: request.step,
    workflow: routingResult.workflow,
    transferredBy: detail?.transferredBy ?? null,
    visitorLeftAt: detail?.visitorLeftAt ?? null,
    leftAloneSince: leftAloneSinceOf(request),
    tone: routingResult.route.steps[request.step]?.tone ?? null,
    assignment:
      assignment === null ? null : { assignmentId: assignment.id, staffId: assignment.staff.id, at: assignment.at },
  }
}

/** Returns since when a chat is left alone: its staff member is absent, or owes a reply for too long. */
export function leftAloneSinceOf({ assignment }: RequestState): number | null {
  return assignment === null ? null : (assignment.absentSinceAt ?? assignment.silentSinceAt)
}

/** Returns a staff member with load and presence; `undefined` for unknown staff. */
export function staffView(state: DeskState, staffId: StaffId): StaffView | undefined {
  const staff = state.staff.get(staffId)
  if (staff === undefined) return undefined
  const { record, capacity, load, availability } = staff
  return {
    staffId,
    name: record.name ?? staffId,
    teams: record.teams ?? [],
    skills: record.skills ?? {},
    shifts: record.shifts ?? [],
    capacity,
    load,
    availability,
    isPresent: isPresent(staff),
  }
}

/** How many visitors a screen shows. */
export const shownVisitorsMax = 100

/** Returns the visitors who are present: how many, and the newest of them, the latest arrival first, then by id. */
export function visitorViews(state: DeskState): Pick<PortalSnapshot, 'visitors' | 'visitorCount'> {
  const newest = new SortedList<VisitorState>(byArrival)
  let visitorCount = 0
  for (const visitor of [...state.visitors.values()].reverse()) {
    if (!visitor.isPresent) continue
    visitorCount += 1
    const [oldest] = newest.entries
    if (oldest !== undefined && newest.entries.length === shownVisitorsMax) {
      if (byArrival(visitor, oldest) < 0) continue
      newest.delete(oldest)
    }
    newest.add(visitor)
  }
  return { visitors: newest.entries.map(visitorViewOf).reverse(), visitorCount }
}

/** Orders visitors from the one that a list shows last to the one that it shows first. */
export function byArrival(a: Arrival, b: Arrival): number {
  return a.arrivedAt - b.arrivedAt || compareIds(b.id, a.id)
}

/** Who has arrived, and when. */
export type Arrival = Readonly<Pick<VisitorState, 'id' | 'arrivedAt'>>

export function visitorViewOf({ id, facts, arrivedAt }: VisitorState): VisitorView {
  return { visitorId: id, facts, arrivedAt }
}

/** A request as a plain JSON copy. */
export interface RequestView {
  readonly requestId: RequestId
  readonly visitorId: VisitorId
  readonly facts: Facts
  readonly priority: number
  readonly tags: readonly string[]
  readonly weight: number
  /** When it was opened; release and transfer do not change it. */
  readonly openedAt: number
  /** How many requests were opened before it. Requests are served by priority, then `openedAt`, then this number. */
  readonly sequenceNumber: number
  /** `ringing`: it rings for at least one staff member. `waiting`: for none, and a wake-up is scheduled. */
  readonly phase: 'ringing' | 'waiting' | 'assigned'
  /** Index of the latest step that started; the number of steps when the route is exhausted. */
  readonly step: number
  readonly workflow: string | null
  /** The staff member or supervisor whose transfer set its present route; `null` on the route of a workflow. */
  readonly transferredBy: string | null
  /** When the visitor left; `null` while present. */
  readonly visitorLeftAt: number | null
  /**
   * Since when the chat is left alone: its staff member is absent, or owes a reply for too long. `null`: it is not, or
   * the request is open.
   */
  readonly leftAloneSince: number | null
  /** The sound of its step; `null`: the default one. */
  readonly tone: string | null
  readonly assignment: { readonly assignmentId: AssignmentId; readonly staffId: StaffId; readonly at: number } | null
}

/** One line of an awaiting list: a request that may be accepted, and why it is in the list. */
export interface AwaitingItem {
  readonly requestId: RequestId
  readonly reason: AwaitingReason
  /** Since when it is in the list for this reason. */
  readonly since: number
  /** When a snooze ends, a transferred chat returns, or a chat left alone rings again; `null` otherwise. */
  readonly untilAt: number | null
  readonly request: RequestView
}

/** Why a request is in an awaiting list. */
export type AwaitingReason =
  | 'ringing'
  | 'muted'
  | 'snoozed'
  | 'missed'
  | 'waiting'
  | 'over-capacity'
  | 'reserved'
  | 'transferred'
  | 'left-alone'

/** A visitor who is present, as a plain JSON copy. */
export interface VisitorView {
  readonly visitorId: VisitorId
  readonly facts: Facts
  readonly arrivedAt: number
}

/** A staff member as a plain JSON copy. */
export interface StaffView {
  readonly staffId: StaffId
  readonly name: string
  readonly teams: readonly string[]
  readonly skills: Readonly<Record<string, number>>
  readonly shifts: readonly string[]
  readonly capacity: number
  readonly load: number
  readonly availability: Availability
  readonly isPresent: boolean
}

/** All that one staff member's screen shows, at one version of the desk. */
export interface PortalSnapshot {
  readonly staffId: StaffId
  readonly version: number
  readonly at: number
  readonly availability: Availability
  readonly ringing: readonly RequestView[]
  readonly awaiting: readonly AwaitingItem[]
  readonly chats: readonly RequestView[]
  /** The newest visitors who are present, at most 100: the latest arrival first. */
  readonly visitors: readonly VisitorView[]
  /** How many visitors are present. */
  readonly visitorCount: number
}

/**
 * One change of what a staff member's screen shows. It replaces all that the screen showed of its subject, except for
 * `reason`, which changes an awaiting item that is shown. Screens that learn the same share the object.
 */
export type ScreenOperation =
  | { readonly type: 'awaiting'; readonly item: AwaitingItem }
  | ({ readonly type: 'reason' } & Omit<AwaitingItem, 'request'>)
  | { readonly type: 'chat'; readonly request: RequestView }
  | { readonly type: 'removed'; readonly requestId: RequestId }
  | { readonly type: 'visitor'; readonly visitor: VisitorView; readonly visitorCount: number }
  | { readonly type: 'visitorLeft'; readonly visitorId: VisitorId; readonly visitorCount: number }
  | { readonly type: 'availability'; readonly availability: Availability }
