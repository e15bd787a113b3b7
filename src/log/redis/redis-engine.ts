import { answerInTime } from '../answer-in-time'
import { type RedisClient, sendCommand } from './redis-client'
import type { RedisScript } from './redis-scripts'

/** A host's client with a time limit on every answer. */
export interface RedisEngine {
  readonly client: RedisClient
  readonly desk: string
  readonly timeoutMs: number
}

/** Runs a script by its digest; sends its source only to a server that does not have it. */
export async function runScript(
  engine: RedisEngine,
  script: RedisScript,
  input: { readonly keys: readonly string[]; readonly args: readonly string[] },
): Promise<readonly unknown[]> {
  const rest = [String(input.keys.length), ...input.keys, ...input.args]
  const reply = await answerInTime({ engine: 'Redis', doing: script.doing, ...engine }, async () => {
    try {
      return await sendCommand(engine.client, ['EVALSHA', script.digest, ...rest])
    } catch (failure) {
      if (!isScriptMissing(failure)) throw failure
      return await sendCommand(engine.client, ['EVAL', script.source, ...rest])
    }
  })
  if (!Array.isArray(reply)) throw new Error(`Expected a list from the script that should ${script.doing}`)
  return reply
}

function isScriptMissing(failure: unknown): boolean {
  return failure instanceof Error && failure.message.startsWith('NOSCRIPT')
}
