import type { Facts, Json, RequestId, SessionId, StaffId, VisitorId } from './ids'
import type { Policy } from './policy'
import type { Route } from './route'
import type { Shift, ShiftTime } from './shift'
import type { Availability, Staff } from './staff'
import type { Verdict } from './verdict'

/**
 * What may be asked of the core, complete: the four doors of the desk (time, ids, chance, the verdict of the rules)
 * have been passed, so that deciding needs nothing but the state. `by` names a staff member or supervisor of the
 * host's.
 */
export type Command =
  | Asked<'requestChat', RequestChat>
  | Asked<'cancel', { requestId: RequestId; reason: string | null }>
  | Asked<'accept', Pair>
  | Asked<'mute', Pair>
  | Asked<'unmute', Pair>
  | Asked<'snooze', Pair & { forMs: number }>
  | Asked<'decline', Pair & { reason: string | null }>
  | Asked<'release', OwnChat & { by: string; exclude: boolean }>
  | Asked<'transfer', OwnChat & { by: string; route: Route }>
  | Asked<'assign', Pair & { by: string }>
  | Asked<'replied', OwnChat>
  | Asked<'end', OwnChat>
  | Asked<'reroute', { requestId: RequestId; verdict: Verdict }>
  | Asked<'visitorArrived', { visitorId: VisitorId; facts: Facts }>
  | Asked<'visitorLeft', { visitorId: VisitorId }>
  | Asked<'connect', Session>
  | Asked<'disconnect', Session>
  | Asked<'heartbeat', Session>
  | Asked<'setAvailability', { staffId: StaffId; availability: Availability }>
  | Asked<'setStaff', { staff: Staff }>
  | Asked<'removeStaff', { staffId: StaffId }>
  | Asked<'setWorkflows', { workflows: readonly Json[] }>
  | Asked<'setShifts', { shifts: readonly Shift[]; times: readonly ShiftTime[] }>
  | Asked<'setPolicy', { policy: Policy }>
  /**
   * A deadline has come. `times` holds the shifts whose boundary is due. Decides one deadline; repeat until it changes
   * nothing.
   */
  | Asked<'tick', { times: readonly ShiftTime[] }>

export interface RequestChat {
  readonly requestId: RequestId
  readonly visitorId: VisitorId
  readonly facts: Facts
  readonly weight: number | null
  readonly verdict: Verdict
}

interface OwnChat {
  readonly requestId: RequestId
  /** Refused as `taken` unless this person has it; left out: whoever has it. */
  readonly staffId?: StaffId
}

interface Pair {
  readonly requestId: RequestId
  readonly staffId: StaffId
}

interface Session {
  readonly staffId: StaffId
  readonly sessionId: SessionId
}

/** `at`: the desk's time when it was asked, in milliseconds since the epoch. */
type Asked<Type extends string, Data> = Readonly<{ type: Type; at: number } & Data>

export type CommandType = Command['type']
export type CommandOf<Type extends CommandType> = Extract<Command, { type: Type }>
