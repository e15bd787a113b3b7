import { describe, expect, it } from 'vitest'
import { DeskError, manualClock, memoryStore } from '../../../src'
import { Metrics, QueuePositions } from '../../../src/core'
import { EventBus } from '../../../src/desk/events/event-bus'
import { DeskAggregate } from '../../../src/desk/runtime/desk-aggregate'
import { SnapshotScheduler, type SnapshotSchedulerOptions } from '../../../src/desk/runtime/desk-snapshot'
import type { EventStore, StoreSnapshot } from '../../../src/store'
import { openStaffedDesk } from '../test-desk'

/** A scheduler on an aggregate of 1 staff member, 2 visitors and 3 requests, whose version the test sets. */
async function openScheduler(options: Partial<SnapshotSchedulerOptions> = {}) {
  const store = memoryStore()
  const { desk } = await openStaffedDesk(['ana'], { store })
  for (const visitorId of ['v1', 'v2']) await desk.visitorArrived({ visitorId })
  for (const visitorId of ['v1', 'v2', 'v3']) await desk.requestChat({ requestId: visitorId, visitorId })
  const eventBus = new EventBus()
  const readers = { projections: [], metrics: new Metrics(), queuePositions: new QueuePositions() }
  const aggregate = new DeskAggregate({ clock: manualClock(), eventBus, ...readers })
  for (const entry of await store.read(0, 100)) aggregate.applyEntry(entry, false)
  const { requests, staff, visitors } = aggregate.state
  expect([requests.size, staff.size, visitors.size]).toEqual([3, 1, 2])
  const saved: StoreSnapshot[] = []
  const observed = {
    ...({} as EventStore),
    saveSnapshot: async (snapshot: StoreSnapshot) => void saved.push(snapshot),
  }
  const errors: unknown[] = []
  eventBus.on('error', (error) => errors.push(error))
  const scheduler = new SnapshotScheduler({ aggregate, eventBus, store: observed, ...options })
  /** Saves at each version of a range, when due. */
  const pass = (from: number, to: number) => {
    for (let version = from; version <= to; version += 1) {
      aggregate.version = version
      aggregate.hash = `hash ${version}`
      scheduler.saveWhenDue()
    }
    return saved.splice(0)
  }
  return { scheduler, pass, errors }
}

describe('snapshots of a node', () => {
  it('[D36] are saved after at least so many entries, more where the state is large', async () => {
    const { scheduler, pass } = await openScheduler({ entriesBetweenMin: 10 })
    expect(pass(1, 9)).toEqual([])
    expect(pass(10, 10)).toMatchObject([{ schema: 1, v: 10, h: 'hash 10' }])
    expect(pass(11, 80).map(({ v }) => v)).toEqual([34, 58])
    scheduler.scheduleAfter(100)
    expect(pass(81, 130).map(({ v }) => v)).toEqual([124])
  })

  it('[D36] are saved every 10 000 entries of a small desk', async () => {
    const { pass } = await openScheduler()
    expect(pass(1, 20_001).map(({ v }) => v)).toEqual([10_000, 20_000])
  })

  it('[ND13] hold which node has which sessions, where there are any', async () => {
    const sessionOwners = [['one', [['ana', 'ana-tab']]]] as const
    const owned = await openScheduler({ entriesBetweenMin: 10, sessionOwners: () => sessionOwners })
    expect(owned.pass(10, 10)).toMatchObject([{ state: { nodes: sessionOwners } }])
    const alone = await openScheduler({ entriesBetweenMin: 10 })
    expect(alone.pass(10, 10)[0]?.state).not.toHaveProperty('nodes')
  })

  it('[D47] that the store does not take are reported, and the next one is tried', async () => {
    const cause = new Error('no disk')
    const store = { saveSnapshot: () => Promise.reject(cause) } as unknown as EventStore
    const { pass, errors } = await openScheduler({ entriesBetweenMin: 30, store })
    pass(1, 60)
    await Promise.resolve()
    expect(errors).toEqual([
      new DeskError('store-failed', 'the snapshot at version 30 failed', cause),
      new DeskError('store-failed', 'the snapshot at version 60 failed', cause),
    ])
    expect(errors).toMatchObject([{ code: 'store-failed', cause }, { code: 'store-failed' }])
  })
})
