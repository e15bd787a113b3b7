import { describe, expect, it, vi } from 'vitest'
import { openDeskIn } from '../../../src/desk/open-desk'
import { clocked, node, staff } from './node'
import { quickMeans } from './quick-means'
import { TestWire } from './wire'

describe('a desk on a log that loses what it held', () => {
  it('[ND15] puts entries back that the engine has lost, and tells nobody of a change', async () => {
    const first = clocked()
    const one = await node('one', first)
    await one.desk.connect('ana', 'tab')
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const entries = await first.read(0, 100)
    const told = one.told.length
    const restored = clocked()
    await restored.restore(entries.slice(0, -2))
    const { desk } = await node('two', restored)
    one.wire.log = restored
    await vi.waitFor(async () => expect(await restored.read(0, 100)).toEqual(entries), { timeout: 30_000 })
    await desk.fresh()
    expect(desk.request('r1')).toMatchObject({ phase: 'ringing' })
    expect(one.told.slice(told)).toEqual([])
  })

  it('[ND15] puts back what followed the snapshot that it was opened with', async () => {
    const first = clocked(0)
    const one = await node('one', first)
    await one.desk.connect('ana', 'tab')
    await first.saveSnapshot(one.desk.snapshot())
    const two = await node('two', first)
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await Promise.all([two.desk.fresh(), one.desk.close()])
    const [snapshot, all] = [await first.loadSnapshot(), await first.read(0, 100)]
    const restored = clocked(0)
    if (snapshot !== null) await restored.saveSnapshot(snapshot)
    two.wire.log = restored
    await two.desk.fresh()
    expect(await restored.read(snapshot?.v ?? 0, 100)).toEqual(all.slice(-1))
    expect(two.told).not.toContain('reset')
  })

  it('[ND9] says nothing of a log that has lost something before others had the time to put back more', async () => {
    const first = clocked()
    const one = await node('one', first)
    await one.desk.connect('ana', 'tab')
    const wire = new TestWire(first)
    const { waits, means } = withHeldWaits('two')
    const two = await openDeskIn({ means }, { staff, policy: { sessionLeaseMs: null }, log: wire })
    wire.isDeaf = true
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const shortened = clocked()
    await shortened.restore((await first.read(0, 100)).slice(0, 1))
    wire.log = shortened
    const accepted = two.accept('r1', 'ana')
    await vi.waitFor(() => expect(waits).toHaveLength(1), { timeout: 30_000 })
    expect(await shortened.head()).toMatchObject({ v: two.version })
    one.wire.log = shortened
    await one.desk.fresh()
    for (const go of waits) go()
    expect(await accepted).toMatchObject({ ok: true })
  })

  it('[ND15] writes nothing to an empty log before others had the time to put back what it may have lost', async () => {
    const first = clocked()
    const one = await node('one', first)
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const emptied = clocked()
    one.wire.log = emptied
    const { waits, means } = withHeldWaits('two')
    const opening = openDeskIn({ means }, { staff, log: new TestWire(emptied) })
    await vi.waitFor(() => expect(waits).toHaveLength(1), { timeout: 30_000 })
    await one.desk.fresh()
    for (const go of waits) go()
    const two = await opening
    expect(two.request('r1')).toMatchObject({ phase: 'waiting' })
    expect(one.told).not.toContain('reset')
  })
})

/** A node that waits for others until it is told to go on, and whose other timers never ring. */
function withHeldWaits(name: string) {
  const waits: (() => void)[] = []
  const after = (ms: number, then: () => void) => {
    if (ms === 250) waits.push(then)
    return () => {}
  }
  return { waits, means: { ...quickMeans(name), after } }
}
