import { describe, expect, it } from 'vitest'
import { manualClock, memoryStore, openDesk } from '../../../src'
import { Metrics, QueuePositions } from '../../../src/core'
import { EventBus } from '../../../src/desk/events/event-bus'
import { DeskAggregate } from '../../../src/desk/runtime/desk-aggregate'
import { type DeskSnapshot, parseSnapshot, restoreFromStore } from '../../../src/desk/runtime/desk-snapshot'
import type { EventStore } from '../../../src/store'
import { asynchronousStore } from '../cluster/asynchronous-store'
import { openStaffedDesk } from '../test-desk'

function openAggregate(): DeskAggregate {
  const readers = { projections: [], metrics: new Metrics(), queuePositions: new QueuePositions() }
  return new DeskAggregate({ clock: manualClock(), eventBus: new EventBus(), ...readers })
}

/** A snapshot with a session of Ana, one of the visitor `v1`, and a visitor `v2` whom the host counts. */
async function snapshotWithSessions(): Promise<DeskSnapshot> {
  const { desk } = await openStaffedDesk(['ana'])
  await desk.visitorArrived({ visitorId: 'v1', sessionId: 'page' })
  await desk.visitorArrived({ visitorId: 'v2' })
  return JSON.parse(JSON.stringify(desk.snapshot()))
}

/** Restores from a store and a snapshot of the host; returns the owners of sessions that the store then has. */
async function ownersAfter(store: EventStore, snapshot: DeskSnapshot) {
  const restored = await restoreFromStore(openAggregate(), { store, snapshot })
  const saved = (await store.loadSnapshot()) as DeskSnapshot
  expect(restored).toEqual(saved)
  return saved.state.nodes
}

describe('a snapshot in an empty store', () => {
  const ofAna = ['ana', 'ana-tab']
  const ofVisitor = ['v1', 'page', 'visitor']

  it('[D67] names an owner that is gone for each session that no node has, where nodes share the store', async () => {
    const snapshot = await snapshotWithSessions()
    const owners = await ownersAfter(asynchronousStore(memoryStore()), snapshot)
    expect(owners).toEqual([['snapshot', [ofAna, ofVisitor]]])
  })

  it('[D67] leaves sessions with the nodes that have them', async () => {
    const snapshot = await snapshotWithSessions()
    const withNodes = (nodes: unknown) => ({ ...snapshot, state: { ...snapshot.state, nodes } }) as DeskSnapshot
    const some = await ownersAfter(asynchronousStore(memoryStore()), withNodes([['one', [ofAna]]]))
    expect(some).toEqual([
      ['one', [ofAna]],
      ['snapshot', [ofVisitor]],
    ])
    const all = [
      ['one', [ofAna]],
      ['two', [ofVisitor]],
    ]
    expect(await ownersAfter(asynchronousStore(memoryStore()), withNodes(all))).toEqual(all)
  })

  it('[D67] names no owner in a store of this process', async () => {
    expect(await ownersAfter(memoryStore(), await snapshotWithSessions())).toBeUndefined()
  })
})

describe('a store and a snapshot of the host', () => {
  /** A desk at version 3 on a store that needs promises, and its snapshot at version 2. */
  async function openStore() {
    const store = asynchronousStore(memoryStore())
    const desk = await openDesk({ store, clock: manualClock(), staff: [{ id: 'ana' }] })
    await desk.setPolicy({ wrapUpMs: 5 })
    const snapshot = desk.snapshot()
    await desk.setPolicy({ wrapUpMs: 7 })
    expect([snapshot.v, desk.version]).toEqual([2, 3])
    await desk.close()
    return { store, snapshot }
  }

  it('[D32] go on together where the store is newer, or as new', async () => {
    const { store, snapshot } = await openStore()
    for (const v of [2, 3]) {
      const aggregate = openAggregate()
      await restoreFromStore(aggregate, { store, snapshot: { ...snapshot, v } })
      expect([aggregate.version, aggregate.state.policy.wrapUpMs]).toEqual([v, 5])
    }
  })

  it('[D32] are of different histories where the store is older but not empty', async () => {
    const { store, snapshot } = await openStore()
    const restoring = restoreFromStore(openAggregate(), { store, snapshot: { ...snapshot, v: 4 } })
    const message = 'expected a store that continues version 4, got one at 3'
    await expect(restoring).rejects.toMatchObject({ code: 'store-diverged', message })
  })

  it('[D32] restore the newer of the two, and the one of the store where both are as new', async () => {
    const { store, snapshot } = await openStore()
    const named = (h: string, v = snapshot.v) => ({ ...snapshot, h, v })
    const restored = async (saved: DeskSnapshot | null, given: DeskSnapshot | undefined) => {
      const loading = { ...store, loadSnapshot: async () => saved }
      return (await restoreFromStore(openAggregate(), { store: loading, snapshot: given }))?.h
    }
    expect(await restored(named('saved', 1), named('given', 2))).toBe('given')
    expect(await restored(named('saved', 3), named('given', 2))).toBe('saved')
    expect(await restored(named('saved'), named('given'))).toBe('saved')
    expect(await restored(null, named('given'))).toBe('given')
    expect(await restored(named('saved'), undefined)).toBe('saved')
    expect(await restored(null, undefined)).toBeUndefined()
  })

  it('[D42] open no desk when a newer release wrote the snapshot in the store', async () => {
    const { store, snapshot } = await openStore()
    const loading = { ...store, loadSnapshot: async () => ({ ...snapshot, schema: 2 }) as never }
    await expect(openDesk({ store: loading, clock: manualClock() })).rejects.toMatchObject({
      code: 'store-newer-schema',
      message: expect.stringContaining('The snapshot at version 2'),
    })
  })
})

describe('a malformed snapshot', () => {
  const desk = { schema: 1 }
  const whole = { schema: 1, v: 0, h: '', t: 0, state: { desk, answers: [] } }

  it.each<[object, string]>([
    [{ v: 1.5 }, 'snapshot.v: expected a version, got 1.5'],
    [{ h: null }, 'snapshot.h: expected a hash, got null'],
    [{ t: '0' }, 'snapshot.t: expected an instant, got "0"'],
    [{ state: null }, 'snapshot.state: expected the state of a desk, got null'],
    [{ state: { answers: [] } }, 'snapshot.state.desk: expected the state of a desk, got nothing'],
    [
      { state: { desk: { schema: 2 }, answers: [] } },
      'snapshot.state.desk.schema: expected 1, the schema of this release, got 2',
    ],
    [{ state: { desk, answers: {} } }, 'snapshot.state.answers: expected a list, got an object'],
    [{ state: { desk, answers: [], nodes: {} } }, 'snapshot.state.nodes: expected a list, got an object'],
    [{ state: { desk, answers: [], traces: 'x' } }, 'snapshot.state.traces: expected a list, got "x"'],
  ])('[D42] is refused with the path of what is wrong: %j', (part, line) => {
    expect(() => parseSnapshot({ ...whole, ...part })).toThrow(line)
  })

  it('[D42] is none at all', () => {
    for (const given of [null, 'x', [], 5])
      expect(() => parseSnapshot(given)).toThrow('snapshot: expected a snapshot of a desk')
    expect(parseSnapshot(whole)).toEqual(whole)
  })
})
