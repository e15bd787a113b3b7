import { Cluster, Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { eraseDesk, redisStore } from '../../../src/store/redis'
import {
  appendAll,
  eventually,
  headAt,
  lastEntry,
  sampleBatch,
  sampleNamesOf,
} from '../../../src/testing/contract/store-fixture'
import { describeRedis, type RedisServer, redisServer } from '../servers/redis-server'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describeRedis('a Redis cluster', () => {
  let server: RedisServer
  let client: Redis

  beforeAll(async () => {
    server = await redisServer(['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'])
    client = new Redis(server.url)
    await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
    await eventually(() => client.status === 'ready', 'the client is ready')
    for (let state = ''; !state.includes('cluster_state:ok'); ) state = String(await client.call('CLUSTER', 'INFO'))
  })
  afterAll(async () => {
    client?.disconnect()
    await server?.end()
  })

  it('[L27] appends, reads, snapshots, restores and erases within the slot of the desk', async () => {
    const desk = 'acme'
    const store = redisStore({ client, desk, keepEntries: 1 })
    const entries = await appendAll(store, ['a', 'b', 'c'])
    const last = lastEntry(entries)
    await store.restore(entries)
    await store.saveSnapshot({ ...headAt(last), t: last.t, schema: 1, state: {} })
    await store.barrier()
    expect(await store.loadSnapshot()).toMatchObject(headAt(last))
    expect(sampleNamesOf(await store.read(0, 10))).toEqual(['c'])
    const keys = await client.keys('*acme*')
    const slots = await Promise.all(keys.map((key) => client.call('CLUSTER', 'KEYSLOT', key)))
    expect(keys).toHaveLength(4)
    expect(new Set(slots).size).toBe(1)
    await eraseDesk({ client, desk })
    expect(await redisStore({ client, desk }).head()).toEqual({ v: 0, h: '' })
  })

  it('[L27] appends, reads and notifies through a client of the cluster', async () => {
    const cluster = new Cluster([{ host: '127.0.0.1', port: server.port }])
    const stores = [redisStore({ client: cluster, desk: 'one' }), redisStore({ client: cluster, desk: 'two' })]
    let notified = 0
    const subscriptions = stores.map((store) =>
      store.subscribe(() => {
        notified += 1
      }),
    )
    await eventually(() => notified >= 2, 'the subscription is there')
    const before = notified
    for (const store of stores) expect(sampleNamesOf(await appendAll(store, ['a', 'b']))).toEqual(['a', 'b'])
    await eventually(() => notified > before, 'a notification')
    for (const unsubscribe of subscriptions) unsubscribe()
    cluster.disconnect()
  })
})

describeRedis('a Redis with a replica', () => {
  let server: RedisServer
  let replica: RedisServer
  let client: Redis

  beforeAll(async () => {
    server = await redisServer(['--repl-diskless-sync-delay', '0'])
    replica = await redisServer(['--replicaof', '127.0.0.1', `${server.port}`])
    client = new Redis(server.url)
    await replicated()
  })
  afterAll(async () => {
    client?.disconnect()
    await replica?.end()
    await server?.end()
  })

  /** Resolves when the replica has what was just written. */
  async function replicated(): Promise<void> {
    for (let copies = 0; copies === 0; copies = await client.wait(1, 100)) await client.incr('written')
  }

  it('[L18] calls an entry appended only when as many replicas have it as asked for', async () => {
    const patient = redisStore({ client, desk: 'acme', replicas: 1, timeoutMs: 30_000 })
    const last = lastEntry(await appendAll(patient, ['a', 'b']))
    await patient.barrier()
    const copy = new Redis(replica.url)
    expect(await copy.xlen('frontbell:{d:acme}:1:entries')).toBe(2)
    copy.disconnect()
    await replica.stop('SIGKILL')
    const store = redisStore({ client, desk: 'acme', replicas: 1, timeoutMs: 800 })
    const unknown = { code: 'store-failed', message: expect.stringMatching(/reach(ed 0 of 1| the) replicas/) }
    await expect(store.append(headAt(last), sampleBatch('c'))).rejects.toMatchObject(unknown)
    expect(sampleNamesOf(await store.read(2, 10))).toEqual(['c'])
    await expect(store.barrier()).rejects.toMatchObject(unknown)
    await replica.start()
    await replicated()
    await patient.barrier()
  })
})
