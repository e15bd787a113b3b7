import { afterEach, describe, expect, it, vi } from 'vitest'
import { manualClock, openDesk } from '../../src'
import { serveStaff } from '../../src/host'
import type { ServerMessage } from '../../src/portal'
import { closeAfterTest, closeAll, openServedDesk, waitUntilSent } from './attached-portals'

afterEach(async () => {
  vi.useRealTimers()
  await closeAll()
})

describe('what a screen is sent as time goes by', () => {
  it('[V17] is a beat now and then, with the version of the screen that was sent last', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { desk, people, extension } = await openServedDesk(['ana', 'bo'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await waitUntilSent(desk)
    const { version } = desk
    await desk.setStaff({ id: 'cy' })
    expect(desk.version).toBeGreaterThan(version)
    for (const { received } of people) received.length = 0
    vi.advanceTimersByTime(20_000)
    const beat = { type: 'ping', version, sentAt: 0 }
    expect(people.map(({ received }) => received)).toEqual([
      [beat, beat],
      [beat, beat],
    ])
    expect(extension('ana').received).toMatchObject([{ type: 'snapshot', pingIntervalMs: 10_000 }])
  })

  it('[V19] ends when a page answers no more, and its session with it', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { desk, server, people } = await openServedDesk(['ana'], { policy: { presenceGraceMs: 0 } })
    const ended = vi.fn()
    const connection = server.attach({ staffId: 'ana', send: () => {}, onClosed: ended })
    people[0]?.connection.detach()
    vi.advanceTimersByTime(20_000)
    await connection.receive({ type: 'pong' })
    vi.advanceTimersByTime(20_000)
    await waitUntilSent(desk)
    expect({ ended: ended.mock.calls.length, isPresent: desk.staff('ana')?.isPresent }).toEqual({
      ended: 0,
      isPresent: true,
    })
    vi.advanceTimersByTime(10_000)
    await waitUntilSent(desk)
    expect({ ended: ended.mock.calls.length, isPresent: desk.staff('ana')?.isPresent }).toEqual({
      ended: 1,
      isPresent: false,
    })
    expect(server.size).toBe(0)
  })

  it('[V20] comes less often where looking at all screens takes long', async () => {
    const desk = await openDesk({ clock: manualClock(0), staff: [{ id: 'ana' }] })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const looked: number[] = []
    const look = desk.portal.bind(desk)
    vi.spyOn(desk, 'portal').mockImplementation((staffId) => {
      looked.push(performance.now())
      vi.advanceTimersByTime(100)
      return look(staffId)
    })
    const server = serveStaff(desk)
    closeAfterTest(desk, server)
    server.attach({ staffId: 'ana', send: () => {} })
    for (let n = 0; n < 200; n += 1) {
      await desk.visitorArrived({ visitorId: `v${n}` })
      await vi.advanceTimersByTimeAsync(10)
    }
    const gaps = looked.slice(2).map((at, place) => at - (looked[place + 1] ?? 0))
    expect(gaps.length).toBeGreaterThan(3)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(400)
  })
})

describe('being there', () => {
  it('[V7] lasts while a screen is attached, renewed by the server, and ends with it', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const clock = manualClock(0)
    const policy = { sessionLeaseMs: 90_000, presenceGraceMs: 0 }
    const desk = await openDesk({ clock, staff: [{ id: 'ana' }], policy })
    const server = serveStaff(desk, { flushMs: 0 })
    closeAfterTest(desk, server)
    const send = (message: ServerMessage) => void (message.type === 'ping' && connection.receive({ type: 'pong' }))
    const connection = server.attach({ staffId: 'ana', send })
    await desk.idle()
    for (let minute = 0; minute < 10; minute += 1) {
      clock.advance(30_000)
      vi.advanceTimersByTime(30_000)
      await desk.idle()
      expect(desk.staff('ana')?.isPresent).toBe(true)
    }
    connection.detach()
    connection.detach()
    await desk.idle()
    expect(desk.staff('ana')?.isPresent).toBe(false)
  })

  it('[V39] is a goodbye at the next beat after the desk was closed', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const desk = await openDesk({ clock: manualClock(0), staff: [{ id: 'ana' }] })
    const server = serveStaff(desk)
    closeAfterTest(server)
    const [received, ended] = [[] as ServerMessage[], vi.fn()]
    server.attach({ staffId: 'ana', send: (message) => received.push(message), onClosed: ended })
    await waitUntilSent(desk)
    await desk.close()
    vi.advanceTimersByTime(10_000)
    await new Promise((resolve) => setImmediate(resolve))
    expect(received.at(-1)).toEqual({ type: 'closed', reason: 'desk-closed' })
    expect(ended).toHaveBeenCalledTimes(1)
    expect(server.size).toBe(0)
  })

  it('[V39] is a goodbye and nothing else once the server was closed', async () => {
    const { desk, server } = await openServedDesk(['ana'], { policy: { presenceGraceMs: 0 } })
    server.close()
    const [received, ended] = [[] as ServerMessage[], vi.fn()]
    const connection = server.attach({ staffId: 'ana', send: (message) => received.push(message), onClosed: ended })
    expect(ended).not.toHaveBeenCalled()
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await waitUntilSent(desk)
    expect(received).toEqual([{ type: 'closed', reason: 'desk-closed' }])
    expect(ended).toHaveBeenCalledTimes(1)
    connection.detach()
    expect(desk.staff('ana')?.isPresent).toBe(false)
    expect(server.size).toBe(0)
  })

  it('[V11] is for staff of this desk only', async () => {
    const { server } = await openServedDesk(['ana'])
    expect(() => server.attach({ staffId: 'eve', send: () => {} })).toThrow(
      /staffId: expected the id of a staff member/,
    )
  })
})
