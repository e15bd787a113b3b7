import { describe, expect, it } from 'vitest'
import { type DeskOptions, manualClock, openDesk } from '../../../src'
import { DurationHistogram } from '../../../src/core/collections/duration-histogram'

const minute = 60_000

async function aDesk(options: DeskOptions = {}) {
  const clock = manualClock(1_800_000_000_000)
  const desk = await openDesk({
    staff: [
      { id: 'ana', teams: ['servers'] },
      { id: 'bo', teams: ['billing'] },
    ],
    policy: { sessionLeaseMs: null },
    clock,
    ...options,
  })
  await desk.connect('ana', 'tab')
  await desk.connect('bo', 'tab')
  const pass = async (ms: number) => {
    clock.advance(ms)
    await desk.idle()
  }
  const ask = (requestId: string) => desk.requestChat({ requestId, visitorId: `v-${requestId}` })
  return { desk, pass, ask }
}

describe('metrics', () => {
  it('[M1] counts offered, accepted, abandoned and cancelled requests of the window, and warnings', async () => {
    const { desk, pass, ask } = await aDesk()
    for (const id of ['r1', 'r2', 'r3', 'r4']) await ask(id)
    await desk.accept('r1', 'ana')
    await desk.cancel('r2')
    await desk.visitorLeft('v-r3')
    await pass(3 * minute)
    expect(desk.metrics()).toMatchObject({
      offered: 4,
      accepted: 1,
      cancelled: 1,
      abandoned: 1,
      expired: 0,
      unattended: 1,
      windowMs: 60 * minute,
    })
  })

  it('[M1] has no other figures, however requests ended', async () => {
    const { desk, ask } = await aDesk()
    await ask('r1')
    await desk.accept('r1', 'ana')
    await desk.end('r1')
    const figures = [
      ...['windowMs', 'offered', 'accepted', 'abandoned', 'cancelled', 'expired', 'unattended', 'timeToAcceptMs'],
      ...['serviceLevel', 'occupancy', 'staff', 'teams'],
    ]
    expect(Object.keys(desk.metrics()).sort()).toEqual(figures.sort())
  })

  it('[M2] forgets what is older than the window', async () => {
    const { desk, pass, ask } = await aDesk({ metrics: { windowMs: 10 * minute } })
    await ask('r1')
    await desk.accept('r1', 'ana')
    await pass(11 * minute)
    expect(desk.metrics()).toMatchObject({ offered: 0, accepted: 0, timeToAcceptMs: null })
  })

  it('[M3] gives the time to accept as percentiles within a sixteenth, and null when there is none', async () => {
    const { desk, pass, ask } = await aDesk({ policy: { sessionLeaseMs: null, capacity: 100 } })
    expect(desk.metrics().timeToAcceptMs).toBeNull()
    for (let index = 1; index <= 10; index += 1) {
      await ask(`r${index}`)
      await pass(index * 1000)
      await desk.accept(`r${index}`, 'ana')
    }
    const times = desk.metrics().timeToAcceptMs
    expect(times?.mean).toBe(5500)
    expect(times?.p50).toBeGreaterThan(5000 * (15 / 16))
    expect(times?.p50).toBeLessThanOrEqual(5000)
    expect(times?.p99).toBeGreaterThan(10_000 * (15 / 16))
  })

  it('[M4] gives the service level as the share accepted in time of those accepted or abandoned', async () => {
    const { desk, pass, ask } = await aDesk({ metrics: { serviceLevelMs: 5000 } })
    expect(desk.metrics().serviceLevel.share).toBeNull()
    await ask('r1')
    await pass(5000)
    await desk.accept('r1', 'ana')
    await ask('r2')
    await pass(5001)
    await desk.accept('r2', 'ana')
    await ask('r3')
    await desk.visitorLeft('v-r3')
    await pass(minute)
    expect(desk.metrics().serviceLevel).toEqual({ thresholdMs: 5000, share: 1 / 3 })
  })

  it('[M5] gives occupancy as the share of staffed time with a chat, per staff, per team and in all', async () => {
    const { desk, pass, ask } = await aDesk()
    await pass(10 * minute)
    await ask('r1')
    await desk.accept('r1', 'ana')
    await pass(10 * minute)
    await desk.end('r1')
    const { occupancy, staff, teams } = desk.metrics()
    expect(occupancy).toBeCloseTo(0.25, 6)
    expect(staff.find(({ staffId }) => staffId === 'ana')?.occupancy).toBeCloseTo(0.5, 6)
    expect(teams.find(({ team }) => team === 'billing')?.occupancy).toBe(0)
  })

  it('[M5] counts the time of those who were there when the desk was restored from a snapshot', async () => {
    const { desk, ask } = await aDesk()
    await ask('r1')
    await desk.accept('r1', 'ana')
    const clock = manualClock(1_800_000_000_000)
    const restored = await openDesk({ snapshot: desk.snapshot(), clock })
    clock.advance(10 * minute)
    await restored.idle()
    const { occupancy, staff } = restored.metrics()
    expect(occupancy).toBeCloseTo(0.5, 6)
    expect(staff.map(({ staffId, occupancy }) => [staffId, occupancy])).toEqual([
      ['ana', 1],
      ['bo', 0],
    ])
  })

  it('[M6] counts rings, accepts, missed offers, mutes and declines per staff member', async () => {
    const { desk, pass, ask } = await aDesk({
      routing: { defaultRoute: { to: { staff: ['bo', 'ana'] }, ring: { order: 'listed', offerTimeoutMs: 1000 } } },
    })
    await ask('r1')
    await pass(1000)
    await desk.mute('r1', 'ana')
    await desk.decline('r1', 'ana')
    const rows = new Map(desk.metrics().staff.map((row) => [row.staffId, row]))
    expect(rows.get('bo')).toMatchObject({ offered: 1, missed: 1, accepted: 0 })
    expect(rows.get('ana')).toMatchObject({ offered: 1, missed: 0, muted: 1, declined: 1 })
  })

  it('[M7] counts a request as accepted once, however often it is given back', async () => {
    const { desk, ask } = await aDesk()
    await ask('r1')
    await desk.accept('r1', 'ana')
    await desk.release('r1', { by: 'ana' })
    await desk.accept('r1', 'bo')
    expect(desk.metrics().accepted).toBe(1)
  })

  it('[M8] keeps memory constant: a histogram of a million waits has a bounded number of bins', () => {
    const bins = (count: number) => {
      const histogram = new DurationHistogram()
      for (let wait = 0; wait < count; wait += 1) histogram.add((wait * 7919) % 3_600_000)
      const shares = Array.from({ length: 10_001 }, (_, index) => index / 10_000)
      return new Set(histogram.percentilesMs(shares)).size
    }
    expect(bins(1_000_000)).toBeLessThan(2_100)
  })
})

