import type { RequestId, StaffId } from './ids'

/** Why a command was turned down. A refusal is a value, changes nothing, and is never thrown. */
export type Refusal =
  | Said<'unknown-request', { requestId: RequestId }>
  | Said<'unknown-staff', { staffId: StaffId }>
  | Said<'gone', { requestId: RequestId; outcome: ClosedOutcome }>
  | Said<'taken', { requestId: RequestId; by: StaffId }>
  | Said<'not-in-audience', { requestId: RequestId; staffId: StaffId; why: WhyNotInAudience }>
  | Said<'at-capacity', { requestId: RequestId; staffId: StaffId; load: number; capacity: number }>
  | Said<'not-assigned', { requestId: RequestId }>
  | Said<'limit-exceeded', { limit: 'openRequestsMax' | 'requestsPerMinuteMax' | 'visitorsMax'; max: number }>
  | Said<'duplicate-id', { requestId: RequestId }>

/** How a request's life ended. */
export type ClosedOutcome = 'ended' | 'cancelled' | 'abandoned' | 'expired'

/** Why somebody may not take a request at all. */
export type WhyNotInAudience = 'not-in-team' | 'lacks-skill' | 'off-shift' | 'declined'

type Said<Code extends string, Details> = Readonly<{ code: Code } & Details>

export type RefusalCode = Refusal['code']
