import { describe, expect, it, vi } from 'vitest'
import { openDeskWithEnvironment } from '../../../src/desk/open-desk'
import { serveStaff } from '../../../src/host'
import { createPortal } from '../../../src/portal'
import { fastEnvironment } from './fast-environment'
import { FaultyStore } from './faulty-store'
import { openTestNode, staff, storeWithSystemTime } from './test-node'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe('a desk on a log that loses what it held', () => {
  it('[ND15] puts entries back that the engine has lost, and tells nobody of a change', async () => {
    const first = storeWithSystemTime()
    const one = await openTestNode('one', first)
    await one.desk.connect('ana', 'tab')
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const entries = await first.read(0, 100)
    const told = one.received.length
    const restored = storeWithSystemTime()
    await restored.restore(entries.slice(0, -2))
    const { desk } = await openTestNode('two', restored)
    one.store.target = restored
    await vi.waitFor(async () => expect(await restored.read(0, 100)).toEqual(entries), { timeout: 30_000 })
    await desk.sync()
    expect(desk.request('r1')).toMatchObject({ phase: 'ringing' })
    expect(one.received.slice(told)).toEqual([])
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
    expect(two.received).not.toContain('reset')
  })

  it('[ND9] says nothing of a log that has lost something before others had the time to put back more', async () => {
    const first = storeWithSystemTime()
    const one = await openTestNode('one', first)
    await one.desk.connect('ana', 'tab')
    const wire = new FaultyStore(first)
    const { waits, means } = withHeldWaits('two')
    const two = await openDeskWithEnvironment(
      { environment: means },
      { staff, policy: { sessionLeaseMs: null }, store: wire },
    )
    wire.dropsNotifications = true
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const shortened = storeWithSystemTime()
    await shortened.restore((await first.read(0, 100)).slice(0, 1))
    wire.target = shortened
    const accepted = two.accept('r1', 'ana')
    await vi.waitFor(() => expect(waits).toHaveLength(1), { timeout: 30_000 })
    expect(await shortened.head()).toMatchObject({ v: two.version })
    one.store.target = shortened
    await one.desk.sync()
    for (const go of waits) go()
    expect(await accepted).toMatchObject({ ok: true })
  })

  it('[ND15] writes nothing to an empty log before others had the time to put back what it may have lost', async () => {
    const first = storeWithSystemTime()
    const one = await openTestNode('one', first)
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const emptied = storeWithSystemTime()
    one.store.target = emptied
    const { waits, means } = withHeldWaits('two')
    const opening = openDeskWithEnvironment({ environment: means }, { staff, store: new FaultyStore(emptied) })
    await vi.waitFor(() => expect(waits).toHaveLength(1), { timeout: 30_000 })
    await one.desk.sync()
    for (const go of waits) go()
    const two = await opening
    expect(two.request('r1')).toMatchObject({ phase: 'waiting' })
    expect(one.received).not.toContain('reset')
  })
})

describe('a desk whose log goes on from another history', () => {
  /** Ana accepts r1, and r2 comes back to her that nobody took over. In the other history she has only r3. */
  async function withLostChats(name: string) {
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
    const lose = async () => {
      one.store.target = other
      await one.desk.sync()
    }
    return { ...one, lose }
  }

  it('[ND26] names each chat that somebody had and has no more, before the reset', async () => {
    const { desk, received, lose } = await withLostChats('one')
    const revoked = vi.fn(() => void received.push('revoked'))
    desk.on('assignment.revoked', revoked)
    await lose()
    const notice = { staffId: 'ana', version: desk.version, at: expect.any(Number) }
    expect(revoked.mock.calls).toEqual([[{ requestId: 'r1', ...notice }], [{ requestId: 'r2', ...notice }]])
    expect(received.filter((line) => /^re|^error/.test(line))).toEqual([
      'revoked',
      'revoked',
      'reset',
      expect.stringMatching(/^error: store-diverged: .* taken back: "r1" by "ana", "r2" by "ana"$/),
    ])
    expect(desk.request('r1')?.assignment?.staffId).toBe('bo')
    expect(desk.request('r3')?.assignment?.staffId).toBe('ana')
  })

  it('[V36] tells the screens of who had it, before they show it gone', async () => {
    const { desk, lose } = await withLostChats('one')
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
    await lose()
    server.close()
    expect(seen).toEqual(['ana r1 true', 'ana r2 true'])
  })
})

/** A node that waits for others until it is told to go on, and whose other timers never ring. */
function withHeldWaits(name: string) {
  const waits: (() => void)[] = []
  const schedule = (ms: number, then: () => void) => {
    if (ms === 250) waits.push(then)
    return () => {}
  }
  return { waits, means: { ...fastEnvironment(name), schedule } }
}
