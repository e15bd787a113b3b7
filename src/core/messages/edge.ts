import type { RequestId, StaffId, VisitorId } from '../model/ids'

/** The difference that one event made to which requests ring for which staff. */
export type Edge = RingEdge | StopEdge | VisitorEdge

export interface RingEdge {
  readonly type: 'ring'
  readonly requestId: RequestId
  readonly staffIds: readonly StaffId[]
}

export interface StopEdge {
  readonly type: 'stop'
  readonly requestId: RequestId
  readonly staffIds: readonly StaffId[]
  readonly reason: StopReason
  /** Who accepted or transferred it; `null` otherwise. */
  readonly by: string | null
}

/** A notification that a visitor opened a page. */
export interface VisitorEdge {
  readonly type: 'visitor'
  readonly visitorId: VisitorId
  readonly staffIds: readonly StaffId[]
}

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

/** Collects the edges of one event; equal ones of one request become one edge for many staff. */
export class EdgeCollector {
  readonly list: Edge[] = []
  #rings: Map<RequestId, StaffId[]> | null = null
  #stops: Map<string, StaffId[]> | null = null

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

  /** Keeps the list of staff ids as it is. */
  addRingOfAll(requestId: RequestId, staffIds: readonly StaffId[]): void {
    if (staffIds.length > 0) this.list.push({ type: 'ring', requestId, staffIds })
  }

  addStopOfAll(requestId: RequestId, staffIds: readonly StaffId[], reason: StopReason, by: string | null): void {
    if (staffIds.length > 0) this.list.push({ type: 'stop', requestId, staffIds, reason, by })
  }
}
