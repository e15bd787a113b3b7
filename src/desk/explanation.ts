import type { RequestId, StaffReason } from '../core'

/** Why a request went where it went, and why it rings for whom it rings. */
export interface Explanation {
  readonly requestId: RequestId
  /** The workflow whose route won; `null` for the default route and for a transfer. */
  readonly workflow: string | null
  readonly step: number
  /** What the rules said when it was routed; `null` when it was routed by another node or an earlier run. */
  readonly trace: unknown
  /** For every staff member: `rung`, or the first reason why not. Empty unless the request is open. */
  readonly staff: readonly StaffReason[]
}
