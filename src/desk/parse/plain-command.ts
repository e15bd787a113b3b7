import { idLengthMax } from '../../input'
import { generatedIdPrefix, type ParsedCommand } from './command-input'
import { copyFacts } from './parse-facts'

/**
 * Parses one of the most frequent commands when nothing is wrong with it. Returns `undefined` for any other input,
 * which `parseCommand` then parses by its schema.
 *
 * Why it exists: with the schemas alone the lifecycle of `bench/desk-bench.ts` takes 1.4 times as long, and the desk
 * misses its goal beside XState actors. zod takes a microsecond for each command, and the objects that it returns are
 * slow to read. A property test compares each result with the schema's.
 */
export function parsePlainCommand(given: unknown): ParsedCommand | undefined {
  if (typeof given !== 'object' || given === null || Object.getPrototypeOf(given) !== Object.prototype) return undefined
  const input = given as Readonly<Record<string, unknown>>
  const { type, commandId } = input
  if (commandId !== undefined && !(isId(commandId) && !commandId.startsWith(generatedIdPrefix))) return undefined
  // All known keys are read: one more is unknown.
  let keyCount = commandId === undefined ? 0 : -1
  for (const _ in input) keyCount += 1
  switch (type) {
    case 'accept':
    case 'mute':
    case 'unmute': {
      const { requestId, staffId } = input
      return keyCount === 3 && isId(requestId) && isId(staffId) ? { type, requestId, staffId, commandId } : undefined
    }
    case 'end':
    case 'replied': {
      const { requestId } = input
      return keyCount === 2 && isId(requestId) ? { type, requestId, commandId } : undefined
    }
    case 'heartbeat': {
      const { staffId, sessionId } = input
      return keyCount === 3 && isId(staffId) && isId(sessionId) ? { type, staffId, sessionId, commandId } : undefined
    }
    case 'requestChat':
      return keyCount === 4 ? parsePlainChat(input, commandId) : undefined
    default:
      return undefined
  }
}

/** A chat request with an id of its own and the default weight. */
function parsePlainChat(input: Readonly<Record<string, unknown>>, commandId?: string): ParsedCommand | undefined {
  const { requestId, visitorId, facts: given } = input
  if (given === undefined || !isId(requestId) || !isId(visitorId)) return undefined
  const issues: never[] = []
  const facts = copyFacts(given, { path: [], issues })
  if (facts === undefined || issues.length > 0) return undefined
  return { type: 'requestChat', requestId, visitorId, facts, weight: null, commandId }
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= idLengthMax
}
