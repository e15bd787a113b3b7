import { SortedList } from '../collections/sorted-list'
import { isEqualJson, type RequestId, type StaffId, type VisitorId } from '../model/ids'
import type { Availability } from '../model/staff'
import { type Audience, type DeskState, isPresent, type RequestState, type StaffState } from '../state/state'
import {
  type Arrival,
  type AwaitingReason,
  byArrival,
  type RequestView,
  requestViewOf,
  type ScreenOperation,
  shownVisitorsMax,
  visitorViewOf,
} from '../views/views'

/** What of a staff member decides the reasons of all their awaiting items. */
export interface Standing {
  readonly availability: Availability
  /** The shifts that are on while present and available; `null`: cannot be rung. */
  readonly reach: string | null
  readonly room: number
  readonly offer: RequestState | null
  readonly reservedFor: RequestState | null
}

/** What was last reported of a request. */
export interface ReportedRequest {
  readonly view: RequestView
  readonly audiences: readonly Audience[]
  /** The staff to whom it appears in a way of their own: muted, declined, offered, missed, given away. */
  readonly marks: ReadonlyMap<StaffId, Mark> | null
}

interface Mark {
  /** Whether it is in the list of a member of its audience. */
  readonly isListed: boolean
  /** Whether it is in the list of somebody outside its audience. */
  readonly isGiver: boolean
  readonly key: string
}

/** A request and the operations of one flush about it, which all screens share that learn the same. */
export interface Subject {
  readonly requestId: RequestId
  /** `undefined`: closed. */
  readonly request: RequestState | undefined
  readonly report: ReportedRequest | undefined
  readonly items: Map<AwaitingReason, ScreenOperation>
  readonly reasons: Map<AwaitingReason, ScreenOperation>
  chat: ScreenOperation | null
  removed: ScreenOperation | null
}

/** Returns what the screens show of a request now. */
export function reportOf(state: DeskState, request: RequestState): ReportedRequest {
  return { view: requestViewOf(request), audiences: request.activeAudiences, marks: marksOf(state, request) }
}

/** Returns the marks of an open request; `null` where there are none. */
function marksOf(state: DeskState, { assignment, detail }: RequestState): ReadonlyMap<StaffId, Mark> | null {
  if (detail === null || assignment !== null) return null
  const { mutes, declines, offers, missed, transfer, reopenedAt } = detail
  if (transfer === null && mutes.size + declines.size + offers.size + missed.size === 0) return null
  const keys = new Map<StaffId, string>()
  const add = (staffId: StaffId, key: string) => keys.set(staffId, `${keys.get(staffId) ?? ''} ${key}`)
  for (const [staffId, { sinceAt, untilAt }] of mutes) add(staffId, `muted ${sinceAt} ${untilAt}`)
  for (const staffId of declines) add(staffId, 'declined')
  for (const { id } of offers.keys()) add(id, 'offered')
  for (const [staffId, at] of missed) add(staffId, `missed ${at}`)
  if (transfer !== null) add(transfer.by, `given ${transfer.sinceAt + state.policy.transferMs} ${reopenedAt}`)
  const toMark = (staffId: StaffId, key: string): Mark => ({
    isListed: !declines.has(staffId),
    isGiver: transfer?.by === staffId,
    key,
  })
  return new Map([...keys].map(([staffId, key]) => [staffId, toMark(staffId, key)]))
}

/** Returns whether all those without a mark see the same as before. */
export function isSameShared(before: ReportedRequest, now: ReportedRequest): boolean {
  const { audiences } = now
  const isSameAudience = (audience: Audience, index: number) => audience === audiences[index]
  if (before.audiences.length !== audiences.length || !before.audiences.every(isSameAudience)) return false
  return isEqualJson(before.view, now.view)
}

