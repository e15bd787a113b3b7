import type { InputIssue } from '../../core'
import { shown } from '../engine-options'

/**
 * A connected client, by shape: that of the package `redis` or of `ioredis`, each in version 5 or 6. The host owns
 * it.
 */
export type RedisClient = NodeRedisClient | IoRedisClient

/** What is used of a client made by `createClient()` of the package `redis`. */
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

/** What is used of a client made by `new Redis()` of the package `ioredis`. */
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

/** What is wrong with a value given for a client; `null` when nothing is. */
export function redisClientIssue(client: unknown): InputIssue | null {
  return isRedisClient(client)
    ? null
    : { path: ['client'], expected: 'a client of redis or ioredis', got: shown(client) }
}

/** Sends one command and gives its reply. */
export function sendCommand(client: RedisClient, args: readonly [string, ...string[]]): Promise<unknown> {
  return isNodeRedis(client) ? client.sendCommand([...args]) : client.call(args[0], ...args.slice(1))
}

/** ioredis has a `sendCommand` too, which takes something else: `call` is what tells them apart. */
export function isNodeRedis(client: object): client is NodeRedisClient {
  return 'sendCommand' in client && typeof client.sendCommand === 'function' && !('call' in client)
}
