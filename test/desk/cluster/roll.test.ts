import { expect, it, vi } from 'vitest'
import { memoryStore } from '../../../src'
import type { NodeRoll } from '../../../src/store'
import { openVirtualNode, pass, virtualNow, withVirtualTime } from './virtual-time'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

withVirtualTime()

const options = { staff: [{ id: 'ana' }], policy: { sessionLeaseMs: null } }

const rollOf = (incarnation: string, ageMs: number, isSynced: boolean): NodeRoll => ({
  incarnation,
  ageMs,
  nodes: [{ node: 'two', isSynced }],
})

async function openOne() {
  const memory = memoryStore({ now: virtualNow })
  const node = await openVirtualNode('one', memory, options)
  const mute = node.desk.requestChat({ requestId: 'r0', visitorId: 'v0' })
  await pass(1_000)
  expect(await mute).toMatchObject({ ok: true })
  return { ...node, memory }
}

it('[ND44] appends nothing in another incarnation before the other node has put back what it holds', async () => {
  const { desk, store } = await openOne()
  let roll = rollOf('second', 0, false)
  store.liveness = () => ({ roll })
  await pass(4_000)
  const answer = desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  const before = store.batches.length
  await pass(2_000)
  expect(store.batches).toHaveLength(before)
  expect(store.heartbeats.at(-1)).toMatchObject({ syncedIn: 'second', roll: ['two'] })
  roll = rollOf('second', 2_000, true)
  await pass(1_000)
  expect(await answer).toMatchObject({ ok: true })
  expect(desk.awaiting().map(({ requestId }) => requestId)).toEqual(['r0', 'r1'])
})

it('[ND44] waits for a node that does not come back for ten seconds, and refuses commands meanwhile', async () => {
  const { desk, store } = await openOne()
  store.liveness = () => ({ roll: rollOf('second', 9_999, false) })
  await pass(4_000)
  const refused = desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  await pass(7_000)
  expect(await refused).toMatchObject({ ok: false, code: 'unavailable' })
  store.liveness = () => ({ roll: rollOf('second', 10_000, false) })
  await pass(1_000)
  const answer = desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  await pass(1_000)
  expect(await answer).toMatchObject({ ok: true })
})

it('[ND44] says that it is synced only in the incarnation in which it has read', async () => {
  const { desk, store } = await openOne()
  let heartbeats = 0
  store.liveness = () => {
    heartbeats += 1
    return { roll: rollOf(`incarnation ${Math.min(heartbeats, 5)}`, 0, true) }
  }
  const from = store.heartbeats.length
  await pass(6_000)
  const named = store.heartbeats.slice(from).map(({ syncedIn }) => syncedIn)
  expect(named.slice(0, 6)).toEqual(['', ...[1, 2, 3, 4, 5].map((n) => `incarnation ${n}`)])
  await desk.close()
  expect(store.heartbeats.at(-1)).toMatchObject({ node: 'one', isLeaving: true })
})

it('[ND47] reports a setting that loses entries once, and goes on', async () => {
  const { desk, store } = await openOne()
  const errors: string[] = []
  desk.on('error', ({ code, message }) => errors.push(`${code}: ${message}`))
  store.liveness = () => ({ settingsProblem: 'appendfsync is no' })
  await pass(10_000)
  expect(errors).toEqual(['store-failed: appendfsync is no'])
  store.liveness = () => ({ settingsProblem: null })
  await pass(4_000)
  store.liveness = () => ({ settingsProblem: 'appendfsync is no' })
  await pass(4_000)
  expect(errors).toHaveLength(2)
  const answer = desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  await pass(1_000)
  expect(await answer).toMatchObject({ ok: true })
})

it('[ND45] saves a snapshot as soon as another node needs one', async () => {
  const { desk, store, memory } = await openOne()
  const saved = vi.spyOn(memory, 'saveSnapshot')
  store.liveness = () => ({ isSnapshotNeeded: true })
  await pass(3_500)
  expect(saved).toHaveBeenCalledWith(expect.objectContaining({ v: desk.version }))
})

it('[ND46] is stale within 5 s of refused writes, without a command, and current once they go through', async () => {
  const { desk, store } = await openOne()
  const reported: string[] = []
  desk.on('node.stale', ({ error }) => reported.push(`${error.code}: ${error.message}`))
  desk.on('node.recovered', () => reported.push('recovered'))
  store.liveness = () => {
    throw new Error('READONLY')
  }
  await pass(5_000)
  expect(reported).toEqual(['stale: the store can be read, and refuses to be written: READONLY'])
  expect(await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })).toMatchObject({ code: 'unavailable' })
  store.liveness = () => ({})
  await pass(2_000)
  expect(reported.slice(1)).toEqual(['recovered'])
})

it('[ND46] is stale while a deadline is overdue by more than 5 s', async () => {
  const { desk, store } = await openOne()
  const connected = desk.connect('ana', 'tab')
  await pass(500)
  await connected
  const reported: string[] = []
  desk.on('node.stale', ({ error }) => reported.push(error.message))
  desk.on('node.recovered', () => reported.push('recovered'))
  const snoozed = desk.snooze('r0', 'ana', { forMs: 1_000 })
  await pass(500)
  await snoozed
  const append = store.append.bind(store)
  store.append = async () => ({ status: 'early', t: virtualNow() })
  await pass(9_000)
  expect(reported).toEqual(['a deadline is overdue by more than 5 s: no node can write'])
  store.append = append
  await pass(4_000)
  expect(reported.slice(1)).toEqual(['recovered'])
})
