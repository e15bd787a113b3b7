import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { StoreBatch, StorePayload } from '../../src/store'
import { chainHash, memoryStore } from '../../src/store'

const payload = (staffId: string, at = 0): StorePayload => ({
  schema: 1,
  commands: [],
  events: [{ type: 'staff.removed', staffId, at }],
})
const batch = (staffId: string, at = 0, notBeforeAt: number | null = null): StoreBatch => ({
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
    const store = memoryStore()
    expect(store.appendSync(0, batch('ana'))).toBe(1)
    expect(store.appendSync(1, batch('bo'))).toBe(2)
  })

  it('takes nothing at a version that is not its head', () => {
    const store = memoryStore()
    store.appendSync(0, batch('ana'))
    expect(store.appendSync(0, batch('bo'))).toBeNull()
    expect(store.appendSync(2, batch('bo'))).toBeNull()
  })

  it('gives the entries missed to who was late', async () => {
    const store = memoryStore()
    store.appendSync(0, batch('ana'))
    const result = await store.append({ v: 0, h: '' }, batch('bo'))
    expect(result).toMatchObject({ status: 'conflict', missed: [{ v: 1, payload: payload('ana') }] })
  })

  it('chains the hash of each entry to the one before', async () => {
    const store = memoryStore()
    for (const [index, name] of ['ana', 'bo', 'cy'].entries()) store.appendSync(index, batch(name, index))
    const entries = await store.read(0, 10)
    let hash = ''
    for (const entry of entries) {
      hash = chainHash(hash, entry.t, JSON.stringify(entry.payload))
      expect(entry.h).toBe(hash)
    }
    expect(await store.head()).toEqual({ v: 3, h: hash })
  })

  it('says diverged when the expected entry is not its own', async () => {
    const store = memoryStore()
    store.appendSync(0, batch('ana'))
    expect(await store.append({ v: 1, h: 'other' }, batch('bo'))).toEqual({ status: 'diverged' })
    expect(await store.append({ v: 9, h: '' }, batch('bo'))).toEqual({ status: 'diverged' })
  })

  it('refuses a batch that is early by its own clock', async () => {
    let now = 99
    const store = memoryStore({ now: () => now })
    expect(store.appendSync(0, batch('ana', 0, 100))).toBeNull()
    expect(await store.append({ v: 0, h: '' }, batch('ana', 0, 100))).toEqual({ status: 'early', t: 99 })
    now = 100
    expect(store.appendSync(0, batch('ana', 0, 100))).toBe(1)
  })

  it('gives times that never fall', async () => {
    const store = memoryStore()
    store.appendSync(0, batch('ana', 50))
    store.appendSync(1, batch('bo', 20))
    expect((await store.read(0, 10)).map(({ t }) => t)).toEqual([50, 50])
  })

  it('reads at most what it is asked for', async () => {
    const store = memoryStore()
    for (let v = 0; v < 5; v += 1) store.appendSync(v, batch('ana'))
    expect((await store.read(1, 2)).map(({ v }) => v)).toEqual([2, 3])
    expect(await store.read(5, 10)).toEqual([])
  })

  it('restores entries right after its head and refuses others', async () => {
    const first = memoryStore()
    for (let v = 0; v < 3; v += 1) first.appendSync(v, batch(`staff-${v}`, v))
    const entries = await first.read(0, 10)
    const second = memoryStore()
    await expect(second.restore(entries.slice(1))).rejects.toThrow(/expected the entry after version 0/)
    await second.restore(entries)
    expect(await second.head()).toEqual(await first.head())
    const forged = entries.map((entry) => ({ ...entry, payload: payload('eve') }))
    await expect(memoryStore().restore(forged)).rejects.toThrow(/expected the entry after version 0/)
  })

  it('forgets what is well before the newest snapshot', async () => {
    const store = memoryStore({ keepEntries: 2 })
    for (let v = 0; v < 10; v += 1) store.appendSync(v, batch(`staff-${v}`, v))
    const { h } = await store.head()
    await store.saveSnapshot({ v: 10, h, t: 9, schema: 1, state: 'all of it' })
    expect((await store.read(0, 10)).map(({ v }) => v)).toEqual([9, 10])
    expect(await store.loadSnapshot()).toMatchObject({ v: 10, state: 'all of it' })
    expect(await store.append({ v: 10, h }, batch('next'))).toMatchObject({ status: 'appended', entry: { v: 11 } })
  })

  it('takes the position of a snapshot while it is empty, and refuses a stranger afterwards', async () => {
    const store = memoryStore()
    await store.saveSnapshot({ v: 7, h: 'seven', t: 70, schema: 1, state: null })
    expect(await store.head()).toEqual({ v: 7, h: 'seven' })
    expect(store.appendSync(7, batch('ana', 71))).toBe(8)
    await expect(store.saveSnapshot({ v: 8, h: 'other', t: 0, schema: 1, state: null })).rejects.toThrow(
      /another one's/,
    )
  })

  it('rings the bell at each append until the listener has gone', () => {
    const store = memoryStore()
    let rung = 0
    const leave = store.subscribe(() => {
      rung += 1
    })
    store.appendSync(0, batch('ana'))
    leave()
    store.appendSync(1, batch('bo'))
    expect(rung).toBe(1)
  })

  /** A desk that has folded all that was appended, unless it lags. */
  function held(keepEntries: number) {
    const store = memoryStore({ keepEntries })
    const desk = { at: 0, lags: false }
    const leave = store.attachSnapshotSource({ version: () => desk.at, state: () => `state ${desk.at}` })
    let version = 0
    const append = (count: number) => {
      for (const last = version + count; version < last; version += 1) {
        store.appendSync(version, batch('ana', version))
        if (!desk.lags) desk.at = version + 1
      }
    }
    return { store, desk, leave, append }
  }

  it('asks an open desk for its state when somebody wants a snapshot, and lets go of what lies well behind', async () => {
    const { store, append } = held(1)
    append(5)
    const entries = await store.read(0, 10)
    expect(entries.map(({ v }) => v)).toEqual([4, 5])
    const saved = await store.loadSnapshot()
    expect(saved).toEqual({ schema: 1, v: 5, h: entries[1]?.h, t: 4, state: 'state 5' })
    expect(store.hashOf(3)).not.toBeNull()
    expect(store.hashOf(2)).toBeNull()
    expect(await store.append({ v: 5, h: saved?.h ?? '' }, batch('next', 9))).toMatchObject({ status: 'appended' })
  })

  it('lets go of nothing that an open desk has not taken, nor soon of what follows a snapshot it gave', async () => {
    const { store, desk, append } = held(1)
    append(3)
    desk.lags = true
    append(10)
    expect((await store.read(3, 100)).map(({ v }) => v)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13])
    expect(await store.loadSnapshot()).toMatchObject({ v: 3, state: 'state 3' })
    Object.assign(desk, { lags: false, at: 13 })
    append(100)
    expect(await store.read(3, 1_000)).toHaveLength(110)
  })

  it('keeps the state of a desk that is closed', async () => {
    const { store, leave, append } = held(1)
    append(5)
    leave()
    leave()
    store.appendSync(5, batch('bo', 9))
    expect(await store.loadSnapshot()).toMatchObject({ v: 5, t: 4, state: 'state 5' })
    expect((await store.read(5, 10)).map(({ v }) => v)).toEqual([6])
  })
})
