import { describe, expect, it } from 'vitest'
import { DeskError, manualClock, memoryStore, openDesk } from '../../src'
import { monitorDesk } from '../../src/testing'

const listed = [{ name: 'One at a time', conditions: { all: [{ fact: 'a', operator: 'equal', value: 1 }] } }].map(
  (rule) => ({
    ...rule,
    event: { type: 'route', params: { to: 'everyone', ring: { order: 'listed' } } },
  }),
)

/** A desk on a store that keeps few entries, where a request is offered to Bo. */
async function openSmallDesk() {
  const store = memoryStore({ keepEntries: 20 })
  const desk = await openDesk({ staff: [{ id: 'bo' }], workflows: listed, store, clock: manualClock(0) })
  await desk.connect('bo', 'tab')
  const makeEntries = async (count: number) => {
    for (let n = 0; n < count; n += 1) await desk.setAvailability('bo', n % 2 === 0 ? 'away' : 'available')
  }
  /** The store drops what is more than twenty entries behind the snapshot. */
  const dropEntries = () => store.saveSnapshot(desk.snapshot())
  return { store, desk, makeEntries, dropEntries }
}

describe('monitorDesk', () => {
  it('[TK11] cannot see a desk whose first entries its store has dropped', async () => {
    const { store, desk, makeEntries, dropEntries } = await openSmallDesk()
    await desk.requestChat({ requestId: 'r', visitorId: 'v', facts: { a: 1 } })
    await makeEntries(100)
    await dropEntries()
    const error = await monitorDesk(desk, store).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(DeskError)
    expect(String(error)).toMatch(/cannot see .* got none of the versions 1 to \d+; open the monitor with the desk/)
    await desk.close()
  })

  it('[TK11] reports at every check that entries were dropped since the last one', async () => {
    const { store, desk, makeEntries, dropEntries } = await openSmallDesk()
    const monitor = await monitorDesk(desk, store)
    await desk.requestChat({ requestId: 'r', visitorId: 'v', facts: { a: 1 } })
    await monitor.check()
    await makeEntries(100)
    await dropEntries()
    for (const _ of ['first', 'second']) await expect(monitor.check()).rejects.toThrow(/cannot see/)
    monitor.close()
    await desk.close()
  })

  it('[TK11] cannot see a desk that was opened from a snapshot on an empty store', async () => {
    const { desk, makeEntries } = await openSmallDesk()
    await makeEntries(4)
    const snapshot = desk.snapshot()
    const store = memoryStore()
    const copy = await openDesk({ snapshot, store, clock: manualClock(0) })
    await expect(monitorDesk(copy, store)).rejects.toThrow(/cannot see .* none of the versions 1 to/)
    await copy.close()
    await desk.close()
  })

  it('[TK11] sees a desk whose store has dropped only entries that were read before', async () => {
    const { store, desk, makeEntries, dropEntries } = await openSmallDesk()
    const monitor = await monitorDesk(desk, store)
    for (let round = 0; round < 5; round += 1) {
      await makeEntries(30)
      await monitor.check()
      await dropEntries()
    }
    expect((await store.read(0, 1))[0]?.v).toBeGreaterThan(1)
    monitor.close()
    await desk.close()
  })
})
