import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createChainHash } from '../../../src/store/integrity'
import { eraseDesk, listDesks, migrate, postgresStore } from '../../../src/store/postgres'
import {
  appendAll,
  delay,
  eventually,
  headAt,
  lastEntry,
  sampleBatch,
  sampleNamesOf,
} from '../../../src/testing/contract/store-fixture'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe('a Postgres that loses entries or is written to by other clients', () => {
  let client: PGlite
  let desks = 0

  beforeAll(async () => {
    client = await PGlite.create()
    await migrate({ client })
  })
  afterAll(() => client.close())

  function newDesk() {
    desks += 1
    const desk = `desk-${desks}`
    return { desk, store: postgresStore({ client, desk, pollMs: 20 }) }
  }

  function insert(desk: string, { v, h, t, payload }: { v: number; h: string; t: number; payload: string }) {
    return client.query('insert into frontbell.entry values ($1, 1, $2, $3, $4, $5)', [desk, v, h, t, payload])
  }

  it('[L25] answers diverged for lost entries, and is repaired by a node that still holds them', async () => {
    const { store, desk } = newDesk()
    const entries = await appendAll(store, ['a', 'b', 'c', 'd'])
    await client.query('delete from frontbell.entry where desk = $1 and v > 2', [desk])
    expect(await store.append(headAt(lastEntry(entries)), sampleBatch('e'))).toEqual({ status: 'diverged' })
    expect((await store.head()).v).toBe(2)
    await store.restore(entries)
    expect(await store.read(0, 10)).toEqual(entries)
    expect((await store.append(headAt(lastEntry(entries)), sampleBatch('e'))).status).toBe('appended')
  })

  it('[L25] is restored into emptied tables by the entries or the snapshot that a node still holds', async () => {
    const [one, other] = [newDesk(), newDesk()]
    const entries = await appendAll(one.store, ['a', 'b', 'c'])
    const last = lastEntry(await appendAll(other.store, ['x', 'y']))
    await client.exec('truncate frontbell.desk, frontbell.entry, frontbell.snapshot')
    expect(await one.store.read(0, 10)).toEqual([])
    expect(await one.store.append(headAt(lastEntry(entries)), sampleBatch('d'))).toEqual({ status: 'diverged' })
    await one.store.restore(entries)
    expect(await one.store.read(0, 10)).toEqual(entries)
    await other.store.saveSnapshot({ ...headAt(last), t: last.t, schema: 1, state: 'all of it' })
    expect((await other.store.append(headAt(last), sampleBatch('z'))).status).toBe('appended')
  })

  it('[L3] stamps with the instant of the newest entry while the clock is behind it', async () => {
    const { store } = newDesk()
    const t = Date.now() + 3_600_000
    const { payload } = sampleBatch('of tomorrow')
    const h = createChainHash('sha256')('', t, JSON.stringify(payload))
    await store.restore([{ v: 1, h, t, payload }])
    expect(await store.append({ v: 1, h }, sampleBatch('b', { notBeforeAt: t + 1 }))).toEqual({ status: 'early', t })
    expect(await store.append({ v: 1, h }, sampleBatch('b', { notBeforeAt: t }))).toMatchObject({ entry: { v: 2, t } })
  })

  it('[L12] refuses to put back an entry that falls back in time', async () => {
    const { store } = newDesk()
    const last = lastEntry(await appendAll(store, ['a']))
    const { payload } = sampleBatch('of yesterday')
    const h = createChainHash('sha256')(last.h, 1, JSON.stringify(payload))
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
    await expect(store.loadSnapshot()).rejects.toMatchObject(closed)
    await expect(store.barrier()).rejects.toMatchObject(closed)
    await expect(store.read(0, 10)).rejects.toMatchObject(closed)
    await expect(store.head()).rejects.toMatchObject(closed)
    const left = await client.query('select 1 from frontbell.entry where desk = $1', [desk])
    expect(left.rows).toEqual([])
    const reopened = postgresStore({ client, desk })
    expect(await reopened.head()).toEqual({ v: 0, h: '' })
    expect(await reopened.loadSnapshot()).toBeNull()
    expect(sampleNamesOf(await appendAll(reopened, ['new']))).toEqual(['new'])
  })

  it('[L30] lists the desks that were opened and not erased, also those opened again', async () => {
    const [kept, erased, again] = [newDesk(), newDesk(), newDesk()]
    for (const { store } of [kept, erased, again]) await appendAll(store, ['a'])
    await eraseDesk({ client, desk: erased.desk })
    await eraseDesk({ client, desk: again.desk })
    await postgresStore({ client, desk: again.desk }).head()
    const names = await listDesks({ client })
    expect(names).toEqual(expect.arrayContaining([kept.desk, again.desk]))
    expect(names).not.toContain(erased.desk)
  })

  const harm: Record<string, [object, object]> = {
    'has a hash that does not continue': [{ h: 'forged' }, { message: expect.stringContaining('chain hash') }],
    'leaves a gap': [{ v: 5 }, { message: expect.stringContaining('expected version 3 after 2') }],
    'falls back in time': [{ t: 1 }, { message: expect.stringContaining('or later, got 1') }],
  }
  for (const [what, [fields, error]] of Object.entries(harm)) {
    it(`[L22] stops reading before an entry that ${what}`, async () => {
      const { store, desk } = newDesk()
      const entries = await appendAll(store, ['a', 'b'])
      await insert(desk, { v: 3, h: 'x', t: lastEntry(entries).t, payload: '{}', ...fields })
      expect(await store.read(0, 10)).toEqual(entries)
      await expect(store.read(2, 10)).rejects.toMatchObject({ code: 'store-damaged', ...error })
    })
  }

  const payloads: readonly (readonly [string, string, string])[] = [
    ['is no JSON', '{"schema": 1, ', 'store-damaged'],
    ['is another JSON', '[1, 2]', 'store-damaged'],
    ['lacks its events', '{"schema": 1, "commands": []}', 'store-damaged'],
    ['has an event that is none', '{"schema": 1, "commands": [], "events": [7]}', 'store-damaged'],
    ['is of a newer schema', '{"schema": 2, "commands": [], "events": []}', 'store-newer-schema'],
  ]
  for (const [what, payload, code] of payloads) {
    it(`[L22] stops reading before an entry in good order whose payload ${what}`, async () => {
      const { store, desk } = newDesk()
      const last = lastEntry(await appendAll(store, ['a']))
      const { rows } = await client.query('select frontbell.hash_of($1, $2, $3) as h', [last.h, last.t, payload])
      await insert(desk, { v: 2, h: String(Object(rows[0]).h), t: last.t, payload })
      expect(sampleNamesOf(await store.read(0, 10))).toEqual(['a'])
      await expect(store.read(1, 10)).rejects.toMatchObject({ code, message: expect.stringContaining('2') })
    })
  }

  it('[L22] refuses a snapshot that is damaged or of a newer schema', async () => {
    const { store, desk } = newDesk()
    const { v, h, t } = lastEntry(await appendAll(store, ['a']))
    await store.saveSnapshot({ v, h, t, schema: 1, state: {} })
    await client.query("update frontbell.snapshot set state = '{' where desk = $1", [desk])
    await expect(store.loadSnapshot()).rejects.toMatchObject({ code: 'store-damaged' })
    await client.query("update frontbell.snapshot set schema = 2, state = '{}' where desk = $1", [desk])
    await expect(store.loadSnapshot()).rejects.toMatchObject({ code: 'store-newer-schema' })
  })

  it('[L16] notifies by a notification of Postgres long before the next poll', async () => {
    const { desk } = newDesk()
    const store = postgresStore({ client, desk, pollMs: 60_000 })
    let notified = 0
    const unsubscribe = store.subscribe(() => {
      notified += 1
    })
    await eventually(() => notified > 0, 'the subscription is there')
    await appendAll(store, ['a'])
    await eventually(() => notified > 1, 'a notification')
    unsubscribe()
  })

  it('[L29] notifies by polling when no notification comes', async () => {
    const { desk } = newDesk()
    const silent = postgresStore({ client, desk, notify: false, pollMs: 20 })
    await silent.head()
    let notified = 0
    const unsubscribe = silent.subscribe(() => {
      notified += 1
    })
    await eventually(() => notified > 0, 'the first poll')
    const before = notified
    await appendAll(silent, ['a'])
    await eventually(() => notified > before, 'a notification')
    const after = notified
    await delay(150)
    expect(notified).toBe(after)
    unsubscribe()
  })
})
