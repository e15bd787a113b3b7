import { Redis } from 'ioredis'
import { Client, Pool } from 'pg'
import type { EventStore } from '../../../src/store'
import { migrate, postgresStore } from '../../../src/store/postgres'
import { redisStore } from '../../../src/store/redis'
import { type PostgresServer, postgresServer } from '../../store/servers/postgres-server'
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
  /** Deletes all entries of the desk but the newest ones, and its snapshot. */
  deleteOldestEntries(desk: string, kept: number): Promise<void>
  /** Makes it answer reads and refuse writes, or ends that: as a replica, or with transactions that only read. */
  refuseWrites(refuses: boolean): Promise<void>
  /** Fills its disk, or frees it. */
  fillDisk?(isFull: boolean): Promise<void>
  /** Cuts the second server from this one. */
  detachReplica?(): Promise<void>
  /** Kills the first server and makes the second the only one; returns its port. */
  replacePrimary?(): Promise<number>
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
  let server = await postgresServer()
  let pool = connectPostgres(server)
  let standby: PostgresServer | null = null
  await migrate({ client: pool })
  const portOf = ({ url }: PostgresServer) => Number(new URL(url).port)
  return {
    kind: 'postgres',
    get port() {
      return portOf(server)
    },
    urlAt: (port) => server.url.replace(`:${portOf(server)}/`, `:${port}/`),
    async replicate() {
      await standby?.end()
      standby = await server.standby()
    },
    async detachReplica() {
      await withClient(standby ?? server, async (client) => {
        await client.query("alter system set primary_conninfo = ''")
        await client.query('select pg_reload_conf()')
      })
    },
    async replacePrimary() {
      if (standby === null) return portOf(server)
      const old = server
      await old.stop('SIGQUIT')
      await pool.end().catch(() => {})
      await withClient(standby, (client) => client.query('select pg_promote()'))
      server = standby
      standby = null
      pool = connectPostgres(server)
      await old.end()
      return portOf(server)
    },
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
    async deleteOldestEntries(desk, kept) {
      const newest = 'select max(v) from frontbell.entry where desk = $1'
      await pool.query(`delete from frontbell.entry where desk = $1 and v <= (${newest}) - $2`, [desk, kept])
      await pool.query('delete from frontbell.snapshot where desk = $1', [desk])
    },
    async refuseWrites(refuses) {
      await withClient(server, async (client) => {
        await client.query(`alter system set default_transaction_read_only = ${refuses ? 'on' : 'off'}`)
        await client.query('select pg_reload_conf()')
      })
    },
    storeOf: (desk) => postgresStore({ client: pool, desk, durability: 'process' }),
    async close() {
      await standby?.end()
      await pool.end().catch(() => {})
      await server.end()
    },
  }
}

function connectPostgres({ url }: PostgresServer): Pool {
  const pool = new Pool({ connectionString: url })
  pool.on('error', () => {})
  return pool
}

async function withClient({ url }: PostgresServer, act: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url, options: '-c default_transaction_read_only=off' })
  await client.connect()
  await act(client).finally(() => client.end())
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
    return new RedisUnderTest(await redisServer(disklessSyncSettings, { diskMegabytes: 48 }))
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

  async deleteOldestEntries(desk: string, kept: number): Promise<void> {
    const base = `frontbell:{d:${desk}}:1`
    await this.#client.call('XTRIM', `${base}:entries`, 'MAXLEN', `${kept}`)
    await this.#client.del(`${base}:snapshot`)
  }

  /** A primary that was made a replica of a server that does not answer. */
  async refuseWrites(refuses: boolean): Promise<void> {
    await this.#client.call('REPLICAOF', ...(refuses ? ['127.0.0.1', '1'] : ['NO', 'ONE']))
  }

  async fillDisk(isFull: boolean): Promise<void> {
    await this.#server.fillDisk(isFull)
  }

  async detachReplica(): Promise<void> {
    await this.promote()
  }

  async replacePrimary(): Promise<number> {
    const old = this.#server
    await old.stop('SIGKILL')
    if (this.#replica === null) return this.port
    this.#client.disconnect()
    this.#server = this.#replica.server
    this.#client = this.#replica.client
    this.#replica = null
    await old.end()
    return this.port
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
