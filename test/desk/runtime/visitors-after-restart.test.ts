import { describe, expect, it } from 'vitest'
import { type DeskOptions, manualClock, memoryStore, openDesk } from '../../../src'

const staff = [{ id: 'ana' }]

/** A desk on a store, whose visitor `v1` waits in `r1` with the session `tab`. */
async function openWaiting(options: DeskOptions = {}) {
  const clock = manualClock(1_000)
  const store = memoryStore()
  const desk = await openDesk({ staff, clock, store, ...options })
  await desk.connect('ana', 'tab')
  await desk.visitorArrived({ visitorId: 'v1', sessionId: 'tab' })
  await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  return { desk, clock, store }
}

describe('visitors after a restart', () => {
  it('[D31][E13] are abandoned by no graceful restart when they come back within the lease', async () => {
    const { desk, clock, store } = await openWaiting()
    await desk.visitorLeft('v1', { sessionId: 'tab' })
    await desk.close()
    clock.advance(300_000)
    const again = await openDesk({ clock, store })
    await again.idle()
    clock.advance(59_999)
    await again.idle()
    await again.visitorArrived({ visitorId: 'v1', sessionId: 'tab-2' })
    clock.advance(30_000)
    await again.visitorHeartbeat('v1', 'tab-2')
    await again.idle()
    expect(again.request('r1')).toMatchObject({ phase: 'waiting', visitorId: 'v1' })
    await again.connect('ana', 'tab-2')
    expect(again.ringing('ana')).toEqual(['r1'])
  })

  it('[E13] who do not come back after a crash are abandoned after the lease and the grace, and ring for nobody then', async () => {
    const { desk } = await openWaiting()
    const clock = manualClock(1_000)
    const again = await openDesk({ clock, snapshot: desk.snapshot() })
    clock.advance(60_000)
    await again.idle()
    expect(again.request('r1')).toMatchObject({ phase: 'waiting' })
    clock.advance(240_000)
    await again.idle()
    await again.connect('ana', 'tab-2')
    expect(again.ringing('ana')).toEqual([])
    expect(again.request('r1')).toBeUndefined()
  })

  it('[E10] stay where the host counts them itself, also after a restart', async () => {
    const { desk } = await openWaiting()
    await desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
    await desk.visitorArrived({ visitorId: 'v3' })
    await desk.requestChat({ requestId: 'r3', visitorId: 'v3' })
    const clock = manualClock(1_000)
    const again = await openDesk({ clock, snapshot: desk.snapshot(), policy: { visitorLeaseMs: 60_000 } })
    clock.advance(600_000)
    await again.idle()
    expect(again.awaiting().map(({ requestId }) => requestId)).toEqual(['r2', 'r3'])
  })

  it('[D67] ends the sessions of staff and of visitors without leases, which belong to the process that is gone', async () => {
    const { desk, clock, store } = await openWaiting({ policy: { visitorLeaseMs: null, sessionLeaseMs: null } })
    const beside = await openDesk({ clock, store })
    expect(beside.staff('ana')?.isPresent).toBe(true)
    await beside.close()
    await desk.close()
    const again = await openDesk({ clock, store })
    expect(again.request('r1')?.phase).toBe('waiting')
    clock.advance(30_000)
    await again.idle()
    expect(again.staff('ana')?.isPresent).toBe(false)
    clock.advance(30_000)
    await again.idle()
    expect(again.request('r1')).toBeUndefined()
  })
})

describe('a visitor who asks again after having left', () => {
  it('[E14] rings for one lease and is abandoned after the grace, when no heartbeat comes', async () => {
    const { desk, clock } = await openWaiting({ policy: { sessionLeaseMs: null } })
    const pass = async (ms: number) => {
      clock.advance(ms)
      await desk.idle()
    }
    await pass(61_000)
    expect(desk.ringing('ana')).toEqual([])
    expect(await desk.requestChat({ visitorId: 'v1' })).toMatchObject({ requestId: 'r1', duplicate: true })
    await pass(59_999)
    expect(desk.ringing('ana')).toEqual(['r1'])
    await pass(1)
    expect(desk.ringing('ana')).toEqual([])
    await pass(60_000)
    expect(desk.request('r1')).toBeUndefined()
    expect(await desk.requestChat({ requestId: 'r2', visitorId: 'v1' })).toMatchObject({ duplicate: false })
    await pass(30_000)
    await desk.visitorHeartbeat('v1', 'tab')
    await pass(59_999)
    expect(desk.ringing('ana')).toEqual(['r2'])
    await pass(86_400_000)
    expect(desk.ringing('ana')).toEqual([])
    expect(desk.request('r2')).toBeUndefined()
  })

  it('[E14] rings for one lease also when the desk was opened again in between', async () => {
    const { desk, clock, store } = await openWaiting({ policy: { sessionLeaseMs: null } })
    await desk.visitorLeft('v1', { sessionId: 'tab' })
    const snapshot = desk.snapshot()
    await desk.close()
    for (const from of [{ store }, { snapshot }]) {
      const again = await openDesk({ clock, ...from })
      await again.connect('ana', 'tab-2')
      await again.requestChat({ visitorId: 'v1' })
      expect(again.ringing('ana')).toEqual(['r1'])
      clock.advance(60_000)
      await again.idle()
      expect(again.ringing('ana')).toEqual([])
      await again.close()
    }
  })
})
