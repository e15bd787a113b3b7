import { DeskError } from '../../core'
import { type RedisClient, sendCommand } from './redis-client'

/**
 * What must survive: `memory` requires nothing and loses all with the server; `process` requires an append-only file
 * (up to about a second is lost in a power failure); `disk` requires one that is flushed before each answer.
 */
export type RedisDurability = 'memory' | 'process' | 'disk'

/**
 * @throws DeskError `store-failed`, naming the setting to change, when this server would lose entries by its settings.
 */
export async function checkRedisSettings(client: RedisClient, durability: RedisDurability): Promise<void> {
  const settings = parseServerSettings(String(await sendCommand(client, ['INFO'])))
  const problem = versionProblem(settings) ?? evictionProblem(settings) ?? persistenceProblem(settings, durability)
  if (problem !== null) throw new DeskError('store-failed', problem)
  if (durability !== 'disk') return
  const appendFsync = await readAppendFsync(client)
  if (appendFsync === 'always') return
  const finding = `Redis flushes its append-only file "${appendFsync}", and durability "disk" expects "always"`
  throw new DeskError('store-failed', `${finding}: CONFIG SET appendfsync always, and the same in redis.conf.`)
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

async function readAppendFsync(client: RedisClient): Promise<string> {
  const reply = await sendCommand(client, ['CONFIG', 'GET', 'appendfsync'])
  const values = Array.isArray(reply) ? reply : Object.values(Object(reply))
  return String(values.at(-1))
}
