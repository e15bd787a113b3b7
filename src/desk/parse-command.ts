import { described, type InputIssue, InvalidInputError } from '../core'
import type { CommandInput, CommandInputOf, CommandInputType } from './command-input'
import {
  anything,
  durationMs,
  type Fields,
  flag,
  type Guard,
  id,
  isRecord,
  oneOf,
  ownRecord,
  text,
  whole,
} from './guard'
import { factsGuard } from './parse-facts'
import { policyGuard } from './parse-policy'
import { capacityMax, staffGuard } from './parse-staff'

/** What a command's own keys must be, by its type; whoever adds a command is told here by the compiler. */
type Table = {
  readonly [Type in CommandInputType]: {
    readonly [Key in Exclude<keyof CommandInputOf<Type>, 'type' | 'commandId'>]-?: Guard<unknown>
  }
}

const pair = { requestId: id, staffId: id }
const session = { staffId: id, sessionId: id }

const table: Table = {
  requestChat: { requestId: id, visitorId: id, facts: factsGuard, weight: whole(1, capacityMax) },
  cancel: { requestId: id, reason: text },
  accept: pair,
  mute: pair,
  unmute: pair,
  snooze: { ...pair, forMs: durationMs(1) },
  decline: { ...pair, reason: text },
  release: { ...pair, by: id, exclude: flag },
  transfer: { ...pair, by: id, to: anything },
  assign: { ...pair, by: id },
  replied: pair,
  end: pair,
  reroute: { requestId: id },
  visitorArrived: { visitorId: id, facts: factsGuard },
  visitorLeft: { visitorId: id },
  connect: session,
  disconnect: session,
  heartbeat: session,
  setAvailability: { staffId: id, availability: oneOf('available', 'away') },
  setStaff: { staff: staffGuard },
  removeStaff: { staffId: id },
  setWorkflows: { workflows: anything, reroute: flag },
  setShifts: { shifts: anything, reroute: flag },
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
  setShifts: ['reroute'],
}

const guards = new Map(
  Object.entries(table).map(([type, keys]) => [type, ownRecord(fieldsOf(type as CommandInputType, keys))]),
)

export const commandTypes = Object.keys(table) as readonly CommandInputType[]

/**
 * A command from outside, checked once and copied. Targets, routes, workflows and shifts in it are left to `routing/`.
 * @throws InvalidInputError with every problem found.
 */
export function parseCommand(input: unknown): CommandInput {
  if (isRecord(input)) return parseOwnCommand({ ...input })
  throw new InvalidInputError([{ path: [], expected: 'a command', got: described(input) }])
}

/** A command made of what came from outside, which nobody else holds: it is checked in its place. */
export function parseOwnCommand(own: object): CommandInput {
  const issues: InputIssue[] = []
  const command = guardOf(own)(own, [], issues)
  if (command === undefined || issues.length > 0) throw new InvalidInputError(issues)
  return command as unknown as CommandInput
}

function guardOf(input: { readonly type?: unknown }): Guard<Record<string, unknown>> {
  const guard = typeof input.type === 'string' ? guards.get(input.type) : undefined
  if (guard !== undefined) return guard
  const expected = `one of ${commandTypes.join(', ')}`
  throw new InvalidInputError([{ path: ['type'], expected, got: described(input.type) }])
}

function fieldsOf(type: CommandInputType, keys: Readonly<Record<string, Guard<unknown>>>): Fields {
  const mayLack = new Set(optionalKeys[type])
  const entries = Object.entries(keys)
  return {
    required: { type: anything, ...Object.fromEntries(entries.filter(([key]) => !mayLack.has(key))) },
    optional: { ...Object.fromEntries(entries.filter(([key]) => mayLack.has(key))), commandId: id },
  }
}
