import type { DeskErrorCode } from '../model/errors'
import type { RequestId, StaffId } from '../model/ids'

/** Why a command was refused. A refusal is a value, changes nothing, and is never thrown. */
export type Refusal =
  | RefusalShape<'unknown-request', { requestId: RequestId }>
  | RefusalShape<'unknown-staff', { staffId: StaffId }>
  | RefusalShape<'unknown-workflow', { name: string }>
  | RefusalShape<'request-closed', { requestId: RequestId; outcome: ClosedOutcome }>
  | RefusalShape<'taken', { requestId: RequestId; by: StaffId }>
  | RefusalShape<'not-in-audience', { requestId: RequestId; staffId: StaffId; reason: NotInAudienceReason }>
  | RefusalShape<'at-capacity', { requestId: RequestId; staffId: StaffId; load: number; capacity: number }>
  | RefusalShape<'not-assigned', { requestId: RequestId }>
  | RefusalShape<'limit-exceeded', { limit: LimitName; max: number }>
  | RefusalShape<'duplicate-id', { requestId: RequestId }>
  /** `revision`: that of the rules now. */
  | RefusalShape<'conflict', { revision: number }>
  /** Not executed. `retry`: the same desk may execute it later. */
  | RefusalShape<'unavailable', { reason: UnavailableReason; retry: boolean }>
  /** It may have been executed: repeat it with this id, here or at another node. `null`: it had no id. */
  | RefusalShape<'outcome-unknown', { commandId: string | null }>

/** Why the desk itself, rather than its state, refuses a command. */
export type UnavailableReason = Exclude<DeskErrorCode, 'listener-failed' | 'fact-failed' | 'page-silent'>

/** A limit of the policy, or of every desk: `…BytesMax` and `workflowsMax`. */
export type LimitName =
  | 'factsBytesMax'
  | 'openRequestsMax'
  | 'requestsPerMinuteMax'
  | 'visitorFactsBytesMax'
  | 'visitorsMax'
  | 'visitorsPerMinuteMax'
  | 'workflowBytesMax'
  | 'workflowsMax'

/** How a request was closed. */
export type ClosedOutcome = 'ended' | 'cancelled' | 'abandoned' | 'expired'

/** Why a staff member may not accept a request at all. */
export type NotInAudienceReason = 'not-targeted' | 'not-in-team' | 'lacks-skill' | 'not-in-shift' | 'declined'

type RefusalShape<Code extends string, Details> = Readonly<{ code: Code } & Details>

/** The code of a refusal, for programs. */
export type RefusalCode = Refusal['code']
