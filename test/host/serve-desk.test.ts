import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Desk, type DeskOptions, manualClock, memoryLog, openDesk } from '../../src'
import { type DeskServer, serveDesk } from '../../src/host'
import type { ToPortal } from '../../src/portal'
import { slowLog } from '../desk/slow-log'
import { atRest, switchboard } from './switchboard'

const open: (Desk | DeskServer)[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const each of open.splice(0).reverse()) await each.close()
})

async function board(names: readonly string[], options: DeskOptions = {}) {
  const clock = manualClock(0)
  const desk = await openDesk({ clock, staff: names.map((id) => ({ id })), ...options })
  const { server, extension } = switchboard(desk)
  open.push(desk, server)
  const people = names.map(extension)
  await atRest(desk)
  for (const { received } of people) received.length = 0
  return { desk, server, clock, people, extension }
}

const types = (messages: readonly ToPortal[]) => messages.map(({ type }) => type)

describe('what a screen is sent', () => {
  it('[V1] is whole at once and then only what differs', async () => {
    const { desk, people, extension } = await board(['ana'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const second = extension('ana')
    expect(second.received).toMatchObject([{ type: 'snapshot', staffId: 'ana', ringing: [{ requestId: 'r1' }] }])
    await desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
    await atRest(desk)
    const last = people[0]?.received.at(-1)
    expect(last).toMatchObject({ type: 'patch', awaiting: { out: [], put: [[1, { requestId: 'r2' }]] } })
    expect(second.portal.getSnapshot().ringing).toHaveLength(2)
  })

  it('[V2] is nothing when nothing changes for this person', async () => {
    const route = { name: 'To Bo', conditions: { all: [{ fact: 'a', operator: 'equal', value: 1 }] } }
    const workflows = [{ ...route, event: { type: 'route', params: { to: { staff: 'bo' } } } }]
    const { desk, people } = await board(['ana', 'bo'], { workflows })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { a: 1 } })
    await desk.mute('r1', 'bo')
    await atRest(desk)
    const [ana, bo] = people
    const about = ana?.received.filter((message) => JSON.stringify(message).includes('"r1"'))
    expect(about).toEqual([])
    expect(bo?.portal.getSnapshot().awaiting).toMatchObject([{ requestId: 'r1', why: 'muted' }])
  })

  it('[V8] is one difference for a receiver who was slow, not a backlog', async () => {
    const { desk, server } = await board(['ana'])
    const received: ToPortal[] = []
    const ready: (() => void)[] = []
    const send = (message: ToPortal) => {
      received.push(message)
      return new Promise<void>((resolve) => ready.push(resolve))
    }
    server.attach({ staffId: 'ana', send })
    for (let n = 0; n < 50; n += 1) await desk.requestChat({ requestId: `r${n}`, visitorId: `v${n}` })
    await atRest(desk)
    expect(types(received)).toEqual(['snapshot'])
    ready.shift()?.()
    await atRest(desk)
    expect(types(received)).toEqual(['snapshot', 'patch'])
    expect(received[1]).toMatchObject({ awaiting: { put: { length: 50 } } })
  })

  it('[V9] has the notice of a visitor for those whom the desk announces it to, on all their screens', async () => {
    const { desk, people } = await board(['ana', 'bo'])
    await desk.setAvailability('bo', 'away')
    const heard = people.map(({ portal }) => {
      const listener = vi.fn()
      portal.onVisitor(listener)
      return listener
    })
    await desk.visitorArrived({ visitorId: 'v1', facts: { page: '/pricing' } })
    await atRest(desk)
    expect(heard.map(({ mock }) => mock.calls.length)).toEqual([1, 0])
    expect(people[1]?.portal.getSnapshot().visitors).toHaveLength(1)
  })

  it('[V10] ends with a goodbye when the person is removed and when the server closes', async () => {
    const { desk, server, people } = await board(['ana', 'bo'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.removeStaff('ana')
    await atRest(desk)
    expect(people[0]?.received.at(-1)).toEqual({ type: 'closed', reason: 'staff-removed' })
    server.close()
    expect(people[1]?.received.at(-1)).toEqual({ type: 'closed', reason: 'desk-closed' })
    expect(people.map(({ portal }) => portal.getSnapshot().bell)).toEqual(['silent', 'silent'])
    expect(server.size).toBe(0)
  })

  it('[V14] is whole again on request, with the sounds of what rings', async () => {
    const route = { name: 'Loud', conditions: { all: [{ fact: 'a', operator: 'equal', value: 1 }] } }
    const workflows = [{ ...route, event: { type: 'route', params: { to: 'everyone', tone: 'urgent' } } }]
    const { desk, server, people } = await board(['ana'], { workflows })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { a: 1 } })
    await atRest(desk)
    people[0]?.portal.refresh()
    await atRest(desk)
    const whole = { type: 'snapshot', ringing: [{ requestId: 'r1', tone: 'urgent' }] }
    expect(people[0]?.received.at(-1)).toMatchObject(whole)
    expect(people[0]?.portal.getSnapshot().tone).toBe('urgent')
    server.close()
    const restarted = switchboard(desk)
    open.push(restarted.server)
    const again = restarted.extension('ana')
    expect(again.received[0]).toMatchObject(whole)
    expect(again.portal.getSnapshot().tone).toBe('urgent')
  })

  it('[V15] is whole at the next change after the transport failed to take something', async () => {
    const { desk, server } = await board(['ana'])
    const received: ToPortal[] = []
    const send = async (message: ToPortal) => {
      received.push(message)
      if (received.length === 2) throw new Error('no ack in time')
    }
    server.attach({ staffId: 'ana', send })
    await atRest(desk)
    for (const id of ['r1', 'r2']) {
      await desk.requestChat({ requestId: id, visitorId: id })
      await atRest(desk)
    }
    expect(types(received)).toEqual(['snapshot', 'patch', 'snapshot'])
    expect(received[2]).toMatchObject({ ringing: [{ requestId: 'r1' }, { requestId: 'r2' }] })
  })

  it('[V16] ends, and says so to the host, at a transport that throws', async () => {
    const { desk, server } = await board(['ana', 'bo'], { policy: { presenceGraceMs: 0 } })
    const { size } = server
    const ended = vi.fn()
    const send = () => {
      throw new Error('broken pipe')
    }
    server.attach({ staffId: 'ana', send, ended })
    server.attach({ staffId: 'bo', send: () => {}, ended }).detach()
    await atRest(desk)
    expect(server.size).toBe(size)
    expect(ended).toHaveBeenCalledTimes(1)
  })
})

