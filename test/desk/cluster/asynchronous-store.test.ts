import { describe, expect, it, vi } from 'vitest'
import { type DomainEvent, manualClock, memoryStore, openDesk } from '../../../src'
import { openStaffedDesk, openTestDesk } from '../test-desk'
import { type AppendFault, asynchronousStore } from './asynchronous-store'
import { fastEnvironment } from './fast-environment'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe('a desk on a store that needs promises', () => {
  it('[D11] executes commands strictly one after another', async () => {
    const { desk, edges } = await openStaffedDesk(['ana', 'bo'], { store: asynchronousStore(memoryStore()) })
    const outcomes = await Promise.all([
      desk.requestChat({ requestId: 'r1', visitorId: 'v1' }),
      desk.mute('r1', 'ana'),
      desk.accept('r1', 'bo'),
      desk.accept('r1', 'ana'),
    ])
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true, false])
    expect(edges).toEqual(['ring r1 → ana, bo', 'stop r1 → ana (muted)', 'stop r1 → bo (accepted)'])
  })

  it('[D35] has one winner when two desks race, and both end at the same state', async () => {
    const store = memoryStore()
    const first = await openStaffedDesk(['ana', 'bo'], { store: asynchronousStore(store) })
    const second = await openTestDesk({ store: asynchronousStore(store) })
    for (let round = 0; round < 10; round += 1) {
      const requestId = `r${round}`
      await first.desk.requestChat({ requestId, visitorId: requestId })
      const outcomes = await Promise.all([first.desk.accept(requestId, 'ana'), second.desk.accept(requestId, 'bo')])
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
      await first.desk.end(requestId)
    }
    await second.desk.idle()
    expect(second.desk.version).toBe(first.desk.version)
    expect(second.desk.snapshot().state.desk).toEqual(first.desk.snapshot().state.desk)
    expect(second.edges.filter((line) => line.startsWith('stop'))).toHaveLength(10)
  })

  it('[D46] resolves an append of unknown outcome by reading the store: each command is executed once', async () => {
    const faults: AppendFault[] = ['lost', 'answer-lost', 'none', 'answer-lost', 'lost', 'lost']
    let appends = 0
    const store = memoryStore()
    const { desk, edges, errors } = await openStaffedDesk(
      ['ana'],
      {
        store: asynchronousStore(store, () => faults[appends++ % faults.length] ?? 'none'),
      },
      0,
      { environment: fastEnvironment('one') },
    )
    const events: DomainEvent[] = []
    desk.on('event', (event) => events.push(event))
    for (let round = 0; round < 12; round += 1) {
      expect(await desk.requestChat({ requestId: `r${round}`, visitorId: 'v1' })).toMatchObject({ duplicate: false })
      expect(await desk.accept(`r${round}`, 'ana')).toMatchObject({ ok: true, already: false })
      expect(await desk.end(`r${round}`)).toMatchObject({ ok: true })
    }
    expect(errors).toEqual([])
    expect(events.filter(({ type }) => type === 'request.accepted')).toHaveLength(12)
    expect(edges).toHaveLength(24)
    const reopened = await openDesk({ store, clock: manualClock() })
    expect(reopened.request('r11')).toBeUndefined()
    expect(reopened.version).toBe(desk.version)
  })

  it('[D47] refuses with store-failed while the store appends nothing, and goes on once it does', async () => {
    let fault: AppendFault = 'none'
    const { desk, edges, errors } = await openStaffedDesk(
      ['ana'],
      { store: asynchronousStore(memoryStore(), () => fault) },
      0,
      {
        environment: fastEnvironment('one'),
      },
    )
    const reported: string[] = []
    desk.on('node.stale', ({ error }) => reported.push(`${error.code}: ${error.message}`))
    const recovered = new Promise((resolve) => desk.on('node.recovered', resolve))
    fault = 'lost'
    const answers = [desk.requestChat({ requestId: 'r1', visitorId: 'v1' }), desk.visitorArrived({ visitorId: 'v2' })]
    const unknown = { ok: false, code: 'outcome-unknown', commandId: expect.stringMatching(/^frontbell:one:\d+$/) }
    expect(await Promise.all(answers)).toEqual([expect.objectContaining(unknown), expect.objectContaining(unknown)])
    expect(edges).toEqual([])
    expect(errors).toEqual([])
    expect(reported).toEqual(['stale: the store can be read, and refuses to be written: the connection was cut'])
    fault = 'none'
    await recovered
    expect(await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })).toMatchObject({ ok: true, duplicate: false })
    expect(edges).toEqual(['ring r1 → ana'])
  })

  it('[D48] fires no deadline before the store finds it due', async () => {
    let storeTime = 0
    const store = memoryStore({ now: () => storeTime })
    const { desk, clock, edges } = await openStaffedDesk(['ana'], { store, policy: { sessionLeaseMs: null } })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.snooze('r1', 'ana', { forMs: 1_000 })
    const reads = vi.spyOn(store, 'read')
    clock.advance(2_000)
    await desk.idle()
    expect(edges).toHaveLength(2)
    expect(reads.mock.calls.length).toBeLessThan(10)
    storeTime = 2_000
    clock.advance(100)
    await desk.idle()
    expect(edges.at(-1)).toBe('ring r1 → ana')
  })
})
