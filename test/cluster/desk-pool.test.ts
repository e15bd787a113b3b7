import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createDeskPool, DeskError, InvalidInputError, memoryStore } from '../../src'
import { eraseDesk, listDesks, redisStore } from '../../src/store/redis'
import { FaultyStore } from '../desk/cluster/faulty-store'
import { settle } from '../desk/slow-desk'
import { describeRedis, type RedisServer, redisServer } from '../store/servers/redis-server'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe('a desk pool', () => {
  it('[ND20] opens each desk at the first request for it, once', async () => {
    const opened: string[] = []
    const desks = createDeskPool({
      optionsOf: (name) => {
        opened.push(name)
        return { store: memoryStore() }
      },
    })
    const [one, same, other] = await Promise.all([desks.desk('acme'), desks.desk('acme'), desks.desk('bolt')])
    expect(one).toBe(same)
    expect(other).not.toBe(one)
    expect(opened).toEqual(['acme', 'bolt'])
    expect(desks.open).toEqual(['acme', 'bolt'])
    await desks.close()
    await expect(desks.desk('acme')).rejects.toMatchObject({ code: 'closed' })
  })

  it('[ND20] opens again after an opening that failed, and refuses invalid names', async () => {
    let attempts = 0
    const desks = createDeskPool({
      optionsOf: () => {
        attempts += 1
        if (attempts === 1) throw new Error('no database')
        return {}
      },
    })
    await expect(desks.desk('acme')).rejects.toThrow('no database')
    expect(await desks.desk('acme')).toBeDefined()
    await expect(desks.desk('{acme}')).rejects.toThrow(InvalidInputError)
    await desks.close()
  })

  it.each(['a', 'Tenant_1-b', 'x'.repeat(64)])('[ND20] takes the name %s', async (name) => {
    const desks = createDeskPool({ optionsOf: () => ({}) })
    expect((await desks.desk(name)).isEmpty).toBe(true)
    expect(desks.open).toEqual([name])
    await desks.close()
  })

  it.each(['', 'x'.repeat(65), 'a b', ' a', 'a:', 'ä', 'a\n', 7 as never, null as never])(
    '[ND20] refuses the name %j, and opens nothing',
    async (name) => {
      const desks = createDeskPool({ optionsOf: () => expect.unreachable() })
      await expect(desks.desk(name)).rejects.toThrow(/^name: expected 1 to 64 of A-Z, a-z, 0-9, _ and -, got /)
      expect(desks.open).toEqual([])
      await desks.close()
    },
  )

  it('[ND20] opens none after it has closed, which closes all of its desks', async () => {
    const desks = createDeskPool({ optionsOf: () => ({}) })
    const desk = await desks.desk('acme')
    await desks.close()
    expect(desks.open).toEqual([])
    const message = 'expected open desks, got ones that were closed'
    await expect(desks.desk('acme')).rejects.toMatchObject({ code: 'closed', message })
    expect(await desk.setPolicy({})).toMatchObject({ ok: false, reason: 'closed' })
  })

  it('[ND21] opens a desk again only once the one before it has closed', async () => {
    const order: string[] = []
    let finishClosing = () => {}
    const closing = new Promise<void>((resolve) => {
      finishClosing = resolve
    })
    const optionsOf = () => {
      order.push('open')
      const store = memoryStore()
      const close = store.close.bind(store)
      vi.spyOn(store, 'close').mockImplementation(async () => {
        order.push('closing')
        await closing
        await close()
        order.push('closed')
      })
      return { store }
    }
    const desks = createDeskPool({ optionsOf, closeAfterMs: 40 })
    const desk = await desks.desk('acme')
    await vi.waitFor(() => expect(order).toEqual(['open', 'closing']), { timeout: 30_000 })
    expect(desks.open).toEqual([])
    const next = desks.desk('acme')
    await settle()
    expect(order).toEqual(['open', 'closing'])
    finishClosing()
    expect(await next).not.toBe(desk)
    expect(order.slice(0, 4)).toEqual(['open', 'closing', 'closed', 'open'])
    await desks.close()
  })

  it('[ND39] keeps a newer desk of the name when the one before it ends in its store', async () => {
    const stores = [new FaultyStore(memoryStore()), new FaultyStore(memoryStore())]
    let notify = () => {}
    vi.spyOn(stores[0] as FaultyStore, 'subscribe').mockImplementation((listener) => {
      notify = listener
      return () => {}
    })
    let opened = 0
    const desks = createDeskPool({ optionsOf: () => ({ store: stores[opened++] as FaultyStore }), closeAfterMs: 40 })
    const older = await desks.desk('acme')
    older.on('error', () => {})
    let fail = (_: Error) => {}
    const failing = new Promise<never>((_, reject) => {
      fail = reject
    })
    failing.catch(() => {})
    vi.spyOn(stores[0] as FaultyStore, 'read').mockReturnValue(failing)
    notify()
    await vi.waitFor(() => expect(desks.open).toEqual([]), { timeout: 30_000 })
    const newer = desks.desk('acme')
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(opened).toBe(1)
    fail(new DeskError('closed', 'Desk "acme" was erased: open it anew.'))
    expect(await newer).not.toBe(older)
    expect(await desks.desk('acme')).toBe(await newer)
    expect(opened).toBe(2)
    await desks.close()
  })

  it('[ND21] closes a desk that is unused, without sessions and open requests, and opens it again', async () => {
    const stores = new Map([
      ['unused', memoryStore()],
      ['busy', memoryStore()],
    ])
    const optionsOf = (name: string) => ({ staff: [{ id: 'ana' }], store: stores.get(name) ?? memoryStore() })
    const desks = createDeskPool({ optionsOf, closeAfterMs: 60 })
    const busy = await desks.desk('busy')
    await busy.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await (await desks.desk('unused')).setAvailability('ana', 'away')
    await vi.waitFor(() => expect(desks.open).toEqual(['busy']), { timeout: 30_000 })
    expect((await desks.desk('unused')).staff('ana')).toMatchObject({ availability: 'away' })
    expect(busy.request('r1')).toBeDefined()
    await desks.close()
  })
})

