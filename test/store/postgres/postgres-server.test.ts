import { Client, Pool } from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type Desk, type Outcome, openDesk } from '../../../src'
import type { EventStore } from '../../../src/store'
import { migrate, postgresStore } from '../../../src/store/postgres'
import {
  appendAll,
  delay,
  emptyHead,
  eventually,
  headAt,
  lastEntry,
  sampleBatch,
  sampleNamesOf,
} from '../../../src/testing/contract/store-fixture'
import { describePostgres, type PostgresServer, postgresServer } from '../servers/postgres-server'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

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
    expect(await postgresStore({ client: pool, desk: 'acme', durability: 'process' }).head()).toEqual(emptyHead)
  })

  it('[L23] refuses for durability disk a server that does not wait for the disk', async () => {
    const store = postgresStore({ client: pool, desk: 'acme' })
    await expect(store.head()).rejects.toMatchObject({
      code: 'store-failed',
      message: expect.stringContaining('fsync = off'),
    })
  })

  it('[L23, L39] refuses a server whose transactions only read, at opening and every minute', async () => {
    await pool.query('alter role current_user set default_transaction_read_only = on')
    const readOnly = new Pool({ connectionString: server.url, max: 1 })
    const store = postgresStore({ client: readOnly, desk: 'read-only', durability: 'process' })
    const advice = 'default_transaction_read_only = on'
    await expect(store.head()).rejects.toThrow(advice)
    await pool.query('alter role current_user set default_transaction_read_only = off')
    await readOnly.query('set default_transaction_read_only = off')
    expect(await store.head()).toEqual(emptyHead)
    const problem = async () => (await store.heartbeat?.({ node: 'one', forMs: 10_000, others: [] }))?.settingsProblem
    expect(await problem()).toBe(null)
    const disk = postgresStore({ client: pool, desk: 'read-only' })
    await expect(disk.head()).rejects.toThrow('fsync = off')
    await readOnly.end()
  })

  it('[L4] accepts one of many appends under the strictest isolation too', async () => {
    const strict = new Pool({ connectionString: server.url, options: '-c default_transaction_isolation=serializable' })
    const stores = [1, 2, 3].map(() => postgresStore({ client: strict, desk: 'strict', durability: 'process' }))
    await stores[0]?.head()
    for (let round = 0; round < 5; round += 1) {
      const head = (await stores[0]?.head()) ?? emptyHead
      const race = stores.flatMap((store) => [
        store.append(head, sampleBatch('a')),
        store.append(head, sampleBatch('b')),
      ])
      const statuses = (await Promise.all(race)).map(({ status }) => status).sort()
      expect(statuses).toEqual(['appended', 'conflict', 'conflict', 'conflict', 'conflict', 'conflict'])
    }
    await strict.end()
  })

  it('[L29] notifies by polling while the listening connection is lost, and by notification when it is back', async () => {
    const store = postgresStore({ client: pool, desk: 'subscription', durability: 'process', pollMs: 60 })
    let notified = 0
    const unsubscribe = store.subscribe(() => {
      notified += 1
    })
    const entries = await appendAll(store, ['a'])
    await eventually(() => notified > 0, 'the subscription is there')
    await delay(150)
    await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %'`)
    const before = notified
    await appendAll(store, ['b'], headAt(lastEntry(entries)))
    await eventually(() => notified > before, 'a notification')
    await listening()
    unsubscribe()
  })

  /** Resolves when a connection listens again. */
  async function listening(): Promise<void> {
    for (let found = 0; found === 0; await delay(20)) {
      const { rowCount } = await pool.query(`select 1 from pg_stat_activity where query like 'listen %'`)
      found = rowCount ?? 0
    }
  }

  it('[L24] leaves it open whether an append that was not answered in time is in the store', async () => {
    const store = postgresStore({ client: pool, desk: 'slow', durability: 'process', timeoutMs: 150 })
    const last = lastEntry(await appendAll(store, ['a']))
    const other = await pool.connect()
    await other.query('begin')
    await other.query(`select 1 from frontbell.desk where desk = 'slow' for update`)
    await expect(store.append(headAt(last), sampleBatch('b'))).rejects.toMatchObject({ code: 'store-failed' })
    await other.query('commit')
    other.release()
    await delay(50)
    expect(sampleNamesOf(await store.read(0, 10))).toEqual(['a', 'b'])
  })

  it('[L25] continues after the server was killed and restarted', async () => {
    const store = postgresStore({ client: pool, desk: 'killed', durability: 'process' })
    const last = lastEntry(await appendAll(store, ['a', 'b']))
    await server.stop('SIGKILL')
    await expect(store.head()).rejects.toMatchObject({ code: 'store-failed' })
    await server.start()
    const restarted = { code: 'store-failed', message: expect.stringContaining('restarted') }
    await expect(store.append(headAt(last), sampleBatch('c'))).rejects.toMatchObject(restarted)
    expect((await store.append(headAt(last), sampleBatch('c'))).status).toBe('appended')
    expect(sampleNamesOf(await store.read(0, 10))).toEqual(['a', 'b', 'c'])
  })

  for (const [what, signal] of [
    ['was shut down', 'SIGINT'],
    ['crashed', 'SIGQUIT'],
  ] as const) {
    it(`[L34] fails the first append after Postgres ${what} and was restarted, and writes nothing then`, async () => {
      const store = postgresStore({ client: pool, desk: `restarted-${signal}`, durability: 'process' })
      const last = lastEntry(await appendAll(store, ['a']))
      await server.stop(signal)
      await server.start()
      const restarted = { code: 'store-failed', message: expect.stringContaining('restarted') }
      await connected(store)
      await expect(store.append(headAt(last), sampleBatch('b'))).rejects.toMatchObject(restarted)
      expect(await store.head()).toEqual(headAt(last))
      expect((await store.append(headAt(last), sampleBatch('b'))).status).toBe('appended')
    })
  }

  it('[L34] fails the first append after a process of Postgres crashed and took all connections with it', async () => {
    const store = postgresStore({ client: pool, desk: 'backend', durability: 'process' })
    const last = lastEntry(await appendAll(store, ['a']))
    const { rows } = await pool.query('select pg_backend_pid() as pid')
    process.kill(Number(Object(rows[0]).pid), 'SIGKILL')
    await connected(store)
    await expect(store.append(headAt(last), sampleBatch('b'))).rejects.toMatchObject({ code: 'store-failed' })
    expect(await store.head()).toEqual(headAt(last))
    expect((await store.append(headAt(last), sampleBatch('b'))).status).toBe('appended')
  })

  it('[L34] puts back what a crashed server has lost before anything new is written, and answers every command', async () => {
    const desk = await openDesk({
      staff: [{ id: 'ana' }],
      policy: { sessionLeaseMs: null },
      store: postgresStore({ client: pool, desk: 'lossy', durability: 'process', pollMs: 100 }),
    })
    desk.on('error', () => {})
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
    const { version } = desk
    await server.stop('SIGQUIT')
    const pending = desk
      .requestChat({ requestId: 'r3', visitorId: 'v3', commandId: 'once-only' })
      .catch((error: unknown) => error)
    await server.start()
    await connected(postgresStore({ client: pool, desk: 'lossy', durability: 'process' }))
    const isNewest = "not exists (select 1 from frontbell.entry where desk = 'lossy' and v > $1)"
    await pool.query(`delete from frontbell.entry where desk = 'lossy' and v = $1 and ${isNewest}`, [version])
    const answer = await pending
    const outcome = answer instanceof Error ? await retry(desk) : answer
    expect(outcome).toMatchObject({ ok: true, requestId: 'r3' })
    const store = postgresStore({ client: pool, desk: 'lossy', durability: 'process' })
    const opened = (await store.read(0, 1_000)).flatMap(({ payload }) =>
      payload.events.flatMap((event) => (event.type === 'request.opened' ? [event.requestId] : [])),
    )
    expect(opened).toEqual(['r1', 'r2', 'r3'])
    await desk.close()
  })

  /** Resolves when connections are there again. */
  async function connected(store: EventStore): Promise<void> {
    while ((await store.head().catch(() => emptyHead)).v === 0) await delay(50)
  }

  /** Repeats the command with the same id until it is answered, as a client does. */
  async function retry(desk: Desk): Promise<Outcome> {
    for (;;) {
      const outcome = await desk
        .requestChat({ requestId: 'r3', visitorId: 'v3', commandId: 'once-only' })
        .catch(() => null)
      if (outcome !== null) return outcome
      await delay(100)
    }
  }
})
