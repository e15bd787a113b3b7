import type { RequestId, StaffId, VisitorId } from '../model/ids'
import type { UnattendedCause } from './event'

/** The difference that one event made to which requests ring for which staff. */
export type Edge = RingEdge | StopEdge | VisitorEdge

/** A request begins to ring for these staff members. */
export interface RingEdge {
  readonly type: 'ring'
  readonly requestId: RequestId
  readonly staffIds: readonly StaffId[]
}

/** A request stops ringing for these staff members. */
export interface StopEdge {
  readonly type: 'stop'
  readonly requestId: RequestId
  readonly staffIds: readonly StaffId[]
  readonly reason: StopReason
  /** The staff member or supervisor who accepted or transferred it; `null` otherwise. */
  readonly by: string | null
}

/** A notification that a visitor opened a page. */
export interface VisitorEdge {
  readonly type: 'visitor'
  readonly visitorId: VisitorId
  readonly staffIds: readonly StaffId[]
}

/** Why a request stops ringing; see `docs/reference/refusals.md`. */
export type StopReason =
  | 'accepted'
  | 'muted'
  | 'snoozed'
  | 'declined'
  | 'offer-expired'
  | 'handed-over'
  | 'cancelled'
  | 'abandoned'
  | 'visitor-away'
  | 'expired'
  | 'unavailable'
  | 'off-shift'
  | 'at-capacity'
  | 'rerouted'
  | 'transferred'
  | 'removed'
  | 'reserved'

interface ClearedCause {
  readonly unattendedCause: Extract<UnattendedCause, 'all-muted' | 'nobody-reachable'> | null
  readonly allMutedSinceAt: number | null
}

/** Collects the edges of one event; edges of one request that differ only in the staff member become one. */
export class EdgeCollector {
  readonly list: Edge[] = []
  #rings: Map<RequestId, StaffId[]> | null = null
  #stops: Map<string, StaffId[]> | null = null
  /** Whether pairs of request and staff member may have changed back within the event. */
  mayReverse = false
  #cleared: Map<RequestId, ClearedCause> | null = null

  /** The reported cause and the reminder of each request that began to ring at this event, before they were cleared. */
  get cleared(): Map<RequestId, ClearedCause> {
    this.#cleared ??= new Map()
    return this.#cleared
  }

  addRing(requestId: RequestId, staffId: StaffId): void {
    const known = this.#rings?.get(requestId)
    if (known !== undefined) return void known.push(staffId)
    const staffIds = [staffId]
    this.#rings ??= new Map()
    this.#rings.set(requestId, staffIds)
    this.addRingOfAll(requestId, staffIds)
  }

  addStop(requestId: RequestId, staffId: StaffId, reason: StopReason): void {
    const key = `${reason} ${requestId}`
    const known = this.#stops?.get(key)
    if (known !== undefined) return void known.push(staffId)
    const staffIds = [staffId]
    this.#stops ??= new Map()
    this.#stops.set(key, staffIds)
    this.addStopOfAll(requestId, staffIds, reason, null)
  }

  /** Removes the pairs that changed back within the event; a pair that changed three times keeps the last edge. */
  removeReversals(): void {
    const counts = new Map<string, { all: number; left: number }>()
    for (const pair of this.list.flatMap(pairsOf)) {
      const count = counts.get(pair) ?? { all: 0, left: 0 }
      counts.set(pair, { all: count.all + 1, left: count.left + 1 })
    }
    const isNet = (pair: string): boolean => {
      const count = counts.get(pair)
      if (count === undefined) return false
      count.left -= 1
      return count.left === 0 && count.all % 2 === 1
    }
    const net = this.list.flatMap((edge): readonly Edge[] => {
      if (edge.type === 'visitor') return [edge]
      const staffIds = edge.staffIds.filter((staffId) => isNet(`${edge.requestId} ${staffId}`))
      return staffIds.length === 0 ? [] : [{ ...edge, staffIds }]
    })
    this.list.splice(0, this.list.length, ...net)
  }

  /** Adds one edge. Holds the given list of staff ids, without a copy. */
  addRingOfAll(requestId: RequestId, staffIds: readonly StaffId[]): void {
    if (staffIds.length > 0) this.list.push({ type: 'ring', requestId, staffIds })
  }

  addStopOfAll(requestId: RequestId, staffIds: readonly StaffId[], reason: StopReason, by: string | null): void {
    if (staffIds.length > 0) this.list.push({ type: 'stop', requestId, staffIds, reason, by })
  }
}

function pairsOf(edge: Edge): readonly string[] {
  return edge.type === 'visitor' ? [] : edge.staffIds.map((staffId) => `${edge.requestId} ${staffId}`)
}

/** What has changed since a reader of the state last looked: ids only, so that a repeated change costs nothing more. */
export class ChangeSet {
  /** Requests whose view, audiences, mutes, declines or offers have changed. */
  readonly requestIds = new Set<RequestId>()
  /** Staff whose availability, presence, shifts, room, offer or reservation has changed. */
  readonly staffIds = new Set<StaffId>()
  /** Staff whose record on the roster has changed, and with it the audiences to which they belong. */
  readonly rosterIds = new Set<StaffId>()
  readonly visitorIds = new Set<VisitorId>()

  get isEmpty(): boolean {
    return this.requestIds.size + this.staffIds.size + this.rosterIds.size + this.visitorIds.size === 0
  }

  clear(): void {
    for (const ids of [this.requestIds, this.staffIds, this.rosterIds, this.visitorIds]) ids.clear()
  }
}

/** Collects the changes of a state for each of its readers. */
export class ChangeCollector {
  readonly readers = new Set<ChangeSet>()

  addRequest(requestId: RequestId): void {
    for (const { requestIds } of this.readers) requestIds.add(requestId)
  }

  addStaff(staffId: StaffId): void {
    for (const { staffIds } of this.readers) staffIds.add(staffId)
  }

  addRoster(staffId: StaffId): void {
    for (const { rosterIds } of this.readers) rosterIds.add(staffId)
  }

  addVisitor(visitorId: VisitorId): void {
    for (const { visitorIds } of this.readers) visitorIds.add(visitorId)
  }
}
