import { describe, expect, it, vi } from 'vitest'
import type { Desk } from '../../../src'
import { restoreState } from '../../../src/core'
import { reconcileLostEntries } from '../../../src/desk/cluster/entry-applier'
import { rebuiltState } from './rebuilt-state'
import { openTestNode, storeWithSystemTime, type TestNode } from './test-node'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/**
 * Two nodes on a store, with Ana connected at the second one. `before` is what they do next; the history that replaces
 * theirs has nothing of it, but another request in its place.
 */
async function afterLoss(before: (one: Desk, two: Desk) => Promise<unknown>) {
  const first = storeWithSystemTime()
  const [one, two] = [await openTestNode('one', first), await openTestNode('two', first)]
  await two.desk.connect('ana', 'tab')
  await one.desk.sync()
  const kept = await first.read(0, 100)
  await before(one.desk, two.desk)
  await Promise.all([one.desk.sync(), two.desk.sync()])
  const other = storeWithSystemTime()
  await other.restore(kept)
  const three = await openTestNode('three', other)
  for (const id of ['x1', 'x2', 'x3', 'x4', 'x5', 'x6'])
    await three.desk.requestChat({ requestId: id, visitorId: `of ${id}` })
  const switchHistory = async ({ desk, store, received }: TestNode) => {
    store.target = other
    await desk.sync()
    await desk.idle()
    expect(received).toContain('rebuilt')
  }
  return { one, two, three, switchHistory }
}

const isRinging = ({ desk }: TestNode) => desk.ringing('ana').includes('r1')

describe('a request that is opened again after a loss', () => {
  it('[ND29] rings again for a visitor who was here', async () => {
    const { one, switchHistory } = await afterLoss(async (desk) => {
      await desk.visitorArrived({ visitorId: 'v1', sessionId: 'page' })
      await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    })
    await switchHistory(one)
    expect(isRinging(one)).toBe(true)
    await one.desk.visitorLeft('v1', { sessionId: 'page' })
    expect(isRinging(one)).toBe(false)
  })

  it('[ND29] is not asked for again by a second node, when its visitor has left meanwhile', async () => {
    const { one, two, switchHistory } = await afterLoss(async (desk) => {
      await desk.visitorArrived({ visitorId: 'v1', sessionId: 'page' })
      await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    })
    await switchHistory(two)
    expect(isRinging(two)).toBe(true)
    await two.desk.visitorLeft('v1', { sessionId: 'page' })
    await switchHistory(one)
    expect(isRinging(one)).toBe(false)
  })

  it('[ND29] is asked for by no second node, when its visitor has left before that', async () => {
    const { one, three } = await afterLoss((desk) => desk.requestChat({ requestId: 'r1', visitorId: 'v1' }))
    const before = restoreState(one.desk.snapshot().state.desk)
    const rebuilt = { ...rebuiltState, state: restoreState(three.desk.snapshot().state.desk) }
    const { reopenCommands } = reconcileLostEntries([], before, rebuilt)
    const toCommand = () => {
      const state = restoreState(three.desk.snapshot().state.desk)
      return reopenCommands.map((command) => command.toCommand(state.at, state))
    }
    await three.desk.requestChat({ requestId: 'r2', visitorId: 'v1' })
    expect(toCommand()).toEqual([null])
    await three.desk.cancel('r2')
    expect(toCommand()).toMatchObject([{ type: 'requestChat', requestId: 'r1' }])
    await three.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await three.desk.visitorLeft('v1')
    expect(toCommand()).toEqual([null])
    await three.desk.cancel('r1')
    expect(toCommand()).toEqual([null])
  })

  it('[ND29] is opened again beside the visitor’s other ones, as many as the visitor may have', async () => {
    const policy = { sessionLeaseMs: null, requestsPerVisitorMax: 2 }
    const first = storeWithSystemTime()
    const one = await openTestNode('one', first, { policy })
    const kept = await first.read(0, 100)
    for (const requestId of ['r1', 'r2']) await one.desk.requestChat({ requestId, visitorId: 'v1' })
    const other = storeWithSystemTime()
    await other.restore(kept)
    const two = await openTestNode('two', other, { policy })
    await two.desk.setAvailability('ana', 'away')
    one.store.target = other
    await one.desk.sync()
    await one.desk.idle()
    expect(one.desk.awaiting().map(({ requestId }) => requestId)).toEqual(['r1', 'r2'])
  })

  it('[ND29] does not take the page for one at the node that opens it again', async () => {
    const { one, three, switchHistory } = await afterLoss(async (desk, two) => {
      await two.visitorArrived({ visitorId: 'v1', sessionId: 'page' })
      await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    })
    await switchHistory(one)
    await three.desk.sync()
    expect(isRinging(three)).toBe(true)
    one.store.isDisconnected = true
    await vi.waitFor(() => expect(isRinging(three)).toBe(false), { timeout: 30_000 })
    await vi.waitFor(() => expect(one.received).toContain('stale: stale'), { timeout: 30_000 })
    one.store.reconnect()
    await vi.waitFor(() => expect(one.received).toContain('recovered'), { timeout: 30_000 })
    await one.desk.sync()
    await one.desk.idle()
    expect(one.desk.version).toBeGreaterThanOrEqual(three.desk.version)
    expect(isRinging(one)).toBe(false)
  })

  it('[ND29] stays silent for a visitor who had left', async () => {
    const { one, switchHistory } = await afterLoss(async (desk) => {
      await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
      await desk.visitorLeft('v1')
    })
    await switchHistory(one)
    expect(one.desk.request('r1')).toBeDefined()
    expect(isRinging(one)).toBe(false)
  })

  it('[ND29] gives the visitor a session with a lease, also where the page was at another node', async () => {
    const { one, switchHistory } = await afterLoss(async (desk, two) => {
      await desk.setPolicy({ visitorLeaseMs: 300, sessionLeaseMs: null })
      await two.visitorArrived({ visitorId: 'v1', sessionId: 'page' })
      await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    })
    await one.desk.setPolicy({ visitorLeaseMs: 300, sessionLeaseMs: null })
    await switchHistory(one)
    await one.desk.setPolicy({ visitorLeaseMs: 300, sessionLeaseMs: null })
    await vi.waitFor(() => expect(isRinging(one)).toBe(false), { timeout: 30_000 })
    expect(one.desk.request('r1')).toBeDefined()
  })

  it('[ND29] belongs to a visitor who has left, also when only the goodbye was lost', async () => {
    const first = storeWithSystemTime()
    const one = await openTestNode('one', first)
    await one.desk.connect('ana', 'tab')
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const kept = await first.read(0, 100)
    await one.desk.visitorLeft('v1')
    const other = storeWithSystemTime()
    await other.restore(kept)
    const two = await openTestNode('two', other)
    expect(isRinging(two)).toBe(true)
    await two.desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
    one.store.target = other
    await one.desk.sync()
    await one.desk.idle()
    expect(one.desk.ringing('ana')).toEqual(['r2'])
  })

  it('[ND29] keeps ringing for a visitor who has come back in the history that goes on', async () => {
    const first = storeWithSystemTime()
    const one = await openTestNode('one', first)
    await one.desk.connect('ana', 'tab')
    await one.desk.visitorArrived({ visitorId: 'v1' })
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const kept = await first.read(0, 100)
    await one.desk.visitorLeft('v1')
    const other = storeWithSystemTime()
    await other.restore(kept)
    const two = await openTestNode('two', other)
    await two.desk.visitorLeft('v1')
    await new Promise((resolve) => setTimeout(resolve, 5))
    await two.desk.visitorArrived({ visitorId: 'v1' })
    one.store.target = other
    await one.desk.sync()
    await one.desk.idle()
    expect(isRinging(one)).toBe(true)
  })
})

