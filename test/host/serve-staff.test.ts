import { afterEach, describe, expect, it, vi } from 'vitest'
import { manualClock, openDesk } from '../../src'
import { serveStaff } from '../../src/host'
import type { ServerMessage } from '../../src/portal'
import {
  closeAfterTest,
  closeAll,
  messageTypes,
  openServedDesk,
  serveInProcess,
  waitUntilSent,
} from './attached-portals'

afterEach(async () => {
  vi.useRealTimers()
  await closeAll()
})

describe('the messages to a screen', () => {
  it('[V1] are a snapshot at first and then updates', async () => {
    const { desk, portals, attach } = await openServedDesk(['ana'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const second = attach('ana')
    expect(second.received).toMatchObject([{ type: 'snapshot', staffId: 'ana', ringing: [{ requestId: 'r1' }] }])
    await desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
    await waitUntilSent(desk)
    const last = portals[0]?.received.at(-1)
    expect(last).toMatchObject({ type: 'update', operations: [{ type: 'awaiting', item: { requestId: 'r2' } }] })
    expect(second.portal.getSnapshot().ringing).toHaveLength(2)
  })

  it('[K21] show when the visitor of a chat has left, and since when it is left alone', async () => {
    const { desk, clock, portals } = await openServedDesk(['ana'], { policy: { replyMs: 30_000 } })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.accept('r1', 'ana')
    await desk.visitorLeft('v1')
    await waitUntilSent(desk)
    const chats = () => portals[0]?.portal.getSnapshot().chats
    expect(chats()).toMatchObject([{ requestId: 'r1', visitorLeftAt: 0, leftAloneSince: null }])
    await desk.visitorArrived({ visitorId: 'v1' })
    await desk.visitorWrote('r1')
    clock.advance(30_000)
    await waitUntilSent(desk)
    expect(chats()).toMatchObject([{ requestId: 'r1', visitorLeftAt: null, leftAloneSince: 30_000 }])
  })

  it('[V2] are none when nothing changes for this staff member', async () => {
    const route = { name: 'To Bo', conditions: { all: [{ fact: 'a', operator: 'equal', value: 1 }] } }
    const workflows = [{ ...route, event: { type: 'route', params: { to: { staff: 'bo' } } } }]
    const { desk, portals } = await openServedDesk(['ana', 'bo'], { workflows })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { a: 1 } })
    await desk.mute('r1', 'bo')
    await waitUntilSent(desk)
    const [ana, bo] = portals
    const about = ana?.received.filter((message) => JSON.stringify(message).includes('"r1"'))
    expect(about).toEqual([])
    expect(bo?.portal.getSnapshot().awaiting).toMatchObject([{ requestId: 'r1', reason: 'muted' }])
  })

  it('[V8] are one update for a slow receiver, not a backlog', async () => {
    const { desk, server } = await openServedDesk(['ana'])
    const received: ServerMessage[] = []
    const ready: (() => void)[] = []
    const send = (message: ServerMessage) => {
      received.push(message)
      return new Promise<void>((resolve) => ready.push(resolve))
    }
    server.attach({ staffId: 'ana', send })
    for (let n = 0; n < 50; n += 1) await desk.requestChat({ requestId: `r${n}`, visitorId: `v${n}` })
    await waitUntilSent(desk)
    expect(messageTypes(received)).toEqual(['snapshot'])
    ready.shift()?.()
    await waitUntilSent(desk)
    expect(messageTypes(received)).toEqual(['snapshot', 'update'])
    expect(received[1]).toMatchObject({ operations: { length: 50 } })
  })

  it('[V8] are a snapshot for a slow receiver that missed more changes than a snapshot has items', async () => {
    const { desk, server } = await openServedDesk(['ana'])
    const received: ServerMessage[] = []
    let ready = () => {}
    const send = (message: ServerMessage) => {
      received.push(message)
      return new Promise<void>((resolve) => {
        ready = resolve
      })
    }
    for (let n = 0; n < 80; n += 1) await desk.requestChat({ requestId: `r${n}`, visitorId: `v${n}` })
    server.attach({ staffId: 'ana', send })
    for (let n = 0; n < 80; n += 1) await desk.cancel(`r${n}`)
    for (let n = 0; n < 80; n += 1) await desk.visitorLeft(`v${n}`)
    await waitUntilSent(desk)
    expect(messageTypes(received)).toEqual(['snapshot'])
    ready()
    await waitUntilSent(desk)
    expect(messageTypes(received)).toEqual(['snapshot', 'snapshot'])
    expect(received[1]).toMatchObject({ version: desk.version, awaiting: [] })
  })

  it('[V8] are bounded also for a receiver that sends commands and accepts no message', async () => {
    const { desk, server } = await openServedDesk(['ana'])
    const received: ServerMessage[] = []
    const ready: (() => void)[] = []
    const send = (message: ServerMessage) => {
      received.push(message)
      return new Promise<void>((resolve) => ready.push(resolve))
    }
    const connection = server.attach({ staffId: 'ana', send })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    for (let n = 0; n < 1_000; n += 1) {
      const type = n % 2 === 0 ? 'mute' : 'unmute'
      await connection.receive({ type: 'command', id: `${n}`, command: { type, requestId: 'r1' } })
      await desk.visitorArrived({ visitorId: `v${n}` })
    }
    expect(received).toHaveLength(1)
    ready.shift()?.()
    await waitUntilSent(desk)
    const answers = received.filter(({ type }) => type === 'answer')
    expect(answers).toHaveLength(128)
    expect(answers.filter((answer) => answer.type === 'answer' && answer.outcome.ok)).toHaveLength(64)
    expect(received.length).toBeLessThan(150)
  })

  it('[V9] include a visitor notification for the staff members to whom the desk announces it, on all their screens', async () => {
    const { desk, portals } = await openServedDesk(['ana', 'bo'])
    await desk.setAvailability('bo', 'away')
    const listeners = portals.map(({ portal }) => {
      const listener = vi.fn()
      portal.onVisitor(listener)
      return listener
    })
    await desk.visitorArrived({ visitorId: 'v1', facts: { page: '/pricing' } })
    await waitUntilSent(desk)
    expect(listeners.map(({ mock }) => mock.calls.length)).toEqual([1, 0])
    expect(portals[1]?.portal.getSnapshot().visitors).toHaveLength(1)
  })

  it('[V10] end with closed when the staff member is removed and when the server closes', async () => {
    const { desk, server, portals } = await openServedDesk(['ana', 'bo'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await Promise.all([desk.removeStaff('ana'), desk.setStaff({ id: 'ana' })])
    await waitUntilSent(desk)
    expect(portals[0]?.received.at(-1)).toEqual({ type: 'closed', reason: 'staff-removed' })
    server.close()
    expect(portals[1]?.received.at(-1)).toEqual({ type: 'closed', reason: 'desk-closed' })
    expect(portals.map(({ portal }) => portal.getSnapshot().bell)).toEqual(['silent', 'silent'])
    expect(server.size).toBe(0)
  })

  it('[V10] leave no subscription at the desk after the server has closed', async () => {
    const desk = await openDesk({ clock: manualClock(0), staff: [{ id: 'ana' }] })
    const subscribed = new Set<string>()
    const on = desk.on.bind(desk)
    const observe: typeof desk.on = (type, listener) => {
      const unsubscribe = on(type, listener)
      subscribed.add(type)
      return () => {
        subscribed.delete(type)
        unsubscribe()
      }
    }
    const server = serveStaff(Object.assign(desk, { on: observe }))
    expect(subscribed.size).toBeGreaterThan(5)
    server.close()
    expect([...subscribed]).toEqual([])
    await desk.close()
  })

  it('[V44] are one object and one text for all screens that learn the same', async () => {
    const { desk, server } = await openServedDesk(['ana', 'bo', 'cy'])
    const received: { message: ServerMessage; text: () => string }[] = []
    for (const staffId of ['ana', 'bo', 'cy']) {
      server.attach({ staffId, send: (message, text) => void received.push({ message, text }) })
    }
    await waitUntilSent(desk)
    for (const [id, messageCount] of [
      ['r1', 3], // each screen shows the version at which it was attached
      ['r2', 1], // from now on all show the same one
    ] as const) {
      received.length = 0
      await desk.requestChat({ requestId: id, visitorId: id })
      await waitUntilSent(desk)
      expect([received.length, new Set(received.map(({ message }) => message)).size]).toEqual([3, messageCount])
      const stringify = vi.spyOn(JSON, 'stringify')
      const texts = received.map(({ text }) => text())
      const encodedLists = stringify.mock.calls.filter(([value]) => Array.isArray(value))
      stringify.mockRestore()
      expect(encodedLists).toHaveLength(1)
      expect(texts).toEqual(received.map(({ message }) => JSON.stringify(message)))
    }
  })

  it('[V45] include the end of a request that began and ended while other changes were being collected', async () => {
    const { desk, attach } = await openServedDesk(['ana'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
    const { portal } = attach('ana')
    await desk.cancel('r2')
    await waitUntilSent(desk)
    expect(portal.getSnapshot().ringing.map(({ requestId }) => requestId)).toEqual(['r1'])
  })

  it('[V14] are a snapshot again on request, with the tones of what rings', async () => {
    const route = { name: 'Loud', conditions: { all: [{ fact: 'a', operator: 'equal', value: 1 }] } }
    const workflows = [{ ...route, event: { type: 'route', params: { to: 'everyone', tone: 'urgent' } } }]
    const { desk, server, portals } = await openServedDesk(['ana'], { workflows })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { a: 1 } })
    await waitUntilSent(desk)
    portals[0]?.portal.refresh()
    await waitUntilSent(desk)
    const snapshot = { type: 'snapshot', ringing: [{ requestId: 'r1', tone: 'urgent' }] }
    expect(portals[0]?.received.at(-1)).toMatchObject(snapshot)
    expect(portals[0]?.portal.getSnapshot().tone).toBe('urgent')
    server.close()
    const restarted = serveInProcess(desk)
    closeAfterTest(restarted.server)
    const again = restarted.attach('ana')
    expect(again.received[0]).toMatchObject(snapshot)
    expect(again.portal.getSnapshot().tone).toBe('urgent')
  })

  it('[V15] are a snapshot at the next change after the transport rejected a message', async () => {
    const { desk, server } = await openServedDesk(['ana'])
    const received: ServerMessage[] = []
    const send = async (message: ServerMessage) => {
      received.push(message)
      if (received.length === 2) throw new Error('no ack in time')
    }
    server.attach({ staffId: 'ana', send })
    await waitUntilSent(desk)
    for (const id of ['r1', 'r2']) {
      await desk.requestChat({ requestId: id, visitorId: id })
      await waitUntilSent(desk)
    }
    expect(messageTypes(received)).toEqual(['snapshot', 'update', 'snapshot'])
    expect(received[2]).toMatchObject({ ringing: [{ requestId: 'r1' }, { requestId: 'r2' }] })
  })

  it('[V16] end, with a call of onClosed, when the transport throws', async () => {
    const { desk, server } = await openServedDesk(['ana', 'bo'], { policy: { presenceGraceMs: 0 } })
    const { size } = server
    const onClosed = vi.fn()
    const send = () => {
      throw new Error('broken pipe')
    }
    server.attach({ staffId: 'ana', send, onClosed })
    server.attach({ staffId: 'bo', send: () => {}, onClosed }).detach()
    await waitUntilSent(desk)
    expect(server.size).toBe(size)
    expect(onClosed).toHaveBeenCalledTimes(1)
  })

  it('[V37] are one snapshot for many requests at one moment', async () => {
    const { desk, server } = await openServedDesk(['ana'])
    const received: ServerMessage[] = []
    const connection = server.attach({ staffId: 'ana', send: (message) => void received.push(message) })
    await waitUntilSent(desk)
    received.length = 0
    for (let n = 0; n < 1_000; n += 1) await connection.receive({ type: 'resync' })
    await waitUntilSent(desk)
    expect(received.length).toBeGreaterThan(0)
    expect(received.length).toBeLessThan(20)
    expect(new Set(messageTypes(received))).toEqual(new Set(['snapshot']))
  })

  it('[V38] end once when the transport throws, though onClosed throws too', async () => {
    const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { desk, server, portals } = await openServedDesk(['ana', 'bo'])
    const onClosed = vi.fn(() => {
      throw new Error('no such socket')
    })
    let isBroken = false
    const send = vi.fn(() => {
      if (isBroken) throw new Error('broken pipe')
    })
    server.attach({ staffId: 'ana', send, onClosed })
    await waitUntilSent(desk)
    send.mockClear()
    isBroken = true
    await desk.visitorArrived({ visitorId: 'v1' })
    await waitUntilSent(desk)
    expect({ sent: send.mock.calls.length, closed: onClosed.mock.calls.length }).toEqual({ sent: 1, closed: 1 })
    expect(portals[1]?.portal.getSnapshot().visitors).toHaveLength(1)
    expect(reported.mock.calls.filter(([error]) => error?.message === 'no such socket')).toHaveLength(1)
    reported.mockRestore()
  })
})
