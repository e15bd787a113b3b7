import type { RequestId, StaffId, VisitorId } from './ids'

/** What changed for people's ears: the difference that one event made to who is rung for what. */
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
  /** Who took it or gave it away; `null` otherwise. */
  readonly by: string | null
}

/** A notice that somebody opened a page; it is never waited for and blocks nothing. */
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
