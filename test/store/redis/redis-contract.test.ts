import { Redis } from 'ioredis'
import { Redis as Redis6 } from 'ioredis-6'
import { createClient } from 'redis'
import { createClient as createClient6 } from 'redis-6'
import { afterAll, beforeAll, it, vi } from 'vitest'
import { type RedisClient, redisStore } from '../../../src/store/redis'
import { storeContract } from '../../../src/testing/contract/store-contract'
import { describeRedis, type RedisServer, redisServer } from '../servers/redis-server'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

interface Connection {
  readonly client: RedisClient
  end(): unknown
}

const clients: Readonly<Record<string, (url: string) => Promise<Connection>>> = {
  'redis 5': async (url) => {
    const client = await createClient({ url }).connect()
    return { client, end: () => client.destroy() }
  },
  'redis 6': async (url) => {
    const client = await createClient6({ url }).connect()
    return { client, end: () => client.destroy() }
  },
  'ioredis 5': async (url) => {
    const client = new Redis(url)
    return { client, end: () => client.disconnect() }
  },
  'ioredis 6': async (url) => {
    const client = new Redis6(url)
    return { client, end: () => client.disconnect() }
  },
}

describeRedis('redisStore', () => {
  let server: RedisServer
  let desks = 0

  beforeAll(async () => {
    server = await redisServer()
  })
  afterAll(() => server?.end())

  for (const [name, connect] of Object.entries(clients)) {
    const connections: Promise<Connection>[] = []
    const connection = (node: number): Promise<Connection> => {
      connections[node] ??= connect(server.url)
      return connections[node]
    }
    afterAll(async () => {
      for (const { end } of await Promise.all(connections)) end()
    })

    storeContract(
      `Redis through ${name}`,
      async ({ keepEntries }) => {
        desks += 1
        const desk = `desk-${desks}`
        let nodes = 0
        const open = async (more: string) => {
          const { client } = await connection(nodes % 3)
          nodes += 1
          return redisStore({ client, desk: desk + more, keepEntries })
        }
        return {
          store: await open(''),
          openAnotherNode: () => open(''),
          openAnotherDesk: () => open('-elsewhere'),
          close: async () => {},
        }
      },
      { describe: describeRedis, it },
    )
  }
})
