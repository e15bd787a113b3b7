import { describe, expect, it } from 'vitest'
import { type DomainEvent, InvalidInputError, manualClock, memoryStore, openDesk } from '../../../src'
import { asynchronousStore } from '../cluster/asynchronous-store'
import { toAna } from '../explained'
import { openStaffedDesk, openTestDesk } from '../test-desk'

const noLease = { sessionLeaseMs: null } as const

describe('a snapshot', () => {
  it('[D30] restores the same desk at the same version', async () => {
    const { desk, clock } = await openStaffedDesk(['ana', 'bo'], { policy: noLease })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { topic: 'server' } })
    await desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
    clock.advance(10)
    await desk.mute('r1', 'ana')
    await desk.accept('r2', 'bo')
    for (const name of ['ana', 'bo']) await desk.disconnect(name, `${name}-tab`)
    const snapshot = JSON.parse(JSON.stringify(desk.snapshot()))
    const restored = await openDesk({ snapshot, clock: manualClock(10) })
    expect(restored.snapshot()).toEqual(desk.snapshot())
    expect(restored.version).toBe(desk.version)
    for (const name of ['ana', 'bo']) expect(restored.portal(name)).toEqual(desk.portal(name))
    expect(restored.awaiting()).toEqual(desk.awaiting())
  })

  it('[D30] continues where it was taken, timers included', async () => {
    const { desk } = await openStaffedDesk(['ana'], { policy: noLease })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.snooze('r1', 'ana', { forMs: 5_000 })
    const { desk: restored, clock, edges } = await openTestDesk({ snapshot: desk.snapshot(), policy: {} })
    clock.advance(4_999)
    await restored.idle()
    expect(edges).toEqual([])
    clock.advance(1)
    await restored.idle()
    expect(edges).toEqual(['ring r1 → ana'])
  })

  it('[D31] fires a deadline that passed meanwhile once, right after opening', async () => {
    const { desk } = await openStaffedDesk(['ana'], { policy: { ...noLease, maxWaitMs: 1_000 } })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const restored = await openDesk({ snapshot: desk.snapshot(), clock: manualClock(50_000) })
    const closed: DomainEvent[] = []
    restored.on('request.closed', (event) => closed.push(event))
    await restored.idle()
    await restored.idle()
    expect(closed).toMatchObject([{ requestId: 'r1', outcome: 'expired', at: 50_000 }])
    expect(restored.request('r1')).toBeUndefined()
  })

  it('[D32] gives an empty store its position and goes on from there', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    await desk.disconnect('ana', 'ana-tab')
    const store = memoryStore()
    const restored = await openDesk({ snapshot: desk.snapshot(), store, clock: manualClock() })
    await restored.requestChat({ requestId: 'r1', visitorId: 'v1' })
    expect(restored.version).toBe(desk.version + 1)
    expect(await store.head()).toMatchObject({ v: restored.version })
    const reopened = await openDesk({ store, clock: manualClock() })
    expect(reopened.snapshot()).toEqual(restored.snapshot())
  })

  it('[D42] that is damaged inside opens no desk, and leaves its store empty', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    const store = memoryStore()
    const snapshot = structuredClone(desk.snapshot())
    Object.assign(snapshot.state.desk, { requests: 5 })
    const error: unknown = await openDesk({ snapshot, store, clock: manualClock() }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(InvalidInputError)
    expect((error as Error).message).toMatch(
      /^snapshot\.state\.desk: expected the state of a desk as one wrote it, got one that fails: \w+Error: /,
    )
    expect(await store.head()).toMatchObject({ v: 0 })
  })

  it('[D32] is used when it is newer than the one in the store, with the refusals that it remembers', async () => {
    const store = asynchronousStore(memoryStore())
    const { desk } = await openStaffedDesk(['ana'], { store, policy: noLease })
    const saved = desk.snapshot()
    await store.saveSnapshot(saved)
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const refused = await desk.accept('r2', 'ana', { commandId: 'c1' })
    const snapshot = desk.snapshot()
    await desk.close()
    expect((await store.loadSnapshot())?.v).toBe(saved.v)
    expect(snapshot.v).toBeGreaterThan(saved.v)
    const restored = await openDesk({ snapshot, store, clock: manualClock() })
    await restored.requestChat({ requestId: 'r2', visitorId: 'v2' })
    expect(await restored.accept('r2', 'ana', { commandId: 'c1' })).toEqual(refused)
    await restored.close()
  })

  it('[D32] is ignored when it is older than the one in the store, which has dropped the entries between', async () => {
    const store = memoryStore({ keepEntries: 0 })
    const { desk } = await openStaffedDesk(['ana'], { store, policy: noLease })
    const older = desk.snapshot()
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.disconnect('ana', 'ana-tab')
    await desk.close()
    await store.saveSnapshot(desk.snapshot())
    expect(await store.read(0, 10)).toEqual([])
    const restored = await openDesk({ snapshot: older, store, clock: manualClock() })
    expect(restored.snapshot()).toEqual(desk.snapshot())
  })

  it('[D32] of another history than the store is refused', async () => {
    const { desk } = await openStaffedDesk(['ana', 'bo', 'cy'])
    const store = memoryStore()
    await openDesk({ store, clock: manualClock(), staff: [{ id: 'eve' }] })
    const opening = openDesk({ snapshot: desk.snapshot(), store, clock: manualClock() })
    await expect(opening).rejects.toMatchObject({ code: 'store-diverged' })
  })
})