describe('what a screen may ask', () => {
  it('[V4] is done as the person attached, whatever the message says', async () => {
    const { desk, people } = await board(['ana', 'bo'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const [ana] = people
    for (const as of [{ staffId: 'bo' }, { by: 'bo' }]) {
      await ana?.connection.receive({ type: 'command', id: 'x', command: { type: 'accept', requestId: 'r1', ...as } })
    }
    expect(desk.request('r1')?.assignment).toBeNull()
    await ana?.connection.receive({ type: 'command', id: 'y', command: { type: 'accept', requestId: 'r1' } })
    expect(desk.request('r1')?.assignment?.staffId).toBe('ana')
  })

  it('[V5] is no end, release, transfer or reply for somebody else’s chat', async () => {
    const { desk, people } = await board(['ana', 'bo'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.accept('r1', 'ana')
    await atRest(desk)
    const [ana, bo] = people
    const asked = [
      { type: 'end', requestId: 'r1' },
      { type: 'replied', requestId: 'r1' },
      { type: 'release', requestId: 'r1' },
      { type: 'transfer', requestId: 'r1', to: 'everyone' },
    ] as const
    const refused = { code: 'taken', by: 'ana', message: 'ana has it.' }
    for (const command of asked) expect(await bo?.portal.ask(command)).toMatchObject(refused)
    expect(desk.request('r1')?.assignment?.staffId).toBe('ana')
    expect(await ana?.portal.ask({ type: 'end', requestId: 'r1' })).toMatchObject({ ok: true })
    expect(desk.request('r1')).toBeUndefined()
  })

  it('[V5] looks at who has the chat when the command is done, not when it comes', async () => {
    const { desk, people } = await board(['ana', 'bo'], { log: slowLog(memoryLog()) })
    const asked = [
      { type: 'replied', requestId: 'r1' },
      { type: 'transfer', requestId: 'r1', to: { staff: 'ana' } },
      { type: 'release', requestId: 'r1', exclude: true },
      { type: 'end', requestId: 'r1' },
    ] as const
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    for (const command of asked) {
      await desk.assign('r1', 'ana', { by: 'test' })
      await atRest(desk)
      expect(people[0]?.portal.getSnapshot().chats).toHaveLength(1)
      const given = desk.assign('r1', 'bo', { by: 'test' })
      expect(desk.request('r1')?.assignment?.staffId).toBe('ana')
      expect(await people[0]?.portal.ask(command)).toMatchObject({ code: 'taken', by: 'bo' })
      await given
      expect(desk.request('r1')?.assignment?.staffId).toBe('bo')
    }
  })

  it('[V6] is answered invalid, with the path, when it is malformed, and nothing changes', async () => {
    const { desk, people } = await board(['ana'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const { version } = desk
    const junk: unknown[] = [null, 7, [], 'accept', {}, { type: 'command' }, { type: 'command', id: 3 }]
    const commands: unknown[] = [
      { type: 'removeStaff', staffId: 'ana' },
      { type: 'constructor' },
      { type: 'snooze', requestId: 'r1', forMs: -5 },
      { type: 'accept', requestId: 7 },
    ]
    const wrapped = commands.map((command, index) => ({ type: 'command', id: `c${index}`, command }))
    for (const message of [...junk, ...wrapped]) await people[0]?.connection.receive(message)
    expect(desk.version).toBe(version)
    const answers = people[0]?.received.filter(({ type }) => type === 'answer')
    expect(answers).toMatchObject([
      { id: 'c0', outcome: { code: 'invalid', message: expect.stringMatching(/^command\.type: expected one of/) } },
      { id: 'c1', outcome: { code: 'invalid' } },
      { id: 'c2', outcome: { code: 'invalid', message: expect.stringMatching(/^forMs: expected a whole number/) } },
      { id: 'c3', outcome: { code: 'invalid', message: expect.stringMatching(/^requestId: expected text/) } },
    ])
  })

  it('[V12] is answered after the screen that shows it', async () => {
    const { desk, people } = await board(['ana'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await atRest(desk)
    const [ana] = people
    if (ana !== undefined) ana.received.length = 0
    expect(await ana?.portal.ask({ type: 'accept', requestId: 'r1' })).toMatchObject({ ok: true })
    await atRest(desk)
    expect(types(ana?.received ?? [])).toEqual(['patch', 'answer'])
    expect(ana?.received[1]).toMatchObject({ version: desk.version })
  })

  it('[V13] is refused beyond 64 unanswered commands', async () => {
    const { desk, people } = await board(['ana'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await atRest(desk)
    const asked = Array.from({ length: 70 }, () => people[0]?.portal.ask({ type: 'mute', requestId: 'r1' }))
    const outcomes = await Promise.all(asked)
    expect(outcomes.filter((outcome) => outcome?.ok === false && outcome.code === 'too-many')).toHaveLength(6)
  })
})

describe('being there', () => {
  it('[V7] lasts while a screen is attached, renewed by the server, and ends with it', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const clock = manualClock(0)
    const policy = { sessionLeaseMs: 90_000, presenceGraceMs: 0 }
    const desk = await openDesk({ clock, staff: [{ id: 'ana' }], policy })
    const server = serveDesk(desk, { flushMs: 0 })
    open.push(desk, server)
    const connection = server.attach({ staffId: 'ana', send: () => {} })
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

  it('[V11] is for staff of this desk only', async () => {
    const { server } = await board(['ana'])
    expect(() => server.attach({ staffId: 'eve', send: () => {} })).toThrow(
      /staffId: expected the id of a staff member/,
    )
  })
})
