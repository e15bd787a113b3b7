import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, it, vi } from 'vitest'
import { migrate, postgresStore } from '../../../src/store/postgres'
import { storeContract } from '../../../src/testing/contract/store-contract'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe('postgresStore in this process', () => {
  let client: PGlite
  let desks = 0

  beforeAll(async () => {
    client = await PGlite.create()
    await migrate({ client })
  })
  afterAll(() => client.close())

  storeContract(
    'Postgres in this process through PGlite',
    async ({ keepEntries }) => {
      desks += 1
      const desk = `desk-${desks}`
      const open = (more: string) => postgresStore({ client, desk: desk + more, keepEntries })
      const store = open('')
      return {
        store,
        openAnotherNode: async () => open(''),
        openAnotherDesk: async () => open('-elsewhere'),
        close: () => store.close(),
      }
    },
    { describe, it },
  )
})