describe('a session whose connection is at a node', () => {
  it('[ND30] starts again in the history that replaces the one of its node', async () => {
    const first = storeWithSystemTime()
    const one = await openTestNode('one', first)
    const kept = await first.read(0, 100)
    await one.desk.connect('ana', 'tab')
    await one.desk.visitorArrived({ visitorId: 'v1', sessionId: 'page' })
    const other = storeWithSystemTime()
    await other.restore(kept)
    const two = await openTestNode('two', other)
    await two.desk.setAvailability('bo', 'away')
    await two.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    one.store.target = other
    await one.desk.sync()
    await one.desk.idle()
    expect(one.desk.staff('ana')).toMatchObject({ isPresent: true })
    expect(one.desk.ringing('ana')).toEqual(['r1'])
    await one.desk.visitorLeft('v1', { sessionId: 'page' })
    expect(one.desk.ringing('ana')).toEqual([])
  })

  it('[ND31] ends by a goodbye that comes to another node', async () => {
    const [one, two] = await openNodesWithPage()
    await two.desk.visitorLeft('v1', { sessionId: 'page' })
    await one.desk.sync()
    await one.desk.idle()
    expect(one.desk.ringing('ana')).toEqual([])
  })

  it('[ND31] goes on when the node that it has left notices that late', async () => {
    const [one, two] = await openNodesWithPage()
    await two.desk.visitorArrived({ visitorId: 'v1', sessionId: 'page' })
    await one.desk.visitorLeft('v1', { sessionId: 'page' })
    await two.desk.sync()
    await two.desk.idle()
    await one.desk.sync()
    expect(one.desk.ringing('ana')).toEqual(['r1'])
  })
})

/** Opens two nodes on one store, with a staff member and the page of a waiting visitor at the first. */
async function openNodesWithPage() {
  const store = storeWithSystemTime()
  const [one, two] = [await openTestNode('one', store), await openTestNode('two', store)]
  await one.desk.connect('ana', 'tab')
  await one.desk.visitorArrived({ visitorId: 'v1', sessionId: 'page' })
  await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  return [one, two] as const
}
