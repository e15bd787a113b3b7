import { describe, expect, it, vi } from 'vitest'
import { DeskError } from '../../../src'
import { goldTo } from '../slow-desk'
import { openTestNode, storeWithSystemTime } from './test-node'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe('a desk on a store that other nodes share', () => {
  it('[ND8] appends the pending commands together as one entry, and answers each', async () => {
    const { desk, store } = await openTestNode('one', storeWithSystemTime())
    const before = desk.version
    const outcomes = await Promise.all([
      desk.connect('ana', 'tab'),
      desk.requestChat({ requestId: 'r1', visitorId: 'v1' }),
      desk.accept('r1', 'ana'),
      desk.accept('r1', 'bo'),
      desk.end('r1'),
    ])
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true, false, true])
    expect(desk.version).toBe(before + 1)
    expect(store.batches.at(-1)?.payload.commands).toHaveLength(4)
  })

  it('[D85] routes by the workflows that another node has set while a fact was asked for', async () => {
    const store = storeWithSystemTime()
    let answer = (_: string) => {}
    let asked = 0
    const plan = () => {
      asked += 1
      if (asked > 1) return 'gold'
      return new Promise<string>((resolve) => {
        answer = resolve
      })
    }
    const routing = { facts: { plan }, factTimeoutMs: 60_000 }
    const one = await openTestNode('one', store, { routing, workflows: [goldTo('ana')] })
    const two = await openTestNode('two', store)
    for (const id of ['ana', 'bo']) await two.desk.connect(id, `${id}-tab`)
    one.store.dropsNotifications = true
    const outcome = one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await vi.waitFor(() => expect(asked).toBe(1))
    await two.desk.setWorkflows([goldTo('bo')])
    answer('gold')
    expect(await outcome).toMatchObject({ ok: true, duplicate: false })
    await two.desk.sync()
    expect([two.desk.ringing('ana'), two.desk.ringing('bo')]).toEqual([[], ['r1']])
    expect(asked).toBe(2)
  })

  it('[ND9] refuses with the knowledge of all that any node has acknowledged before', async () => {
    const store = storeWithSystemTime()
    const [one, two] = [await openTestNode('one', store), await openTestNode('two', store)]
    two.store.dropsNotifications = true
    for (let round = 0; round < 20; round += 1) {
      await one.desk.requestChat({ requestId: `r${round}`, visitorId: `v${round}` })
      expect(await two.desk.accept(`r${round}`, 'ana')).toMatchObject({
        ok: round < 5,
        ...(round < 5 ? {} : { code: 'at-capacity' }),
      })
    }
  })

  it('[ND10] emits that it is stale when the store does not answer, refuses commands, and goes on after', async () => {
    const { desk, store, received } = await openTestNode('one', storeWithSystemTime())
    store.isDisconnected = true
    const pending = desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await vi.waitFor(() => expect(received).toContain('stale: stale'), { timeout: 30_000 })
    expect(await pending).toMatchObject({ ok: false, code: 'outcome-unknown' })
    const stale = { ok: false, code: 'unavailable', reason: 'stale', retry: true }
    expect(await desk.accept('r1', 'ana')).toMatchObject(stale)
    expect(await desk.sync()).toMatchObject(stale)
    store.reconnect()
    await vi.waitFor(() => expect(received.at(-1)).toBe('recovered'), { timeout: 30_000 })
    expect(await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })).toMatchObject({ ok: true, requestId: 'r1' })
  })

  it('[ND10] is not stale because its own process was suspended', async () => {
    const { desk, store, received } = await openTestNode('one', storeWithSystemTime())
    await desk.connect('ana', 'tab')
    store.afterAppend = async () => {
      // Eight seconds of this node's time; the answer is there when it goes on, behind its timers.
      for (const until = performance.now() + 320; performance.now() < until; );
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })).toMatchObject({ ok: true })
    expect(received).toEqual(['ring r1 → ana'])
  })

  it('[ND11] becomes read-only at an entry that is damaged, names it, and keeps its state before it', async () => {
    const store = storeWithSystemTime()
    const [one, two] = [await openTestNode('one', store), await openTestNode('two', store)]
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await two.desk.sync()
    two.store.transformEntries = (entries) => {
      const cut = entries.findIndex(({ payload }) => JSON.stringify(payload).includes('"r2"'))
      if (cut === 0) throw damagedError
      return cut === -1 ? entries : entries.slice(0, cut)
    }
    await one.desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
    await vi.waitFor(() => expect(two.received).toContain(`error: store-damaged: ${damagedError.message}`), {
      timeout: 30_000,
    })
    const damaged = { code: 'unavailable', reason: 'store-damaged', retry: true }
    expect(await two.desk.accept('r1', 'ana')).toMatchObject(damaged)
    expect(two.desk.request('r1')).toMatchObject({ requestId: 'r1' })
    expect(two.desk.request('r2')).toBeUndefined()
    expect(two.received.filter((line) => line.startsWith('error'))).toHaveLength(1)
    two.store.transformEntries = (entries) => entries
    await vi.waitFor(() => expect(two.received.at(-1)).toBe('recovered'), { timeout: 30_000 })
    expect(two.desk.request('r2')).toMatchObject({ requestId: 'r2' })
  })

  it('[ND12] folds no event that it does not know, and reports that it must be updated', async () => {
    const store = storeWithSystemTime()
    const one = await openTestNode('one', store)
    const event = { type: 'request.blessed', requestId: 'r1', at: Date.now() } as never
    await store.append(await store.head(), { payload: { schema: 1, commands: [], events: [event] }, notBeforeAt: null })
    await vi.waitFor(
      () => expect(one.received.join()).toContain('"request.blessed", which this release does not know'),
      {
        timeout: 30_000,
      },
    )
    const newer = { code: 'unavailable', reason: 'store-newer-schema' }
    expect(await one.desk.connect('ana', 'tab')).toMatchObject(newer)
    expect(one.received).toContain('stale: store-newer-schema')
  })

  it('[ND14] has applied everything that any node acknowledged when sync resolves', async () => {
    const store = storeWithSystemTime()
    const [one, two] = [await openTestNode('one', store), await openTestNode('two', store)]
    two.store.dropsNotifications = true
    for (let round = 0; round < 10; round += 1) {
      await one.desk.requestChat({ requestId: `r${round}`, visitorId: `v${round}` })
      await two.desk.sync()
      expect(two.desk.request(`r${round}`)).toBeDefined()
    }
  })

  it('[ND16] rebuilds its state from the snapshot when the store is trimmed, and emits the difference', async () => {
    const store = storeWithSystemTime(1)
    const [one, two] = [await openTestNode('one', store), await openTestNode('two', store)]
    await one.desk.connect('ana', 'tab')
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await two.desk.sync()
    two.store.isDisconnected = true
    await one.desk.accept('r1', 'ana')
    await one.desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
    await store.saveSnapshot(one.desk.snapshot())
    two.store.reconnect()
    await two.desk.sync().catch(() => {})
    await vi.waitFor(() => expect(two.received).toContain('rebuilt'), { timeout: 30_000 })
    const since = two.received.filter((line) => /^(ring|stop|rebuilt)/.test(line))
    expect(since).toEqual(['ring r1 → ana', 'stop r1 → ana (accepted)', 'ring r2 → ana', 'rebuilt'])
    await vi.waitFor(() => expect(two.desk.snapshot().state.desk).toEqual(one.desk.snapshot().state.desk))
    expect(await two.desk.accept('r2', 'ana')).toMatchObject({ ok: true })
  })

  it('[ND16] counts the time of staff who came while it was disconnected from then on', async () => {
    const store = storeWithSystemTime(1)
    const [one, two] = [await openTestNode('one', store), await openTestNode('two', store)]
    await one.desk.connect('ana', 'tab')
    await two.desk.sync()
    two.store.isDisconnected = true
    await one.desk.setAvailability('ana', 'away')
    await one.desk.connect('bo', 'tab')
    await store.saveSnapshot(one.desk.snapshot())
    two.store.reconnect()
    await vi.waitFor(() => expect(two.received).toContain('rebuilt'), { timeout: 30_000 })
    const isCounted = (id: string) =>
      two.desk.metrics().staff.some(({ staffId, occupancy }) => staffId === id && occupancy !== null)
    await vi.waitFor(() => expect(isCounted('bo')).toBe(true), { timeout: 30_000 })
  })

  it('[ND25] answers no command by an entry that never became durable and was replaced by another history', async () => {
    const [lostStore, keptStore] = [storeWithSystemTime(), storeWithSystemTime()]
    const one = await openTestNode('one', lostStore)
    await one.desk.connect('ana', 'tab')
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await keptStore.restore(await lostStore.read(0, 1_000))
    const two = await openTestNode('two', keptStore)
    const fail = () => Promise.reject(new Error('no replica answers'))
    const succeed = one.store.afterAppend
    Object.assign(one.store, { afterAppend: fail, beforeBarrier: fail })
    const accepted = one.desk.accept('r1', 'ana')
    await vi.waitFor(() => expect(one.desk.request('r1')).toMatchObject({ phase: 'assigned' }), { timeout: 30_000 })
    expect(await two.desk.accept('r1', 'bo')).toMatchObject({ ok: true })
    Object.assign(one.store, { target: keptStore, afterAppend: succeed })
    await vi.waitFor(() => expect(one.received).toContain('rebuilt'), { timeout: 30_000 })
    one.store.beforeBarrier = succeed
    expect(await accepted).toMatchObject({ ok: false, code: 'taken', by: 'bo' })
    expect(one.received).toContain('rebuilt')
  })

  it('[ND17] closes when its desk is erased, and restores nothing of it', async () => {
    const one = await openTestNode('one', storeWithSystemTime())
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const erased = new DeskError('closed', 'Desk "acme" was erased: open it anew.')
    one.store.transformEntries = () => {
      throw erased
    }
    one.store.beforeAppend = () => Promise.reject(erased)
    const closed = { ok: false, code: 'unavailable', reason: 'closed', retry: false }
    expect(await one.desk.requestChat({ requestId: 'r2', visitorId: 'v2' })).toMatchObject(closed)
    expect(await one.desk.connect('ana', 'tab')).toMatchObject(closed)
    expect(one.received).toContain(`error: closed: ${erased.message}`)
    await one.desk.close()
  })
})

const damagedError = new DeskError('store-damaged', 'Entry 5 of desk "acme" is damaged: its chain hash does not fit.')
