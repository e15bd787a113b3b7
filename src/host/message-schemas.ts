import * as z from 'zod/mini'
import type { Target } from '../core'
import {
  booleanSchema,
  durationSchema,
  formatWords,
  idLengthMax,
  idSchema,
  isRecord,
  type JsonSchema,
  jsonOf,
  objectOf,
  oneOf,
  parsedBy,
  parseOrThrow,
  parseWithSchema,
  textSchema,
  toJsonSchema,
} from '../input'
import { type ClientMessage, protocolVersion } from '../portal'
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

const text = z.string()
const number = z.number()
const facts = z.record(text, z.unknown())

const requestView = z.object({
  requestId: text,
  visitorId: text,
  facts,
  priority: number,
  tags: z.array(text),
  weight: number,
  openedAt: number,
  sequenceNumber: number,
  phase: oneOf('ringing', 'waiting', 'assigned'),
  step: number,
  workflow: z.nullable(text),
  transferredBy: z.nullable(text),
  visitorLeftAt: z.nullable(number),
  leftAloneSince: z.nullable(number),
  tone: z.nullable(text),
  assignment: z.nullable(z.object({ assignmentId: text, staffId: text, at: number })),
})

const awaitingReason = {
  requestId: text,
  reason: oneOf(
    ...(['ringing', 'muted', 'snoozed', 'missed', 'waiting', 'over-capacity', 'reserved', 'transferred'] as const),
    'left-alone',
  ),
  since: number,
  untilAt: z.nullable(number),
}
const awaitingItem = z.object({ ...awaitingReason, request: requestView })

const visitorView = z.object({ visitorId: text, facts, arrivedAt: number })
const availability = oneOf('available', 'away')

const screenOperation = z.discriminatedUnion('type', [
  z.object({ type: z.literal('awaiting'), item: awaitingItem }),
  z.object({ type: z.literal('reason'), ...awaitingReason }),
  z.object({ type: z.literal('chat'), request: requestView }),
  z.object({ type: z.literal('removed'), requestId: text }),
  z.object({ type: z.literal('visitor'), visitor: visitorView, visitorCount: number }),
  z.object({ type: z.literal('visitorLeft'), visitorId: text, visitorCount: number }),
  z.object({ type: z.literal('availability'), availability }),
])

/** A message to a page. No page is refused a message by it: it describes the wire for clients in other languages. */
export const serverMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('snapshot'),
    protocol: z.literal(protocolVersion),
    staffId: text,
    version: number,
    at: number,
    availability,
    ringing: z.array(requestView),
    awaiting: z.array(awaitingItem),
    chats: z.array(requestView),
    visitors: z.array(visitorView),
    visitorCount: number,
    sentAt: z.optional(number),
    pingIntervalMs: z.optional(number),
  }),
  z.object({
    type: z.literal('update'),
    since: number,
    version: number,
    at: number,
    operations: z.array(screenOperation),
    sentAt: z.optional(number),
  }),
  z.object({ type: z.literal('ping'), version: number, sentAt: z.optional(number) }),
  z.object({ type: z.literal('visitor'), version: number, visitor: visitorView }),
  z.object({ type: z.literal('revoked'), version: number, requestId: text }),
  z.object({
    type: z.literal('answer'),
    id: text,
    version: number,
    outcome: z.union([
      z.object({ ok: z.literal(true) }),
      z.object({ ok: z.literal(false), code: text, message: text, by: z.optional(text) }),
    ]),
  }),
  z.object({ type: z.literal('closed'), reason: oneOf('staff-removed', 'desk-closed') }),
])

/** The JSON Schema, draft 2020-12, of every message between a server and a staff member's page. */
export function createMessagesSchema(): JsonSchema {
  const server = namedMessages(serverMessageSchema.def.options)
  const client = namedMessages(clientMessageSchema.def.options)
  const oneOfThem = (messages: object) => ({
    oneOf: Object.keys(messages).map((name) => ({ $ref: `#/$defs/${name}` })),
  })
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `The messages between a server and a staff member’s page, protocol ${protocolVersion}`,
    anyOf: [{ $ref: '#/$defs/ClientMessage' }, { $ref: '#/$defs/ServerMessage' }],
    $defs: { ClientMessage: oneOfThem(client), ServerMessage: oneOfThem(server), ...client, ...server },
  }
}

/** Returns the schema of each message by its name: `SnapshotMessage` for the type `snapshot`. */
function namedMessages(
  schemas: readonly z.ZodMiniObject<{ readonly type: z.ZodMiniLiteral<string> }>[],
): Record<string, JsonSchema> {
  const nameOf = (type = '') => `${type.charAt(0).toUpperCase()}${type.slice(1)}Message`
  return Object.fromEntries(schemas.map((each) => [nameOf(each.shape.type.def.values[0]), toJsonSchema(each)]))
}