describe('the queue', () => {
  it('[Q1] gives the position among open requests for the same people, as they are served', async () => {
    const { desk, ask } = await aDesk()
    for (const id of ['r1', 'r2', 'r3']) await ask(id)
    expect(['r1', 'r2', 'r3'].map((id) => desk.position(id)?.position)).toEqual([1, 2, 3])
    await desk.accept('r2', 'ana')
    expect(desk.position('r2')).toBeUndefined()
    expect(desk.position('r3')?.position).toBe(2)
  })

  it('[Q2] tells in one change only of those who moved', async () => {
    const { desk, ask } = await aDesk()
    const received: (readonly string[])[] = []
    desk.on('position.changed', ({ changes }) =>
      received.push(changes.map(({ requestId, position }) => `${requestId}:${position}`)),
    )
    for (const id of ['r1', 'r2', 'r3']) await ask(id)
    received.length = 0
    await desk.accept('r2', 'ana')
    await desk.mute('r1', 'ana')
    expect(received).toEqual([['r3:2']])
  })

  it('[Q3] estimates the wait from five accepts on, never below zero', async () => {
    const { desk, pass, ask } = await aDesk({ policy: { sessionLeaseMs: null, capacity: 100 } })
    for (let index = 0; index < 5; index += 1) {
      await ask(`a${index}`)
      expect(desk.position(`a${index}`)?.estimateMs).toBeNull()
      await pass(10_000)
      await desk.accept(`a${index}`, 'ana')
    }
    await ask('r1')
    await ask('r2')
    expect(desk.position('r1')).toEqual({ position: 1, estimateMs: 10_000 })
    expect(desk.position('r2')).toEqual({ position: 2, estimateMs: 20_000 })
  })

  it('[Q4] lets one strange gap, such as a night, move the estimate little', async () => {
    const { desk, pass, ask } = await aDesk({ policy: { sessionLeaseMs: null, capacity: 100 } })
    for (let index = 0; index < 10; index += 1) {
      await ask(`a${index}`)
      await pass(index === 4 ? 8 * 60 * minute : 10_000)
      await desk.accept(`a${index}`, 'ana')
    }
    await ask('r1')
    expect(desk.position('r1')?.estimateMs).toBe(10_000)
  })
})
