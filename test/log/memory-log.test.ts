import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { LogBatch, LogPayload } from '../../src/log'
import { chainHash, memoryLog } from '../../src/log'

const payload = (staffId: string, at = 0): LogPayload => ({
  schema: 1,
  commands: [],
  events: [{ type: 'staff.removed', staffId, at }],
})
const batch = (staffId: string, at = 0, notBeforeAt: number | null = null): LogBatch => ({
  payload: payload(staffId, at),
  notBeforeAt,
})

describe('the chain hash', () => {
  it('is SHA-256 over the previous hash, the instant and the payload', () => {
    for (const text of ['', 'é', 'x'.repeat(55), 'x'.repeat(56), 'x'.repeat(64), '語'.repeat(100)]) {
      const expected = createHash('sha256').update(`abc|7|${text}`).digest('hex')
      expect(chainHash('abc', 7, text)).toBe(expected)
    }
  })
})

describe('the memory log', () => {
  it('counts versions from 1 without a gap', () => {
    const log = memoryLog()
    expect(log.appendNow(0, batch('ana'))).toBe(1)
    expect(log.appendNow(1, batch('bo'))).toBe(2)
  })

  it('takes nothing at a version that is not its head', () => {
    const log = memoryLog()
    log.appendNow(0, batch('ana'))
    expect(log.appendNow(0, batch('bo'))).toBeNull()
    expect(log.appendNow(2, batch('bo'))).toBeNull()
  })

  it('gives the entries missed to who was late', async () => {
    const log = memoryLog()
    log.appendNow(0, batch('ana'))
    const result = await log.append({ v: 0, h: '' }, batch('bo'))
    expect(result).toMatchObject({ status: 'conflict', missed: [{ v: 1, payload: payload('ana') }] })
  })

  it('chains the hash of each entry to the one before', async () => {
    const log = memoryLog()
    for (const [index, name] of ['ana', 'bo', 'cy'].entries()) log.appendNow(index, batch(name, index))
    const entries = await log.read(0, 10)
    let hash = ''
    for (const entry of entries) {
      hash = chainHash(hash, entry.t, JSON.stringify(entry.payload))
      expect(entry.h).toBe(hash)
    }
    expect(await log.head()).toEqual({ v: 3, h: hash })
  })

  it('says diverged when the expected entry is not its own', async () => {
    const log = memoryLog()
    log.appendNow(0, batch('ana'))
    expect(await log.append({ v: 1, h: 'other' }, batch('bo'))).toEqual({ status: 'diverged' })
    expect(await log.append({ v: 9, h: '' }, batch('bo'))).toEqual({ status: 'diverged' })
  })

  it('refuses a batch that is early by its own clock', async () => {
    let now = 99
    const log = memoryLog({ now: () => now })
    expect(log.appendNow(0, batch('ana', 0, 100))).toBeNull()
    expect(await log.append({ v: 0, h: '' }, batch('ana', 0, 100))).toEqual({ status: 'early', t: 99 })
    now = 100
    expect(log.appendNow(0, batch('ana', 0, 100))).toBe(1)
  })

  it('gives times that never fall', async () => {
    const log = memoryLog()
    log.appendNow(0, batch('ana', 50))
    log.appendNow(1, batch('bo', 20))
    expect((await log.read(0, 10)).map(({ t }) => t)).toEqual([50, 50])
  })

  it('reads at most what it is asked for', async () => {
    const log = memoryLog()
    for (let v = 0; v < 5; v += 1) log.appendNow(v, batch('ana'))
    expect((await log.read(1, 2)).map(({ v }) => v)).toEqual([2, 3])
    expect(await log.read(5, 10)).toEqual([])
  })

  it('restores entries right after its head and refuses others', async () => {
    const first = memoryLog()
    for (let v = 0; v < 3; v += 1) first.appendNow(v, batch(`staff-${v}`, v))
    const entries = await first.read(0, 10)
    const second = memoryLog()
    await expect(second.restore(entries.slice(1))).rejects.toThrow(/expected the entry after version 0/)
    await second.restore(entries)
    expect(await second.head()).toEqual(await first.head())
    const forged = entries.map((entry) => ({ ...entry, payload: payload('eve') }))
    await expect(memoryLog().restore(forged)).rejects.toThrow(/expected the entry after version 0/)
  })

  it('forgets what is well before the newest snapshot', async () => {
    const log = memoryLog({ keepEntries: 2 })
    for (let v = 0; v < 10; v += 1) log.appendNow(v, batch(`staff-${v}`, v))
    const { h } = await log.head()
    await log.saveSnapshot({ v: 10, h, t: 9, schema: 1, state: 'all of it' })
    expect((await log.read(0, 10)).map(({ v }) => v)).toEqual([9, 10])
    expect(await log.loadSnapshot()).toMatchObject({ v: 10, state: 'all of it' })
    expect(await log.append({ v: 10, h }, batch('next'))).toMatchObject({ status: 'appended', entry: { v: 11 } })
  })

  it('takes the position of a snapshot while it is empty, and refuses a stranger afterwards', async () => {
    const log = memoryLog()
    await log.saveSnapshot({ v: 7, h: 'seven', t: 70, schema: 1, state: null })
    expect(await log.head()).toEqual({ v: 7, h: 'seven' })
    expect(log.appendNow(7, batch('ana', 71))).toBe(8)
    await expect(log.saveSnapshot({ v: 8, h: 'other', t: 0, schema: 1, state: null })).rejects.toThrow(/another one's/)
  })

  it('rings the bell at each append until the listener has gone', () => {
    const log = memoryLog()
    let rung = 0
    const leave = log.bell(() => {
      rung += 1
    })
    log.appendNow(0, batch('ana'))
    leave()
    log.appendNow(1, batch('bo'))
    expect(rung).toBe(1)
  })

  it('forgets entries that nobody asked a hash for without making one, and goes on chaining', async () => {
    const log = memoryLog({ keepEntries: 1 })
    for (let v = 0; v < 5; v += 1) log.appendNow(v, batch(`staff-${v}`, v))
    log.keepNow(4, 'not at the head')
    expect(await log.loadSnapshot()).toBeNull()
    log.keepNow(5, 'all of it')
    const entries = await log.read(0, 10)
    expect(entries.map(({ v }) => v)).toEqual([5])
    const saved = await log.loadSnapshot()
    expect(saved).toEqual({ schema: 1, v: 5, h: entries[0]?.h, t: 4, state: 'all of it' })
    expect(log.hashOf(4)).not.toBeNull()
    expect(log.hashOf(3)).toBeNull()
    expect(await log.append({ v: 5, h: saved?.h ?? '' }, batch('next', 9))).toMatchObject({ status: 'appended' })
  })
})
