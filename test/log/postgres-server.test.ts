import { Client, Pool } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { migrate, postgresLog } from '../../src/log/postgres'
import { appendAll, batchOf, headOf, lastOf, namesOf, start } from '../../src/testing/log-contract/entries'
import { eventually, pause } from '../../src/testing/log-contract/expectations'
import { describePostgres, type PostgresServer, postgresServer } from './engines/postgres-server'

describePostgres('a Postgres server', () => {
  let server: PostgresServer
  let pool: Pool

  beforeAll(async () => {
    server = await postgresServer()
    pool = new Pool({ connectionString: server.url, max: 6 })
    pool.on('error', () => {})
  })
  afterAll(async () => {
    await pool?.end()
    await server?.end()
  })

  it('[L28] has its tables made by six nodes at once', async () => {
    const nodes = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const client = new Client({ connectionString: server.url })
        await client.connect()
        return client
      }),
    )
    await Promise.all(nodes.map((client) => migrate({ client })))
    await Promise.all(nodes.map((client) => client.end()))
    expect(await postgresLog({ client: pool, desk: 'acme', durability: 'process' }).head()).toEqual(start)
  })

  it('[L23] refuses for durability disk a server that does not wait for the disk', async () => {
    const log = postgresLog({ client: pool, desk: 'acme' })
    await expect(log.head()).rejects.toMatchObject({
      code: 'log-failed',
      message: expect.stringContaining('fsync = off'),
    })
  })

  it('[L4] takes one of many appends under the strictest isolation too', async () => {
    const strict = new Pool({ connectionString: server.url, options: '-c default_transaction_isolation=serializable' })
    const logs = [1, 2, 3].map(() => postgresLog({ client: strict, desk: 'strict', durability: 'process' }))
    await logs[0]?.head()
    for (let round = 0; round < 5; round += 1) {
      const head = (await logs[0]?.head()) ?? start
      const race = logs.flatMap((log) => [log.append(head, batchOf('a')), log.append(head, batchOf('b'))])
      const statuses = (await Promise.all(race)).map(({ status }) => status).sort()
      expect(statuses).toEqual(['appended', 'conflict', 'conflict', 'conflict', 'conflict', 'conflict'])
    }
    await strict.end()
  })

  it('[L29] rings by polling while the listening connection is away, and by notification when it is back', async () => {
    const log = postgresLog({ client: pool, desk: 'bell', durability: 'process', pollMs: 60 })
    let rung = 0
    const leave = log.bell(() => {
      rung += 1
    })
    const entries = await appendAll(log, ['a'])
    await eventually(() => rung > 0, 'the bell is there')
    await pause(150)
    await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %'`)
    const before = rung
    await appendAll(log, ['b'], headOf(lastOf(entries)))
    await eventually(() => rung > before, 'the bell rings')
    await listening()
    leave()
  })

  /** Resolves when a connection listens again. */
  async function listening(): Promise<void> {
    for (let found = 0; found === 0; await pause(20)) {
      const { rowCount } = await pool.query(`select 1 from pg_stat_activity where query like 'listen %'`)
      found = rowCount ?? 0
    }
  }

  it('[L24] leaves an append that was not answered in time to be found, or not', async () => {
    const log = postgresLog({ client: pool, desk: 'slow', durability: 'process', timeoutMs: 150 })
    const last = lastOf(await appendAll(log, ['a']))
    const other = await pool.connect()
    await other.query('begin')
    await other.query(`select 1 from frontbell.desk where desk = 'slow' for update`)
    await expect(log.append(headOf(last), batchOf('b'))).rejects.toMatchObject({ code: 'log-failed' })
    await other.query('commit')
    other.release()
    await pause(50)
    expect(namesOf(await log.read(0, 10))).toEqual(['a', 'b'])
  })

  it('[L25] goes on where it was after the server was killed and started again', async () => {
    const log = postgresLog({ client: pool, desk: 'killed', durability: 'process' })
    const last = lastOf(await appendAll(log, ['a', 'b']))
    await server.stop('SIGKILL')
    await expect(log.head()).rejects.toMatchObject({ code: 'log-failed' })
    await server.start()
    expect((await log.append(headOf(last), batchOf('c'))).status).toBe('appended')
    expect(namesOf(await log.read(0, 10))).toEqual(['a', 'b', 'c'])
  })
})
