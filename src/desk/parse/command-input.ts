import type {
  Availability,
  Facts,
  Policy,
  RequestId,
  RouteInput,
  SessionId,
  Shift,
  Staff,
  StaffId,
  Target,
  VisitorId,
} from '../../core'

/** A command as a host gives it to `execute`; every method of the desk is sugar for one of these. */
export type CommandInput =
  | CommandShape<'requestChat', RequestChatInput>
  | CommandShape<'cancel', { requestId: RequestId; reason?: string }>
  | CommandShape<'accept', RequestAndStaff>
  | CommandShape<'mute', RequestAndStaff>
  | CommandShape<'unmute', RequestAndStaff>
  | CommandShape<'snooze', RequestAndStaff & { forMs: number }>
  | CommandShape<'decline', RequestAndStaff & { reason?: string }>
  | CommandShape<'release', AssignmentReference & { by: string; exclude?: boolean }>
  | CommandShape<'transfer', AssignmentReference & { by: string; to: Target | RouteInput }>
  | CommandShape<'assign', RequestAndStaff & { by: string }>
  | CommandShape<'replied', AssignmentReference>
  | CommandShape<'end', AssignmentReference>
  | CommandShape<'reroute', { requestId: RequestId }>
  | CommandShape<'updateFacts', { requestId: RequestId; facts: Facts; reroute?: boolean }>
  | CommandShape<'visitorArrived', VisitorArrivedInput>
  | CommandShape<'visitorLeft', { visitorId: VisitorId; sessionId?: SessionId | undefined }>
  | CommandShape<'visitorHeartbeat', { visitorId: VisitorId; sessionId: SessionId }>
  | CommandShape<'connect', SessionReference>
  | CommandShape<'disconnect', SessionReference>
  | CommandShape<'heartbeat', SessionReference>
  | CommandShape<'setAvailability', { staffId: StaffId; availability: Availability }>
  | CommandShape<'setStaff', { staff: Staff }>
  | CommandShape<'removeStaff', { staffId: StaffId }>
  | CommandShape<'setWorkflows', { workflows: readonly unknown[]; reroute?: boolean }>
  | CommandShape<'setWorkflow', { workflow: unknown; reroute?: boolean }>
  | CommandShape<'removeWorkflow', { name: string; reroute?: boolean }>
  | CommandShape<'setShifts', { shifts: readonly Shift[]; reroute?: boolean }>
  | CommandShape<'setPolicy', { policy: Partial<Policy> }>

export interface RequestChatInput {
  /** Default: a random UUID. */
  readonly requestId?: RequestId
  readonly visitorId: VisitorId
  /** What conditions of workflows compare: plain JSON, at most 16 KiB. */
  readonly facts?: Facts
  /** How much of a staff member's capacity it takes. Default `policy.weight`. */
  readonly weight?: number
}

export interface VisitorArrivedInput {
  readonly visitorId: VisitorId
  /**
   * One tab or device, which `visitorHeartbeat` keeps and `visitorLeft` ends. Without it the host counts itself,
   * and only `visitorLeft` ends the visit.
   */
  readonly sessionId?: SessionId | undefined
  /** What conditions of workflows compare as `visitor`: plain JSON, at most 16 KiB. Default: none. */
  readonly facts?: Facts
}

/** What every command takes as well. */
export interface CommandOptions {
  /** The same id again gives the first answer again and changes nothing. The latest 10 000 are remembered. */
  readonly commandId?: string
}

interface AssignmentReference extends OwnerOptions {
  readonly requestId: RequestId
}

/** What commands about a chat take as well. */
export interface OwnerOptions {
  /**
   * Only while this staff member has the chat: otherwise refused as `taken`. Default: whichever staff member has it.
   */
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

type CommandShape<Type extends string, Data> = Readonly<{ type: Type } & Data & CommandOptions>

export type CommandInputType = CommandInput['type']
export type CommandInputOf<Type extends CommandInputType> = Extract<CommandInput, { type: Type }>

/** Some of a command's keys. */
export type PartialCommand<Type extends CommandInputType> = Readonly<{ type: Type }> &
  Partial<Omit<CommandInputOf<Type>, 'type'>>
