import { InvalidInputError } from '../../core'
import { nameIssue, parseStoreOptions } from '../store-options'
import { withTimeout } from '../with-timeout'
import { type RedisClient, redisClientIssue, runScript, sendCommand } from './redis-client'
import { redisKeys } from './redis-keys'
import { eraseDeskScript, openDeskScript } from './redis-scripts'

export interface EraseRedisDesk {
  readonly client: RedisClient
  readonly desk: string
  readonly prefix?: string
  readonly timeoutMs?: number
}

/**
 * Removes all of a desk: log, snapshot and its name in the list. A node that still holds the erased entries cannot
 * bring them back: its log is of an older generation and answers everything with a DeskError `closed`.
 * @throws InvalidInputError for options that are none, all at once.
 */
export async function eraseDesk({ prefix = 'frontbell', ...input }: EraseRedisDesk): Promise<void> {
  const { desk, timeoutMs } = parseStoreOptions(input, [redisClientIssue(input.client), nameIssue(['prefix'], prefix)])
  const engine = { client: input.client, desk, timeoutMs }
  const keys = redisKeys(prefix, desk)
  const [generation] = await runScript(engine, openDeskScript, { keys: [keys.generation], args: [] })
  const live = String(generation)
  await runScript(engine, eraseDeskScript, { keys: [keys.generation, ...keys.ofGeneration(live)], args: [live] })
  const question = { engine: 'Redis', doing: 'erase the desk', ...engine } as const
  await withTimeout(question, () => sendCommand(input.client, ['SREM', keys.deskNames, desk]))
}

/**
 * Names of all desks that were ever opened here and not erased, in alphabetical order: whom to open after a restart.
 */
export async function listDesks(options: {
  readonly client: RedisClient
  readonly prefix?: string
}): Promise<string[]> {
  const { client, prefix = 'frontbell' } = options
  const issues = [redisClientIssue(client), nameIssue(['prefix'], prefix)].filter((issue) => issue !== null)
  if (issues.length > 0) throw new InvalidInputError(issues)
  const question = { engine: 'Redis', desk: '*', doing: 'list the desks', timeoutMs: 5_000 } as const
  const names = await withTimeout(question, () => sendCommand(client, ['SMEMBERS', redisKeys(prefix, '').deskNames]))
  return [...Object(names)].map(String).sort()
}
