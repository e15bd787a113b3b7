import { describe, expect, it, vi } from 'vitest'
import { openDeskWithEnvironment } from '../../../src/desk/open-desk'
import { serveStaff } from '../../../src/host'
import { createPortal } from '../../../src/portal'
import { fastEnvironment } from './fast-environment'
import { FaultyStore } from './faulty-store'
import { openTestNode, staff, storeWithSystemTime } from './test-node'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe('a desk on a store that loses entries', () => {
  it('[ND15] puts entries back that the backend has lost, and emits no change', async () => {
    const first = storeWithSystemTime()
    const one = await openTestNode('one', first)
    await one.desk.connect('ana', 'tab')
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const entries = await first.read(0, 100)
    const count = one.received.length
    const restored = storeWithSystemTime()
    await restored.restore(entries.slice(0, -2))
    const { desk } = await openTestNode('two', restored)
    one.store.target = restored
    await vi.waitFor(async () => expect(await restored.read(0, 100)).toEqual(entries), { timeout: 30_000 })
    await desk.sync()
    expect(desk.request('r1')).toMatchObject({ phase: 'ringing' })
    expect(one.received.slice(count)).toEqual([])
  })

  it('[ND15] puts back what followed the snapshot that it was opened with', async () => {
    const first = storeWithSystemTime(0)
    const one = await openTestNode('one', first)
    await one.desk.connect('ana', 'tab')
    await first.saveSnapshot(one.desk.snapshot())
    const two = await openTestNode('two', first)
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await Promise.all([two.desk.sync(), one.desk.close()])
    const [snapshot, all] = [await first.loadSnapshot(), await first.read(0, 100)]
    const restored = storeWithSystemTime(0)
    if (snapshot !== null) await restored.saveSnapshot(snapshot)
    two.store.target = restored
    await two.desk.sync()
    expect(await restored.read(snapshot?.v ?? 0, 100)).toEqual(all.slice(-1))
    expect(two.received).not.toContain('rebuilt')
  })

  it('[ND9] refuses nothing by a store that has lost entries before other nodes had time to put them back', async () => {
    const first = storeWithSystemTime()
    const one = await openTestNode('one', first)
    await one.desk.connect('ana', 'tab')
    const faultyStore = new FaultyStore(first)
    const { waits, environment } = withHeldWaits('two')
    const two = await openDeskWithEnvironment(
      { environment: environment },
      { staff, policy: { sessionLeaseMs: null }, store: faultyStore },
    )
    faultyStore.dropsNotifications = true
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const shortened = storeWithSystemTime()
    await shortened.restore((await first.read(0, 100)).slice(0, 1))
    faultyStore.target = shortened
    const accepted = two.accept('r1', 'ana')
    await vi.waitFor(() => expect(waits).toHaveLength(1), { timeout: 30_000 })
    expect(await shortened.head()).toMatchObject({ v: two.version })
    one.store.target = shortened
    await one.desk.sync()
    for (const resume of waits) resume()
    expect(await accepted).toMatchObject({ ok: true })
  })

  it('[ND15] writes nothing to an empty store before other nodes had time to put back what it may have lost', async () => {
    const first = storeWithSystemTime()
    const one = await openTestNode('one', first)
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const emptied = storeWithSystemTime()
    one.store.target = emptied
    const { waits, environment } = withHeldWaits('two')
    const opening = openDeskWithEnvironment({ environment: environment }, { staff, store: new FaultyStore(emptied) })
    await vi.waitFor(() => expect(waits).toHaveLength(1), { timeout: 30_000 })
    await one.desk.sync()
    for (const resume of waits) resume()
    const two = await opening
    expect(two.request('r1')).toMatchObject({ phase: 'waiting' })
    expect(one.received).not.toContain('rebuilt')
  })
})

describe('a desk whose store continues from another history', () => {
  /** Ana accepts r1, and the transfer of r2 returns to her unaccepted. In the other history she has only r3. */
  async function withLostAssignments(name: string) {
    const first = storeWithSystemTime()
    const one = await openTestNode(name, first, { policy: { sessionLeaseMs: null, transferMs: 1 } })
    for (const id of ['r1', 'r2', 'r3']) await one.desk.requestChat({ requestId: id, visitorId: `of ${id}` })
    for (const id of ['r2', 'r3']) await one.desk.accept(id, 'ana')
    await one.desk.connect('ana', 'tab')
    const kept = await first.read(0, 100)
    await one.desk.accept('r1', 'ana')
    await one.desk.transfer('r2', { by: 'ana', to: { staff: 'bo' } })
    await vi.waitFor(() => expect(one.desk.request('r2')?.assignment?.staffId).toBe('ana'), { timeout: 30_000 })
    const other = storeWithSystemTime()
    await other.restore(kept)
    const { desk: two } = await openTestNode('two', other)
    await Promise.all([two.accept('r1', 'bo'), two.release('r2', { by: 'ana' })])
    const switchHistory = async () => {
      one.store.target = other
      await one.desk.sync()
    }
    return { ...one, switchHistory }
  }

  it('[ND26] names each assignment that a staff member had and has no more, before the rebuilt state', async () => {
    const { desk, received, switchHistory } = await withLostAssignments('one')
    const revoked = vi.fn(() => void received.push('revoked'))
    desk.on('assignment.revoked', revoked)
    await switchHistory()
    const notification = { staffId: 'ana', version: desk.version, at: expect.any(Number) }
    expect(revoked.mock.calls).toEqual([
      [{ requestId: 'r1', visitorId: 'of r1', ...notification }],
      [{ requestId: 'r2', visitorId: 'of r2', ...notification }],
    ])
    expect(received.filter((line) => /^re(voked|built)|^error/.test(line))).toEqual([
      'revoked',
      'revoked',
      'rebuilt',
      expect.stringMatching(/^error: store-diverged: .* revoked: "r1" by "ana", "r2" by "ana"$/),
    ])
    expect(desk.request('r1')?.assignment?.staffId).toBe('bo')
    expect(desk.request('r3')?.assignment?.staffId).toBe('ana')
  })

  it('[V36] reports a revoked assignment to the screens of the staff member before they remove it', async () => {
    const { desk, switchHistory } = await withLostAssignments('one')
    const server = serveStaff(desk, { flushMs: 0 })
    const seen: string[] = []
    for (const staffId of ['ana', 'bo']) {
      const portal = createPortal(staffId)
      const link = portal.open((message) => connection.receive(message))
      const connection = server.attach({ staffId, send: link.receive, onClosed: link.close })
      const has = () => portal.getSnapshot().chats.some((chat) => chat.requestId === 'r1')
      portal.onRevoked((requestId) => seen.push(`${staffId} ${requestId} ${has()}`))
      await vi.waitFor(() => expect(portal.getSnapshot().connection).toBe('live'))
    }
    await switchHistory()
    server.close()
    expect(seen).toEqual(['ana r1 true', 'ana r2 true'])
  })
})

/** An environment whose waits for other nodes are ended by the test, and whose other timers never fire. */
function withHeldWaits(name: string) {
  const waits: (() => void)[] = []
  const schedule = (ms: number, act: () => void) => {
    if (ms === 250) waits.push(act)
    return () => {}
  }
  return { waits, environment: { ...fastEnvironment(name), schedule } }
}
