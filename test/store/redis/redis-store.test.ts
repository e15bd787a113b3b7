import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { eraseDesk, listDesks, type RedisStoreOptions, redisStore } from '../../../src/store/redis'
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
import { describeRedis, type RedisServer, redisServer } from '../servers/redis-server'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const idle = { sendCommand: () => new Promise<unknown>(() => {}), duplicate: () => Object(null) }

describe('redisStore without a server', () => {
  const wrong: readonly (readonly [string, object, string])[] = [
    ['no client', { client: undefined }, 'client: expected a client of redis or ioredis, got undefined'],
    ['a URL for a client', { client: 'redis://' }, 'client: expected a client of redis or ioredis, got "redis://"'],
    ['no desk', { desk: undefined }, 'desk: expected 1 to 64 of A-Z, a-z, 0-9, _ and -, got undefined'],
    ['a desk that closes the hash tag', { desk: 'a}b' }, 'desk: expected 1 to 64 of A-Z, a-z, 0-9, _ and -, got "a}b"'],
    ['a desk of 65 letters', { desk: 'a'.repeat(65) }, 'desk: expected'],
    ['an empty prefix', { prefix: '' }, 'prefix: expected'],
    [
      'an unknown durability',
      { durability: 'forever' },
      "durability: expected 'memory', 'process' or 'disk', got \"forever\"",
    ],
    ['half a replica', { replicas: 0.5 }, 'replicas: expected a whole number from 0 to 10, got 0.5'],
    ['no time', { timeoutMs: 0 }, 'timeoutMs: expected a whole number from 1 to 600000, got 0'],
    ['keeping nothing', { keepEntries: 0 }, 'keepEntries: expected a whole number from 1 to 1000000, got 0'],
  ]
  for (const [what, options, message] of wrong) {
    it(`[L26] refuses ${what}`, () => {
      const given = { client: idle, desk: 'acme', ...options } as RedisStoreOptions
      expect(() => redisStore(given)).toThrow(expect.objectContaining({ name: 'InvalidInputError' }))
      expect(() => redisStore(given)).toThrow(message)
    })
  }

  it('[L26] reports every issue at once', () => {
    const given = { client: null, desk: '', timeoutMs: -1 } as unknown as RedisStoreOptions
    expect(() => redisStore(given)).toThrow(/client: .*\ndesk: .*\ntimeoutMs: /)
  })

  it('[L26] refuses to list or erase with an invalid client and prefix', async () => {
    const wrong = { client: Object(null), prefix: 'a:b' }
    const both = /^client: expected .*\nprefix: expected /
    await expect(listDesks(wrong)).rejects.toThrow(both)
    await expect(eraseDesk({ ...wrong, desk: 'acme' })).rejects.toThrow(both)
  })

  it('[L24] stops waiting for a server that does not answer', async () => {
    const store = redisStore({ client: idle, desk: 'acme', timeoutMs: 20 })
    const failed = { code: 'store-failed', message: expect.stringContaining('no answer within 20 ms') }
    await expect(store.head()).rejects.toMatchObject(failed)
    await expect(store.append(emptyHead, sampleBatch('a'))).rejects.toMatchObject(failed)
  })

  it('[L23] refuses a server older than version 7', async () => {
    const old = 'redis_version:6.2.14\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n'
    const store = redisStore({ client: { ...idle, sendCommand: async () => old }, desk: 'acme' })
    await expect(store.head()).rejects.toThrow('Redis is version 6.2.14, expected 7 or newer: update the server.')
  })
})

