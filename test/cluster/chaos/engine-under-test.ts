import { Redis } from 'ioredis'
import { Pool } from 'pg'
import type { EventLog } from '../../../src/log'
import { migrate, postgresLog } from '../../../src/log/postgres'
import { redisLog } from '../../../src/log/redis'
import { postgresServer } from '../../log/engines/postgres-server'
import { redisServer } from '../../log/engines/redis-server'
import type { EngineKind } from './orders'

/** A server of the harness's own, which it may stop, kill and start. */
export interface EngineUnderTest {
  readonly kind: EngineKind
  readonly port: number
  /** The address through another port of this machine. */
  urlAt(port: number): string
  stop(signal: NodeJS.Signals): Promise<void>
  start(): Promise<void>
  /** Reads the log from outside. */
  logOf(desk: string): EventLog
  end(): Promise<void>
}

export async function engineUnderTest(kind: EngineKind): Promise<EngineUnderTest> {
  return kind === 'redis' ? redis() : postgres()
}

async function redis(): Promise<EngineUnderTest> {
  const server = await redisServer()
  const client = new Redis(server.url, { maxRetriesPerRequest: null, retryStrategy: () => 50 })
  client.on('error', () => {})
  return {
    kind: 'redis',
    port: server.port,
    urlAt: (port) => `redis://127.0.0.1:${port}`,
    stop: (signal) => server.stop(signal),
    start: () => server.start(),
    logOf: (desk) => redisLog({ client, desk }),
    async end() {
      client.disconnect()
      await server.end()
    },
  }
}

async function postgres(): Promise<EngineUnderTest> {
  const server = await postgresServer()
  const pool = new Pool({ connectionString: server.url })
  pool.on('error', () => {})
  await migrate({ client: pool })
  const url = new URL(server.url)
  return {
    kind: 'postgres',
    port: Number(url.port),
    urlAt: (port) => server.url.replace(`:${url.port}/`, `:${port}/`),
    stop: (signal) => server.stop(signal === 'SIGTERM' ? 'SIGINT' : 'SIGQUIT'),
    start: () => server.start(),
    logOf: (desk) => postgresLog({ client: pool, desk, durability: 'process' }),
    async end() {
      await pool.end().catch(() => {})
      await server.end()
    },
  }
}
