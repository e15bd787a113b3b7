import { isNodeRedis, type RedisClient, sendCommand } from './redis-client'

/**
 * What must survive: `memory` requires nothing and loses all with the server; `process` requires an append-only file
 * (up to about two seconds are lost in a power failure); `disk` requires one that is flushed before each answer.
 */
export type RedisDurability = 'memory' | 'process' | 'disk'

/** Returns which setting of the server or the client loses entries, and what to set; `null` for none. */
export async function findRedisSettingsProblem(
  client: RedisClient,
  durability: RedisDurability,
): Promise<string | null> {
  const settings = parseServerSettings(String(await sendCommand(client, ['INFO'])))
  const problem =
    versionProblem(settings) ??
    evictionProblem(settings) ??
    persistenceProblem(settings, durability) ??
    reconnectionProblem(client)
  return problem ?? (durability === 'memory' ? null : fsyncProblem(client, durability))
}

type ServerSettings = ReadonlyMap<string, string>

function parseServerSettings(info: string): ServerSettings {
  const lines = info.split(/\r?\n/).map((line) => line.split(':', 2))
  return new Map(lines.map(([key = '', value = '']) => [key, value]))
}

function versionProblem(settings: ServerSettings): string | null {
  const version = settings.get('redis_version') ?? 'unknown'
  if (Number.parseInt(version, 10) >= 7) return null
  return `Redis is version ${version}, expected 7 or newer: update the server.`
}

function evictionProblem(settings: ServerSettings): string | null {
  const policy = settings.get('maxmemory_policy')
  if (policy === 'noeviction') return null
  const finding = `Redis evicts keys when its memory is full: maxmemory-policy is "${policy}", expected "noeviction"`
  return `${finding}. CONFIG SET maxmemory-policy noeviction, and the same in redis.conf.`
}

function persistenceProblem(settings: ServerSettings, durability: RedisDurability): string | null {
  if (durability === 'memory' || settings.get('aof_enabled') === '1') return null
  const finding = `Redis keeps no append-only file, and durability "${durability}" expects one`
  return `${finding}: CONFIG SET appendonly yes, and the same in redis.conf; or set durability: 'memory' to do without it.`
}

/** `process` does without the check where the server forbids `CONFIG`, as managed ones do. */
async function fsyncProblem(client: RedisClient, durability: 'process' | 'disk'): Promise<string | null> {
  const values = await readSettings(client, ['appendfsync', 'no-appendfsync-on-rewrite']).catch((cause: unknown) => {
    if (durability === 'disk') throw cause
    return null
  })
  if (values === null) return null
  const fsync = values.get('appendfsync')
  const [finding, setting] = [`and durability "${durability}" expects`, 'CONFIG SET appendfsync']
  if (durability === 'process') {
    if (fsync !== 'no') return null
    return `Redis never flushes its append-only file, ${finding} "everysec": ${setting} everysec, and the same in redis.conf.`
  }
  if (fsync !== 'always')
    return `Redis flushes its append-only file "${fsync}", ${finding} "always": ${setting} always, and the same in redis.conf.`
  if (values.get('no-appendfsync-on-rewrite') !== 'yes') return null
  const advice = 'CONFIG SET no-appendfsync-on-rewrite no, and the same in redis.conf.'
  return `Redis flushes nothing while it rewrites its append-only file, ${finding} that it does: ${advice}`
}

async function readSettings(client: RedisClient, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const reply = await sendCommand(client, ['CONFIG', 'GET', ...names])
  if (!Array.isArray(reply)) return new Map(Object.entries(Object(reply)).map(([name, value]) => [name, String(value)]))
  return new Map(reply.flatMap((name, index) => (index % 2 === 0 ? [[String(name), String(reply[index + 1])]] : [])))
}

/** A node that stays away for longer may come back after the others have ceased to wait for what it holds. */
const reconnectWithinMs = 6_000
const reconnectAttempts = 20

function reconnectionProblem(client: RedisClient): string | null {
  const [option, strategy] = reconnectStrategyOf(client)
  const delays = Array.from({ length: reconnectAttempts }, (_, attempt) => delayOf(strategy, attempt + 1))
  const longest = Math.max(0, ...delays)
  if (longest <= reconnectWithinMs) return null
  const finding = `The Redis client waits up to ${longest} ms before it connects again, expected ${reconnectWithinMs} ms or less`
  return `${finding}, so that the node puts back in time what the server has lost: change ${option}.`
}

function reconnectStrategyOf(client: RedisClient): readonly [option: string, strategy: unknown] {
  const options: Readonly<Record<string, unknown>> = Object('options' in client ? client.options : {})
  return isNodeRedis(client)
    ? ['socket.reconnectStrategy', Object(options.socket).reconnectStrategy]
    : ['retryStrategy', options.retryStrategy]
}

/** A strategy that gives up, or throws, has no delay: then the host starts the process anew. */
function delayOf(strategy: unknown, attempt: number): number {
  if (typeof strategy === 'number') return strategy
  if (typeof strategy !== 'function') return 0
  try {
    const delay: unknown = strategy(attempt, new Error('a connection that was lost'))
    return typeof delay === 'number' ? delay : 0
  } catch {
    return 0
  }
}
