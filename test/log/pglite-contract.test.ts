import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { migrate, postgresLog } from '../../src/log/postgres'
import { logContract } from '../../src/testing/log-contract'

describe('postgresLog in this process', () => {
  let client: PGlite
  let desks = 0

  beforeAll(async () => {
    client = await PGlite.create()
    await migrate({ client })
  })
  afterAll(() => client.close())

  logContract(
    'Postgres in this process through PGlite',
    async ({ keepEntries }) => {
      desks += 1
      const desk = `desk-${desks}`
      const open = (more: string) => postgresLog({ client, desk: desk + more, keepEntries })
      const log = open('')
      return { log, another: async () => open(''), elsewhere: async () => open('-elsewhere'), end: () => log.close() }
    },
    { describe, it },
  )
})
