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
import { describeValue, type InputIssue, InvalidInputError } from '../../core'
import {
  anyValue,
  booleanGuard,
  durationMs,
  type Guard,
  id,
  isRecord,
  oneOf,
  ownedRecord,
  type RecordFields,
  text,
  wholeNumber,
} from './guard'
import { factsGuard } from './parse-facts'
import { capacityMax, policyGuard, staffGuard } from './parse-staff'

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
  | CommandShape<'visitorArrived', { visitorId: VisitorId; facts?: Facts }>
  | CommandShape<'visitorLeft', { visitorId: VisitorId }>
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

interface AssignmentReference extends OwnerOptions {
  readonly requestId: RequestId
}

/** What commands about a chat take besides. */
export interface OwnerOptions {
  /** Only while this person has the chat: otherwise refused as `taken`. Left out: whoever has it. */
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

/** Some of a command's words. */
export type PartialCommand<Type extends CommandInputType> = Readonly<{ type: Type }> &
  Partial<Omit<CommandInputOf<Type>, 'type'>>

/** What a command's own keys must be, by its type; whoever adds a command is told here by the compiler. */
type CommandGuards = {
  readonly [Type in CommandInputType]: {
    readonly [Key in Exclude<keyof CommandInputOf<Type>, 'type' | 'commandId'>]-?: Guard<unknown>
  }
}

const requestAndStaffGuards = { requestId: id, staffId: id }
const sessionGuards = { staffId: id, sessionId: id }

const commandGuards: CommandGuards = {
  requestChat: { requestId: id, visitorId: id, facts: factsGuard, weight: wholeNumber(1, capacityMax) },
  cancel: { requestId: id, reason: text },
  accept: requestAndStaffGuards,
  mute: requestAndStaffGuards,
  unmute: requestAndStaffGuards,
  snooze: { ...requestAndStaffGuards, forMs: durationMs(1) },
  decline: { ...requestAndStaffGuards, reason: text },
  release: { ...requestAndStaffGuards, by: id, exclude: booleanGuard },
  transfer: { ...requestAndStaffGuards, by: id, to: anyValue },
  assign: { ...requestAndStaffGuards, by: id },
  replied: requestAndStaffGuards,
  end: requestAndStaffGuards,
  reroute: { requestId: id },
  visitorArrived: { visitorId: id, facts: factsGuard },
  visitorLeft: { visitorId: id },
  connect: sessionGuards,
  disconnect: sessionGuards,
  heartbeat: sessionGuards,
  setAvailability: { staffId: id, availability: oneOf('available', 'away') },
  setStaff: { staff: staffGuard },
  removeStaff: { staffId: id },
  setWorkflows: { workflows: anyValue, reroute: booleanGuard },
  setWorkflow: { workflow: anyValue, reroute: booleanGuard },
  removeWorkflow: { name: id, reroute: booleanGuard },
  setShifts: { shifts: anyValue, reroute: booleanGuard },
  setPolicy: { policy: policyGuard },
}

const optionalKeys: { readonly [Type in CommandInputType]?: readonly string[] } = {
  requestChat: ['requestId', 'facts', 'weight'],
  cancel: ['reason'],
  decline: ['reason'],
  release: ['exclude', 'staffId'],
  transfer: ['staffId'],
  replied: ['staffId'],
  end: ['staffId'],
  visitorArrived: ['facts'],
  setWorkflows: ['reroute'],
  setWorkflow: ['reroute'],
  removeWorkflow: ['reroute'],
  setShifts: ['reroute'],
}

const recordGuards = new Map(
  Object.entries(commandGuards).map(([type, keys]) => [
    type,
    ownedRecord(commandFieldsOf(type as CommandInputType, keys)),
  ]),
)

export const commandTypes = Object.keys(commandGuards) as readonly CommandInputType[]

/**
 * A command from outside, checked once and copied. Targets, routes, workflows and shifts in it are left to `routing/`.
 * @throws InvalidInputError with every problem found.
 */
export function parseCommand(input: unknown): CommandInput {
  if (isRecord(input)) return parseOwnedCommand({ ...input })
  throw new InvalidInputError([{ path: [], expected: 'a command', got: describeValue(input) }])
}

/** A command made of what came from outside, which nobody else holds: it is checked in its place. */
export function parseOwnedCommand(own: object): CommandInput {
  const issues: InputIssue[] = []
  const command = commandGuardOf(own)(own, [], issues)
  if (command === undefined || issues.length > 0) throw new InvalidInputError(issues)
  return command as unknown as CommandInput
}

function commandGuardOf(input: { readonly type?: unknown }): Guard<Record<string, unknown>> {
  const guard = typeof input.type === 'string' ? recordGuards.get(input.type) : undefined
  if (guard !== undefined) return guard
  const expected = `one of ${commandTypes.join(', ')}`
  throw new InvalidInputError([{ path: ['type'], expected, got: describeValue(input.type) }])
}

function commandFieldsOf(type: CommandInputType, keys: Readonly<Record<string, Guard<unknown>>>): RecordFields {
  const mayLack = new Set(optionalKeys[type])
  const entries = Object.entries(keys)
  return {
    required: { type: anyValue, ...Object.fromEntries(entries.filter(([key]) => !mayLack.has(key))) },
    optional: { ...Object.fromEntries(entries.filter(([key]) => mayLack.has(key))), commandId: id },
  }
}
