import { describe, expect, it } from 'vitest'
import type { StoreBatch, StorePayload } from '../../src/store'
import { memoryStore } from '../../src/store'

const payload = (staffId: string, at = 0): StorePayload => ({
  schema: 1,
  commands: [],
  events: [{ type: 'staff.removed', staffId, at }],
})
const batch = (staffId: string, at = 0, notBeforeAt: number | null = null): StoreBatch => ({
  payload: payload(staffId, at),
  notBeforeAt,
})

describe('the memory store', () => {
  it('counts versions from 1 without a gap', () => {
    const store = memoryStore()
    expect(store.appendSync(0, batch('ana'))).toBe(1)
    expect(store.appendSync(1, batch('bo'))).toBe(2)
  })

  it('appends nothing at a version that is not its head', () => {
    const store = memoryStore()
    store.appendSync(0, batch('ana'))
    expect(store.appendSync(0, batch('bo'))).toBeNull()
    expect(store.appendSync(2, batch('bo'))).toBeNull()
  })

  it('returns the missed entries to a writer that was late', async () => {
    const store = memoryStore()
    store.appendSync(0, batch('ana'))
    const result = await store.append({ v: 0, h: '' }, batch('bo'))
    expect(result).toMatchObject({ status: 'conflict', missed: [{ v: 1, payload: payload('ana') }] })
  })

  it('gives equal hashes to equal histories, and others from the first difference on', async () => {
    const hashes = async (names: readonly string[], at = 0) => {
      const store = memoryStore()
      for (const [index, name] of names.entries()) store.appendSync(index, batch(name, index + at))
      const entries = await store.read(0, 10)
      expect(await store.head()).toEqual({ v: names.length, h: entries.at(-1)?.h })
      return entries.map(({ h }) => h)
    }
    const expected = await hashes(['ana', 'bo', 'cy', 'ana'])
    expect(new Set(expected).size).toBe(4)
    expect(await hashes(['ana', 'bo', 'cy', 'ana'])).toEqual(expected)
    const changed = await hashes(['ana', 'b0', 'cy', 'ana'])
    expect(changed.map((h, index) => h === expected[index])).toEqual([true, false, false, false])
    const later = await hashes(['ana', 'bo', 'cy', 'ana'], 1)
    expect(later.map((h, index) => h === expected[index])).toEqual([false, false, false, false])
  })

  it('answers diverged when the expected entry is not its own', async () => {
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

  it('gives instants that never fall', async () => {
    const store = memoryStore()
    store.appendSync(0, batch('ana', 50))
    store.appendSync(1, batch('bo', 20))
    expect((await store.read(0, 10)).map(({ t }) => t)).toEqual([50, 50])
  })

  it('reads at most as many entries as asked for', async () => {
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

  it('drops entries well before the newest snapshot', async () => {
    const store = memoryStore({ keepEntries: 2 })
    for (let v = 0; v < 10; v += 1) store.appendSync(v, batch(`staff-${v}`, v))
    const { h } = await store.head()
    await store.saveSnapshot({ v: 10, h, t: 9, schema: 1, state: 'all of it' })
    expect((await store.read(0, 10)).map(({ v }) => v)).toEqual([9, 10])
    expect(await store.loadSnapshot()).toMatchObject({ v: 10, state: 'all of it' })
    expect(await store.append({ v: 10, h }, batch('next'))).toMatchObject({ status: 'appended', entry: { v: 11 } })
  })

  it('takes the position of a snapshot while it is empty, and refuses one of another history afterwards', async () => {
    const store = memoryStore()
    await store.saveSnapshot({ v: 7, h: 'seven', t: 70, schema: 1, state: null })
    expect(await store.head()).toEqual({ v: 7, h: 'seven' })
    expect(store.appendSync(7, batch('ana', 71))).toBe(8)
    await expect(store.saveSnapshot({ v: 8, h: 'other', t: 0, schema: 1, state: null })).rejects.toThrow(
      /another one's/,
    )
  })

  it('notifies a listener of each append until it unsubscribes', () => {
    const store = memoryStore()
    let notified = 0
    const unsubscribe = store.subscribe(() => {
      notified += 1
    })
    store.appendSync(0, batch('ana'))
    unsubscribe()
    store.appendSync(1, batch('bo'))
    expect(notified).toBe(1)
  })

  /** A store with an open desk, which has folded all entries unless it lags. */
  function withOpenDesk(keepEntries: number) {
    const store = memoryStore({ keepEntries })
    const desk = { at: 0, lags: false }
    const detach = store.attachSnapshotSource({ version: () => desk.at, state: () => `state ${desk.at}` })
    let version = 0
    const append = (count: number) => {
      for (const last = version + count; version < last; version += 1) {
        store.appendSync(version, batch('ana', version))
        if (!desk.lags) desk.at = version + 1
      }
    }
    return { store, desk, detach, append }
  }

  it('asks an open desk for its state when a snapshot is loaded, and drops entries well behind it', async () => {
    const { store, append } = withOpenDesk(1)
    append(5)
    const entries = await store.read(0, 10)
    expect(entries.map(({ v }) => v)).toEqual([4, 5])
    const saved = await store.loadSnapshot()
    expect(saved).toEqual({ schema: 1, v: 5, h: entries[1]?.h, t: 4, state: 'state 5' })
    expect(store.hashOf(3)).not.toBeNull()
    expect(store.hashOf(2)).toBeNull()
    expect(await store.append({ v: 5, h: saved?.h ?? '' }, batch('next', 9))).toMatchObject({ status: 'appended' })
  })

  it('keeps what an open desk has not applied, and for a while what follows a snapshot it returned', async () => {
    const { store, desk, append } = withOpenDesk(1)
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
    const { store, detach, append } = withOpenDesk(1)
    append(5)
    detach()
    detach()
    store.appendSync(5, batch('bo', 9))
    expect(await store.loadSnapshot()).toMatchObject({ v: 5, t: 4, state: 'state 5' })
    expect((await store.read(5, 10)).map(({ v }) => v)).toEqual([6])
  })
})
