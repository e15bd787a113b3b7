import type { RequestId, Route, StaffReason } from '../core'
import type { Trace } from '../routing'

/** Why a request went where it went, and why it rings for whom it rings. */
export interface Explanation {
  readonly requestId: RequestId
  /** The workflow whose route won; `null` for the default route and for a transfer. */
  readonly workflow: string | null
  readonly step: number
  /**
   * The workflows tried, with what each condition compared, when it was last routed; `null` when that was on another
   * node or in an earlier run, and after a transfer, which asks no workflow.
   */
  readonly trace: Trace | null
  /** For every staff member: `rung`, or the first reason why not. Empty unless the request is open. */
  readonly staff: readonly StaffReason[]
}

/** Where a request with certain facts would go. */
export interface DryRun {
  readonly route: Route
  readonly workflow: string | null
  readonly priority: number
  readonly tags: readonly string[]
  readonly trace: Trace | null
}