describeRedis('a desk pool on one Redis', () => {
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

  it('[ND22] shares one connection for commands and one for subscriptions, and nothing else', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `tenant-${index}`)
    const optionsOf = (name: string) => ({ staff: [{ id: 'ana' }], store: redisStore({ client, desk: name }) })
    const desks = createDeskPool({ optionsOf })
    const open = await Promise.all(names.map((name) => desks.desk(name)))
    const received = new Map<string, string[]>()
    for (const [index, desk] of open.entries()) {
      desk.on('event', (event) => {
        const own = names[index] ?? ''
        received.set(own, [...(received.get(own) ?? []), 'requestId' in event ? event.requestId : event.type])
      })
    }
    await Promise.all(open.map((desk, index) => desk.requestChat({ requestId: `of ${names[index]}`, visitorId: 'v1' })))
    for (const [index, desk] of open.entries()) {
      const own = `of ${names[index]}`
      expect(desk.awaiting().map(({ requestId }) => requestId)).toEqual([own])
      expect((received.get(names[index] ?? '') ?? []).filter((each) => each.startsWith('of '))).toContain(own)
      expect((received.get(names[index] ?? '') ?? []).every((each) => !each.startsWith('of ') || each === own)).toBe(
        true,
      )
      const foreign = `of ${names[(index + 1) % names.length]}`
      expect(await desk.accept(foreign, 'ana')).toMatchObject({ ok: false, code: 'unknown-request' })
    }
    const clients = String(await client.client('LIST'))
      .trim()
      .split('\n')
    expect(clients.length).toBeLessThanOrEqual(2)
    await desks.close()
  })

  it('[ND23] removes an erased tenant for good, also at a node that had its desk open', async () => {
    const optionsOf = (name: string) => ({ staff: [{ id: 'ana' }], store: redisStore({ client, desk: name }) })
    const [one, two] = [createDeskPool({ optionsOf }), createDeskPool({ optionsOf })]
    const [atOne, atTwo] = [await one.desk('erased-tenant'), await two.desk('erased-tenant')]
    for (const desk of [atOne, atTwo]) desk.on('error', () => {})
    await atOne.requestChat({ requestId: 'secret', visitorId: 'v1' })
    await atTwo.sync()
    await eraseDesk({ client, desk: 'erased-tenant' })
    const closed = { code: 'unavailable', reason: 'closed' }
    expect(await atTwo.requestChat({ requestId: 'r2', visitorId: 'v2' })).toMatchObject(closed)
    await vi.waitFor(() => expect([one.open, two.open]).toEqual([[], []]), { timeout: 30_000 })
    expect(await listDesks({ client })).not.toContain('erased-tenant')
    const reopened = await two.desk('erased-tenant')
    expect(reopened).not.toBe(atTwo)
    expect(reopened.awaiting()).toEqual([])
    expect(reopened.request('secret')).toBeUndefined()
    const kept = await client.keys('frontbell:{d:erased-tenant}:1:*')
    expect(kept).toEqual([])
    await Promise.all([one.close(), two.close()])
  })
})
