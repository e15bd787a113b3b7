import { Cluster, Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eraseDesk, redisLog } from '../../src/log/redis'
import { appendAll, batchOf, headOf, lastOf, namesOf } from '../../src/testing/log-contract/entries'
import { eventually } from '../../src/testing/log-contract/expectations'
import { describeRedis, type RedisServer, redisServer } from './engines/redis-server'

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
    const log = redisLog({ client, desk, keepEntries: 1 })
    const entries = await appendAll(log, ['a', 'b', 'c'])
    const last = lastOf(entries)
    await log.restore(entries)
    await log.saveSnapshot({ ...headOf(last), t: last.t, schema: 1, state: {} })
    await log.barrier()
    expect(await log.loadSnapshot()).toMatchObject(headOf(last))
    expect(namesOf(await log.read(0, 10))).toEqual(['c'])
    const keys = await client.keys('*acme*')
    const slots = await Promise.all(keys.map((key) => client.call('CLUSTER', 'KEYSLOT', key)))
    expect(keys).toHaveLength(4)
    expect(new Set(slots).size).toBe(1)
    await eraseDesk({ client, desk })
    expect(await redisLog({ client, desk }).head()).toEqual({ v: 0, h: '' })
  })

  it('[L27] appends, reads and rings through a client of the cluster', async () => {
    const cluster = new Cluster([{ host: '127.0.0.1', port: server.port }])
    const logs = [redisLog({ client: cluster, desk: 'one' }), redisLog({ client: cluster, desk: 'two' })]
    let rung = 0
    const leaves = logs.map((log) =>
      log.bell(() => {
        rung += 1
      }),
    )
    await eventually(() => rung >= 2, 'the bell is there')
    const before = rung
    for (const log of logs) expect(namesOf(await appendAll(log, ['a', 'b']))).toEqual(['a', 'b'])
    await eventually(() => rung > before, 'the bell rings')
    for (const leave of leaves) leave()
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
    await followed()
  })
  afterAll(async () => {
    client?.disconnect()
    await replica?.end()
    await server?.end()
  })

  /** Resolves when the replica has what was written here a moment ago. */
  async function followed(): Promise<void> {
    for (let copies = 0; copies === 0; copies = await client.wait(1, 100)) await client.incr('written')
  }

  it('[L18] calls an entry appended only when as many replicas have it as asked for', async () => {
    const patient = redisLog({ client, desk: 'acme', replicas: 1, timeoutMs: 30_000 })
    const last = lastOf(await appendAll(patient, ['a', 'b']))
    await patient.barrier()
    const copy = new Redis(replica.url)
    expect(await copy.xlen('frontbell:{d:acme}:1:log')).toBe(2)
    copy.disconnect()
    await replica.stop('SIGKILL')
    const log = redisLog({ client, desk: 'acme', replicas: 1, timeoutMs: 800 })
    const unknown = { code: 'log-failed', message: expect.stringMatching(/reach(ed 0 of 1| the) replicas/) }
    await expect(log.append(headOf(last), batchOf('c'))).rejects.toMatchObject(unknown)
    expect(namesOf(await log.read(2, 10))).toEqual(['c'])
    await expect(log.barrier()).rejects.toMatchObject(unknown)
    await replica.start()
    await followed()
    await patient.barrier()
  })
})
