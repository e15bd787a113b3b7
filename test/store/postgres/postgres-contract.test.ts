import { Client, Pool } from 'pg'
import { afterAll, beforeAll, describe, it, vi } from 'vitest'
import { migrate, type PostgresClient, postgresStore } from '../../../src/store/postgres'
import { storeContract } from '../../../src/testing/contract/store-contract'
import { describePostgres, type PostgresServer, postgresServer } from '../servers/postgres-server'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describePostgres('postgresStore on a server', () => {
  let server: PostgresServer
  const connected: { end(): Promise<void> }[] = []
  const clients: Readonly<Record<string, () => Promise<PostgresClient>>> = {
    'a pool of pg': async () => {
      const pool = new Pool({ connectionString: server.url, max: 4 })
      connected.push(pool)
      return pool
    },
    'a client of pg': async () => {
      const client = new Client({ connectionString: server.url })
      connected.push(client)
      await client.connect()
      return client
    },
  }

  beforeAll(async () => {
    server = await postgresServer()
    const client = new Client({ connectionString: server.url })
    await client.connect()
    await migrate({ client })
    await client.end()
  })
  afterAll(async () => {
    await Promise.all(connected.map((client) => client.end()))
    await server?.end()
  })

  let desks = 0
  for (const [name, connect] of Object.entries(clients)) {
    const nodes: Promise<PostgresClient>[] = []
    const clientOf = (node: number): Promise<PostgresClient> => {
      nodes[node] ??= connect()
      return nodes[node]
    }

    storeContract(
      `Postgres through ${name}`,
      async ({ keepEntries }) => {
        desks += 1
        const desk = `desk-${desks}`
        let opened = 0
        const open = async (more: string) => {
          opened += 1
          const client = await clientOf(opened % 3)
          return postgresStore({ client, desk: desk + more, keepEntries, durability: 'process' })
        }
        const store = await open('')
        return {
          store,
          openAnotherNode: () => open(''),
          openAnotherDesk: () => open('-elsewhere'),
          close: () => store.close(),
        }
      },
      { describe, it },
    )
  }
})
