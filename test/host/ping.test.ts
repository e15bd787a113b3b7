import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Desk, manualClock, openDesk } from '../../src'
import { serveStaff } from '../../src/host'
import { createPortal, type ServerMessage } from '../../src/portal'
import { delay } from '../../src/testing/contract/store-fixture'
import { closeAfterTest, closeAll, openServedDesk, waitUntilSent } from './attached-portals'

afterEach(async () => {
  vi.useRealTimers()
  await closeAll()
})

describe('the messages to a screen over time', () => {
  it('[V17] include pings, with the version that was sent last', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { desk, portals, attach } = await openServedDesk(['ana', 'bo'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await waitUntilSent(desk)
    const { version } = desk
    await desk.setStaff({ id: 'cy' })
    expect(desk.version).toBeGreaterThan(version)
    for (const { received } of portals) received.length = 0
    vi.advanceTimersByTime(20_000)
    const ping = { type: 'ping', version, sentAt: 0 }
    expect(portals.map(({ received }) => received)).toEqual([
      [ping, ping],
      [ping, ping],
    ])
    expect(attach('ana').received).toMatchObject([{ type: 'snapshot', pingIntervalMs: 10_000 }])
  })

  it('[V50] have no flush of their own for pings that only renew sessions, and one for a change', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const clock = manualClock(0)
    const desk = await openDesk({ clock, staff: [{ id: 'ana' }, { id: 'bo' }] })
    const flushMs = 61
    const server = serveStaff(desk, { now: () => clock.now(), flushMs })
    closeAfterTest(desk, server)
    const pinged: ServerMessage[] = []
    for (const staffId of ['ana', 'bo', 'bo']) {
      const connection = server.attach({ staffId, send: answer })
      function answer(message: ServerMessage): void {
        if (message.type !== 'ping') return
        pinged.push(message)
        void connection.receive({ type: 'pong' })
      }
    }
    await waitUntilSent(desk)
    const renewed = vi.fn()
    desk.on('session.renewed', renewed)
    await delay(2 * flushMs)
    const timers = vi.spyOn(globalThis, 'setTimeout')
    const flushes = () => timers.mock.calls.filter(([, delayMs]) => (delayMs ?? 0) >= flushMs).length
    for (let beat = 0; beat < 3; beat += 1) {
      clock.advance(10_000)
      vi.advanceTimersByTime(10_000)
      await waitUntilSent(desk)
    }
    expect({ pings: pinged.length, renewals: renewed.mock.calls.length, flushes: flushes() }).toEqual({
      pings: 9,
      renewals: 3,
      flushes: 0,
    })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await waitUntilSent(desk)
    expect(flushes()).toBe(1)
    timers.mockRestore()
  })

  it('[V19] end when a page stops answering, and its session with them', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { desk, server, portals } = await openServedDesk(['ana'], { policy: { presenceGraceMs: 0 } })
    const onClosed = vi.fn()
    const connection = server.attach({ staffId: 'ana', send: () => {}, onClosed })
    portals[0]?.connection.detach()
    vi.advanceTimersByTime(20_000)
    await connection.receive({ type: 'pong' })
    vi.advanceTimersByTime(20_000)
    await waitUntilSent(desk)
    expect({ closed: onClosed.mock.calls.length, isPresent: desk.staff('ana')?.isPresent }).toEqual({
      closed: 0,
      isPresent: true,
    })
    vi.advanceTimersByTime(10_000)
    await waitUntilSent(desk)
    expect({ closed: onClosed.mock.calls.length, isPresent: desk.staff('ana')?.isPresent }).toEqual({
      closed: 1,
      isPresent: false,
    })
    expect(server.size).toBe(0)
  })

  it('[V20] come less often where sending takes long', async () => {
    const desk = await openDesk({ clock: manualClock(0), staff: [{ id: 'ana' }] })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const sentAt: number[] = []
    const send = ({ type }: ServerMessage) => {
      if (type !== 'update') return
      sentAt.push(performance.now())
      vi.advanceTimersByTime(100)
    }
    const server = serveStaff(desk)
    closeAfterTest(desk, server)
    server.attach({ staffId: 'ana', send })
    for (let n = 0; n < 200; n += 1) {
      await desk.visitorArrived({ visitorId: `v${n}` })
      await vi.advanceTimersByTimeAsync(10)
    }
    const gaps = sentAt.slice(2).map((at, place) => at - (sentAt[place + 1] ?? 0))
    expect(gaps.length).toBeGreaterThan(3)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(400)
  })
})

