import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createBell } from '../../src/portal'
import { awaitingItem, connectAna, requestView, snapshotMessage, updateMessage } from './connected-portal'
import { recordingPlayer } from './recording-player'

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function ringing(options: { isBlocked?: boolean } = {}) {
  const ring = recordingPlayer(options.isBlocked)
  const { portal, connection } = connectAna()
  const bell = createBell(portal, { ring, everyMs: 1_000, locks: null })
  return { ring, portal, connection, bell }
}

describe('the bell', () => {
  it('[B1] pulses while something rings, one sound after another', () => {
    const { ring, connection, bell } = ringing()
    connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    expect(bell.state).toBe('ringing')
    vi.advanceTimersByTime(3_500)
    expect(ring.played).toHaveLength(4)
    connection.receive(updateMessage(1, 2, [], [awaitingItem('r2')]))
    expect(ring.played).toHaveLength(4)
  })

  it('[B2] is silent at once when the request is muted or accepted, or the transport drops', () => {
    const { ring, portal, connection, bell } = ringing()
    connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    void portal.execute({ type: 'mute', requestId: 'r1' })
    expect(bell.state).toBe('silent')
    connection.receive({
      type: 'answer',
      id: '1',
      version: 1,
      outcome: { ok: false, code: 'request-closed', message: '' },
    })
    expect(bell.state).toBe('ringing')
    const { length } = ring.played
    connection.close()
    vi.advanceTimersByTime(60_000)
    expect(bell.state).toBe('silent')
    expect(ring.played).toHaveLength(length)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('[B3] plays the tone that the route of the first ringing request names', () => {
    const { ring, connection } = ringing()
    const urgent = { ...awaitingItem('r1'), request: { ...requestView('r1'), tone: 'urgent' } }
    connection.receive(snapshotMessage(1, [urgent, awaitingItem('r2')]))
    connection.receive(snapshotMessage(2, [awaitingItem('r2')]))
    vi.advanceTimersByTime(1_000)
    expect(ring.played).toEqual([
      { kind: 'request', tone: 'urgent' },
      { kind: 'request', tone: null },
    ])
  })

  it('[B4] chimes once for a visitor, with a sound of its own', () => {
    const { ring, connection } = ringing()
    connection.receive({ type: 'visitor', version: 1, visitor: { visitorId: 'v1', facts: {}, arrivedAt: 0 } })
    vi.advanceTimersByTime(10_000)
    expect(ring.played).toEqual([{ kind: 'visitor', tone: null }])
  })

  it('[B5] reports that the browser refuses sound, and sounds once it is unlocked', async () => {
    const { ring, connection, bell } = ringing({ isBlocked: true })
    connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    expect({ isBlocked: bell.isBlocked, played: ring.played }).toEqual({ isBlocked: true, played: [] })
    const listener = vi.fn()
    bell.subscribe(listener)
    ring.mayUnlock = true
    expect(await bell.unlock()).toBe(true)
    vi.advanceTimersByTime(1_000)
    expect(bell.isBlocked).toBe(false)
    expect(ring.played).not.toEqual([])
    expect(listener).toHaveBeenCalledTimes(1)
  })

  it('[B10] vibrates a phone with each sound, and only when sound is allowed', async () => {
    const shaken: unknown[] = []
    vi.stubGlobal('navigator', { vibrate: (pattern: unknown) => shaken.push(pattern) })
    const { ring, connection, bell } = ringing({ isBlocked: true })
    connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    vi.advanceTimersByTime(2_000)
    expect(shaken).toEqual([])
    ring.mayUnlock = true
    await bell.unlock()
    vi.advanceTimersByTime(1_000)
    expect(shaken).toHaveLength(ring.played.length)
    expect(shaken[0]).toEqual([200, 100, 200])
    connection.receive({ type: 'visitor', version: 1, visitor: { visitorId: 'v1', facts: {}, arrivedAt: 0 } })
    expect(shaken).toHaveLength(ring.played.length - 1)
  })

  it('[B10] does not vibrate a phone when the option is null', () => {
    const vibrate = vi.fn()
    vi.stubGlobal('navigator', { vibrate })
    const { portal, connection } = connectAna()
    const ring = recordingPlayer()
    createBell(portal, { ring, locks: null, vibrate: null })
    connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    expect({ played: ring.played.length, shaken: vibrate.mock.calls.length }).toEqual({ played: 1, shaken: 0 })
  })

  it('[B19] notifies its listeners, shakes a phone and pulses on when the player throws', () => {
    const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { portal, connection } = connectAna()
    const [listener, vibrate] = [vi.fn(), vi.fn()]
    const play = vi.fn(() => {
      throw new Error('no audio device')
    })
    const ring = { isBlocked: false, unlock: async () => true, play }
    const bell = createBell(portal, { ring, everyMs: 1_000, locks: null, vibrate })
    bell.subscribe(listener)
    listener.mockClear()
    connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    vi.advanceTimersByTime(1_500)
    const calls = [listener, vibrate, play, reported].map(({ mock }) => mock.calls.length)
    expect(calls).toEqual([1, 2, 2, 2])
    reported.mockRestore()
  })

  it('[B9] makes no sound after it is closed', () => {
    const { ring, connection, bell } = ringing()
    connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    bell.close()
    connection.receive({ type: 'visitor', version: 1, visitor: { visitorId: 'v1', facts: {}, arrivedAt: 0 } })
    vi.advanceTimersByTime(10_000)
    expect(ring.played).toHaveLength(1)
    expect(bell.state).toBe('silent')
  })
})
