import { afterEach, describe, expect, it, vi } from 'vitest'
import { createPortal, type ServerMessage } from '../../src/portal'
import { awaitingItem, connectAna, snapshotMessage, updateMessage } from './connected-portal'

afterEach(() => {
  vi.useRealTimers()
})

describe('a portal', () => {
  it('[P2] changes nothing for a repeated or late message', () => {
    const { portal, connection } = connectAna()
    connection.receive(snapshotMessage(1))
    connection.receive(updateMessage(1, 2, [], [awaitingItem('r1')]))
    connection.receive(updateMessage(2, 3, ['r1'], []))
    const view = portal.getSnapshot()
    connection.receive(updateMessage(1, 2, [], [awaitingItem('r1')]))
    connection.receive(snapshotMessage(1))
    connection.receive(snapshotMessage(3, [awaitingItem('r9')]))
    expect(portal.getSnapshot()).toBe(view)
    expect(view).toMatchObject({ version: 3, bell: 'silent', ringing: [] })
  })

  it('[P2] reports a lost chat once, and another time when it was accepted and lost again', () => {
    const { portal, connection } = connectAna()
    const revoked = vi.fn()
    portal.onRevoked(revoked)
    for (const version of [4, 4, 3, 6, 6]) connection.receive({ type: 'revoked', version, requestId: 'r1' })
    connection.receive({ type: 'revoked', version: 6, requestId: 'r2' })
    connection.receive({ type: 'revoked', version: 6 } as never)
    connection.receive({ type: 'visitor', version: 6 } as never)
    expect(revoked.mock.calls).toEqual([['r1'], ['r1'], ['r2']])
  })

  it('[P3] silences the bell and requests a snapshot when a message is missing', () => {
    const { portal, connection, sent } = connectAna()
    connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    expect(portal.getSnapshot()).toMatchObject({ connection: 'live', bell: 'ringing' })
    connection.receive(updateMessage(2, 3, [], []))
    expect(portal.getSnapshot()).toMatchObject({ connection: 'reconnecting', bell: 'silent' })
    expect(sent).toEqual([{ type: 'resync' }])
    connection.receive(updateMessage(1, 2, [], []))
    expect(portal.getSnapshot()).toMatchObject({ connection: 'reconnecting', bell: 'silent' })
    connection.receive(snapshotMessage(3, [awaitingItem('r1')]))
    expect(portal.getSnapshot()).toMatchObject({ connection: 'live', bell: 'ringing' })
  })

  it('[P4] silences the bell at once when the transport drops, and keeps showing the last known lists', () => {
    const { portal, connection } = connectAna()
    connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    connection.close()
    expect(portal.getSnapshot()).toMatchObject({ connection: 'reconnecting', bell: 'silent' })
    expect(portal.getSnapshot().awaiting).toHaveLength(1)
  })

  it('[P5] applies the first snapshot of a connection whatever its version, as the server may have restarted', () => {
    const { portal, connection } = connectAna()
    connection.receive(snapshotMessage(500, [awaitingItem('r1')]))
    connection.close()
    const again = portal.open(() => {})
    again.receive(updateMessage(2, 3, [], []))
    again.receive(snapshotMessage(3, [awaitingItem('r2')]))
    expect(portal.getSnapshot()).toMatchObject({ version: 3, connection: 'live', bell: 'ringing' })
    expect(portal.getSnapshot().ringing.map(({ requestId }) => requestId)).toEqual(['r2'])
  })

  it('[P6] ignores later messages of an earlier connection', () => {
    const { portal, connection } = connectAna()
    connection.receive(snapshotMessage(1))
    const again = portal.open(() => {})
    again.receive(snapshotMessage(2))
    connection.receive(snapshotMessage(3, [awaitingItem('r1')]))
    connection.close()
    expect(portal.getSnapshot()).toMatchObject({ version: 2, connection: 'live', bell: 'silent' })
  })

  it('[P7] is the same reference until something changes, and a message that changes nothing calls no listener', () => {
    const { portal, connection } = connectAna()
    const listener = vi.fn()
    const unsubscribe = portal.subscribe(listener)
    const { getSnapshot } = portal
    expect(getSnapshot()).toBe(getSnapshot())
    connection.receive(snapshotMessage(1))
    connection.receive(snapshotMessage(1))
    expect(listener).toHaveBeenCalledTimes(1)
    unsubscribe()
    connection.receive(snapshotMessage(2, [awaitingItem('r1')]))
    expect(listener).toHaveBeenCalledTimes(1)
  })

  it('[P10] requests a snapshot when the page becomes visible again', () => {
    let onChange = () => {}
    const page = {
      visibilityState: 'hidden',
      addEventListener: (_: string, listener: () => void) => (onChange = listener),
    }
    const { sent } = connectAna({ page })
    onChange()
    expect(sent).toEqual([])
    page.visibilityState = 'visible'
    onChange()
    expect(sent).toEqual([{ type: 'resync' }])
  })

  it('[P16][P19] answers pings, and falls silent and calls onTimeout when the announced pings stop', () => {
    vi.useFakeTimers()
    const portal = createPortal('ana', { now: () => 0 })
    const sent: unknown[] = []
    const onTimeout = vi.fn()
    const connection = portal.open((message) => sent.push(message), onTimeout)
    connection.receive({ ...snapshotMessage(1, [awaitingItem('r1')]), pingIntervalMs: 10_000 })
    for (let ping = 0; ping < 5; ping += 1) {
      vi.advanceTimersByTime(20_000)
      connection.receive({ type: 'ping', version: 1 })
      expect(portal.getSnapshot()).toMatchObject({ connection: 'live', bell: 'ringing' })
    }
    vi.advanceTimersByTime(25_000)
    expect(portal.getSnapshot()).toMatchObject({ connection: 'reconnecting', bell: 'silent' })
    expect(onTimeout).toHaveBeenCalledTimes(1)
    expect(sent).toEqual([...Array(5).fill({ type: 'pong' }), { type: 'resync' }])
    connection.receive({ type: 'ping', version: 1 })
    expect(portal.getSnapshot()).toMatchObject({ connection: 'live', bell: 'ringing' })
    connection.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('[P21] rings again with the snapshot requested after a timeout, though its version is the known one', () => {
    vi.useFakeTimers()
    const { portal, connection } = connectAna()
    connection.receive({ ...snapshotMessage(1, [awaitingItem('r1')]), pingIntervalMs: 10_000 })
    vi.advanceTimersByTime(25_000)
    connection.receive(snapshotMessage(0))
    expect(portal.getSnapshot()).toMatchObject({ connection: 'reconnecting', bell: 'silent' })
    connection.receive({ ...snapshotMessage(1, [awaitingItem('r1')]), pingIntervalMs: 10_000 })
    expect(portal.getSnapshot()).toMatchObject({ connection: 'live', bell: 'ringing' })
    connection.close()
  })

  it('[P16] expects no ping that was not announced', () => {
    vi.useFakeTimers()
    const { portal, connection } = connectAna()
    connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    expect(vi.getTimerCount()).toBe(0)
    expect(portal.getSnapshot().bell).toBe('ringing')
  })

  it('[P17] learns from a ping that a message was lost, and requests a snapshot until one has arrived', () => {
    const { portal, connection, sent } = connectAna()
    const resyncs = () => sent.filter(({ type }) => type === 'resync').length
    connection.receive({ type: 'ping', version: 1 })
    expect(resyncs()).toBe(1)
    connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    const listener = vi.fn()
    portal.subscribe(listener)
    connection.receive({ type: 'ping', version: 1 })
    connection.receive({ type: 'ping', version: 0 })
    expect(listener).not.toHaveBeenCalled()
    connection.receive({ type: 'ping', version: 2 })
    connection.receive({ type: 'ping', version: 1 })
    expect(portal.getSnapshot()).toMatchObject({ connection: 'reconnecting', bell: 'silent' })
    connection.receive({ type: 'ping', version: 2 })
    expect(resyncs()).toBe(3)
    connection.receive(snapshotMessage(2))
    expect(portal.getSnapshot()).toMatchObject({ connection: 'live', bell: 'silent' })
  })

  it('[P12] knows the server’s time on a device whose clock is an hour wrong', () => {
    const { portal, connection } = connectAna({ now: () => 1_000 })
    connection.receive({ ...snapshotMessage(1), sentAt: 3_601_000 })
    expect(portal.now()).toBe(3_601_000)
  })

  it('[P13] ignores the snapshot of another staff member and anything that is not a message', () => {
    const { portal, connection } = connectAna()
    const before = portal.getSnapshot()
    connection.receive({ ...snapshotMessage(1, [awaitingItem('r1')]), staffId: 'bo' })
    for (const junk of [null, 7, {}, { type: 'nonsense' }]) connection.receive(junk as unknown as ServerMessage)
    expect(portal.getSnapshot()).toBe(before)
    connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    const linked = portal.getSnapshot()
    const unnumbered = [{ type: 'update' }, { type: 'ping' }, { ...snapshotMessage(2), version: 'two' }]
    for (const junk of unnumbered) connection.receive(junk as unknown as ServerMessage)
    expect(portal.getSnapshot()).toBe(linked)
    connection.receive(updateMessage(1, 2, ['r1'], []))
    expect(portal.getSnapshot()).toMatchObject({ connection: 'live', version: 2, ringing: [] })
  })

  it('[P14] reports what one listener throws and calls the others', () => {
    const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { portal, connection } = connectAna()
    const listener = vi.fn()
    portal.subscribe(() => {
      throw new Error('listener')
    })
    portal.subscribe(listener)
    connection.receive(snapshotMessage(1))
    expect(listener).toHaveBeenCalledTimes(1)
    expect(reported).toHaveBeenCalledTimes(1)
    reported.mockRestore()
  })

  it('[P15] falls silent when the server sends closed', () => {
    const { portal, connection } = connectAna()
    connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    connection.receive({ type: 'closed', reason: 'staff-removed' })
    expect(portal.getSnapshot()).toMatchObject({ connection: 'closed', bell: 'silent' })
  })
})