/** Returns whether a request is on the screen of a staff member. */
export function isShown({ view, audiences, marks }: ReportedRequest, staff: StaffState): boolean {
  if (view.assignment !== null) return view.assignment.staffId === staff.id
  const mark = marks === null ? undefined : marks.get(staff.id)
  if (mark?.isGiver === true) return true
  if (mark?.isListed === false) return false
  for (const { members } of audiences) if (members.has(staff)) return true
  return false
}

/** Returns the standing of a staff member; `null` for unknown staff. */
export function standingOf({ staff, shifts }: DeskState, staffId: StaffId): Standing | null {
  const found = staff.get(staffId)
  if (found === undefined) return null
  const { record, availability, capacity, load, offer, reservedFor } = found
  const isReachable = isPresent(found) && availability === 'available'
  const reach = isReachable ? (record.shifts ?? []).filter((id) => shifts.get(id)?.isOn === true).join() : null
  return { availability, reach, room: capacity - load, offer, reservedFor }
}

/**
 * Returns whether no reason can have changed. `isExact`: every slot counts, since a heavy request is open. One for whom
 * a heavy request is kept back is looked at anew, since that request may have changed its place.
 */
export function isSameInKind(before: Standing, now: Standing, isExact: boolean): boolean {
  if (before.reach !== now.reach || before.offer !== now.offer) return false
  if (before.reservedFor !== null || now.reservedFor !== null) return false
  return isExact || now.offer !== null ? before.room === now.room : before.room >= 1 === now.room >= 1
}

/** The visitors who were last reported as present, and those of them whom screens show. */
export class ReportedVisitors {
  readonly #arrivals = new Map<VisitorId, Arrival>()
  #inOrder = new SortedList<Arrival>(byArrival)
  #shown: ReadonlySet<VisitorId> = new Set()

  /** Takes the visitors of a state as reported. */
  begin(state: DeskState): void {
    this.#arrivals.clear()
    this.#inOrder = new SortedList(byArrival)
    for (const visitorId of state.visitors.keys()) this.#update(state, visitorId)
    this.#shown = this.#newest()
  }

  /** Returns what screens must learn when these visitors have changed: of them, and of those who take their places. */
  report(state: DeskState, changedIds: ReadonlySet<VisitorId>): ScreenOperation[] {
    const { size } = this.#arrivals
    for (const visitorId of changedIds) this.#update(state, visitorId)
    const shownBefore = this.#shown
    this.#shown = this.#newest()
    const concerned = new Set([...changedIds, ...shownBefore, ...this.#shown])
    return [...concerned]
      .filter((id) => {
        const [wasShown, isShownNow] = [shownBefore.has(id), this.#shown.has(id)]
        if (wasShown !== isShownNow) return true
        return changedIds.has(id) && (isShownNow || size !== this.#arrivals.size)
      })
      .map((id) => this.operationFor(state, id))
  }

  /** Returns how screens show a visitor. One who is not among the newest is left out, as one who has left. */
  operationFor({ visitors }: DeskState, visitorId: VisitorId): ScreenOperation {
    const visitor = this.#shown.has(visitorId) ? visitors.get(visitorId) : undefined
    const visitorCount = this.#arrivals.size
    return visitor === undefined
      ? { type: 'visitorLeft', visitorId, visitorCount }
      : { type: 'visitor', visitor: visitorViewOf(visitor), visitorCount }
  }

  #newest(): ReadonlySet<VisitorId> {
    return new Set(this.#inOrder.entries.slice(-shownVisitorsMax).map(({ id }) => id))
  }

  #update({ visitors }: DeskState, visitorId: VisitorId): void {
    const before = this.#arrivals.get(visitorId)
    const visitor = visitors.get(visitorId)
    if (before !== undefined) this.#inOrder.delete(before)
    this.#arrivals.delete(visitorId)
    if (visitor?.isPresent !== true) return
    const arrival = { id: visitorId, arrivedAt: visitor.arrivedAt }
    this.#arrivals.set(visitorId, arrival)
    this.#inOrder.add(arrival)
  }
}