describeRedis('redisStore at opening and during failures', () => {
  let server: RedisServer
  let client: Redis

  beforeAll(async () => {
    server = await redisServer()
    client = new Redis(server.url)
  })
  afterAll(async () => {
    client?.disconnect()
    await server?.end()
  })

  const settings: readonly (readonly [string, string, RedisStoreOptions['durability'], string])[] = [
    ['maxmemory-policy', 'allkeys-lru', 'process', 'CONFIG SET maxmemory-policy noeviction'],
    ['appendonly', 'no', 'process', 'CONFIG SET appendonly yes'],
    ['appendfsync', 'no', 'process', 'CONFIG SET appendfsync everysec'],
    ['appendfsync', 'everysec', 'disk', 'CONFIG SET appendfsync always'],
    ['no-appendfsync-on-rewrite', 'yes', 'disk', 'CONFIG SET no-appendfsync-on-rewrite no'],
  ]
  for (const [setting, value, durability = 'process', advice] of settings) {
    it(`[L23] refuses ${setting} ${value} for durability ${durability}, and opens after the change`, async () => {
      await client.config('SET', 'appendfsync', 'always')
      const before = String(((await client.config('GET', setting)) as string[])[1])
      await client.config('SET', setting, value)
      const store = redisStore({ client, desk: `opening-${setting}-${durability}`, durability })
      await expect(store.head()).rejects.toMatchObject({
        code: 'store-failed',
        message: expect.stringContaining(advice),
      })
      await client.config('SET', setting, before)
      expect(await store.head()).toEqual(emptyHead)
    })
  }

  it('[L23] opens for durability process, and not for disk, on a server that forbids CONFIG', async () => {
    const limited = {
      call: (command: string, ...args: string[]) =>
        command === 'CONFIG' ? Promise.reject(new Error('NOPERM')) : client.call(command, ...args),
      duplicate: () => client.duplicate(),
    }
    const open = (durability: 'process' | 'disk') => redisStore({ client: limited, desk: 'limited', durability }).head()
    expect(await open('process')).toEqual(emptyHead)
    await expect(open('disk')).rejects.toThrow('NOPERM')
  })

  const strategies: readonly (readonly [name: string, options: object, isRefused: boolean])[] = [
    ['a client of ioredis that waits up to 8 s', { retryStrategy: (times: number) => times * 400 }, true],
    [
      'a client of ioredis that waits up to 2 s',
      { retryStrategy: (times: number) => Math.min(times * 50, 2_000) },
      false,
    ],
    ['a client of ioredis that gives up', { retryStrategy: () => null }, false],
    ['a client of redis that waits for 8 s', { socket: { reconnectStrategy: 8_000 } }, true],
    ['a client of redis by default', { socket: {} }, false],
  ]
  for (const [name, options, isRefused] of strategies) {
    it(`[L38] ${isRefused ? 'refuses' : 'accepts'} ${name} before it connects again`, async () => {
      const call = (command: string, ...args: string[]) => client.call(command, ...args)
      const send = (args: readonly string[]) => call(String(args[0]), ...args.slice(1))
      const commands = name.includes('of redis') ? { sendCommand: send } : { call }
      const given: object = { ...commands, options, duplicate: () => client.duplicate() }
      const opened = redisStore({ client: given as RedisStoreOptions['client'], desk: 'reconnecting' }).head()
      if (isRefused) await expect(opened).rejects.toThrow(/waits up to 8000 ms before it connects again, expected 6000/)
      else expect(await opened).toEqual(emptyHead)
    })
  }

  it('[L39] looks at the settings again every minute, and after each new connection', async () => {
    const subscribing = new Redis(server.url)
    const store = redisStore({ client: subscribing, desk: 'settings' })
    const problem = async () => (await store.heartbeat?.({ node: 'one', forMs: 10_000, others: [] }))?.settingsProblem
    await store.head()
    let connections = 0
    const unsubscribe = store.subscribe((version) => {
      if (version === undefined) connections += 1
    })
    await eventually(() => connections === 2, 'the subscription is there')
    expect(await problem()).toBe(null)
    await client.config('SET', 'appendfsync', 'no')
    expect(await problem()).toBe(null)
    const later = performance.now() + 61_000
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => later)
    expect(await problem()).toContain('CONFIG SET appendfsync everysec')
    clock.mockRestore()
    await client.config('SET', 'appendfsync', 'everysec')
    await client.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
    await eventually(() => connections > 2, 'the subscription is there again', 30_000)
    expect(await problem()).toBe(null)
    unsubscribe()
    subscribing.disconnect()
  })

  it('[L23] opens without an append-only file for durability memory', async () => {
    await client.config('SET', 'appendonly', 'no')
    expect(await redisStore({ client, desk: 'opening-memory', durability: 'memory' }).head()).toEqual(emptyHead)
    await client.config('SET', 'appendonly', 'yes')
  })

  it('[L24] leaves it open whether an append that was not answered in time is in the store', async () => {
    const store = redisStore({ client, desk: 'paused', timeoutMs: 1_000 })
    const entries = await appendAll(store, ['a'])
    await client.call('CLIENT', 'PAUSE', '1500', 'WRITE')
    await expect(store.append(headAt(lastEntry(entries)), sampleBatch('b'))).rejects.toMatchObject({
      code: 'store-failed',
    })
    await delay(1_000)
    expect(sampleNamesOf(await store.read(0, 10))).toEqual(['a', 'b'])
  })

  it('sends its scripts again to a server that has dropped them', async () => {
    const store = redisStore({ client, desk: 'scripts' })
    await appendAll(store, ['a'])
    await client.script('FLUSH')
    expect(sampleNamesOf(await store.read(0, 10))).toEqual(['a'])
  })

  it('[L19] refuses every use after it was closed', async () => {
    const store = redisStore({ client, desk: 'closing' })
    const [entry] = await appendAll(store, ['a'])
    await store.close()
    const closed = { code: 'closed', message: 'The store of desk "closing" is closed.' }
    await expect(store.head()).rejects.toMatchObject(closed)
    await expect(store.read(0, 1)).rejects.toMatchObject(closed)
    await expect(store.append(headAt(lastEntry(entry ? [entry] : [])), sampleBatch('b'))).rejects.toMatchObject(closed)
    await expect(store.barrier()).rejects.toMatchObject(closed)
    expect(() => store.subscribe(() => {})).toThrow(closed.message)
  })

  for (const [name, connect] of [
    [
      'redis',
      () =>
        createClient({ url: server.url })
          .on('error', () => {})
          .connect(),
    ],
    ['ioredis', async () => new Redis(server.url)],
  ] as const) {
    it(`[L16] notifies again through ${name} after its connection was lost`, async () => {
      const subscribingClient = await connect()
      const store = redisStore({ client: subscribingClient, desk: `subscription-${name}` })
      let notified = 0
      const unsubscribe = store.subscribe(() => {
        notified += 1
      })
      await eventually(() => notified > 0, 'the subscription is there')
      let before = notified
      // It notifies when it is connected; a little later it has subscribed, and can be found among the connections.
      for (let killed = 0; killed === 0; await delay(20)) {
        before = notified
        killed = Number(await client.call('CLIENT', 'KILL', 'TYPE', 'pubsub'))
      }
      await eventually(() => notified > before, 'the subscription is there again', 30_000)
      await delay(30)
      const afterReconnect = notified
      await appendAll(store, ['a'])
      await eventually(() => notified > afterReconnect, 'a notification', 30_000)
      unsubscribe()
      await (subscribingClient instanceof Redis ? subscribingClient.disconnect() : subscribingClient.destroy())
    })
  }
})
