import { afterEach, describe, expect, it, vi } from 'vitest'
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

describe('what a screen is sent', () => {
  it('[V1] is whole at once and then only what differs', async () => {
    const { desk, people, extension } = await openServedDesk(['ana'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const second = extension('ana')
    expect(second.received).toMatchObject([{ type: 'snapshot', staffId: 'ana', ringing: [{ requestId: 'r1' }] }])
    await desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
    await waitUntilSent(desk)
    const last = people[0]?.received.at(-1)
    expect(last).toMatchObject({ type: 'patch', awaiting: { removed: [], inserted: [[1, { requestId: 'r2' }]] } })
    expect(second.portal.getSnapshot().ringing).toHaveLength(2)
  })

  it('[V2] is nothing when nothing changes for this person', async () => {
    const route = { name: 'To Bo', conditions: { all: [{ fact: 'a', operator: 'equal', value: 1 }] } }
    const workflows = [{ ...route, event: { type: 'route', params: { to: { staff: 'bo' } } } }]
    const { desk, people } = await openServedDesk(['ana', 'bo'], { workflows })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { a: 1 } })
    await desk.mute('r1', 'bo')
    await waitUntilSent(desk)
    const [ana, bo] = people
    const about = ana?.received.filter((message) => JSON.stringify(message).includes('"r1"'))
    expect(about).toEqual([])
    expect(bo?.portal.getSnapshot().awaiting).toMatchObject([{ requestId: 'r1', reason: 'muted' }])
  })

  it('[V8] is one difference for a receiver who was slow, not a backlog', async () => {
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
    expect(messageTypes(received)).toEqual(['snapshot', 'patch'])
    expect(received[1]).toMatchObject({ awaiting: { inserted: { length: 50 } } })
  })

  it('[V8] is the screen anew for a slow receiver who missed more than a screen holds', async () => {
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
    for (let n = 0; n < 80; n += 1) await desk.mute(`r${n}`, 'ana')
    await waitUntilSent(desk)
    expect(messageTypes(received)).toEqual(['snapshot'])
    ready()
    await waitUntilSent(desk)
    expect(messageTypes(received)).toEqual(['snapshot', 'snapshot'])
    expect(received[1]).toMatchObject({ version: desk.version, ringing: [] })
  })

  it('[V8] is bounded also for a receiver who asks and asks and takes nothing', async () => {
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

  it('[V9] has the notice of a visitor for those whom the desk announces it to, on all their screens', async () => {
    const { desk, people } = await openServedDesk(['ana', 'bo'])
    await desk.setAvailability('bo', 'away')
    const heard = people.map(({ portal }) => {
      const listener = vi.fn()
      portal.onVisitor(listener)
      return listener
    })
    await desk.visitorArrived({ visitorId: 'v1', facts: { page: '/pricing' } })
    await waitUntilSent(desk)
    expect(heard.map(({ mock }) => mock.calls.length)).toEqual([1, 0])
    expect(people[1]?.portal.getSnapshot().visitors).toHaveLength(1)
  })

  it('[V10] ends with a goodbye when the person is removed and when the server closes', async () => {
    const { desk, server, people } = await openServedDesk(['ana', 'bo'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await Promise.all([desk.removeStaff('ana'), desk.setStaff({ id: 'ana' })])
    await waitUntilSent(desk)
    expect(people[0]?.received.at(-1)).toEqual({ type: 'closed', reason: 'staff-removed' })
    server.close()
    expect(people[1]?.received.at(-1)).toEqual({ type: 'closed', reason: 'desk-closed' })
    expect(people.map(({ portal }) => portal.getSnapshot().bell)).toEqual(['silent', 'silent'])
    expect(server.size).toBe(0)
  })

  it('[V14] is whole again on request, with the sounds of what rings', async () => {
    const route = { name: 'Loud', conditions: { all: [{ fact: 'a', operator: 'equal', value: 1 }] } }
    const workflows = [{ ...route, event: { type: 'route', params: { to: 'everyone', tone: 'urgent' } } }]
    const { desk, server, people } = await openServedDesk(['ana'], { workflows })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { a: 1 } })
    await waitUntilSent(desk)
    people[0]?.portal.refresh()
    await waitUntilSent(desk)
    const whole = { type: 'snapshot', ringing: [{ requestId: 'r1', tone: 'urgent' }] }
    expect(people[0]?.received.at(-1)).toMatchObject(whole)
    expect(people[0]?.portal.getSnapshot().tone).toBe('urgent')
    server.close()
    const restarted = serveInProcess(desk)
    closeAfterTest(restarted.server)
    const again = restarted.extension('ana')
    expect(again.received[0]).toMatchObject(whole)
    expect(again.portal.getSnapshot().tone).toBe('urgent')
  })

  it('[V15] is whole at the next change after the transport failed to take something', async () => {
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
    expect(messageTypes(received)).toEqual(['snapshot', 'patch', 'snapshot'])
    expect(received[2]).toMatchObject({ ringing: [{ requestId: 'r1' }, { requestId: 'r2' }] })
  })

  it('[V16] ends, and says so to the host, at a transport that throws', async () => {
    const { desk, server } = await openServedDesk(['ana', 'bo'], { policy: { presenceGraceMs: 0 } })
    const { size } = server
    const ended = vi.fn()
    const send = () => {
      throw new Error('broken pipe')
    }
    server.attach({ staffId: 'ana', send, onClosed: ended })
    server.attach({ staffId: 'bo', send: () => {}, onClosed: ended }).detach()
    await waitUntilSent(desk)
    expect(server.size).toBe(size)
    expect(ended).toHaveBeenCalledTimes(1)
  })

  it('[V37] is whole once for all who asked again in one moment', async () => {
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

  it('[V38] ends once for the host, which may fail at that, and sends nothing more', async () => {
    const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { desk, server, people } = await openServedDesk(['ana', 'bo'])
    const ended = vi.fn(() => {
      throw new Error('no such socket')
    })
    let isBroken = false
    const send = vi.fn(() => {
      if (isBroken) throw new Error('broken pipe')
    })
    server.attach({ staffId: 'ana', send, onClosed: ended })
    await waitUntilSent(desk)
    send.mockClear()
    isBroken = true
    await desk.visitorArrived({ visitorId: 'v1' })
    await waitUntilSent(desk)
    expect({ sent: send.mock.calls.length, ended: ended.mock.calls.length }).toEqual({ sent: 1, ended: 1 })
    expect(people[1]?.portal.getSnapshot().visitors).toHaveLength(1)
    expect(reported).toHaveBeenCalledTimes(1)
    reported.mockRestore()
  })
})
