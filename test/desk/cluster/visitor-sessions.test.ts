import { expect, it } from 'vitest'
import { type Desk, type DeskOptions, memoryStore, openDesk } from '../../../src'
import type { EventStore } from '../../../src/store'
import { openVirtualNode, pass, virtualClock, virtualNow, withVirtualTime } from './virtual-time'

withVirtualTime()

const openNode = (name: string, store: EventStore, options: DeskOptions = {}) =>
  openVirtualNode(name, store, { staff: [{ id: 'ana' }], ...options })

const newStore = () => memoryStore({ now: virtualNow })

/** Sends heartbeats of a visitor's session as a page does; returns a function that stops it. */
function keepAlive(desk: Desk, visitorId: string, sessionId: string): () => void {
  const timer = setInterval(() => void desk.visitorHeartbeat(visitorId, sessionId).catch(() => {}), 10_000)
  return () => clearInterval(timer)
}

it('[ND28] rings for nobody five minutes after the node of a waiting visitor was killed', async () => {
  const store = newStore()
  const killed = await openNode('killed', store)
  const living = await openNode('living', store)
  await killed.desk.visitorArrived({ visitorId: 'v1', sessionId: 'tab' })
  await killed.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  killed.store.isDisconnected = true
  await pass(25_000)
  expect(living.desk.request('r1')).toMatchObject({ phase: 'waiting' })
  await pass(75_000)
  await living.desk.connect('ana', 'tab')
  expect(living.desk.ringing('ana')).toEqual([])
  expect(living.desk.request('r1')).toBeUndefined()
}, 60_000)

it('[ND28][E14] rings no longer for a visitor who asked again, once the node that was asked has been killed', async () => {
  const store = newStore()
  const killed = await openNode('killed', store)
  const living = await openNode('living', store)
  await living.desk.connect('ana', 'tab')
  const timer = setInterval(() => void living.desk.heartbeat('ana', 'tab'), 10_000)
  await living.desk.visitorArrived({ visitorId: 'v1', sessionId: 'tab' })
  await living.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  await living.desk.visitorLeft('v1', { sessionId: 'tab' })
  await killed.desk.requestChat({ visitorId: 'v1' })
  await living.desk.sync()
  expect(living.desk.ringing('ana')).toEqual(['r1'])
  killed.store.isDisconnected = true
  await pass(35_000)
  expect(living.desk.ringing('ana')).toEqual([])
  clearInterval(timer)
}, 60_000)

it('[ND28] loses no visitor of a killed node who comes back at another one', async () => {
  const store = newStore()
  const killed = await openNode('killed', store)
  const living = await openNode('living', store)
  await killed.desk.visitorArrived({ visitorId: 'v1', sessionId: 'tab' })
  await killed.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  killed.store.isDisconnected = true
  await pass(2_000)
  await living.desk.visitorArrived({ visitorId: 'v1', sessionId: 'tab' })
  const stop = keepAlive(living.desk, 'v1', 'tab')
  await pass(150_000)
  await living.desk.connect('ana', 'tab')
  expect(living.desk.ringing('ana')).toEqual(['r1'])
  stop()
}, 60_000)

it('[ND28] abandons no visitor of other nodes when a node starts, stops or starts again', async () => {
  const store = newStore()
  const one = await openNode('one', store)
  await one.desk.visitorArrived({ visitorId: 'v1', sessionId: 'tab' })
  await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  const stop = keepAlive(one.desk, 'v1', 'tab')
  for (const name of ['two', 'three']) {
    const other = await openNode(name, store)
    await other.desk.visitorArrived({ visitorId: 'v1', sessionId: `at ${name}` })
    await pass(60_000)
    await other.desk.visitorLeft('v1', { sessionId: `at ${name}` })
    other.store.isDisconnected = true
  }
  await pass(30_000)
  await one.desk.connect('ana', 'tab')
  expect(one.desk.ringing('ana')).toEqual(['r1'])
  stop()
}, 60_000)

it('[ND28] gives visitors visitorLeaseMs to come back when all nodes were gone', async () => {
  const store = newStore()
  const first = await openNode('first', store)
  await first.desk.visitorArrived({ visitorId: 'v1', sessionId: 'tab' })
  await first.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  await first.desk.visitorArrived({ visitorId: 'v2', sessionId: 'tab' })
  await first.desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
  await first.desk.visitorLeft('v2', { sessionId: 'tab' })
  first.store.isDisconnected = true
  await pass(100_000)
  const second = await openNode('second', store)
  expect(
    second.desk
      .awaiting()
      .map(({ requestId }) => requestId)
      .toSorted(),
  ).toEqual(['r1', 'r2'])
  await pass(40_000)
  await second.desk.visitorArrived({ visitorId: 'v2', sessionId: 'tab-2' })
  const stop = keepAlive(second.desk, 'v2', 'tab-2')
  await pass(60_000)
  await second.desk.sync()
  expect(second.desk.awaiting().map(({ requestId }) => requestId)).toEqual(['r2'])
  stop()
}, 60_000)

