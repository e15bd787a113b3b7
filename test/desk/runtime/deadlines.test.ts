import { describe, expect, it } from 'vitest'
import { type DomainEvent, manualClock, openDesk } from '../../../src'
import { openStaffedDesk, openTestDesk } from '../test-desk'

const noLease = { sessionLeaseMs: null } as const

describe('time at the desk', () => {
  it('[D25] wakes it for each deadline at its own instant', async () => {
    const { desk, clock, edges, errors } = await openStaffedDesk(['ana'], { policy: noLease })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.snooze('r1', 'ana', { forMs: 5_000 })
    const ends: DomainEvent[] = []
    desk.on('snooze.ended', (event) => ends.push(event))
    clock.advance(60_000)
    await desk.idle()
    expect([ends.map(({ at }) => at), errors]).toEqual([[5_000], []])
    expect(edges).toEqual(['ring r1 → ana', 'stop r1 → ana (snoozed)', 'ring r1 → ana'])
  })

  it('[D25] wakes a desk that was opened from a snapshot, though nobody gives it a command', async () => {
    const { desk } = await openStaffedDesk(['ana'], { policy: { ...noLease, maxWaitMs: 5_000 } })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const clock = manualClock()
    const restored = await openDesk({ snapshot: desk.snapshot(), clock })
    const closed: number[] = []
    restored.on('request.closed', ({ at }) => closed.push(at))
    clock.advance(4_999)
    expect(closed).toEqual([])
    clock.advance(1)
    expect(closed).toEqual([5_000])
  })

  it('[D26] processes what is due before a command is decided', async () => {
    let now = 0
    const clock = { now: () => now, wakeAt: () => () => {} }
    const { desk, edges } = await openStaffedDesk(['ana'], { policy: { ...noLease, abandonAfterMs: 1_000 }, clock })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.visitorLeft('v1')
    now = 2_000
    expect(await desk.accept('r1', 'ana')).toMatchObject({ code: 'request-closed', outcome: 'abandoned' })
    expect(edges).toEqual(['ring r1 → ana', 'stop r1 → ana (visitor-away)'])
  })

  it('[D27] never runs backwards: the clock is held until it has caught up', async () => {
    const { desk, clock } = await openStaffedDesk(['ana'])
    const events: DomainEvent[] = []
    desk.on('event', (event) => events.push(event))
    clock.set(10_000)
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    clock.set(4_000)
    await desk.mute('r1', 'ana')
    clock.set(11_000)
    await desk.unmute('r1', 'ana')
    const instants = Object.fromEntries(events.map(({ type, at }) => [type, at]))
    expect(instants).toMatchObject({ 'request.opened': 10_000, 'request.muted': 10_000, 'request.unmuted': 11_000 })
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort((a, b) => a - b))
  })

  it('[D27] never runs backwards also where no event came while the clock was ahead', async () => {
    const { desk, clock } = await openStaffedDesk(['ana'])
    const reports: number[] = []
    desk.on('command', ({ at }) => reports.push(at))
    const { version } = desk
    clock.set(10_000)
    expect(await desk.accept('r9', 'ana')).toMatchObject({ code: 'unknown-request' })
    expect(desk.version).toBe(version)
    clock.set(4_000)
    expect(await desk.accept('r9', 'ana')).toMatchObject({ code: 'unknown-request' })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    expect(reports).toEqual([10_000, 10_000, 10_000])
    expect(desk.request('r1')?.openedAt).toBe(10_000)
    clock.set(10_001)
    await desk.mute('r1', 'ana')
    expect(reports.at(-1)).toBe(10_001)
  })

  it('[D27] keeps deadlines when the clock is set back', async () => {
    const { desk, clock, edges } = await openStaffedDesk(['ana'], { policy: noLease })
    clock.set(10_000)
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.snooze('r1', 'ana', { forMs: 5_000 })
    clock.set(0)
    clock.advance(14_999)
    await desk.idle()
    expect(edges).toHaveLength(2)
    clock.advance(1)
    await desk.idle()
    expect(edges.at(-1)).toBe('ring r1 → ana')
  })

  it('is whole milliseconds also with a clock that counts finer', async () => {
    const clock = { now: () => 12.75, wakeAt: () => () => {} }
    const { desk } = await openTestDesk({ clock })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    expect(desk.request('r1')?.openedAt).toBe(12)
  })
})

describe('idle', () => {
  it('[D28] resolves when all commands are answered and nothing is due', async () => {
    const { desk, clock, edges } = await openStaffedDesk(['ana'], { policy: noLease })
    void desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    void desk.snooze('r1', 'ana', { forMs: 10 })
    await desk.idle()
    expect(edges).toEqual(['ring r1 → ana', 'stop r1 → ana (snoozed)'])
    clock.advance(10)
    await desk.idle()
    expect(edges.at(-1)).toBe('ring r1 → ana')
  })
})

describe('a closed desk', () => {
  it('[D29] answers the commands given before and refuses later ones', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    const before = desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const closing = desk.close()
    const closed = { ok: false, code: 'unavailable', reason: 'closed', retry: false }
    expect(await desk.accept('r1', 'ana')).toMatchObject(closed)
    expect(await before).toMatchObject({ ok: true })
    await closing
    await desk.close()
  })

  it('[D29] fires no timer any more and can still be viewed', async () => {
    const { desk, clock } = await openStaffedDesk(['ana'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const version = desk.version
    await desk.close()
    clock.advance(10_000_000)
    await desk.idle()
    expect(desk.version).toBe(version)
    expect(desk.ringing('ana')).toEqual(['r1'])
  })

  it('[D29] rejects malformed input as such', async () => {
    const desk = await openDesk({ clock: manualClock() })
    await desk.close()
    await expect(desk.accept('', 'ana')).rejects.toThrow('requestId: expected text of 1 to 256 characters')
  })
})
