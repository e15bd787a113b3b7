import { afterEach, describe, expect, it } from 'vitest'
import { memoryStore } from '../../src'
import { asynchronousStore } from '../desk/cluster/asynchronous-store'
import { closeAll, messageTypes, openServedDesk, waitUntilSent } from './attached-portals'

afterEach(closeAll)

describe('a command of a screen', () => {
  it('[V4] is executed as the staff member attached, whatever the message says', async () => {
    const { desk, portals } = await openServedDesk(['ana', 'bo'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const [ana] = portals
    for (const as of [{ staffId: 'bo' }, { by: 'bo' }]) {
      await ana?.connection.receive({ type: 'command', id: 'x', command: { type: 'accept', requestId: 'r1', ...as } })
    }
    expect(desk.request('r1')?.assignment).toBeNull()
    await ana?.connection.receive({ type: 'command', id: 'y', command: { type: 'accept', requestId: 'r1' } })
    expect(desk.request('r1')?.assignment?.staffId).toBe('ana')
  })

  it('[V4] never acts for another staff member whom a message names, in whatever place', async () => {
    const { desk, portals } = await openServedDesk(['ana', 'bo'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await waitUntilSent(desk)
    const { version } = desk
    const commands = [
      ...(['accept', 'mute', 'unmute', 'end', 'replied', 'decline', 'release'] as const).map((type) => ({ type })),
      { type: 'snooze', forMs: 1_000 },
      { type: 'transfer', to: 'everyone' },
      { type: 'setAvailability', availability: 'away', requestId: undefined },
    ]
    const forgedKeys = [{ staffId: 'bo' }, { by: 'bo' }, { sessionId: 'x' }, { at: 0 }, { commandId: 'stolen' }]
    let sent = 0
    for (const command of commands) {
      for (const forged of forgedKeys) {
        const own = command.type === 'setAvailability' ? {} : { requestId: 'r1' }
        const message = { type: 'command', id: `${sent}`, command: { ...own, ...command, ...forged } }
        await portals[0]?.connection.receive(message)
        sent += 1
      }
    }
    const beside = { staffId: 'bo', by: 'bo', command: { type: 'mute', requestId: 'r1' } }
    await portals[0]?.connection.receive({ type: 'command', id: 'beside', ...beside })
    expect(desk.version).toBe(version + 1)
    expect(desk.ringing('bo')).toEqual(['r1'])
    expect(desk.ringing('ana')).toEqual([])
    const answers = portals[0]?.received.filter((message) => message.type === 'answer') ?? []
    expect(answers.filter(({ outcome }) => !outcome.ok && outcome.code === 'invalid')).toHaveLength(sent)
  })

  it('[V18] acts on its own desk only, though staff members and requests of another have the same ids', async () => {
    const [first, second] = [await openServedDesk(['ana', 'bo']), await openServedDesk(['ana', 'eve'])]
    await first.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await second.desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
    await waitUntilSent(first.desk)
    const eve = second.portals[1]
    expect(await eve?.portal.execute({ type: 'accept', requestId: 'r1' })).toMatchObject({ code: 'unknown-request' })
    expect(await eve?.portal.execute({ type: 'end', requestId: 'r1' })).toMatchObject({ code: 'unknown-request' })
    expect(JSON.stringify(eve?.received)).not.toContain('v1')
    expect(() => first.server.attach({ staffId: 'eve', send: () => {} })).toThrow(/staffId: expected/)
    expect(first.desk.request('r1')?.phase).toBe('ringing')
  })

  it('[V18] is refused to a staff member removed from the roster, also on an open connection', async () => {
    const { desk, portals } = await openServedDesk(['ana', 'bo'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.removeStaff('ana')
    await portals[0]?.connection.receive({ type: 'command', id: 'x', command: { type: 'accept', requestId: 'r1' } })
    await waitUntilSent(desk)
    expect(desk.request('r1')?.assignment).toBeNull()
    expect(portals[0]?.received.at(-1)).toEqual({ type: 'closed', reason: 'staff-removed' })
  })

  it('[V5] cannot end, release, transfer or reply to a chat of another staff member', async () => {
    const { desk, portals } = await openServedDesk(['ana', 'bo'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.accept('r1', 'ana')
    await waitUntilSent(desk)
    const [ana, bo] = portals
    const commands = [
      { type: 'end', requestId: 'r1' },
      { type: 'replied', requestId: 'r1' },
      { type: 'release', requestId: 'r1' },
      { type: 'transfer', requestId: 'r1', to: 'everyone' },
    ] as const
    const refused = { code: 'taken', by: 'ana', message: 'ana has it.' }
    for (const command of commands) expect(await bo?.portal.execute(command)).toMatchObject(refused)
    expect(desk.request('r1')?.assignment?.staffId).toBe('ana')
    expect(await ana?.portal.execute({ type: 'end', requestId: 'r1' })).toMatchObject({ ok: true })
    expect(desk.request('r1')).toBeUndefined()
  })

  it('[V5] is checked against the assignment when it is executed, not when it arrives', async () => {
    const { desk, portals } = await openServedDesk(['ana', 'bo'], { store: asynchronousStore(memoryStore()) })
    const commands = [
      { type: 'replied', requestId: 'r1' },
      { type: 'transfer', requestId: 'r1', to: { staff: 'ana' } },
      { type: 'release', requestId: 'r1', exclude: true },
      { type: 'end', requestId: 'r1' },
    ] as const
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    for (const command of commands) {
      await desk.assign('r1', 'ana', { by: 'test' })
      await waitUntilSent(desk)
      expect(portals[0]?.portal.getSnapshot().chats).toHaveLength(1)
      const assigned = desk.assign('r1', 'bo', { by: 'test' })
      expect(desk.request('r1')?.assignment?.staffId).toBe('ana')
      expect(await portals[0]?.portal.execute(command)).toMatchObject({ code: 'taken', by: 'bo' })
      await assigned
      expect(desk.request('r1')?.assignment?.staffId).toBe('bo')
    }
  })

  it('[V6] is answered invalid, with the path, when it is malformed, and nothing changes', async () => {
    const { desk, portals } = await openServedDesk(['ana'])
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
    for (const message of [...junk, ...wrapped]) await portals[0]?.connection.receive(message)
    expect(desk.version).toBe(version)
    const answers = portals[0]?.received.filter(({ type }) => type === 'answer')
    expect(answers).toMatchObject([
      { id: 'c0', outcome: { code: 'invalid', message: expect.stringMatching(/^command\.type: expected one of/) } },
      { id: 'c1', outcome: { code: 'invalid' } },
      {
        id: 'c2',
        outcome: { code: 'invalid', message: expect.stringMatching(/^command\.forMs: expected a whole number/) },
      },
      { id: 'c3', outcome: { code: 'invalid', message: expect.stringMatching(/^command\.requestId: expected text/) } },
    ])
  })

  it('[V12] is answered after the message that shows its effect', async () => {
    const { desk, portals } = await openServedDesk(['ana'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await waitUntilSent(desk)
    const [ana] = portals
    if (ana !== undefined) ana.received.length = 0
    expect(await ana?.portal.execute({ type: 'accept', requestId: 'r1' })).toMatchObject({ ok: true })
    await waitUntilSent(desk)
    expect(messageTypes(ana?.received ?? [])).toEqual(['update', 'answer'])
    expect(ana?.received[1]).toMatchObject({ version: desk.version })
  })

  it('[V13] is refused beyond 64 unanswered commands', async () => {
    const { desk, portals } = await openServedDesk(['ana'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await waitUntilSent(desk)
    const executed = Array.from({ length: 70 }, () => portals[0]?.portal.execute({ type: 'mute', requestId: 'r1' }))
    const outcomes = await Promise.all(executed)
    expect(outcomes.filter((outcome) => outcome?.ok === false && outcome.code === 'too-many')).toHaveLength(6)
  })
})
