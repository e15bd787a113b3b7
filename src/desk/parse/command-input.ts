import type {
  Availability,
  Command,
  Facts,
  Policy,
  RequestId,
  Route,
  RouteInput,
  SessionId,
  Shift,
  Staff,
  StaffId,
  Target,
  VisitorId,
  WorkflowRecord,
} from '../../core'

/** A command as a host gives it to `execute`; every command method of the desk calls `execute` with one of these. */
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
  | CommandShape<'visitorWrote', { requestId: RequestId }>
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
  | CommandShape<'setRoster', { staff: readonly Staff[] }>
  | CommandShape<'setWorkflows', { workflows: readonly unknown[] } & RulesChange>
  | CommandShape<'setWorkflow', { workflow: unknown } & RulesChange>
  | CommandShape<'removeWorkflow', { name: string } & RulesChange>
  | CommandShape<'setShifts', { shifts: readonly Shift[] } & RulesChange>
  | CommandShape<'setPolicy', { policy: Partial<Policy> }>

/** The parts of the command `requestChat`. */
export interface RequestChatInput {
  /** Default: a random UUID. */
  readonly requestId?: RequestId
  readonly visitorId: VisitorId
  /** What conditions of workflows compare: plain JSON, at most 16 KiB. */
  readonly facts?: Facts
  /** How much of a staff member's capacity the chat uses. Default `policy.weight`. */
  readonly weight?: number
}

/** The parts of the command `visitorArrived`. */
export interface VisitorArrivedInput {
  readonly visitorId: VisitorId
  /**
   * One tab or device, whose lease `visitorHeartbeat` renews and which `visitorLeft` ends. Without it the host itself
   * counts the visitor's tabs, and only `visitorLeft` ends the visit.
   */
  readonly sessionId?: SessionId | undefined
  /** What conditions of workflows compare as `visitor`: plain JSON, at most 16 KiB. Default: none. */
  readonly facts?: Facts
}

/**
 * Prefix of the ids that a desk generates, to find its own entry when the store's answer is lost. A caller has such an
 * id only from an `outcome-unknown`.
 */
export const generatedIdPrefix = 'frontbell:'

/** The key that every command may have in addition. */
export interface CommandOptions {
  /**
   * A repeated id gets the first outcome again and changes nothing. The latest 10 000 are remembered. Begins with
   * `frontbell:` only where an `outcome-unknown` gave it.
   */
  readonly commandId?: string
}

interface RulesChange {
  /** Routes all open requests anew. Default: they keep the routes that they have. */
  readonly reroute?: boolean
  /** Refused as `conflict` when the rules have another `desk.revision`. Default: whatever the revision. */
  readonly ifRevision?: number | undefined
  /** The person who makes the change, for the event. */
  readonly by?: string | undefined
}

interface AssignmentReference extends OwnerOptions {
  readonly requestId: RequestId
}

/** The key that commands about a chat may have in addition. */
export interface OwnerOptions {
  /**
   * The staff member who must have the chat: otherwise refused as `taken`. Default: any staff member may have it.
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

/** The type of a command that a host gives. */
export type CommandInputType = CommandInput['type']
/** The command of a type, as a host gives it. */
export type CommandInputOf<Type extends CommandInputType> = Extract<CommandInput, { type: Type }>

/** The last parameter of a command's method: the command's keys, without its positional parameters. */
export type OptionsOf<Type extends CommandInputType, Positional extends string = never> = Omit<
  CommandInputOf<Type>,
  'type' | Positional
>

/** What the methods that change workflows and shifts take in addition. */
export type RulesOptions = OptionsOf<'setWorkflows', 'workflows'>

/** Some of a command's keys. */
export type PartialCommand<Type extends CommandInputType> = Readonly<{ type: Type }> &
  Partial<Omit<CommandInputOf<Type>, 'type'>>

/**
 * A command that has been parsed: a copy with every default filled in. It lacks the parts that the desk adds: the time,
 * the routing result, and the id of a request that has none.
 */
export type ParsedCommand =
  | Parsed<Exclude<Command, { type: 'configure' | 'resume' | 'tick' | keyof PreparedByDesk }>>
  | {
      readonly [Type in keyof PreparedByDesk]: Readonly<{ type: Type }> & PreparedByDesk[Type] & CommandId
    }[keyof PreparedByDesk]

export type ParsedCommandOf<Type extends CommandInputType> = Extract<ParsedCommand, { type: Type }>

type Parsed<Complete> = Complete extends Command ? Omit<Complete, 'at'> & CommandId : never
type CommandId = { readonly commandId?: string | undefined }
type Chat = Omit<Extract<Command, { type: 'requestChat' }>, 'type' | 'at' | 'requestId' | 'routingResult'>
type Transfer = Omit<Extract<Command, { type: 'transfer' }>, 'type' | 'at' | 'route'>

/** A command with a long list of workflows, as it was given. */
export interface UnreadCommand {
  readonly workflows: readonly unknown[]
}

interface ParsedRulesChange {
  readonly reroute: boolean
  readonly ifRevision?: number | undefined
  readonly by?: string | undefined
}

/** Commands to which the desk adds more than its time. */
type PreparedByDesk = {
  readonly requestChat: Chat & { readonly requestId?: string | undefined }
  readonly reroute: { readonly requestId: string }
  readonly updateFacts: { readonly requestId: string; readonly facts: Facts; readonly reroute: boolean }
  readonly transfer: Transfer & { readonly to: Route }
  readonly setWorkflows: {
    readonly workflows: readonly WorkflowRecord[]
    /** The command for which this one stands until its long list is read. */
    readonly unread?: UnreadCommand
  } & ParsedRulesChange
  readonly setWorkflow: { readonly workflow: WorkflowRecord } & ParsedRulesChange
  readonly removeWorkflow: { readonly name: string } & ParsedRulesChange
  readonly setShifts: { readonly shifts: readonly Shift[] } & ParsedRulesChange
  readonly setPolicy: { readonly policy: Partial<Policy> }
}

/**
 * Returns the data of a command with its type, which overrides one in the data. The type is the first key: V8 reads an
 * object whose type was added after a spread so slowly that a lifecycle took a third longer.
 */
export function withType<Type extends string, Data extends object>(type: Type, data: Data): Data & { type: Type } {
  const command = { type, ...data }
  command.type = type
  return command
}