describe('the session of a screen', () => {
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

  it('[V42] outlasts a lease that is shorter than the interval of the pings', async () => {
    const { desk, connection, pass } = await attachWithLease(6_000)
    const sessions = watchSessions(desk)
    await pass(60_000)
    expect({ ...sessions, isPresent: desk.staff('ana')?.isPresent }).toEqual({ ended: 0, isPresent: true })
    connection.detach()
    await desk.idle()
    expect(desk.staff('ana')?.isPresent).toBe(false)
  })

  it('[V42] outlasts a lease that the policy shortens, and the page expects the pings that it gets', async () => {
    const { desk, portal, received, pass } = await attachWithLease(90_000)
    await desk.setPolicy({ sessionLeaseMs: 3_000 })
    const sessions = watchSessions(desk)
    await pass(20_000)
    expect({ ...sessions, connection: portal.getSnapshot().connection }).toEqual({ ended: 0, connection: 'live' })
    expect(pingIntervalsOf(received)).toEqual([10_000, 1_000])
    received.length = 0
    await desk.setPolicy({ sessionLeaseMs: null })
    await pass(40_000)
    expect({ ...sessions, connection: portal.getSnapshot().connection }).toEqual({ ended: 0, connection: 'live' })
    expect(pingIntervalsOf(received)).toEqual([10_000])
    expect(received.filter(({ type }) => type === 'ping')).toHaveLength(5)
  })

  it('[V42] ends with a short lease when the page does not answer', async () => {
    const { desk, server, stopAnswering, pass } = await attachWithLease(3_000)
    await pass(10_000)
    expect(server.size).toBe(1)
    stopAnswering()
    await pass(3_000)
    expect({ size: server.size, isPresent: desk.staff('ana')?.isPresent }).toEqual({ size: 0, isPresent: false })
  })

  it('[V39] ends with closed at the next ping after the desk was closed', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const desk = await openDesk({ clock: manualClock(0), staff: [{ id: 'ana' }] })
    const server = serveStaff(desk)
    closeAfterTest(server)
    const [received, onClosed] = [[] as ServerMessage[], vi.fn()]
    server.attach({ staffId: 'ana', send: (message) => received.push(message), onClosed })
    await waitUntilSent(desk)
    await desk.close()
    vi.advanceTimersByTime(10_000)
    await new Promise((resolve) => setImmediate(resolve))
    expect(received.at(-1)).toEqual({ type: 'closed', reason: 'desk-closed' })
    expect(onClosed).toHaveBeenCalledTimes(1)
    expect(server.size).toBe(0)
  })

  it('[V39] ends with closed and nothing else once the server was closed', async () => {
    const { desk, server } = await openServedDesk(['ana'], { policy: { presenceGraceMs: 0 } })
    server.close()
    const [received, onClosed] = [[] as ServerMessage[], vi.fn()]
    const connection = server.attach({ staffId: 'ana', send: (message) => received.push(message), onClosed })
    expect(onClosed).not.toHaveBeenCalled()
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await waitUntilSent(desk)
    expect(received).toEqual([{ type: 'closed', reason: 'desk-closed' }])
    expect(onClosed).toHaveBeenCalledTimes(1)
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

/** Attaches a page of Ana that answers pings, where all timers and the desk's clock are moved together. */
async function attachWithLease(sessionLeaseMs: number) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  const clock = manualClock(0)
  const policy = { sessionLeaseMs, presenceGraceMs: 0 }
  const desk = await openDesk({ clock, staff: [{ id: 'ana' }], policy })
  const server = serveStaff(desk, { flushMs: 0 })
  closeAfterTest(desk, server)
  const portal = createPortal('ana')
  const received: ServerMessage[] = []
  let isAnswering = true
  const client = portal.open((message) => isAnswering && void connection.receive(message))
  const send = (message: ServerMessage) => {
    received.push(message)
    client.receive(message)
  }
  const connection = server.attach({ staffId: 'ana', send })
  await desk.idle()
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 500) {
      clock.advance(500)
      await vi.advanceTimersByTimeAsync(500)
      await desk.idle()
    }
  }
  const stopAnswering = () => {
    isAnswering = false
  }
  return { desk, server, portal, connection, received, stopAnswering, pass }
}

function watchSessions(desk: Desk): { readonly ended: number } {
  const counts = { ended: 0 }
  desk.on('session.ended', () => {
    counts.ended += 1
  })
  return counts
}

function pingIntervalsOf(messages: readonly ServerMessage[]) {
  return messages.flatMap((message) => (message.type === 'snapshot' ? [message.pingIntervalMs] : []))
}
