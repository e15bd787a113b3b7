import { describeValue, type InputIssue, InvalidInputError, isPlainObject } from '../core'
import type { ClientMessage, PortalCommand } from '../portal'

const idLengthMax = 256

/** Which keys a portal may give with each command. Who asks is never among them: the server knows. */
const commandKeys: Readonly<Record<PortalCommand['type'], readonly string[]>> = {
  accept: ['requestId'],
  mute: ['requestId'],
  unmute: ['requestId'],
  snooze: ['requestId', 'forMs'],
  decline: ['requestId', 'reason'],
  release: ['requestId', 'exclude'],
  transfer: ['requestId', 'to'],
  replied: ['requestId'],
  end: ['requestId'],
  setAvailability: ['availability'],
}

/**
 * A message from a portal, checked as far as the desk does not check it: the command's own values are the desk's to
 * parse.
 * @throws InvalidInputError naming what was expected.
 */
export function parseMessage(message: unknown): ClientMessage {
  if (!isRecord(message)) throw invalidInput([], 'a message', message)
  if (message.type === 'resync' || message.type === 'pong') return { type: message.type }
  if (message.type !== 'command') throw invalidInput(['type'], '"command", "resync" or "pong"', message.type)
  const { id, command } = message
  if (typeof id !== 'string' || id.length === 0 || id.length > idLengthMax) {
    throw invalidInput(['id'], `text of 1 to ${idLengthMax} characters`, id)
  }
  if (!isRecord(command)) throw invalidInput(['command'], 'a command', command)
  return { type: 'command', id, command: parseCommand(command) }
}

/** The id under which an answer to a malformed message would be understood, if it has one. */
export function messageIdOf(message: unknown): string | undefined {
  if (!isRecord(message) || typeof message.id !== 'string') return undefined
  return message.id.length <= idLengthMax ? message.id : undefined
}

function parseCommand(command: Record<string, unknown>): PortalCommand {
  const { type } = command
  const keys =
    typeof type === 'string' && Object.hasOwn(commandKeys, type) ? commandKeys[type as PortalCommand['type']] : null
  if (keys === null) throw invalidInput(['command', 'type'], `one of ${Object.keys(commandKeys).join(', ')}`, type)
  const unknown = Object.keys(command).filter((key) => key !== 'type' && !keys.includes(key))
  if (unknown.length > 0) {
    throw new InvalidInputError(
      unknown.map((key) => ({ path: ['command', key], expected: `one of ${keys.join(', ')}`, got: 'an unknown key' })),
    )
  }
  return command as unknown as PortalCommand
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isPlainObject(value)
}

function invalidInput(path: InputIssue['path'], expected: string, value: unknown): InvalidInputError {
  return new InvalidInputError([{ path, expected, got: value === undefined ? 'nothing' : describeValue(value) }])
}
