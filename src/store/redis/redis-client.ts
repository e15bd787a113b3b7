import type { InputIssue } from '../../core'
import type { StoredEntry } from '../integrity'
import { formatValue, withTimeout } from '../store-options'
import type { RedisScript } from './redis-scripts'

/** A connected client, by shape: of the package `redis` or of `ioredis`, each in version 5 or 6. The host owns it. */
export type RedisClient = NodeRedisClient | IoRedisClient

/** The part of a client made by `createClient()` of the package `redis` that the store uses. */
export interface NodeRedisClient {
  sendCommand(args: readonly string[]): Promise<unknown>
  duplicate(): NodeRedisSubscriber
}

export interface NodeRedisSubscriber {
  connect(): Promise<unknown>
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>
  on(event: 'error' | 'ready', listener: () => void): unknown
  destroy(): void
}

/** The part of a client made by `new Redis()` of the package `ioredis` that the store uses. */
export interface IoRedisClient {
  call(command: string, ...args: string[]): Promise<unknown>
  duplicate(): IoRedisSubscriber
}

export interface IoRedisSubscriber {
  subscribe(channel: string): Promise<unknown>
  on(event: 'error' | 'ready', listener: () => void): unknown
  on(event: 'message', listener: (channel: string, message: string) => void): unknown
  disconnect(): void
}

function isRedisClient(value: unknown): value is RedisClient {
  if (typeof value !== 'object' || value === null || !('duplicate' in value)) return false
  return isNodeRedis(value) || ('call' in value && typeof value.call === 'function')
}

/** Returns what is wrong with a value given for a client; `null` when nothing is. */
export function redisClientIssue(client: unknown): InputIssue | null {
  return isRedisClient(client)
    ? null
    : { path: ['client'], expected: 'a client of redis or ioredis', got: formatValue(client) }
}

/** Sends one command and returns its reply. */
export function sendCommand(client: RedisClient, args: readonly [string, ...string[]]): Promise<unknown> {
  return isNodeRedis(client) ? client.sendCommand([...args]) : client.call(args[0], ...args.slice(1))
}

/** ioredis has a `sendCommand` with other parameters: only its `call` distinguishes the two. */
export function isNodeRedis(client: object): client is NodeRedisClient {
  return 'sendCommand' in client && typeof client.sendCommand === 'function' && !('call' in client)
}

/** A host's client with a time limit on every answer. */
export interface RedisBackend {
  readonly client: RedisClient
  readonly desk: string
  readonly timeoutMs: number
}

/** Runs a script by its digest; sends its source only to a server that does not have it. */
export async function runScript(
  backend: RedisBackend,
  script: RedisScript,
  input: { readonly keys: readonly string[]; readonly args: readonly string[] },
): Promise<readonly unknown[]> {
  const parameters = [String(input.keys.length), ...input.keys, ...input.args]
  const reply = await withTimeout({ ...backend, backend: 'Redis', operation: script.operation }, async () => {
    try {
      return await sendCommand(backend.client, ['EVALSHA', script.digest, ...parameters])
    } catch (failure) {
      if (!isScriptMissing(failure)) throw failure
      return await sendCommand(backend.client, ['EVAL', script.source, ...parameters])
    }
  })
  if (!Array.isArray(reply)) throw new Error(`Expected a list from the script to ${script.operation}`)
  return reply
}

function isScriptMissing(failure: unknown): boolean {
  return failure instanceof Error && failure.message.startsWith('NOSCRIPT')
}

/** The keys of a desk in Redis. They share the hash tag `{d:<desk>}`, hence one slot of a cluster. */
export interface RedisKeys {
  readonly generation: string
  /** Written before waiting for replicas. */
  readonly fence: string
  /** The keys of the entries, the snapshot and the incarnation of one generation. */
  ofGeneration(generation: string): readonly [entries: string, snapshot: string, incarnation: string]
  /** Which nodes have the turn to append, or wait for it. */
  readonly turns: string
  /** The key of a node's heartbeat. */
  heartbeat(node: string): string
  /** The keys of the nodes that have the desk open, and of the request for a snapshot, of one generation. */
  ofNodes(generation: string): readonly [roll: string, snapshotNeeded: string]
  /** Names of all desks that were ever opened, until they are erased. */
  readonly deskNames: string
  /** The channel on which an append is published, with the desk's name and the new version. */
  readonly channel: string
}

export function redisKeys(prefix: string, desk: string): RedisKeys {
  const base = `${prefix}:{d:${desk}}`
  return {
    generation: `${base}:generation`,
    fence: `${base}:fence`,
    turns: `${base}:turns`,
    ofGeneration(generation) {
      const of = `${base}:${generation}`
      return [`${of}:entries`, `${of}:snapshot`, `${of}:incarnation`]
    },
    heartbeat: (node) => `${base}:heartbeat:${node}`,
    ofNodes: (generation) => [`${base}:${generation}:roll`, `${base}:${generation}:snapshot-needed`],
    deskNames: `${prefix}:desks`,
    channel: `${prefix}:appended`,
  }
}

/** Parses entries of a stream as Redis returns them: `[id, [field, value, …]]`. */
export function parseStreamEntries(reply: unknown): StoredEntry[] {
  return Array.isArray(reply) ? reply.map(parseStreamEntry) : []
}

/** An entry of another writer keeps its place and fails the chain check there, so that those before it are read. */
function parseStreamEntry(entry: unknown): StoredEntry {
  const [id, fields] = Array.isArray(entry) ? entry : []
  const [h, hash = '', t, instant, p, text = '', ...more] = Array.isArray(fields) ? fields.map(String) : []
  const isOurs = String(id).endsWith('-0') && h === 'h' && t === 't' && p === 'p' && more.length === 0
  const v = Number.parseInt(String(id), 10)
  return isOurs ? { v, h: hash, t: Number(instant), text } : { v, h: '', t: 0, text: '' }
}
