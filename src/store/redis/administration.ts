import { InvalidInputError } from '../../core'
import { nameIssue, parseStoreOptions, withTimeout } from '../store-options'
import { type RedisClient, redisClientIssue, redisKeys, runScript, sendCommand } from './redis-client'
import { eraseDeskScript, openDeskScript } from './redis-scripts'

export interface EraseRedisDesk {
  readonly client: RedisClient
  readonly desk: string
  readonly prefix?: string
  readonly timeoutMs?: number
}

/**
 * Removes all of a desk: entries, snapshot and its name in the list. A node that still holds the erased entries cannot
 * bring them back: its store is of an older generation and answers everything with a DeskError `closed`.
 * @throws InvalidInputError for invalid options, all at once.
 */
export async function eraseDesk({ prefix = 'frontbell', ...input }: EraseRedisDesk): Promise<void> {
  const { desk, timeoutMs } = parseStoreOptions(input, [redisClientIssue(input.client), nameIssue(['prefix'], prefix)])
  const backend = { client: input.client, desk, timeoutMs }
  const keys = redisKeys(prefix, desk)
  const [reply] = await runScript(backend, openDeskScript, { keys: [keys.generation], args: [] })
  const generation = String(reply)
  await runScript(backend, eraseDeskScript, {
    keys: [keys.generation, ...keys.ofGeneration(generation), ...keys.ofNodes(generation)],
    args: [generation],
  })
  const call = { backend: 'Redis', operation: 'erase the desk', desk, timeoutMs } as const
  await withTimeout(call, () => sendCommand(input.client, ['SREM', keys.deskNames, desk]))
}

/**
 * Returns the names of all desks that were opened here and not erased, in alphabetical order: those to open after a
 * restart.
 */
export async function listDesks(options: {
  readonly client: RedisClient
  readonly prefix?: string
}): Promise<string[]> {
  const { client, prefix = 'frontbell' } = options
  const issues = [redisClientIssue(client), nameIssue(['prefix'], prefix)].filter((issue) => issue !== null)
  if (issues.length > 0) throw new InvalidInputError(issues)
  const call = { backend: 'Redis', operation: 'list the desks', desk: '*', timeoutMs: 5_000 } as const
  const names = await withTimeout(call, () => sendCommand(client, ['SMEMBERS', redisKeys(prefix, '').deskNames]))
  return [...Object(names)].map(String).sort()
}
