import * as z from 'zod/mini'
import type { Target } from '../core'
import {
  booleanSchema,
  durationSchema,
  formatWords,
  idLengthMax,
  idSchema,
  isRecord,
  jsonOf,
  objectOf,
  oneOf,
  parsedBy,
  parseOrThrow,
  parseWithSchema,
  textSchema,
} from '../input'
import type { ClientMessage } from '../portal'
import { parseTarget } from '../routing'

const request = { requestId: idSchema }
const target = parsedBy<Target>(
  (value, { path }) => parseTarget(value, path),
  () => ({ $ref: 'target.json' }),
)

function command<const Type extends string, Shape extends z.core.$ZodLooseShape>(type: Type, shape: Shape) {
  return objectOf({ type: z.literal(type), ...shape })
}

/** What a page may send with each command. The staff member is never part of it: the server knows them. */
const commands = [
  command('accept', request),
  command('mute', request),
  command('unmute', request),
  command('snooze', { ...request, forMs: durationSchema(1) }),
  command('decline', { ...request, reason: z.optional(textSchema) }),
  command('release', { ...request, exclude: z.optional(booleanSchema) }),
  command('transfer', { ...request, to: target }),
  command('replied', request),
  command('end', request),
  command('setAvailability', { availability: oneOf('available', 'away') }),
] as const

const commandTypes = commands.map(({ shape }) => shape.type.def.values[0])
const portalCommand = z.discriminatedUnion('type', commands, {
  error: ({ path = [] }) => (path.length > 0 ? `one of ${commandTypes.join(', ')}` : 'a command'),
})

/** A message from a page. Keys beside those of a message are left alone: a newer page may send more. */
export const clientMessageSchema = z.discriminatedUnion(
  'type',
  [
    z.object({ type: z.literal('command'), id: idSchema, command: portalCommand }),
    z.object({ type: z.literal('resync') }),
    z.object({ type: z.literal('pong') }),
  ],
  { error: ({ path = [] }) => (path.length > 0 ? formatWords(['command', 'resync', 'pong']) : 'a message') },
)

const jsonMessageSchema = jsonOf(clientMessageSchema)

/**
 * Parses a message from a page.
 * @throws InvalidInputError with every problem found.
 */
export function parseMessage(message: unknown): ClientMessage {
  return parseOrThrow((issues) => parseWithSchema(jsonMessageSchema, message, { path: [], issues })) as ClientMessage
}

/** The id by which the page recognizes the answer to a malformed message, if it has one. */
export function messageIdOf(message: unknown): string | undefined {
  if (!isRecord(message) || typeof message.id !== 'string') return undefined
  return message.id.length <= idLengthMax ? message.id : undefined
}