describe('a store that holds a desk already', () => {
  it('[D33] gives a desk opened on it the same state', async () => {
    const store = memoryStore()
    const { desk, clock } = await openStaffedDesk(['ana', 'bo'], { store })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    clock.advance(20)
    await desk.mute('r1', 'bo')
    const reopened = await openDesk({ store, clock: manualClock(20) })
    expect(reopened.snapshot()).toEqual(desk.snapshot())
  })

  it('[D33] gives a desk opened on it, or restored, the same workflows', async () => {
    const store = memoryStore()
    const { desk } = await openStaffedDesk(['ana', 'bo'], { store, workflows: [toAna] })
    const reopened = await openDesk({ store, clock: manualClock() })
    const restored = await openDesk({ snapshot: desk.snapshot(), clock: manualClock() })
    for (const each of [reopened, restored])
      expect((await each.previewRoute({ facts: { topic: 'server' } })).workflow).toBe('To Ana')
  })

  it('[D34] gets only what differs from it, in one entry, and keeps what is left out', async () => {
    const store = memoryStore()
    const staff = [{ id: 'ana', teams: ['servers'] }, { id: 'bo' }]
    const first = await openDesk({ store, clock: manualClock(), staff, policy: { wrapUpMs: 5 } })
    const { version } = first
    const same = await openDesk({ store, clock: manualClock(), staff, policy: { wrapUpMs: 5 } })
    expect(same.version).toBe(version)
    const left = await openDesk({ store, clock: manualClock(), shifts: [{ id: 'day', timeZone: 'UTC', weekly: [] }] })
    expect(left.roster()).toEqual(staff)
    expect(left.policy.wrapUpMs).toBe(5)
    const changed = await openDesk({ store, clock: manualClock(), staff: [{ id: 'ana' }], policy: { transferMs: 9 } })
    expect(changed.version).toBe(version + 2)
    expect(changed.shifts).toEqual(left.shifts)
  })

  it('[D35] is followed by every desk that is open on it, and each notifies its own listeners', async () => {
    const store = memoryStore()
    const first = await openStaffedDesk(['ana'], { store })
    const second = await openTestDesk({ store })
    await first.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await second.desk.idle()
    expect(second.edges).toEqual(['ring r1 → ana'])
    expect(second.desk.snapshot()).toEqual(first.desk.snapshot())
  })

  it('[D35] keeps notifying the other desks on it when one of them has closed', async () => {
    const store = memoryStore()
    const [first, second] = [await openStaffedDesk(['ana'], { store }), await openTestDesk({ store })]
    const closing = await openTestDesk({ store })
    await closing.desk.close()
    await first.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await second.desk.idle()
    expect(second.edges).toEqual(['ring r1 → ana'])
    expect(closing.edges).toEqual([])
  })

  it('[D35] keeps what a desk on it has not applied yet, though a snapshot is newer', async () => {
    const store = memoryStore({ keepEntries: 0 })
    const [first, second] = [await openStaffedDesk(['ana'], { store }), await openTestDesk({ store })]
    for (const id of ['r1', 'r2']) void first.desk.requestChat({ requestId: id, visitorId: id })
    await store.saveSnapshot(first.desk.snapshot())
    expect(await second.desk.requestChat({ requestId: 'r3', visitorId: 'v3' })).toMatchObject({ ok: true })
    expect(second.edges).toEqual(['ring r1 → ana', 'ring r2 → ana', 'ring r3 → ana'])
    expect(second.errors).toEqual([])
  })

  it('[D35] has one winner when desks on it execute at the same time', async () => {
    const store = memoryStore()
    const { desk: first } = await openStaffedDesk(['ana', 'bo'], { store })
    const { desk: second } = await openTestDesk({ store })
    for (let round = 0; round < 20; round += 1) {
      const requestId = `r${round}`
      await first.requestChat({ requestId, visitorId: requestId })
      const outcomes = await Promise.all([second.accept(requestId, 'bo'), first.accept(requestId, 'ana')])
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
      await Promise.all([first.idle(), second.idle()])
      expect(second.request(requestId)).toEqual(first.request(requestId))
      await first.end(requestId)
    }
  })

  it('[D36] does not grow without end', async () => {
    const store = memoryStore()
    const { desk } = await openStaffedDesk(['ana'], { store, policy: { ...noLease, requestsPerMinuteMax: 1_000_000 } })
    for (let count = 0; count < 6_000; count += 1) {
      await desk.requestChat({ requestId: `r${count}`, visitorId: 'v1' })
      await desk.cancel(`r${count}`)
    }
    const entries = await store.read(0, 100_000)
    expect(entries.length).toBeLessThan(4_000)
    const reopened = await openDesk({ store, clock: manualClock() })
    expect(reopened.snapshot()).toEqual(desk.snapshot())
  })
})
