import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engineHash } from '../../src/log/engine-hash'
import { eraseDesk, listDesks, migrate, postgresLog } from '../../src/log/postgres'
import { appendAll, batchOf, headOf, lastOf, namesOf } from '../../src/testing/log-contract/entries'
import { eventually, pause } from '../../src/testing/log-contract/expectations'

describe('a Postgres that loses, forgets or is written to by others', () => {
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
    return { desk, log: postgresLog({ client, desk, pollMs: 20 }) }
  }

  function insert(desk: string, { v, h, t, payload }: { v: number; h: string; t: number; payload: string }) {
    return client.query('insert into frontbell.entry values ($1, 1, $2, $3, $4, $5)', [desk, v, h, t, payload])
  }

  it('[L25] shows lost entries as diverged, and heals by the node that still holds them', async () => {
    const { log, desk } = newDesk()
    const entries = await appendAll(log, ['a', 'b', 'c', 'd'])
    await client.query('delete from frontbell.entry where desk = $1 and v > 2', [desk])
    expect(await log.append(headOf(lastOf(entries)), batchOf('e'))).toEqual({ status: 'diverged' })
    expect((await log.head()).v).toBe(2)
    await log.restore(entries)
    expect(await log.read(0, 10)).toEqual(entries)
    expect((await log.append(headOf(lastOf(entries)), batchOf('e'))).status).toBe('appended')
  })

  it('[L25] comes back into emptied tables by the entries or the snapshot that a node still holds', async () => {
    const [one, other] = [newDesk(), newDesk()]
    const entries = await appendAll(one.log, ['a', 'b', 'c'])
    const last = lastOf(await appendAll(other.log, ['x', 'y']))
    await client.exec('truncate frontbell.desk, frontbell.entry, frontbell.snapshot')
    expect(await one.log.read(0, 10)).toEqual([])
    expect(await one.log.append(headOf(lastOf(entries)), batchOf('d'))).toEqual({ status: 'diverged' })
    await one.log.restore(entries)
    expect(await one.log.read(0, 10)).toEqual(entries)
    await other.log.saveSnapshot({ ...headOf(last), t: last.t, schema: 1, state: 'all of it' })
    expect((await other.log.append(headOf(last), batchOf('z'))).status).toBe('appended')
  })

  it('[L3] holds its time while the clock is behind the newest entry', async () => {
    const { log } = newDesk()
    const t = Date.now() + 3_600_000
    const { payload } = batchOf('of tomorrow')
    const h = engineHash('sha256')('', t, JSON.stringify(payload))
    await log.restore([{ v: 1, h, t, payload }])
    expect(await log.append({ v: 1, h }, batchOf('b', { notBeforeAt: t + 1 }))).toEqual({ status: 'early', t })
    expect(await log.append({ v: 1, h }, batchOf('b', { notBeforeAt: t }))).toMatchObject({ entry: { v: 2, t } })
  })

  it('[L12] refuses to put back an entry that falls back in time', async () => {
    const { log } = newDesk()
    const last = lastOf(await appendAll(log, ['a']))
    const { payload } = batchOf('of yesterday')
    const h = engineHash('sha256')(last.h, 1, JSON.stringify(payload))
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
    await expect(log.loadSnapshot()).rejects.toMatchObject(closed)
    await expect(log.barrier()).rejects.toMatchObject(closed)
    await expect(log.read(0, 10)).rejects.toMatchObject(closed)
    await expect(log.head()).rejects.toMatchObject(closed)
    const left = await client.query('select 1 from frontbell.entry where desk = $1', [desk])
    expect(left.rows).toEqual([])
    const anew = postgresLog({ client, desk })
    expect(await anew.head()).toEqual({ v: 0, h: '' })
    expect(await anew.loadSnapshot()).toBeNull()
    expect(namesOf(await appendAll(anew, ['new']))).toEqual(['new'])
  })

  it('[L30] names the desks that were opened and not erased, also those opened again', async () => {
    const [kept, erased, again] = [newDesk(), newDesk(), newDesk()]
    for (const { log } of [kept, erased, again]) await appendAll(log, ['a'])
    await eraseDesk({ client, desk: erased.desk })
    await eraseDesk({ client, desk: again.desk })
    await postgresLog({ client, desk: again.desk }).head()
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
      const { log, desk } = newDesk()
      const entries = await appendAll(log, ['a', 'b'])
      await insert(desk, { v: 3, h: 'x', t: lastOf(entries).t, payload: '{}', ...fields })
      expect(await log.read(0, 10)).toEqual(entries)
      await expect(log.read(2, 10)).rejects.toMatchObject({ code: 'log-damaged', ...error })
    })
  }

  const payloads: readonly (readonly [string, string, string])[] = [
    ['is no JSON', '{"schema": 1, ', 'log-damaged'],
    ['is another JSON', '[1, 2]', 'log-damaged'],
    ['lacks its events', '{"schema": 1, "commands": []}', 'log-damaged'],
    ['has an event that is none', '{"schema": 1, "commands": [], "events": [7]}', 'log-damaged'],
    ['is of a newer schema', '{"schema": 2, "commands": [], "events": []}', 'log-newer-schema'],
  ]
  for (const [what, payload, code] of payloads) {
    it(`[L22] stops reading before an entry in good order whose payload ${what}`, async () => {
      const { log, desk } = newDesk()
      const last = lastOf(await appendAll(log, ['a']))
      const { rows } = await client.query('select frontbell.hash_of($1, $2, $3) as h', [last.h, last.t, payload])
      await insert(desk, { v: 2, h: String(Object(rows[0]).h), t: last.t, payload })
      expect(namesOf(await log.read(0, 10))).toEqual(['a'])
      await expect(log.read(1, 10)).rejects.toMatchObject({ code, message: expect.stringContaining('2') })
    })
  }

  it('[L22] refuses a snapshot that is damaged or of a newer schema', async () => {
    const { log, desk } = newDesk()
    const { v, h, t } = lastOf(await appendAll(log, ['a']))
    await log.saveSnapshot({ v, h, t, schema: 1, state: {} })
    await client.query("update frontbell.snapshot set state = '{' where desk = $1", [desk])
    await expect(log.loadSnapshot()).rejects.toMatchObject({ code: 'log-damaged' })
    await client.query("update frontbell.snapshot set schema = 2, state = '{}' where desk = $1", [desk])
    await expect(log.loadSnapshot()).rejects.toMatchObject({ code: 'log-newer-schema' })
  })

  it('[L16] rings by notification long before it would look by itself', async () => {
    const { desk } = newDesk()
    const log = postgresLog({ client, desk, pollMs: 60_000 })
    let rung = 0
    const leave = log.bell(() => {
      rung += 1
    })
    await eventually(() => rung > 0, 'the bell is there')
    await appendAll(log, ['a'])
    await eventually(() => rung > 1, 'the bell rings')
    leave()
  })

  it('[L29] rings by polling when no notification comes', async () => {
    const { desk } = newDesk()
    const silent = postgresLog({ client, desk, notify: false, pollMs: 20 })
    await silent.head()
    let rung = 0
    const leave = silent.bell(() => {
      rung += 1
    })
    await eventually(() => rung > 0, 'the first look')
    const before = rung
    await appendAll(silent, ['a'])
    await eventually(() => rung > before, 'the bell rings')
    const after = rung
    await pause(150)
    expect(rung).toBe(after)
    leave()
  })
})
