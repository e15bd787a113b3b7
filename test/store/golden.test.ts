import { PGlite } from '@electric-sql/pglite'
import { Redis } from 'ioredis'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { openDesk } from '../../src'
import { migrate, postgresStore } from '../../src/store/postgres'
import { redisStore } from '../../src/store/redis'
import { entriesOf, type GoldenLog, readGoldenLog, viewsOf, writeGoldenLog } from './golden/golden-log'
import { describeRedis, redisServer } from './servers/redis-server'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const releases = ['0.1.0']

for (const release of releases) {
  describe(`the golden log of release ${release}`, () => {
    let golden: GoldenLog

    beforeAll(async () => {
      if (process.env.FRONTBELL_WRITE_GOLDEN === release) await writeGoldenLog(release)
      golden = await readGoldenLog(release)
    })

    it('has most kinds of events', () => {
      const types = entriesOf(golden.entries, 'sha256').flatMap(({ payload }) => payload.events.map(({ type }) => type))
      expect(new Set(types).size).toBeGreaterThanOrEqual(25)
    })

    it('[L31] folds to what could be seen then', () => {
      // A later release may show more.
      expect(viewsOf(entriesOf(golden.entries, 'sha256'))).toMatchObject(golden.views as object)
    })

    it('[L31] is read from the rows of Postgres, and opens as a desk', async () => {
      const client = await PGlite.create()
      await migrate({ client })
      const insert = `insert into frontbell.entry values ('acme', 1, $1, $2, $3, $4)`
      const store = postgresStore({ client, desk: 'acme' })
      await store.head()
      for (const [index, { t, sha256, text }] of golden.entries.entries()) {
        await client.query(insert, [index + 1, sha256, t, text])
      }
      expect(await store.read(0, 1_000)).toEqual(entriesOf(golden.entries, 'sha256'))
      const desk = await openDesk({ store })
      expect(desk.version).toBeGreaterThanOrEqual(golden.entries.length)
      await desk.close()
      await client.close()
    })

    describeRedis('in Redis', () => {
      it('[L31] is read from the stream', async () => {
        const server = await redisServer()
        const client = new Redis(server.url)
        for (const [index, { t, sha1, text }] of golden.entries.entries()) {
          await client.xadd('frontbell:{d:acme}:1:entries', `${index + 1}-0`, 'h', sha1, 't', t, 'p', text)
        }
        expect(await redisStore({ client, desk: 'acme' }).read(0, 1_000)).toEqual(entriesOf(golden.entries, 'sha1'))
        client.disconnect()
        await server.end()
      })
    })
  })
}
