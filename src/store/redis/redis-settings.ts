import { DeskError } from '../../core'
import { type RedisClient, sendCommand } from './redis-client'

/**
 * What the host counts on Redis for: `memory` asks for nothing and loses all with the server; `process` asks for an
 * append-only file (about a second may be lost with the power); `disk` asks for one that is flushed before each answer.
 */
export type RedisDurability = 'memory' | 'process' | 'disk'

/**
 * @throws DeskError `store-failed`, naming the setting to change, when this server would lose entries by its settings.
 */
export async function checkRedisSettings(client: RedisClient, durability: RedisDurability): Promise<void> {
  const about = parseServerSettings(String(await sendCommand(client, ['INFO'])))
  const problem = versionProblem(about) ?? evictionProblem(about) ?? persistenceProblem(about, durability)
  if (problem !== null) throw new DeskError('store-failed', problem)
  if (durability !== 'disk') return
  const flushing = await readAppendFsync(client)
  if (flushing === 'always') return
  const told = `Redis flushes its append-only file "${flushing}", and durability "disk" expects "always"`
  throw new DeskError('store-failed', `${told}: CONFIG SET appendfsync always, and the same in redis.conf.`)
}

type ServerSettings = ReadonlyMap<string, string>

function parseServerSettings(info: string): ServerSettings {
  const lines = info.split(/\r?\n/).map((line) => line.split(':', 2))
  return new Map(lines.map(([key = '', value = '']) => [key, value]))
}

function versionProblem(about: ServerSettings): string | null {
  const version = about.get('redis_version') ?? 'unknown'
  if (Number.parseInt(version, 10) >= 7) return null
  return `Redis is version ${version}, expected 7 or newer: update the server.`
}

function evictionProblem(about: ServerSettings): string | null {
  const policy = about.get('maxmemory_policy')
  if (policy === 'noeviction') return null
  const told = `Redis evicts keys when its memory is full: maxmemory-policy is "${policy}", expected "noeviction"`
  return `${told}. CONFIG SET maxmemory-policy noeviction, and the same in redis.conf.`
}

function persistenceProblem(about: ServerSettings, durability: RedisDurability): string | null {
  if (durability === 'memory' || about.get('aof_enabled') === '1') return null
  const told = `Redis keeps no append-only file, and durability "${durability}" expects one`
  return `${told}: CONFIG SET appendonly yes, and the same in redis.conf; or say durability: 'memory' to do without.`
}

async function readAppendFsync(client: RedisClient): Promise<string> {
  const reply = await sendCommand(client, ['CONFIG', 'GET', 'appendfsync'])
  const values = Array.isArray(reply) ? reply : Object.values(Object(reply))
  return String(values.at(-1))
}
