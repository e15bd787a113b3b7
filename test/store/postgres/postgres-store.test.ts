import { readFile } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  eraseDesk,
  listDesks,
  migrate,
  type PostgresStoreOptions,
  postgresSchema,
  postgresStore,
} from '../../../src/store/postgres'
import {
  appendAll,
  delay,
  emptyHead,
  headAt,
  lastEntry,
  sampleBatch,
  sampleNamesOf,
} from '../../../src/testing/contract/store-fixture'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const idle = { query: () => new Promise<never>(() => {}) }

describe('postgresStore without a server', () => {
  const wrong: readonly (readonly [string, object, string])[] = [
    ['no client', { client: undefined }, 'client: expected a Pool or Client of pg, or a PGlite, got undefined'],
    [
      'a URL for a client',
      { client: 'postgres://' },
      'client: expected a Pool or Client of pg, or a PGlite, got "postgres://"',
    ],
    ['no desk', { desk: undefined }, 'desk: expected 1 to 64 of A-Z, a-z, 0-9, _ and -, got undefined'],
    ['a desk with a quote', { desk: "a'b" }, 'desk: expected 1 to 64 of A-Z, a-z, 0-9, _ and -, got "a\'b"'],
    ['a schema with a quote', { schema: 'a"; drop' }, 'schema: expected 1 to 63 of a-z, 0-9 and _, no digit first'],
    ['a schema in capitals', { schema: 'Frontbell' }, 'schema: expected'],
    ['an unknown durability', { durability: 'memory' }, "durability: expected 'process' or 'disk', got \"memory\""],
    ['polling all the time', { pollMs: 1 }, 'pollMs: expected a whole number from 10 to 60000, got 1'],
    ['notifying now and then', { notify: 'sometimes' }, 'notify: expected true or false, got "sometimes"'],
    ['no time', { timeoutMs: 0.5 }, 'timeoutMs: expected a whole number from 1 to 600000, got 0.5'],
    ['keeping nothing', { keepEntries: 0 }, 'keepEntries: expected a whole number from 1 to 1000000, got 0'],
  ]
  for (const [what, options, message] of wrong) {
    it(`[L26] refuses ${what}`, () => {
      const given = { client: idle, desk: 'acme', ...options } as PostgresStoreOptions
      expect(() => postgresStore(given)).toThrow(expect.objectContaining({ name: 'InvalidInputError' }))
      expect(() => postgresStore(given)).toThrow(message)
    })
  }

  it('[L26] refuses to migrate, list or erase with an invalid client and schema', async () => {
    const wrong = { client: Object(null), schema: 'x; drop table y' }
    const both = /^client: expected .*\nschema: expected /
    await expect(migrate(wrong)).rejects.toThrow(both)
    await expect(listDesks(wrong)).rejects.toThrow(both)
    await expect(eraseDesk({ ...wrong, desk: 'acme' })).rejects.toThrow(both)
  })

  it('[L24] stops waiting for a server that does not answer', async () => {
    const store = postgresStore({ client: idle, desk: 'acme', timeoutMs: 20 })
    const failed = { code: 'store-failed', message: expect.stringContaining('no answer within 20 ms') }
    await expect(store.append(emptyHead, sampleBatch('a'))).rejects.toMatchObject(failed)
  })

  const servers: readonly (readonly [string, object, PostgresStoreOptions['durability'], string])[] = [
    ['older than version 12', { version: '110022' }, 'process', 'Postgres is version 110022, expected 12 or newer'],
    ['that is a standby', { standby: true }, 'process', 'connect to the primary server'],
    ['without fsync, for durability disk', { fsync: 'off' }, 'disk', "set durability: 'process' to do without it"],
    ['without synchronous_commit, for durability disk', { commits: 'off' }, 'disk', 'synchronous_commit = off'],
  ]
  for (const [what, about, durability = 'disk', message] of servers) {
    it(`[L23] refuses a server ${what}`, async () => {
      const row = { version: '150000', standby: false, commits: 'on', fsync: 'on', ...about }
      const store = postgresStore({ client: { query: async () => ({ rows: [row] }) }, desk: 'acme', durability })
      await expect(store.head()).rejects.toMatchObject({
        code: 'store-failed',
        message: expect.stringContaining(message),
      })
    })
  }

  it('sends one statement at a time over a single connection', async () => {
    let [now, most] = [0, 0]
    const query = async () => {
      now += 1
      most = Math.max(most, now)
      await delay(2)
      now -= 1
      return { rows: [{ version: '150000', standby: false, commits: 'on', fsync: 'on', generation: 1, v: 0, h: '' }] }
    }
    const client = { query, on: () => {}, removeListener: () => {} }
    const stores = ['one', 'two'].map((desk) => postgresStore({ client, desk }))
    await Promise.all(stores.flatMap((store) => [store.head(), store.head(), store.barrier()]))
    expect(most).toBe(1)
  })

  it('repeats a statement whose transaction conflicted with another, at most five times', async () => {
    let statements = 0
    const failing = Object.assign(new Error('could not serialize access'), { code: '40001' })
    const query = async () => {
      statements += 1
      throw failing
    }
    const store = postgresStore({ client: { query }, desk: 'acme' })
    await expect(store.head()).rejects.toThrow('could not serialize access')
    expect(statements).toBe(5)
  })
})

describe('the schema of Postgres', () => {
  let client: PGlite

  beforeAll(async () => {
    client = await PGlite.create()
  })
  afterAll(() => client.close())

  it('[L28] is named in the error where it is missing', async () => {
    const store = postgresStore({ client, desk: 'acme' })
    await expect(store.head()).rejects.toMatchObject({
      code: 'store-failed',
      message: expect.stringMatching(
        /^Tables or functions of frontbell are missing .* Run migrate\(\{ client }\) once/,
      ),
    })
    await migrate({ client })
    expect(await store.head()).toEqual(emptyHead)
  })

  it('[L28] is made once, however often, and keeps what it holds', async () => {
    await migrate({ client })
    const store = postgresStore({ client, desk: 'migrated' })
    await appendAll(store, ['a', 'b'])
    await migrate({ client })
    await client.exec(postgresSchema())
    expect(sampleNamesOf(await store.read(0, 10))).toEqual(['a', 'b'])
  })

  it('[L28] stands in the documentation as it is run', async () => {
    const printed = await readFile(new URL('../../../docs/reference/postgres-schema.sql', import.meta.url), 'utf8')
    expect(printed.slice(printed.indexOf('\n') + 1)).toBe(postgresSchema())
  })

  it('[L28] is apart from another one in the same database', async () => {
    await migrate({ client })
    await migrate({ client, schema: 'second' })
    await appendAll(postgresStore({ client, desk: 'both' }), ['a'])
    const second = postgresStore({ client, desk: 'both', schema: 'second' })
    expect(await second.head()).toEqual(emptyHead)
    expect(sampleNamesOf(await appendAll(second, ['x', 'y']))).toEqual(['x', 'y'])
  })

  it('[L19] gives no access through a store that was closed', async () => {
    await migrate({ client })
    const store = postgresStore({ client, desk: 'closing' })
    const last = lastEntry(await appendAll(store, ['a']))
    await store.close()
    const closed = { code: 'closed', message: 'The store of desk "closing" is closed.' }
    await expect(store.append(headAt(last), sampleBatch('b'))).rejects.toMatchObject(closed)
    expect(() => store.subscribe(() => {})).toThrow(closed.message)
  })
})
