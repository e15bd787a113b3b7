import type { Facts, RequestId, SessionId, StaffId, VisitorId } from '../model/ids'
import type { Policy } from '../model/policy'
import type { Route, RoutingResult, WorkflowRecord } from '../model/route'
import type { Availability, Shift, ShiftTime, Staff } from '../model/staff'

/**
 * All commands, complete: the desk has filled in time, ids, chance and routing results, so that deciding needs nothing
 * but the state. `by` is the id of the staff member or supervisor in whose name the command is given.
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
  | CommandShape<'visitorWrote', { requestId: RequestId }>
  | CommandShape<'replied', AssignmentReference>
  | CommandShape<'end', AssignmentReference>
  /** `routingResult`: the result of the workflows for the merged facts; `null`: the route stays. */
  | CommandShape<'updateFacts', { requestId: RequestId; facts: Facts; routingResult: RoutingResult | null }>
  | CommandShape<'reroute', { requestId: RequestId; routingResult: RoutingResult }>
  /** Without `sessionId` the host itself counts the visitor's tabs. */
  | CommandShape<'visitorArrived', { visitorId: VisitorId; sessionId?: SessionId | undefined; facts: Facts }>
  | CommandShape<'visitorLeft', { visitorId: VisitorId; sessionId?: SessionId | undefined } & EndingSession>
  | CommandShape<'visitorHeartbeat', { visitorId: VisitorId; sessionId: SessionId }>
  | CommandShape<'connect', SessionReference>
  | CommandShape<'disconnect', SessionReference & EndingSession>
  | CommandShape<'heartbeat', SessionReference>
  | CommandShape<'setAvailability', { staffId: StaffId; availability: Availability }>
  | CommandShape<'setStaff', { staff: Staff }>
  | CommandShape<'removeStaff', { staffId: StaffId }>
  /** The roster is exactly these staff from now on. */
  | CommandShape<'setRoster', { staff: readonly Staff[] }>
  | CommandShape<'setWorkflows', RulesChange & { workflows: readonly WorkflowRecord[] }>
  | CommandShape<'setWorkflow', RulesChange & { workflow: WorkflowRecord }>
  | CommandShape<'removeWorkflow', RulesChange & { name: string }>
  | CommandShape<'setShifts', RulesChange & { shifts: readonly Shift[]; times: readonly ShiftTime[] }>
  | CommandShape<'setPolicy', { policy: Policy }>
  /** Sets what a desk is opened with, each part exactly so and all in one step; `null`: the part stays as it is. */
  | CommandShape<'configure', Configuration>
  /** The desk was opened again, and no process that had it open still runs. Decided before all deadlines. */
  | CommandShape<'resume', object>
  /**
   * A deadline is due. `times` holds the shifts whose boundary is due. Decides one deadline; `run` repeats it until
   * no deadline is due.
   */
  | CommandShape<'tick', { times: readonly ShiftTime[] }>

/** The parts of the command `requestChat`. `weight: null`: that of the policy. */
export interface RequestChat {
  readonly requestId: RequestId
  readonly visitorId: VisitorId
  readonly facts: Facts
  readonly weight: number | null
  readonly routingResult: RoutingResult
}

/** What every command about workflows and shifts may have in addition. */
export interface RulesChange {
  readonly by?: string | undefined
  /** Refused as `conflict` when the rules have another revision. */
  readonly ifRevision?: number | undefined
}

/** The parts of the command `configure`. */
export interface Configuration {
  readonly policy: Policy | null
  readonly shifts: { readonly shifts: readonly Shift[]; readonly times: readonly ShiftTime[] } | null
  readonly staff: readonly Staff[] | null
  readonly workflows: readonly WorkflowRecord[] | null
}

interface AssignmentReference {
  readonly requestId: RequestId
  /** Refused as `taken` unless this staff member has the chat; left out: any staff member may have it. */
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

/** `isNodeGone`: nobody has said goodbye; the process that held the connection no longer runs. */
interface EndingSession {
  readonly isNodeGone?: boolean
}

/** `at`: the desk's time of the command, in milliseconds since the epoch. */
type CommandShape<Type extends string, Data> = Readonly<{ type: Type; at: number } & Data>

/** The type of a command. */
export type CommandType = Command['type']
/** The command of a type. */
export type CommandOf<Type extends CommandType> = Extract<Command, { type: Type }>
