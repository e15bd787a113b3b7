import { describe, expect, it, vi } from 'vitest'
import { emptyState, recentEntriesMin, restoreState } from '../../../src/core'
import { reconcileLostEntries } from '../../../src/desk/cluster/entry-applier'
import { rebuiltState } from './rebuilt-state'
import { openTestNode, storeWithSystemTime } from './test-node'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const withoutLeases = { policy: { sessionLeaseMs: null } }

/**
 * Ana has r0 and r1, and r2 waits. The other store knows only that r0 waits, continues without the rest beyond the
 * first one's version, and keeps only a snapshot of that.
 */
async function behindSnapshot() {
  const first = storeWithSystemTime()
  const one = await openTestNode('one', first, withoutLeases)
  await one.desk.connect('ana', 'tab')
  await one.desk.requestChat({ requestId: 'r0', visitorId: 'of r0' })
  const kept = await first.read(0, 100)
  for (const id of ['r1', 'r2']) await one.desk.requestChat({ requestId: id, visitorId: `of ${id}` })
  for (const id of ['r0', 'r1']) await one.desk.accept(id, 'ana')
  const other = storeWithSystemTime(0)
  await other.restore(kept)
  const { desk: two } = await openTestNode('two', other, withoutLeases)
  const switchHistory = async () => {
    await other.saveSnapshot(two.snapshot())
    one.store.target = other
    await one.desk.sync()
  }
  return { one: one.desk, two, received: one.received, switchHistory }
}

describe('a request of a history that was replaced', () => {
  // A node that was merely behind would find r0 released as well: it names only what is certainly lost.
  it.each([
    { where: 'at the same place', opened: ['r3', 'r4', 'r5', 'r6'], gone: ['r0 ana', 'r1 ana'] },
    { where: 'further on', opened: ['r3', 'r4', 'r5', 'r6', 'r7'], gone: ['r1 ana'] },
  ])('[ND27] is opened again when a snapshot $where stands for the other history', async ({ opened, gone }) => {
    const { one, two, received, switchHistory } = await behindSnapshot()
    for (const id of opened) await two.requestChat({ requestId: id, visitorId: `of ${id}` })
    const revoked: string[] = []
    one.on('assignment.revoked', ({ requestId, staffId }) => void revoked.push(`${requestId} ${staffId}`))
    expect(two.version - one.version).toBe(opened.length - 4)
    await switchHistory()
    expect(received).toContain('rebuilt')
    expect(revoked).toEqual(gone)
    for (const id of ['r1', 'r2']) expect(one.request(id)).toMatchObject({ visitorId: `of ${id}`, assignment: null })
    expect(one.ringing('ana')).toEqual(expect.arrayContaining(['r1', 'r2']))
  })

  it('[ND27] stays closed where the other history has closed it', async () => {
    const { one, two, switchHistory } = await behindSnapshot()
    for (const id of ['r1', 'r2']) await two.requestChat({ requestId: id, visitorId: `of ${id}` })
    await two.cancel('r2')
    const after = restoreState(two.snapshot().state.desk)
    expect(
      reconcileLostEntries([], restoreState(one.snapshot().state.desk), { ...rebuiltState, state: after })
        .reopenCommands,
    ).toEqual([])
    for (const id of ['r3', 'r4', 'r5']) await two.requestChat({ requestId: id, visitorId: `of ${id}` })
    await switchHistory()
    expect(one.request('r1')).toMatchObject({ assignment: null })
    expect(one.request('r2')).toBeUndefined()
  })

  it('[ND27] is not guessed at where the other history may have closed it and forgotten it', async () => {
    const { one } = await behindSnapshot()
    const before = restoreState(one.snapshot().state.desk)
    const foundAfter = (openedCount: number) => {
      const state = Object.assign(emptyState(), { openedCount })
      return reconcileLostEntries([], before, { ...rebuiltState, state }).reopenCommands.length
    }
    // It still knows the newest 10 000 that it closed. Had it closed one more, that could be one of these.
    const newest = before.openedCount + recentEntriesMin - before.requests.size
    expect([foundAfter(newest), foundAfter(newest + 1)]).toEqual([before.requests.size, 0])
  })
})
