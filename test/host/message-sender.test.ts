import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type DeskError, manualClock, openDesk } from '../../src'
import { serveStaff } from '../../src/host'
import type { ServerMessage } from '../../src/portal'
import { closeAfterTest, closeAll, messageTypes } from './attached-portals'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
})
afterEach(async () => {
  vi.useRealTimers()
  await closeAll()
})

interface SentMessage {
  readonly message: ServerMessage
  readonly atMs: number
}

/** Attaches Ana's screen to a desk, over a transport that does with each message what the test decides. */
async function attachAna(deliver: (message: ServerMessage, count: number) => Promise<unknown>) {
  const desk = await openDesk({ clock: manualClock(0), staff: [{ id: 'ana' }] })
  const errors: DeskError[] = []
  desk.on('error', (error) => errors.push(error))
  const server = serveStaff(desk, { now: () => 0, flushMs: 0 })
  closeAfterTest(desk, server)
  const sent: SentMessage[] = []
  let nowMs = 0
  const send = (message: ServerMessage) => {
    sent.push({ message, atMs: nowMs })
    return deliver(message, sent.length)
  }
  const onClosed = vi.fn()
  const connection = server.attach({ staffId: 'ana', send, onClosed })
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 50) {
      nowMs += 50
      await vi.advanceTimersByTimeAsync(50)
    }
  }
  await vi.advanceTimersByTimeAsync(0)
  return { desk, server, sent, errors, onClosed, connection, pass }
}

const rejected = () => Promise.reject(new Error('no acknowledgement in time'))
const delivered = () => Promise.resolve()
const never = () => new Promise<void>(() => {})

describe('a message that the transport rejects', () => {
  it('[V40] is sent again after 250 ms, and each time after twice as long, with no other change', async () => {
    const { sent, pass } = await attachAna((_, count) => (count < 5 ? rejected() : delivered()))
    await pass(5_000)
    expect(messageTypes(sent.map(({ message }) => message))).toEqual(Array(5).fill('snapshot'))
    expect(sent.map(({ atMs }) => atMs)).toEqual([0, 250, 750, 1_750, 3_750])
  })

  it('[V40] is sent again after 250 ms when another one was delivered meanwhile', async () => {
    const failing = new Set([2, 4])
    const { desk, sent, pass } = await attachAna((_, count) => (failing.has(count) ? rejected() : delivered()))
    for (const id of ['r1', 'r2']) {
      await desk.requestChat({ requestId: id, visitorId: id })
      await pass(1_000)
    }
    expect(sent.map(({ message, atMs }) => [message.type, atMs])).toEqual([
      ['snapshot', 0],
      ['update', 0],
      ['snapshot', 250],
      ['update', 1_000],
      ['snapshot', 1_250],
    ])
  })

  it('[V40] is sent again with the next change, when that comes first', async () => {
    const { desk, sent, pass } = await attachAna((_, count) => (count === 2 ? rejected() : delivered()))
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await pass(100)
    await desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
    await pass(1_000)
    expect(sent.map(({ message, atMs }) => [message.type, atMs])).toEqual([
      ['snapshot', 0],
      ['update', 0],
      ['snapshot', 100],
    ])
  })

  it('[V40] is sent again when it is an answer or the notification of a visitor', async () => {
    let isDown = false
    const { desk, sent, connection, pass } = await attachAna(() => (isDown ? rejected() : delivered()))
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await pass(100)
    isDown = true
    await desk.visitorArrived({ visitorId: 'v2' })
    await connection.receive({ type: 'command', id: '1', command: { type: 'mute', requestId: 'r1' } })
    await pass(100)
    isDown = false
    sent.length = 0
    await pass(1_000)
    const arrived = sent.map(({ message }) => message)
    expect(messageTypes(arrived).sort()).toEqual(['answer', 'snapshot', 'visitor'])
    expect(arrived.find(({ type }) => type === 'answer')).toMatchObject({ id: '1', outcome: { ok: true } })
  })

  it('[V40] is given up after five times when others are delivered', async () => {
    const { desk, sent, pass } = await attachAna(({ type }) => (type === 'visitor' ? rejected() : delivered()))
    await desk.visitorArrived({ visitorId: 'v1' })
    await pass(60_000)
    const visits = sent.filter(({ message }) => message.type === 'visitor')
    expect(visits.map(({ atMs }) => atMs)).toEqual([0, 250, 750, 1_750, 3_750])
  })

  it('[V40] is not sent again after the connection has ended', async () => {
    const { sent, connection, pass } = await attachAna(rejected)
    connection.detach()
    await pass(60_000)
    expect(sent).toHaveLength(1)
  })
})

describe('a connection to which nothing is delivered', () => {
  it.each([
    ['never acknowledges', never],
    ['rejects', rejected],
  ])('[V41] ends, and is reported once, when its transport %s', async (_, deliver) => {
    const { server, errors, onClosed, connection, pass } = await attachAna(deliver)
    for (let second = 0; second < 29; second += 1) {
      await connection.receive({ type: 'pong' })
      await pass(1_000)
    }
    expect({ errors: errors.length, closed: onClosed.mock.calls.length }).toEqual({ errors: 0, closed: 0 })
    await pass(60_000)
    expect(errors.map(({ code }) => code)).toEqual(['page-silent'])
    expect(errors[0]?.message).toMatch(/page of ana has a message, got none that resolved in 30000 ms/)
    expect({ closed: onClosed.mock.calls.length, size: server.size }).toEqual({ closed: 1, size: 0 })
  })

  it('[V41] ends without a report when messages were delivered before', async () => {
    const { errors, onClosed, connection, pass } = await attachAna((_, count) => (count < 3 ? delivered() : never()))
    for (let second = 0; second < 70; second += 1) {
      await connection.receive({ type: 'pong' })
      await pass(1_000)
    }
    expect({ errors, closed: onClosed.mock.calls.length }).toEqual({ errors: [], closed: 1 })
  })

  it('[V41] is not one whose transport takes nine seconds for each message', async () => {
    const slow = () => new Promise((resolve) => setTimeout(resolve, 9_000))
    const { desk, errors, onClosed, connection, pass } = await attachAna(slow)
    for (let second = 0; second < 120; second += 1) {
      await desk.visitorArrived({ visitorId: `v${second}` })
      await connection.receive({ type: 'pong' })
      await pass(1_000)
    }
    expect({ errors, closed: onClosed.mock.calls.length }).toEqual({ errors: [], closed: 0 })
  })

  it('[V41] is not reported when the transport says nothing about delivery', async () => {
    const { errors, onClosed, pass } = await attachAna(() => undefined as never)
    await pass(60_000)
    expect({ errors, closed: onClosed.mock.calls.length }).toEqual({ errors: [], closed: 1 })
  })
})
