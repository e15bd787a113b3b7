import { manualClock, openDesk } from '../../../src'
import { memoryStore, type StoreEntry } from '../../../src/store'

const startAt = Date.UTC(2026, 0, 5, 9)

/** Runs a morning at a desk with most kinds of events; it was run once for each release's golden log. */
export async function runGoldenScenario(): Promise<readonly StoreEntry[]> {
  const clock = manualClock(startAt)
  const store = memoryStore({ now: clock.now })
  const desk = await openDesk({
    clock,
    store,
    staff: [
      { id: 'ana', name: 'Ana Ruiz', teams: ['servers'], skills: { linux: 3 }, capacity: 2 },
      { id: 'bo', teams: ['servers', 'billing'], skills: { linux: 1 } },
      { id: 'cy', teams: ['billing'] },
    ],
    workflows: [
      {
        name: 'Server questions go to the server team',
        conditions: { all: [{ fact: 'topic', operator: 'equal', value: 'server' }] },
        event: { type: 'route', params: { steps: [{ to: { team: 'servers' } }, { to: 'everyone', afterMs: 60_000 }] } },
      },
      {
        name: 'Bills go to one at a time',
        conditions: { all: [{ fact: 'topic', operator: 'equal', value: 'bill' }] },
        event: {
          type: 'route',
          params: { to: { team: 'billing' }, ring: { concurrentOffers: 1, order: 'listed', offerTimeoutMs: 20_000 } },
        },
      },
    ],
    policy: { wrapUpMs: 15_000, presenceGraceMs: 30_000 },
  })
  const advance = async (ms: number): Promise<void> => {
    clock.advance(ms)
    await desk.idle()
  }
  for (const staffId of ['ana', 'bo', 'cy']) await desk.connect(staffId, `${staffId}-tab`)
  await desk.visitorArrived({ visitorId: 'v1', facts: { country: 'US' } })
  await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { topic: 'server' } })
  await desk.mute('r1', 'ana')
  await advance(10_000)
  await desk.requestChat({ requestId: 'r2', visitorId: 'v2', facts: { topic: 'bill' } })
  await advance(21_000)
  await desk.accept('r1', 'ana', { commandId: 'accept-r1-ana' })
  await desk.accept('r1', 'bo')
  await desk.snooze('r2', 'cy', { forMs: 5_000 })
  await advance(6_000)
  await desk.requestChat({ requestId: 'r3', visitorId: 'v3', facts: { topic: 'other', note: 'Zoë “日本語”' } })
  await desk.decline('r3', 'cy', { reason: 'not mine' })
  await desk.mute('r3', 'ana')
  await desk.mute('r3', 'bo')
  await advance(61_000)
  await desk.transfer('r1', { by: 'ana', to: { team: 'billing' } })
  await desk.accept('r2', 'bo')
  await desk.setAvailability('cy', 'away')
  await advance(30_000)
  await desk.visitorLeft('v3')
  await desk.visitorArrived({ visitorId: 'v3' })
  await desk.end('r2')
  await desk.requestChat({ requestId: 'r4', visitorId: 'v4', facts: { topic: 'server' } })
  await desk.cancel('r4', { reason: 'found it' })
  await desk.accept('r3', 'ana')
  await desk.release('r3', { by: 'ana', exclude: true })
  await desk.disconnect('bo', 'bo-tab')
  await advance(31_000)
  await desk.requestChat({ requestId: 'r5', visitorId: 'v5', facts: { topic: 'server' } })
  await desk.removeStaff('cy')
  await desk.connect('bo', 'bo-phone')
  await advance(5_000)
  await desk.close()
  return store.read(0, 10_000)
}
