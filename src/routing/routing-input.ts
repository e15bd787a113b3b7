import type { Facts, RequestId, VisitorId } from '../core'

/** One request as the rules see it. */
export interface RoutingInput {
  readonly requestId?: RequestId
  readonly visitorId: VisitorId
  readonly facts: Facts
  /** Default 1. */
  readonly weight?: number | null
  /** When it was opened, for its age; default now. */
  readonly openedAt?: number
}
