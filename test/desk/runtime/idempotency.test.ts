import { describe, expect, it } from 'vitest'
import { manualClock, memoryStore, openDesk } from '../../../src'
import { generatedIdPrefix } from '../../../src/desk/parse/command-input'
import { IdempotencyCache } from '../../../src/desk/runtime/desk-aggregate'
import { openStaffedDesk } from '../test-desk'

describe('a command id', () => {
  it('[D20] that is repeated gives the first outcome again and changes nothing', async () => {
    const { desk, edges } = await openStaffedDesk(['ana'])
    const first = await desk.requestChat({ requestId: 'r1', visitorId: 'v1', commandId: 'c1' })
    const version = desk.version
    const again = await desk.requestChat({ requestId: 'r2', visitorId: 'v2', commandId: 'c1' })
    expect(again).toEqual(first)
    expect(desk.version).toBe(version)
    expect(edges).toEqual(['ring r1 → ana'])
    expect(desk.request('r2')).toBeUndefined()
  })

  it('[D20] remembers a refusal, although the same would succeed now', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    const refused = await desk.accept('r1', 'ana', { commandId: 'c1' })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    expect(await desk.accept('r1', 'ana', { commandId: 'c1' })).toEqual(refused)
    expect(await desk.accept('r1', 'ana', { commandId: 'c2' })).toMatchObject({ ok: true })
  })

  it('[D20] remembers an outcome that changed nothing', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const first = await desk.requestChat({ visitorId: 'v1', commandId: 'c1' })
    expect(first).toMatchObject({ requestId: 'r1', duplicate: true })
    await desk.cancel('r1')
    expect(await desk.requestChat({ visitorId: 'v1', commandId: 'c1' })).toEqual(first)
  })

  it('[D20] given twice at once is executed once', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const version = desk.version
    const outcomes = await Promise.all([
      desk.accept('r1', 'ana', { commandId: 'c1' }),
      desk.accept('r1', 'ana', { commandId: 'c1' }),
    ])
    expect(outcomes[1]).toEqual(outcomes[0])
    expect(outcomes[0]).toMatchObject({ already: false })
    expect(desk.version).toBe(version + 1)
  })

  it('[D21] of a success is known to a desk opened later on the same store', async () => {
    const store = memoryStore()
    const first = await openDesk({ store, clock: manualClock(), staff: [{ id: 'ana' }] })
    const outcome = await first.requestChat({ requestId: 'r1', visitorId: 'v1', commandId: 'c1' })
    await first.close()
    const second = await openDesk({ store, clock: manualClock() })
    const version = second.version
    expect(await second.requestChat({ visitorId: 'v2', commandId: 'c1' })).toEqual(outcome)
    expect(second.version).toBe(version)
  })

  it('[D21] is known to a desk restored from a snapshot, refusals included', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    const refused = await desk.accept('r1', 'ana', { commandId: 'c1' })
    const snapshot = JSON.parse(JSON.stringify(desk.snapshot()))
    const restored = await openDesk({ snapshot, clock: manualClock() })
    await restored.requestChat({ requestId: 'r1', visitorId: 'v1' })
    expect(await restored.accept('r1', 'ana', { commandId: 'c1' })).toEqual(refused)
  })

  it('[D22] is forgotten after 10 000 others', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    await desk.accept('r1', 'ana', { commandId: 'oldest' })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    for (let count = 1; count < 10_000; count += 1) await desk.accept('r2', 'ana', { commandId: `c${count}` })
    expect(await desk.accept('r1', 'ana', { commandId: 'oldest' })).toMatchObject({ code: 'unknown-request' })
    await desk.accept('r2', 'ana', { commandId: 'one more' })
    expect(await desk.accept('r1', 'ana', { commandId: 'oldest' })).toMatchObject({ ok: true })
  })

  it('[D22] is remembered while there are 9 999 later ones, also long after the first ones were forgotten', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    for (let count = 1; count <= 25_000; count += 1) await desk.accept('r1', 'ana', { commandId: `c${count}` })
    const ask = (count: number) => desk.accept('r1', 'ana', { commandId: `c${count}` })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    expect(await ask(15_001)).toMatchObject({ code: 'unknown-request' })
    await desk.cancel('r1', { commandId: 'c25001' })
    expect(await ask(15_002)).toMatchObject({ code: 'unknown-request' })
    expect(await ask(15_001)).toMatchObject({ code: 'request-closed' })
  })
})

describe('the outcomes of ids that a desk generates', () => {
  it('[D22] are at least the latest thousand, and displace none of a caller', () => {
    const cache = new IdempotencyCache()
    const outcome = (count: number) => ({ ok: true, count }) as never
    cache.remember('of the caller', outcome(0))
    for (let count = 1; count <= 5_000; count += 1) {
      cache.remember(`${generatedIdPrefix}node:${count}`, outcome(count))
      const oldestKept = Math.max(1, count - 999)
      expect(cache.get(`${generatedIdPrefix}node:${oldestKept}`)).toEqual(outcome(oldestKept))
    }
    expect(cache.get(`${generatedIdPrefix}node:3000`)).toBeUndefined()
    expect(cache.get('of the caller')).toEqual(outcome(0))
    expect(cache.entries().length).toBeLessThanOrEqual(2_001)
  })

  it('[D22] are listed oldest first, also after older ones were forgotten', () => {
    const cache = new IdempotencyCache()
    for (let count = 1; count <= 12_345; count += 1) cache.remember(`c${count}`, { ok: true, count } as never)
    const ids = cache.entries().map(([id]) => id)
    expect(ids).toEqual(Array.from({ length: 10_000 }, (_, index) => `c${index + 2_346}`))
  })

  it('[D20] are the first ones of their ids, also where a later one comes from the store', () => {
    const cache = new IdempotencyCache()
    const [first, later] = [
      { ok: true, at: 1 },
      { ok: true, at: 2 },
    ] as never[]
    cache.remember('c1', first as never)
    cache.remember('c1', later as never)
    cache.rememberStored('c1', later)
    expect(cache.entries()).toEqual([['c1', first]])
  })
})
