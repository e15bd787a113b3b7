import { Redis } from 'ioredis'
import { Pool } from 'pg'
import type { EventStore } from '../../../src/store'
import { migrate, postgresStore } from '../../../src/store/postgres'
import { redisStore } from '../../../src/store/redis'
import { postgresServer } from '../../store/servers/postgres-server'
import { type RedisServer, redisServer } from '../../store/servers/redis-server'
import type { BackendKind } from './node-protocol'

/** A server that the harness stops, kills and starts. */
export interface BackendUnderTest {
  readonly kind: BackendKind
  readonly port: number
  /** Returns the URL with another port of this machine. */
  urlAt(port: number): string
  stop(signal: NodeJS.Signals): Promise<void>
  start(): Promise<void>
  /** Crashes and restarts it without about so many of the desk's newest entries. */
  loseNewestEntries(desk: string, entries: number): Promise<void>
  /** Removes all its data while it runs. */
  flush?(): Promise<void>
  /** Starts a second server that replicates this one. */
  replicate?(): Promise<void>
  /** Makes the second server a primary of its own; returns its port. */
  promote?(): Promise<number>
  /** Makes the first server a replica of the second, and drops what the second does not have. */
  rejoin?(): Promise<void>
  /** Returns a store on it, for reading from outside. */
  storeOf(desk: string): EventStore
  close(): Promise<void>
}

export async function startBackend(kind: BackendKind): Promise<BackendUnderTest> {
  return kind === 'redis' ? RedisUnderTest.start() : startPostgres()
}

async function startPostgres(): Promise<BackendUnderTest> {
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
    async loseNewestEntries(desk, entries) {
      await server.stop('SIGQUIT')
      await server.start()
      const newest = 'select max(v) from frontbell.entry where desk = $1'
      await retryOnce(() =>
        pool.query(`delete from frontbell.entry where desk = $1 and v > (${newest}) - $2`, [desk, entries]),
      )
    },
    storeOf: (desk) => postgresStore({ client: pool, desk, durability: 'process' }),
    async close() {
      await pool.end().catch(() => {})
      await server.end()
    },
  }
}

/** Retries: a connection that was open when the server stopped fails once. */
async function retryOnce(act: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await act()
      return
    } catch (error) {
      if (attempt === 20) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

/** About the size of one entry of the harness in the append-only file. */
const bytesPerEntry = 700

/** The first sync of a replica starts without a delay. */
const disklessSyncSettings = ['--repl-diskless-sync-delay', '0']

/** A Redis server of the harness, with a replica while it tests a split brain. */
export class RedisUnderTest implements BackendUnderTest {
  readonly kind = 'redis'
  #server: RedisServer
  #client: Redis
  #replica: { readonly server: RedisServer; readonly client: Redis } | null = null

  private constructor(server: RedisServer) {
    this.#server = server
    this.#client = connectRedis(server)
  }

  static async start(): Promise<RedisUnderTest> {
    return new RedisUnderTest(await redisServer(disklessSyncSettings))
  }

  get port(): number {
    return this.#server.port
  }

  urlAt(port: number): string {
    return `redis://127.0.0.1:${port}`
  }

  stop(signal: NodeJS.Signals): Promise<void> {
    return this.#server.stop(signal)
  }

  start(): Promise<void> {
    return this.#server.start()
  }

  loseNewestEntries(_desk: string, entries: number): Promise<void> {
    return this.#server.loseNewestBytes(entries * bytesPerEntry)
  }

  async flush(): Promise<void> {
    await this.#client.flushall()
  }

  /** Replaces a replica of an earlier run, which may be on the wrong side. */
  async replicate(): Promise<void> {
    await this.#closeReplica()
    const server = await redisServer(disklessSyncSettings)
    const client = connectRedis(server)
    this.#replica = { server, client }
    await awaitReplication(client, this.#server)
  }

  async promote(): Promise<number> {
    await this.#replica?.client.call('REPLICAOF', 'NO', 'ONE')
    return this.#replica?.server.port ?? this.port
  }

  async rejoin(): Promise<void> {
    if (this.#replica === null) return
    const first = { server: this.#server, client: this.#client }
    this.#server = this.#replica.server
    this.#client = this.#replica.client
    this.#replica = first
    await awaitReplication(first.client, this.#server)
  }

  storeOf(desk: string): EventStore {
    return redisStore({ client: this.#client, desk })
  }

  async close(): Promise<void> {
    await this.#closeReplica()
    this.#client.disconnect()
    await this.#server.end()
  }

  async #closeReplica(): Promise<void> {
    this.#replica?.client.disconnect()
    await this.#replica?.server.end()
    this.#replica = null
  }
}

function connectRedis({ url }: RedisServer): Redis {
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 })
  client.on('error', () => {})
  return client
}

/** Resolves when the client's server has all that the other one has. */
async function awaitReplication(client: Redis, { port }: RedisServer): Promise<void> {
  await client.call('REPLICAOF', '127.0.0.1', `${port}`)
  while (!(await client.info('replication')).includes('master_link_status:up')) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
