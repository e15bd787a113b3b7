import { answerInTime } from '../answer-in-time'
import { engineOptions, nameIssue } from '../engine-options'
import { type RedisClient, redisClientIssue, sendCommand } from './redis-client'
import { runScript } from './redis-engine'
import { redisKeys } from './redis-keys'
import { eraseScript, openScript } from './redis-scripts'

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
  const { desk, timeoutMs } = engineOptions(input, [redisClientIssue(input.client), nameIssue(['prefix'], prefix)])
  const engine = { client: input.client, desk, timeoutMs }
  const keys = redisKeys(prefix, desk)
  const [generation] = await runScript(engine, openScript, { keys: [keys.generation], args: [] })
  const live = String(generation)
  await runScript(engine, eraseScript, { keys: [keys.generation, ...keys.of(live)], args: [live] })
  const question = { engine: 'Redis', doing: 'erase the desk', ...engine } as const
  await answerInTime(question, () => sendCommand(input.client, ['SREM', keys.desks, desk]))
}
