import { afterEach, describe, expect, it, vi } from 'vitest'
import { createPortal, type ServerMessage } from '../../src/portal'
import { awaitingItem, connectAna, patchMessage, snapshotMessage } from './connected-portal'

afterEach(() => {
  vi.useRealTimers()
})

describe('the screen', () => {
  it('[P2] changes nothing for a message that comes again or late', () => {
    const { portal, line } = connectAna()
    line.receive(snapshotMessage(1))
    line.receive(patchMessage(1, 2, [], [awaitingItem('r1')]))
    line.receive(patchMessage(2, 3, ['r1'], []))
    const view = portal.getSnapshot()
    line.receive(patchMessage(1, 2, [], [awaitingItem('r1')]))
    line.receive(snapshotMessage(1))
    line.receive(snapshotMessage(3, [awaitingItem('r9')]))
    expect(portal.getSnapshot()).toBe(view)
    expect(view).toMatchObject({ version: 3, bell: 'silent', ringing: [] })
  })

  it('[P3] silences the bell and asks for a whole screen when a message is missing', () => {
    const { portal, line, sent } = connectAna()
    line.receive(snapshotMessage(1, [awaitingItem('r1')]))
    expect(portal.getSnapshot()).toMatchObject({ connection: 'live', bell: 'ringing' })
    line.receive(patchMessage(2, 3, [], []))
    expect(portal.getSnapshot()).toMatchObject({ connection: 'reconnecting', bell: 'silent' })
    expect(sent).toEqual([{ type: 'resync' }])
    line.receive(patchMessage(1, 2, [], []))
    expect(portal.getSnapshot()).toMatchObject({ connection: 'reconnecting', bell: 'silent' })
    line.receive(snapshotMessage(3, [awaitingItem('r1')]))
    expect(portal.getSnapshot()).toMatchObject({ connection: 'live', bell: 'ringing' })
  })

  it('[P4] silences the bell at once when the transport drops, and keeps showing what was known', () => {
    const { portal, line } = connectAna()
    line.receive(snapshotMessage(1, [awaitingItem('r1')]))
    line.close()
    expect(portal.getSnapshot()).toMatchObject({ connection: 'reconnecting', bell: 'silent' })
    expect(portal.getSnapshot().awaiting).toHaveLength(1)
  })

  it('[P5] takes the first screen of a connection whatever its version, as the server may have begun anew', () => {
    const { portal, line } = connectAna()
    line.receive(snapshotMessage(500, [awaitingItem('r1')]))
    line.close()
    const again = portal.open(() => {})
    again.receive(patchMessage(2, 3, [], []))
    again.receive(snapshotMessage(3, [awaitingItem('r2')]))
    expect(portal.getSnapshot()).toMatchObject({ version: 3, connection: 'live', bell: 'ringing' })
    expect(portal.getSnapshot().ringing.map(({ requestId }) => requestId)).toEqual(['r2'])
  })

  it('[P6] ignores what still comes through an earlier connection', () => {
    const { portal, line } = connectAna()
    line.receive(snapshotMessage(1))
    const again = portal.open(() => {})
    again.receive(snapshotMessage(2))
    line.receive(snapshotMessage(3, [awaitingItem('r1')]))
    line.close()
    expect(portal.getSnapshot()).toMatchObject({ version: 2, connection: 'live', bell: 'silent' })
  })

  it('[P7] is the same reference until something changes, and a message that changes nothing tells nobody', () => {
    const { portal, line } = connectAna()
    const heard = vi.fn()
    const leave = portal.subscribe(heard)
    const { getSnapshot } = portal
    expect(getSnapshot()).toBe(getSnapshot())
    line.receive(snapshotMessage(1))
    line.receive(snapshotMessage(1))
    expect(heard).toHaveBeenCalledTimes(1)
    leave()
    line.receive(snapshotMessage(2, [awaitingItem('r1')]))
    expect(heard).toHaveBeenCalledTimes(1)
  })

  it('[P10] asks for a whole screen when the page becomes visible again', () => {
    let tell = () => {}
    const page = { visibilityState: 'hidden', addEventListener: (_: string, listener: () => void) => (tell = listener) }
    const { sent } = connectAna({ page })
    tell()
    expect(sent).toEqual([])
    page.visibilityState = 'visible'
    tell()
    expect(sent).toEqual([{ type: 'resync' }])
  })

  it('[P16][P19] falls silent when a server that promised to beat is heard no more, and says that the line is dead', () => {
    vi.useFakeTimers()
    const portal = createPortal('ana', { now: () => 0 })
    const sent: unknown[] = []
    const onTimeout = vi.fn()
    const line = portal.open((message) => sent.push(message), onTimeout)
    line.receive({ ...snapshotMessage(1, [awaitingItem('r1')]), pingIntervalMs: 10_000 })
    for (let beat = 0; beat < 5; beat += 1) {
      vi.advanceTimersByTime(20_000)
      line.receive({ type: 'ping', version: 1 })
      expect(portal.getSnapshot()).toMatchObject({ connection: 'live', bell: 'ringing' })
    }
    vi.advanceTimersByTime(25_000)
    expect(portal.getSnapshot()).toMatchObject({ connection: 'reconnecting', bell: 'silent' })
    expect(onTimeout).toHaveBeenCalledTimes(1)
    expect(sent).toEqual([...Array(5).fill({ type: 'pong' }), { type: 'resync' }])
    line.receive({ type: 'ping', version: 1 })
    expect(portal.getSnapshot()).toMatchObject({ connection: 'live', bell: 'ringing' })
    line.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('[P21] rings again with the whole screen that it asked for in a silence, though it is the one that is known', () => {
    vi.useFakeTimers()
    const { portal, line } = connectAna()
    line.receive({ ...snapshotMessage(1, [awaitingItem('r1')]), pingIntervalMs: 10_000 })
    vi.advanceTimersByTime(25_000)
    line.receive(snapshotMessage(0))
    expect(portal.getSnapshot()).toMatchObject({ connection: 'reconnecting', bell: 'silent' })
    line.receive({ ...snapshotMessage(1, [awaitingItem('r1')]), pingIntervalMs: 10_000 })
    expect(portal.getSnapshot()).toMatchObject({ connection: 'live', bell: 'ringing' })
    line.close()
  })

  it('[P16] expects no beat that was not promised', () => {
    vi.useFakeTimers()
    const { portal, line } = connectAna()
    line.receive(snapshotMessage(1, [awaitingItem('r1')]))
    expect(vi.getTimerCount()).toBe(0)
    expect(portal.getSnapshot().bell).toBe('ringing')
  })

  it('[P17] learns from a beat that something was lost on the line, and asks until the whole screen has come', () => {
    const { portal, line, sent } = connectAna()
    const resyncs = () => sent.filter(({ type }) => type === 'resync').length
    line.receive({ type: 'ping', version: 1 })
    expect(resyncs()).toBe(1)
    line.receive(snapshotMessage(1, [awaitingItem('r1')]))
    const heard = vi.fn()
    portal.subscribe(heard)
    line.receive({ type: 'ping', version: 1 })
    line.receive({ type: 'ping', version: 0 })
    expect(heard).not.toHaveBeenCalled()
    line.receive({ type: 'ping', version: 2 })
    line.receive({ type: 'ping', version: 1 })
    expect(portal.getSnapshot()).toMatchObject({ connection: 'reconnecting', bell: 'silent' })
    line.receive({ type: 'ping', version: 2 })
    expect(resyncs()).toBe(3)
    line.receive(snapshotMessage(2))
    expect(portal.getSnapshot()).toMatchObject({ connection: 'live', bell: 'silent' })
  })

  it('[P12] knows the server’s time on a device whose clock is an hour wrong', () => {
    const { portal, line } = connectAna({ now: () => 1_000 })
    line.receive({ ...snapshotMessage(1), sentAt: 3_601_000 })
    expect(portal.now()).toBe(3_601_000)
  })

  it('[P13] leaves out the screen of somebody else and whatever is no message', () => {
    const { portal, line } = connectAna()
    const before = portal.getSnapshot()
    line.receive({ ...snapshotMessage(1, [awaitingItem('r1')]), staffId: 'bo' })
    for (const junk of [null, 7, {}, { type: 'nonsense' }]) line.receive(junk as unknown as ServerMessage)
    expect(portal.getSnapshot()).toBe(before)
    line.receive(snapshotMessage(1, [awaitingItem('r1')]))
    const linked = portal.getSnapshot()
    const unnumbered = [{ type: 'patch' }, { type: 'ping' }, { ...snapshotMessage(2), version: 'two' }]
    for (const junk of unnumbered) line.receive(junk as unknown as ServerMessage)
    expect(portal.getSnapshot()).toBe(linked)
    line.receive(patchMessage(1, 2, ['r1'], []))
    expect(portal.getSnapshot()).toMatchObject({ connection: 'live', version: 2, ringing: [] })
  })

  it('[P14] reports what one listener throws and tells the others', () => {
    const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { portal, line } = connectAna()
    const heard = vi.fn()
    portal.subscribe(() => {
      throw new Error('listener')
    })
    portal.subscribe(heard)
    line.receive(snapshotMessage(1))
    expect(heard).toHaveBeenCalledTimes(1)
    expect(reported).toHaveBeenCalledTimes(1)
    reported.mockRestore()
  })

  it('[P15] falls silent when the server says goodbye', () => {
    const { portal, line } = connectAna()
    line.receive(snapshotMessage(1, [awaitingItem('r1')]))
    line.receive({ type: 'closed', reason: 'staff-removed' })
    expect(portal.getSnapshot()).toMatchObject({ connection: 'closed', bell: 'silent' })
  })
})
