import { describe, expect, it, vi } from 'vitest'
import { DeskError, manualClock, memoryStore, openDesk } from '../../../src'
import { asynchronousStore } from '../cluster/asynchronous-store'
import { openStaffedDesk, openTestDesk } from '../test-desk'

const policy = { sessionLeaseMs: null, abandonAfterMs: 1_000 }

describe('a desk beside another one on a store of this process', () => {
  it('[D35] wakes for the deadlines of what the other one has appended', async () => {
    const store = memoryStore()
    const first = await openStaffedDesk(['ana'], { store, policy })
    const second = await openTestDesk({ store })
    await first.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await first.desk.visitorLeft('v1')
    await second.desk.sync()
    second.clock.advance(1_000)
    await second.desk.idle()
    expect(second.desk.request('r1')).toBeUndefined()
    await first.desk.sync()
    expect(first.desk.request('r1')).toBeUndefined()
    expect(await store.head()).toMatchObject({ v: second.desk.version })
  })

  it('[D35] reports that it could not read what the other one has appended, and reads it with the next', async () => {
    const store = memoryStore()
    const first = await openStaffedDesk(['ana'], { store, policy })
    const second = await openTestDesk({ store })
    vi.spyOn(store, 'read').mockRejectedValueOnce(new Error('no disk'))
    await first.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await vi.waitFor(() => expect(second.errors).toHaveLength(1))
    const cause = new Error('no disk')
    expect(second.errors).toMatchObject([{ code: 'store-failed', message: 'the store failed: no disk', cause }])
    expect(second.edges).toEqual([])
    await first.desk.accept('r1', 'ana')
    await vi.waitFor(() => expect(second.edges).toHaveLength(2))
    expect(second.edges).toEqual(first.edges)
  })

  it('[D80] refuses with the error of the store when that is one of a desk', async () => {
    const store = memoryStore()
    const { desk, errors } = await openStaffedDesk(['ana'], { store, policy })
    const damaged = new DeskError('store-damaged', 'entry 7 breaks the chain')
    vi.spyOn(store, 'appendSync').mockImplementationOnce(() => {
      throw damaged
    })
    const refused = { ok: false, code: 'unavailable', reason: 'store-damaged', retry: true }
    expect(await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })).toMatchObject(refused)
    expect(errors).toEqual([damaged])
    vi.spyOn(store, 'read').mockRejectedValueOnce(damaged)
    expect(await desk.sync()).toMatchObject(refused)
    expect(errors).toEqual([damaged, damaged])
  })

  it('[D33] applies any number of entries, a thousand in one reading', async () => {
    const store = memoryStore({ keepEntries: 10_000 })
    const { desk } = await openStaffedDesk(['ana'], { store, policy })
    for (let index = 0; index < 2_100; index += 1)
      await desk.setAvailability('ana', index % 2 === 0 ? 'away' : 'available')
    vi.spyOn(store, 'loadSnapshot').mockResolvedValue(null)
    const read = vi.spyOn(store, 'read')
    const second = await openDesk({ store, clock: manualClock() })
    expect(read.mock.calls).toEqual([0, 1_000, 2_000].map((after) => [after, 1_000]))
    expect(second.snapshot()).toEqual(desk.snapshot())
  })
})

describe('a deadline that the store finds early', () => {
  it('[D48] is tried again 50 ms later, and every 50 ms after that', async () => {
    const clock = manualClock(0)
    const store = memoryStore()
    const { desk, errors } = await openStaffedDesk(['ana'], { store, policy, clock })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.visitorLeft('v1')
    const tried: number[] = []
    const append = store.appendSync.bind(store)
    let isEarly = true
    vi.spyOn(store, 'appendSync').mockImplementation((version, batch) => {
      if (batch.notBeforeAt === null) return append(version, batch)
      tried.push(clock.now())
      return isEarly ? null : append(version, batch)
    })
    for (let passedMs = 0; passedMs < 1_110; passedMs += 5) {
      clock.advance(5)
      await Promise.resolve()
      await desk.sync()
    }
    expect(tried.slice(0, 3)).toEqual([1_000, 1_050, 1_100])
    await desk.idle() // does not wait for the store's clock
    expect(desk.request('r1')).toBeDefined()
    isEarly = false
    clock.advance(50)
    await desk.idle()
    expect(desk.request('r1')).toBeUndefined()
    expect(errors).toEqual([])
  })
})

describe('the command ids of a desk', () => {
  async function idsOf(store: ReturnType<typeof memoryStore>, after: number) {
    return (await store.read(after, 100)).flatMap(({ payload }) => payload.commands.map(({ id }) => id))
  }

  it('[D82] are stored for each command, and differ between desks, where nodes share the store', async () => {
    const prefixes: string[] = []
    for (const visitorId of ['v1', 'v2']) {
      const store = memoryStore()
      const desk = await openDesk({ store: asynchronousStore(store), clock: manualClock(), staff: [{ id: 'ana' }] })
      await desk.requestChat({ requestId: 'r1', visitorId })
      await desk.cancel('r1', { commandId: 'own' })
      await desk.setAvailability('ana', 'away')
      const [opened = '', asked, own, away] = await idsOf(store, 0)
      const prefix = opened.slice(0, opened.lastIndexOf(':'))
      expect(prefix).toMatch(/^frontbell:[0-9a-z]{6,13}$/)
      expect([opened, asked, own, away]).toEqual([`${prefix}:1`, `${prefix}:2`, 'own', `${prefix}:3`])
      prefixes.push(prefix)
      await desk.close()
    }
    expect(prefixes[0]).not.toBe(prefixes[1])
  })

  it('[D82] are none where the store is in this process', async () => {
    const store = memoryStore()
    const { desk } = await openStaffedDesk(['ana'], { store })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.cancel('r1', { commandId: 'own' })
    expect(await idsOf(store, 0)).toEqual(['own'])
  })
})
