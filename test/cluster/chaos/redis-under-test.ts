import { Redis } from 'ioredis'
import type { EventLog } from '../../../src/log'
import { redisLog } from '../../../src/log/redis'
import { type RedisServer, redisServer } from '../../log/engines/redis-server'
import type { EngineUnderTest } from './engine-under-test'

/** About what one entry of the harness takes in the append-only file. */
const bytesOfEntry = 700

/** A replica is not kept waiting for others to come. */
const atOnce = ['--repl-diskless-sync-delay', '0']

/** A Redis of the harness's own, which may get a second one for a while. */
export class RedisUnderTest implements EngineUnderTest {
  readonly kind = 'redis'
  #server: RedisServer
  #client: Redis
  #second: { readonly server: RedisServer; readonly client: Redis } | null = null

  private constructor(server: RedisServer) {
    this.#server = server
    this.#client = clientOf(server)
  }

  static async start(): Promise<RedisUnderTest> {
    return new RedisUnderTest(await redisServer(atOnce))
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

  loseTail(_desk: string, entries: number): Promise<void> {
    return this.#server.loseTail(entries * bytesOfEntry)
  }

  async flush(): Promise<void> {
    await this.#client.flushall()
  }

  /** One that is left from before would stand by the wrong side. */
  async replicate(): Promise<void> {
    await this.#endSecond()
    const server = await redisServer(atOnce)
    const client = clientOf(server)
    this.#second = { server, client }
    await follow(client, this.#server)
  }

  async promote(): Promise<number> {
    await this.#second?.client.call('REPLICAOF', 'NO', 'ONE')
    return this.#second?.server.port ?? this.port
  }

  async rejoin(): Promise<void> {
    if (this.#second === null) return
    const first = { server: this.#server, client: this.#client }
    this.#server = this.#second.server
    this.#client = this.#second.client
    this.#second = first
    await follow(first.client, this.#server)
  }

  logOf(desk: string): EventLog {
    return redisLog({ client: this.#client, desk })
  }

  async end(): Promise<void> {
    await this.#endSecond()
    this.#client.disconnect()
    await this.#server.end()
  }

  async #endSecond(): Promise<void> {
    this.#second?.client.disconnect()
    await this.#second?.server.end()
    this.#second = null
  }
}

function clientOf({ url }: RedisServer): Redis {
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 })
  client.on('error', () => {})
  return client
}

/** Resolves when the first has all that the second has. */
async function follow(client: Redis, { port }: RedisServer): Promise<void> {
  await client.call('REPLICAOF', '127.0.0.1', `${port}`)
  while (!(await client.info('replication')).includes('master_link_status:up')) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
