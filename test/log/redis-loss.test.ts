import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { LogEntry, LogPayload } from '../../src/log'
import { engineHash } from '../../src/log/engine-hash'
import { eraseDesk, listDesks, redisLog } from '../../src/log/redis'
import { appendAll, batchOf, headOf, lastOf, namesOf } from '../../src/testing/log-contract/entries'
import { describeRedis, type RedisServer, redisServer } from './engines/redis-server'

describeRedis('a Redis that loses, forgets or is written to by others', () => {
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
    return { desk, log: redisLog({ client, desk }), key: `frontbell:{d:${desk}}:1:log` }
  }

  it('[L25] shows lost entries as diverged, and heals by the node that still holds them', async () => {
    const { log, key } = newDesk()
    const entries = await appendAll(log, ['a', 'b', 'c', 'd'])
    await client.xdel(key, '3-0', '4-0')
    await client.call('XSETID', key, '2-0')
    expect(await log.append(headOf(lastOf(entries)), batchOf('e'))).toEqual({ status: 'diverged' })
    expect((await log.head()).v).toBe(2)
    await log.restore(entries)
    expect(await log.read(0, 10)).toEqual(entries)
    expect((await log.append(headOf(lastOf(entries)), batchOf('e'))).status).toBe('appended')
  })

  it('[L25] comes back from a flush by the entries or the snapshot that a node still holds', async () => {
    const { log } = newDesk()
    const other = newDesk()
    const entries = await appendAll(log, ['a', 'b', 'c'])
    const last = lastOf(await appendAll(other.log, ['x', 'y']))
    await client.flushall()
    expect(await log.head()).toEqual({ v: 0, h: '' })
    const emptied = { code: 'log-failed', message: expect.stringContaining('emptied') }
    await expect(log.append(headOf(lastOf(entries)), batchOf('d'))).rejects.toMatchObject(emptied)
    expect(await log.append(headOf(lastOf(entries)), batchOf('d'))).toEqual({ status: 'diverged' })
    await log.restore(entries)
    expect(await log.read(0, 10)).toEqual(entries)
    await other.log.saveSnapshot({ ...headOf(last), t: last.t, schema: 1, state: 'all of it' })
    await expect(other.log.append(headOf(last), batchOf('z'))).rejects.toMatchObject(emptied)
    expect((await other.log.append(headOf(last), batchOf('z'))).status).toBe('appended')
  })

  it('[L25] goes on where it was after the server was killed and started again', async () => {
    const { log } = newDesk()
    const entries = await appendAll(log, ['a', 'b'])
    await server.stop('SIGKILL')
    await server.start()
    expect(await log.read(0, 10)).toEqual(entries)
    await expect(log.append(headOf(lastOf(entries)), batchOf('c'))).rejects.toMatchObject({ code: 'log-failed' })
    expect((await log.append(headOf(lastOf(entries)), batchOf('c'))).status).toBe('appended')
    expect(namesOf(await log.read(0, 10))).toEqual(['a', 'b', 'c'])
  })

  it('[L34] fails the first append after Redis was started anew, and writes nothing then', async () => {
    const { log } = newDesk()
    const entries = await appendAll(log, ['a'])
    await server.stop('SIGTERM')
    await server.start()
    const anew = { code: 'log-failed', message: expect.stringContaining('started anew') }
    await expect(log.append(headOf(lastOf(entries)), batchOf('b'))).rejects.toMatchObject(anew)
    expect(await log.head()).toEqual(headOf(lastOf(entries)))
  })

  it('[L34] fails the first append after Redis was emptied and filled again by another node', async () => {
    const { log, desk } = newDesk()
    const entries = await appendAll(log, ['a'])
    const [ahead, unaware] = [redisLog({ client, desk }), redisLog({ client, desk })]
    await Promise.all([ahead.head(), unaware.head()])
    await client.flushall()
    await ahead.restore(entries)
    await expect(unaware.append(headOf(lastOf(entries)), batchOf('b'))).rejects.toMatchObject({ code: 'log-failed' })
    expect(await log.head()).toEqual(headOf(lastOf(entries)))
    expect(await listDesks({ client })).toContain(desk)
  })

  it('[L3] holds its time while the clock is behind the newest entry', async () => {
    const { log } = newDesk()
    const t = Date.now() + 3_600_000
    const { payload } = batchOf('of tomorrow')
    const h = engineHash('sha1')('', t, JSON.stringify(payload))
    await log.restore([{ v: 1, h, t, payload }])
    expect(await log.append({ v: 1, h }, batchOf('b', { notBeforeAt: t + 1 }))).toEqual({ status: 'early', t })
    expect(await log.append({ v: 1, h }, batchOf('b', { notBeforeAt: t }))).toMatchObject({ entry: { v: 2, t } })
  })

  it('[L12] refuses to put back an entry that falls back in time', async () => {
    const { log } = newDesk()
    const last = lastOf(await appendAll(log, ['a']))
    const { payload } = batchOf('of yesterday')
    const h = engineHash('sha1')(last.h, 1, JSON.stringify(payload))
    await expect(log.restore([{ v: 2, h, t: 1, payload }])).rejects.toMatchObject({ code: 'log-diverged' })
  })

  it('[L21] keeps an erased desk erased, whatever a node that missed it still holds', async () => {
    const { log, desk } = newDesk()
    const entries = await appendAll(log, ['a', 'b'])
    const { v, h, t } = lastOf(entries)
    await log.saveSnapshot({ v, h, t, schema: 1, state: {} })
    await eraseDesk({ client, desk })
    const closed = { name: 'DeskError', code: 'closed', message: expect.stringContaining('erased') }
    await expect(log.restore(entries)).rejects.toMatchObject(closed)
    await expect(log.append({ v, h }, batchOf('c'))).rejects.toMatchObject(closed)
    await expect(log.saveSnapshot({ v, h, t, schema: 1, state: {} })).rejects.toMatchObject(closed)
    await expect(log.read(0, 10)).rejects.toMatchObject(closed)
    await expect(log.head()).rejects.toMatchObject(closed)
    expect(await client.keys(`frontbell:{d:${desk}}:*`)).toEqual([`frontbell:{d:${desk}}:generation`])
    const anew = redisLog({ client, desk })
    expect(await anew.head()).toEqual({ v: 0, h: '' })
    expect(namesOf(await appendAll(anew, ['new']))).toEqual(['new'])
  })

  it('[L30] names the desks that were opened and not erased', async () => {
    const [kept, erased] = [newDesk(), newDesk()]
    await appendAll(kept.log, ['a'])
    await appendAll(erased.log, ['a'])
    await eraseDesk({ client, desk: erased.desk })
    const names = await listDesks({ client })
    expect(names).toContain(kept.desk)
    expect(names).not.toContain(erased.desk)
    expect(await listDesks({ client, prefix: 'another' })).toEqual([])
  })

  const harm: Record<string, [(last: LogEntry) => string[], object]> = {
    'has a hash that does not continue': [
      ({ v, h, t }) => [`${v + 1}-0`, 'h', h, 't', `${t}`, 'p', JSON.stringify(payload)],
      { code: 'log-damaged', message: expect.stringContaining('Entry 3 of desk') },
    ],
    'has a field more than ours': [
      (last) => [`${last.v + 1}-0`, ...fitting(last), 'more', '1'],
      { code: 'log-damaged', message: expect.stringContaining('Entry 3') },
    ],
    'has an id with a second part': [
      (last) => [`${last.v + 1}-1`, ...fitting(last)],
      { code: 'log-damaged', message: expect.stringContaining('Entry 3') },
    ],
    'has other fields': [
      ({ v }) => [`${v + 1}-0`, 'message', 'hello'],
      { code: 'log-damaged', message: expect.stringContaining('Entry 3') },
    ],
    'has no place in the order': [
      ({ v }) => [`${v}-7`, 'h', 'x', 't', '1', 'p', '{}'],
      { code: 'log-damaged', message: expect.stringContaining('expected version 3 after 2') },
    ],
    'leaves a gap': [
      ({ v }) => [`${v + 5}-0`, 'h', 'x', 't', '1', 'p', '{}'],
      { code: 'log-damaged', message: expect.stringContaining('expected version 3 after 2') },
    ],
  }
  for (const [what, [fields, error]] of Object.entries(harm)) {
    it(`[L22] stops reading before an entry that ${what}`, async () => {
      const { log, key } = newDesk()
      const entries = await appendAll(log, ['a', 'b'])
      await client.call('XADD', key, ...fields(lastOf(entries)))
      expect(await log.read(0, 10)).toEqual(entries)
      await expect(log.read(2, 10)).rejects.toMatchObject(error)
    })
  }

  it('[L22] stops reading before an entry of a newer schema, and says what to do', async () => {
    const { log } = newDesk()
    const newer = { payload: { ...payload, schema: 2 } as unknown as LogPayload, notBeforeAt: null }
    const last = lastOf(await appendAll(log, ['a']))
    await log.append(headOf(last), newer)
    expect(namesOf(await log.read(0, 10))).toEqual(['a'])
    await expect(log.read(1, 10)).rejects.toMatchObject({
      code: 'log-newer-schema',
      message: expect.stringContaining('Update frontbell'),
    })
  })

  it('[L22] refuses a conflict whose missed entries are damaged', async () => {
    const { log, key } = newDesk()
    const last = lastOf(await appendAll(log, ['a']))
    await client.call('XADD', key, '2-0', 'h', 'forged', 't', `${last.t}`, 'p', JSON.stringify(payload))
    await expect(log.append(headOf(last), batchOf('b'))).rejects.toMatchObject({ code: 'log-damaged' })
  })
})

const payload: LogPayload = { schema: 1, commands: [], events: [] }

/** Fields of an entry that continues the chain. */
function fitting({ h, t }: LogEntry): string[] {
  const text = JSON.stringify(payload)
  return ['h', engineHash('sha1')(h, t, text), 't', `${t}`, 'p', text]
}