it('[ND28] gives visitors visitorLeaseMs to come back when a node starts again at once', async () => {
  const store = newStore()
  const first = await openNode('first', store)
  await first.desk.visitorArrived({ visitorId: 'v1', sessionId: 'tab' })
  await first.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  await pass(58_000)
  await first.desk.visitorArrived({ visitorId: 'v2', sessionId: 'tab' })
  await first.desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
  first.store.isDisconnected = true
  const second = await openNode('second', store)
  const resumed: number[] = []
  second.desk.on('desk.resumed', ({ at }) => void resumed.push(at))
  await second.desk.connect('ana', 'tab')
  await pass(8_000)
  expect(second.desk.ringing('ana')).toEqual(['r1', 'r2'])
  expect(resumed).toHaveLength(1)
  await pass(45_000)
  await second.desk.visitorArrived({ visitorId: 'v1', sessionId: 'tab-2' })
  const stop = keepAlive(second.desk, 'v1', 'tab-2')
  await pass(90_000)
  await second.desk.sync()
  expect(second.desk.awaiting().map(({ requestId }) => requestId)).toEqual(['r1'])
  expect(resumed).toHaveLength(1)
  stop()
}, 60_000)

it('[ND28] abandons no visitor of a short wait when a node starts again at once', async () => {
  const store = newStore()
  const first = await openNode('first', store)
  await first.desk.setPolicy({ abandonAfterMs: 4_000 })
  await first.desk.visitorArrived({ visitorId: 'v1', sessionId: 'tab' })
  await first.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  first.store.isDisconnected = true
  const second = await openNode('second', store)
  await pass(50_000)
  expect(second.desk.request('r1')).toBeDefined()
  await pass(40_000)
  await second.desk.sync()
  expect(second.desk.request('r1')).toBeUndefined()
}, 60_000)

it('[ND28] does not wait for visitors again when a node starts beside others', async () => {
  const store = newStore()
  const first = await openNode('first', store)
  await first.desk.setPolicy({ abandonAfterMs: 10_000 })
  await first.desk.connect('ana', 'tab')
  await first.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  await first.desk.visitorLeft('v1')
  const second = await openNode('second', store)
  const resumed: number[] = []
  second.desk.on('desk.resumed', ({ at }) => void resumed.push(at))
  await second.desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
  await second.desk.visitorLeft('v2')
  await pass(40_000)
  await second.desk.sync()
  expect(second.desk.awaiting()).toEqual([])
  expect(resumed).toEqual([])
}, 60_000)

it.each([
  { where: 'who waits', isChat: false },
  { where: 'in a chat', isChat: true },
])(
  '[ND28] gives up no visitor ($where) whose page could reach no node while the backend was stalled',
  async ({ isChat }) => {
    const store = newStore()
    const [one, two] = [await openNode('one', store), await openNode('two', store)]
    await one.desk.setPolicy({ abandonAfterMs: 5_000, endWhenVisitorLeftMs: 5_000, reclaimAfterMs: null })
    const resumed: number[] = []
    one.desk.on('desk.resumed', ({ at }) => void resumed.push(at))
    for (const id of ['1', '2']) {
      await one.desk.visitorArrived({ visitorId: `v${id}`, sessionId: 'tab' })
      await one.desk.requestChat({ requestId: `r${id}`, visitorId: `v${id}` })
      if (isChat) await one.desk.accept(`r${id}`, 'ana')
      await one.desk.visitorLeft(`v${id}`, { sessionId: 'tab' })
    }
    for (const node of [one, two]) node.store.isDisconnected = true
    await pass(9_000)
    for (const node of [one, two]) node.store.reconnect()
    await pass(6_000)
    await two.desk.connect('ana', 'tab')
    await two.desk.visitorArrived({ visitorId: 'v1', sessionId: 'tab-2' })
    const stop = keepAlive(two.desk, 'v1', 'tab-2')
    const kept = () => one.desk.requests().map(({ requestId }) => requestId)
    while (kept().length > 1) await pass(1_000)
    expect(kept()).toEqual(['r1'])
    await pass(20_000)
    await one.desk.sync()
    expect(kept()).toEqual(['r1'])
    expect(resumed).toHaveLength(1)
    stop()
  },
  60_000,
)

it('[D67] ends the sessions in a snapshot that is opened on an empty store, also those without leases', async () => {
  const policy = { sessionLeaseMs: null, visitorLeaseMs: null }
  const gone = await openDesk({ staff: [{ id: 'ana' }], policy, clock: virtualClock })
  await gone.connect('ana', 'tab')
  await gone.visitorArrived({ visitorId: 'v1', sessionId: 'tab' })
  await gone.requestChat({ requestId: 'r1', visitorId: 'v1' })
  await gone.requestChat({ requestId: 'r2', visitorId: 'v2' })
  await gone.visitorArrived({ visitorId: 'v2' })
  const { desk } = await openNode('new', newStore(), { snapshot: gone.snapshot() })
  await pass(20_000)
  expect(desk.request('r1')?.visitorLeftAt).toEqual(expect.any(Number))
  await pass(100_000)
  await desk.sync()
  expect(desk.staff('ana')?.isPresent).toBe(false)
  expect(desk.awaiting().map(({ requestId }) => requestId)).toEqual(['r2'])
}, 60_000)
