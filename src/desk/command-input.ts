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
} from '../core'

/** A command as a host gives it to `execute`; every method of the desk is sugar for one of these. */
export type CommandInput =
  | Asked<'requestChat', RequestChatInput>
  | Asked<'cancel', { requestId: RequestId; reason?: string }>
  | Asked<'accept', Pair>
  | Asked<'mute', Pair>
  | Asked<'unmute', Pair>
  | Asked<'snooze', Pair & { forMs: number }>
  | Asked<'decline', Pair & { reason?: string }>
  | Asked<'release', OwnChat & { by: string; exclude?: boolean }>
  | Asked<'transfer', OwnChat & { by: string; to: Target | RouteInput }>
  | Asked<'assign', Pair & { by: string }>
  | Asked<'replied', OwnChat>
  | Asked<'end', OwnChat>
  | Asked<'reroute', { requestId: RequestId }>
  | Asked<'visitorArrived', { visitorId: VisitorId; facts?: Facts }>
  | Asked<'visitorLeft', { visitorId: VisitorId }>
  | Asked<'connect', Session>
  | Asked<'disconnect', Session>
  | Asked<'heartbeat', Session>
  | Asked<'setAvailability', { staffId: StaffId; availability: Availability }>
  | Asked<'setStaff', { staff: Staff }>
  | Asked<'removeStaff', { staffId: StaffId }>
  | Asked<'setWorkflows', { workflows: readonly unknown[]; reroute?: boolean }>
  | Asked<'setShifts', { shifts: readonly Shift[]; reroute?: boolean }>
  | Asked<'setPolicy', { policy: Partial<Policy> }>

export interface RequestChatInput {
  /** Default: a random UUID. */
  readonly requestId?: RequestId
  readonly visitorId: VisitorId
  /** What workflows may ask about: plain JSON, at most 16 KiB. */
  readonly facts?: Facts
  /** How much of a staff member's capacity it takes. Default `policy.weight`. */
  readonly weight?: number
}

/** What every command takes besides. */
export interface CommandOptions {
  /** The same id again gives the first answer again and changes nothing. The latest 10 000 are remembered. */
  readonly commandId?: string
}

interface OwnChat extends OwnerOptions {
  readonly requestId: RequestId
}

/** What commands about a chat take besides. */
export interface OwnerOptions {
  /** Only while this person has the chat: otherwise refused as `taken`. Left out: whoever has it. */
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

type Asked<Type extends string, Data> = Readonly<{ type: Type } & Data & CommandOptions>

export type CommandInputType = CommandInput['type']
export type CommandInputOf<Type extends CommandInputType> = Extract<CommandInput, { type: Type }>

/** Some of a command's words. */
export type CommandPart<Type extends CommandInputType> = Readonly<{ type: Type }> &
  Partial<Omit<CommandInputOf<Type>, 'type'>>
