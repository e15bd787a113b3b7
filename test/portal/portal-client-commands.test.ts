import assert from 'node:assert'
import { describe, expect, it, vi } from 'vitest'
import { createPortal } from '../../src/portal'
import { awaitingItem, connectAna, requestView, snapshotMessage } from './connected-portal'

describe('a command of a portal', () => {
  it('[P8] shows a mute at once and undoes it when the desk refuses', async () => {
    const { portal, connection, sent } = connectAna()
    connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    const outcome = portal.execute({ type: 'mute', requestId: 'r1' })
    expect(portal.getSnapshot()).toMatchObject({ bell: 'silent', awaiting: [{ requestId: 'r1', reason: 'muted' }] })
    expect(sent).toEqual([{ type: 'command', id: '1', command: { type: 'mute', requestId: 'r1' } }])
    const refusal = { ok: false, code: 'taken', message: 'Bo was faster.', by: 'bo' } as const
    connection.receive({ type: 'answer', id: '1', version: 1, outcome: refusal })
    expect(await outcome).toEqual(refusal)
    expect(portal.getSnapshot()).toMatchObject({ bell: 'ringing', awaiting: [{ requestId: 'r1', reason: 'ringing' }] })
  })

  it('[P8] shows an accept as a chat at once, until the snapshot shows it', async () => {
    const { portal, connection } = connectAna()
    connection.receive(snapshotMessage(1, [awaitingItem('r1'), awaitingItem('r2')]))
    const outcome = portal.execute({ type: 'accept', requestId: 'r1' })
    const shown = () => {
      const { ringing, chats } = portal.getSnapshot()
      return { ringing: ringing.map(({ requestId }) => requestId), chats: chats.map(({ requestId }) => requestId) }
    }
    expect(shown()).toEqual({ ringing: ['r2'], chats: ['r1'] })
    connection.receive({ type: 'answer', id: '1', version: 2, outcome: { ok: true } })
    expect(await outcome).toEqual({ ok: true })
    expect(shown()).toEqual({ ringing: ['r2'], chats: ['r1'] })
    const operations = [{ type: 'chat', request: requestView('r1') }] as const
    connection.receive({ type: 'update', since: 1, version: 2, at: 2, operations })
    expect(shown()).toEqual({ ringing: ['r2'], chats: ['r1'] })
  })

  it('[P9] is answered offline without a connection, and connection-lost when it drops before the answer', async () => {
    expect(await createPortal('ana').execute({ type: 'accept', requestId: 'r1' })).toMatchObject({ code: 'offline' })
    const { portal, connection } = connectAna()
    connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    const outcome = portal.execute({ type: 'accept', requestId: 'r1' })
    connection.close()
    expect(await outcome).toMatchObject({ ok: false, code: 'connection-lost' })
    expect(portal.getSnapshot().awaiting).toHaveLength(1)
  })

  it.each([
    ['throws', () => () => assert.fail('the socket is closed')],
    ['rejects', () => async () => assert.fail('the network is down')],
  ])('[P18] is undone and answered connection-lost when the transport %s', async (_, failing) => {
    const portal = createPortal('ana', { now: () => 0 })
    const connection = portal.open(failing())
    connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    expect(await portal.execute({ type: 'accept', requestId: 'r1' })).toMatchObject({ code: 'connection-lost' })
    expect(portal.getSnapshot()).toMatchObject({ connection: 'live', bell: 'ringing', chats: [] })
    portal.refresh()
    await new Promise((resolve) => setImmediate(resolve))
  })

  it('[P20] is undone and answered connection-lost when no answer has come by the second ping', async () => {
    const { portal, connection } = connectAna()
    connection.receive(snapshotMessage(1, [awaitingItem('r1'), awaitingItem('r2')]))
    const outcomes: unknown[] = []
    for (const requestId of ['r1', 'r2']) {
      void portal.execute({ type: 'mute', requestId }).then((outcome) => outcomes.push([requestId, outcome]))
    }
    connection.receive({ type: 'answer', id: '2', version: 2, outcome: { ok: true } })
    connection.receive({ type: 'ping', version: 1 })
    expect(portal.getSnapshot()).toMatchObject({ connection: 'live', ringing: [] })
    void portal.execute({ type: 'accept', requestId: 'r1' })
    connection.receive({ type: 'ping', version: 1 })
    await new Promise((resolve) => setImmediate(resolve))
    expect(outcomes).toMatchObject([
      ['r2', { ok: true }],
      ['r1', { ok: false, code: 'connection-lost' }],
    ])
    expect(portal.getSnapshot().chats).toHaveLength(1)
    connection.receive({ type: 'ping', version: 1 })
    expect(portal.getSnapshot()).toMatchObject({ connection: 'live', bell: 'ringing', chats: [] })
    expect(portal.getSnapshot().awaiting.map(({ reason }) => reason)).toEqual(['ringing', 'muted'])
  })

  it('[P8] shows several commands at once and undoes only the refused one', async () => {
    const { portal, connection } = connectAna()
    connection.receive(snapshotMessage(1, [awaitingItem('r1'), awaitingItem('r2'), awaitingItem('r3')]))
    void portal.execute({ type: 'accept', requestId: 'r1' })
    const late = portal.execute({ type: 'accept', requestId: 'r2' })
    void portal.execute({ type: 'setAvailability', availability: 'away' })
    const refusal = { ok: false, code: 'taken', message: 'Bo was faster.', by: 'bo' } as const
    connection.receive({ type: 'answer', id: '2', version: 1, outcome: refusal })
    expect(await late).toEqual(refusal)
    const { ringing, chats, availability } = portal.getSnapshot()
    expect(ringing.map(({ requestId }) => requestId)).toEqual(['r2', 'r3'])
    expect(chats.map(({ requestId }) => requestId)).toEqual(['r1'])
    expect(availability).toBe('away')
    const view = portal.getSnapshot()
    connection.receive({ type: 'answer', id: '2', version: 1, outcome: { ok: true } })
    connection.receive(snapshotMessage(1))
    expect(portal.getSnapshot()).toBe(view)
  })

  it('[P11] calls the listener once for each visitor notification', () => {
    const { portal, connection } = connectAna()
    const visitor = { visitorId: 'v1', facts: {}, arrivedAt: 0 }
    const listener = vi.fn()
    const unsubscribe = portal.onVisitor(listener)
    for (const version of [4, 4, 3, 9]) connection.receive({ type: 'visitor', version, visitor })
    expect(listener.mock.calls).toEqual([[visitor], [visitor]])
    unsubscribe()
    connection.receive({ type: 'visitor', version: 10, visitor })
    expect(listener).toHaveBeenCalledTimes(2)
  })
})
