import { InvalidInputError } from '../../core'
import { answerInTime } from '../answer-in-time'
import { nameIssue } from '../engine-options'
import { type RedisClient, redisClientIssue, sendCommand } from './redis-client'
import { redisKeys } from './redis-keys'

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
  const names = await answerInTime(question, () => sendCommand(client, ['SMEMBERS', redisKeys(prefix, '').desks]))
  return [...Object(names)].map(String).sort()
}
