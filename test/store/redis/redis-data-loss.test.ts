import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { StoreEntry, StorePayload } from '../../../src/store'
import { createChainHash } from '../../../src/store/integrity'
import { eraseDesk, listDesks, redisStore } from '../../../src/store/redis'
import { appendAll, headAt, lastEntry, sampleBatch, sampleNamesOf } from '../../../src/testing/contract/store-fixture'
import { describeRedis, type RedisServer, redisServer } from '../servers/redis-server'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describeRedis('a Redis that loses entries or is written to by other clients', () => {
  let server: RedisServer
  let client: Redis
  let desks = 0

  beforeAll(async () => {
    server = await redisServer()
    client = new Redis(server.url)
    client.on('error', () => {})
  })
  afterAll(async () => {
    client?.disconnect()
    await server?.end()
  })

  function newDesk() {
    desks += 1
    const desk = `desk-${desks}`
    return { desk, store: redisStore({ client, desk }), key: `frontbell:{d:${desk}}:1:entries` }
  }

  it('[L25] answers diverged for lost entries, and is repaired by a node that still holds them', async () => {
    const { store, key } = newDesk()
    const entries = await appendAll(store, ['a', 'b', 'c', 'd'])
    await client.xdel(key, '3-0', '4-0')
    await client.call('XSETID', key, '2-0')
    expect(await store.append(headAt(lastEntry(entries)), sampleBatch('e'))).toEqual({ status: 'diverged' })
    expect((await store.head()).v).toBe(2)
    await store.restore(entries)
    expect(await store.read(0, 10)).toEqual(entries)
    expect((await store.append(headAt(lastEntry(entries)), sampleBatch('e'))).status).toBe('appended')
  })

  it('[L25] takes entries again after the newest ones were deleted, and after all were', async () => {
    const { store, key } = newDesk()
    const entries = await appendAll(store, ['a', 'b', 'c', 'd'])
    await client.xdel(key, '3-0', '4-0')
    await store.restore(entries)
    expect(await store.read(0, 10)).toEqual(entries)
    await client.xdel(key, '4-0')
    const third = lastEntry(entries.slice(0, 3))
    expect((await store.append(headAt(third), sampleBatch('e'))).status).toBe('appended')
    await client.xdel(key, '1-0', '2-0', '3-0', '4-0')
    await store.restore(entries)
    expect(await store.read(0, 10)).toEqual(entries)
  })

  it('[L25] is restored after a flush by the entries or the snapshot that a node still holds', async () => {
    const { store } = newDesk()
    const other = newDesk()
    const entries = await appendAll(store, ['a', 'b', 'c'])
    const last = lastEntry(await appendAll(other.store, ['x', 'y']))
    await client.flushall()
    expect(await store.head()).toEqual({ v: 0, h: '' })
    const emptied = { code: 'store-failed', message: expect.stringContaining('emptied') }
    await expect(store.append(headAt(lastEntry(entries)), sampleBatch('d'))).rejects.toMatchObject(emptied)
    expect(await store.append(headAt(lastEntry(entries)), sampleBatch('d'))).toEqual({ status: 'diverged' })
    await store.restore(entries)
    expect(await store.read(0, 10)).toEqual(entries)
    await other.store.saveSnapshot({ ...headAt(last), t: last.t, schema: 1, state: 'all of it' })
    await expect(other.store.append(headAt(last), sampleBatch('z'))).rejects.toMatchObject(emptied)
    expect((await other.store.append(headAt(last), sampleBatch('z'))).status).toBe('appended')
  })

  it('[L25] continues after the server was killed and restarted', async () => {
    const { store } = newDesk()
    const entries = await appendAll(store, ['a', 'b'])
    await server.stop('SIGKILL')
    await server.start()
    expect(await store.read(0, 10)).toEqual(entries)
    await expect(store.append(headAt(lastEntry(entries)), sampleBatch('c'))).rejects.toMatchObject({
      code: 'store-failed',
    })
    expect((await store.append(headAt(lastEntry(entries)), sampleBatch('c'))).status).toBe('appended')
    expect(sampleNamesOf(await store.read(0, 10))).toEqual(['a', 'b', 'c'])
  })

  it('[L34] fails the first append after Redis was restarted, and writes nothing then', async () => {
    const { store } = newDesk()
    const entries = await appendAll(store, ['a'])
    await server.stop('SIGTERM')
    await server.start()
    const restarted = { code: 'store-failed', message: expect.stringContaining('restarted') }
    await expect(store.append(headAt(lastEntry(entries)), sampleBatch('b'))).rejects.toMatchObject(restarted)
    expect(await store.head()).toEqual(headAt(lastEntry(entries)))
  })

  it('[L34] fails the first append after Redis was emptied and filled again by another node', async () => {
    const { store, desk } = newDesk()
    const entries = await appendAll(store, ['a'])
    const [ahead, unaware] = [redisStore({ client, desk }), redisStore({ client, desk })]
    await Promise.all([ahead.head(), unaware.head()])
    await client.flushall()
    await ahead.restore(entries)
    await expect(unaware.append(headAt(lastEntry(entries)), sampleBatch('b'))).rejects.toMatchObject({
      code: 'store-failed',
    })
    expect(await store.head()).toEqual(headAt(lastEntry(entries)))
    expect(await listDesks({ client })).toContain(desk)
  })

  it('[L3] stamps with the instant of the newest entry while the clock is behind it', async () => {
    const { store } = newDesk()
    const t = Date.now() + 3_600_000
    const { payload } = sampleBatch('of tomorrow')
    const h = createChainHash('sha1')('', t, JSON.stringify(payload))
    await store.restore([{ v: 1, h, t, payload }])
    expect(await store.append({ v: 1, h }, sampleBatch('b', { notBeforeAt: t + 1 }))).toEqual({ status: 'early', t })
    expect(await store.append({ v: 1, h }, sampleBatch('b', { notBeforeAt: t }))).toMatchObject({ entry: { v: 2, t } })
  })

  it('[L12] refuses to put back an entry that falls back in time', async () => {
    const { store } = newDesk()
    const last = lastEntry(await appendAll(store, ['a']))
    const { payload } = sampleBatch('of yesterday')
    const h = createChainHash('sha1')(last.h, 1, JSON.stringify(payload))
    await expect(store.restore([{ v: 2, h, t: 1, payload }])).rejects.toMatchObject({ code: 'store-diverged' })
  })

  it('[L21] keeps an erased desk erased, also against a node that still holds its entries', async () => {
    const { store, desk } = newDesk()
    const entries = await appendAll(store, ['a', 'b'])
    const { v, h, t } = lastEntry(entries)
    await store.saveSnapshot({ v, h, t, schema: 1, state: {} })
    await eraseDesk({ client, desk })
    const closed = { name: 'DeskError', code: 'closed', message: expect.stringContaining('erased') }
    await expect(store.restore(entries)).rejects.toMatchObject(closed)
    await expect(store.append({ v, h }, sampleBatch('c'))).rejects.toMatchObject(closed)
    await expect(store.saveSnapshot({ v, h, t, schema: 1, state: {} })).rejects.toMatchObject(closed)
    await expect(store.read(0, 10)).rejects.toMatchObject(closed)
    await expect(store.head()).rejects.toMatchObject(closed)
    expect(await client.keys(`frontbell:{d:${desk}}:*`)).toEqual([`frontbell:{d:${desk}}:generation`])
    const reopened = redisStore({ client, desk })
    expect(await reopened.head()).toEqual({ v: 0, h: '' })
    expect(sampleNamesOf(await appendAll(reopened, ['new']))).toEqual(['new'])
  })

  it('[L30] lists the desks that were opened and not erased', async () => {
    const [kept, erased] = [newDesk(), newDesk()]
    await appendAll(kept.store, ['a'])
    await appendAll(erased.store, ['a'])
    await eraseDesk({ client, desk: erased.desk })
    const names = await listDesks({ client })
    expect(names).toContain(kept.desk)
    expect(names).not.toContain(erased.desk)
    expect(await listDesks({ client, prefix: 'another' })).toEqual([])
  })

  const harm: Record<string, [(last: StoreEntry) => string[], object]> = {
    'has a hash that does not continue': [
      ({ v, h, t }) => [`${v + 1}-0`, 'h', h, 't', `${t}`, 'p', JSON.stringify(payload)],
      { code: 'store-damaged', message: expect.stringContaining('Entry 3 of desk') },
    ],
    'has an additional field': [
      (last) => [`${last.v + 1}-0`, ...nextFields(last), 'more', '1'],
      { code: 'store-damaged', message: expect.stringContaining('Entry 3') },
    ],
    'has an id with a second part': [
      (last) => [`${last.v + 1}-1`, ...nextFields(last)],
      { code: 'store-damaged', message: expect.stringContaining('Entry 3') },
    ],
    'has other fields': [
      ({ v }) => [`${v + 1}-0`, 'message', 'hello'],
      { code: 'store-damaged', message: expect.stringContaining('Entry 3') },
    ],
    'has no place in the order': [
      ({ v }) => [`${v}-7`, 'h', 'x', 't', '1', 'p', '{}'],
      { code: 'store-damaged', message: expect.stringContaining('expected version 3 after 2') },
    ],
    'leaves a gap': [
      ({ v }) => [`${v + 5}-0`, 'h', 'x', 't', '1', 'p', '{}'],
      { code: 'store-damaged', message: expect.stringContaining('expected version 3 after 2') },
    ],
  }
  for (const [what, [fields, error]] of Object.entries(harm)) {
    it(`[L22] stops reading before an entry that ${what}`, async () => {
      const { store, key } = newDesk()
      const entries = await appendAll(store, ['a', 'b'])
      await client.call('XADD', key, ...fields(lastEntry(entries)))
      expect(await store.read(0, 10)).toEqual(entries)
      await expect(store.read(2, 10)).rejects.toMatchObject(error)
    })
  }

  it('[L22] stops reading before an entry of a newer schema, and says how to proceed', async () => {
    const { store } = newDesk()
    const newer = { payload: { ...payload, schema: 2 } as unknown as StorePayload, notBeforeAt: null }
    const last = lastEntry(await appendAll(store, ['a']))
    await store.append(headAt(last), newer)
    expect(sampleNamesOf(await store.read(0, 10))).toEqual(['a'])
    await expect(store.read(1, 10)).rejects.toMatchObject({
      code: 'store-newer-schema',
      message: expect.stringContaining('Update frontbell'),
    })
  })

  it('[L22] refuses a conflict whose missed entries are damaged', async () => {
    const { store, key } = newDesk()
    const last = lastEntry(await appendAll(store, ['a']))
    await client.call('XADD', key, '2-0', 'h', 'forged', 't', `${last.t}`, 'p', JSON.stringify(payload))
    await expect(store.append(headAt(last), sampleBatch('b'))).rejects.toMatchObject({ code: 'store-damaged' })
  })
})

const payload: StorePayload = { schema: 1, commands: [], events: [] }

/** Returns the fields of an entry that continues the chain. */
function nextFields({ h, t }: StoreEntry): string[] {
  const text = JSON.stringify(payload)
  return ['h', createChainHash('sha1')(h, t, text), 't', `${t}`, 'p', text]
}
