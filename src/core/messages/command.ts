import type { Facts, RequestId, SessionId, StaffId, VisitorId } from '../model/ids'
import type { Policy } from '../model/policy'
import type { Route, RoutingResult, WorkflowRecord } from '../model/route'
import type { Availability, Shift, ShiftTime, Staff } from '../model/staff'

/**
 * All commands, complete: the desk has filled in time, ids, chance and routing results, so that deciding needs nothing
 * but the state. `by` names a staff member or supervisor of the host's.
 */
export type Command =
  | CommandShape<'requestChat', RequestChat>
  | CommandShape<'cancel', { requestId: RequestId; reason: string | null }>
  | CommandShape<'accept', RequestAndStaff>
  | CommandShape<'mute', RequestAndStaff>
  | CommandShape<'unmute', RequestAndStaff>
  | CommandShape<'snooze', RequestAndStaff & { forMs: number }>
  | CommandShape<'decline', RequestAndStaff & { reason: string | null }>
  | CommandShape<'release', AssignmentReference & { by: string; exclude: boolean }>
  | CommandShape<'transfer', AssignmentReference & { by: string; route: Route }>
  | CommandShape<'assign', RequestAndStaff & { by: string }>
  | CommandShape<'replied', AssignmentReference>
  | CommandShape<'end', AssignmentReference>
  /** `routingResult`: what the workflows gave for the merged facts; `null`: the route stays. */
  | CommandShape<'updateFacts', { requestId: RequestId; facts: Facts; routingResult: RoutingResult | null }>
  | CommandShape<'reroute', { requestId: RequestId; routingResult: RoutingResult }>
  /** Without `sessionId` the host counts the visitor's tabs itself. */
  | CommandShape<'visitorArrived', { visitorId: VisitorId; sessionId?: SessionId | undefined; facts: Facts }>
  | CommandShape<'visitorLeft', { visitorId: VisitorId; sessionId?: SessionId | undefined }>
  | CommandShape<'visitorHeartbeat', { visitorId: VisitorId; sessionId: SessionId }>
  | CommandShape<'connect', SessionReference>
  | CommandShape<'disconnect', SessionReference>
  | CommandShape<'heartbeat', SessionReference>
  | CommandShape<'setAvailability', { staffId: StaffId; availability: Availability }>
  | CommandShape<'setStaff', { staff: Staff }>
  | CommandShape<'removeStaff', { staffId: StaffId }>
  | CommandShape<'setWorkflows', { workflows: readonly WorkflowRecord[] }>
  | CommandShape<'setWorkflow', { workflow: WorkflowRecord }>
  | CommandShape<'removeWorkflow', { name: string }>
  | CommandShape<'setShifts', { shifts: readonly Shift[]; times: readonly ShiftTime[] }>
  | CommandShape<'setPolicy', { policy: Policy }>
  /** The desk was opened again, and no process lives that had it open. Comes before all deadlines. */
  | CommandShape<'resume', object>
  /**
   * A deadline has come. `times` holds the shifts whose boundary is due. Decides one deadline; `run` repeats it until
   * nothing follows.
   */
  | CommandShape<'tick', { times: readonly ShiftTime[] }>

export interface RequestChat {
  readonly requestId: RequestId
  readonly visitorId: VisitorId
  readonly facts: Facts
  readonly weight: number | null
  readonly routingResult: RoutingResult
}

interface AssignmentReference {
  readonly requestId: RequestId
  /** Refused as `taken` unless this staff member has it; left out: no matter who has it. */
  readonly staffId?: StaffId
}

interface RequestAndStaff {
  readonly requestId: RequestId
  readonly staffId: StaffId
}

interface SessionReference {
  readonly staffId: StaffId
  readonly sessionId: SessionId
}

/** `at`: the desk's time of the command, in milliseconds since the epoch. */
type CommandShape<Type extends string, Data> = Readonly<{ type: Type; at: number } & Data>

export type CommandType = Command['type']
export type CommandOf<Type extends CommandType> = Extract<Command, { type: Type }>
