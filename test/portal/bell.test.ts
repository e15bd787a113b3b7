import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createBell } from '../../src/portal'
import { awaitingItem, connectAna, patchMessage, requestView, snapshotMessage } from './connected-portal'
import { recordingPlayer } from './recording-player'

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function ringing(options: { isBlocked?: boolean } = {}) {
  const ring = recordingPlayer(options.isBlocked)
  const { portal, line } = connectAna()
  const bell = createBell(portal, { ring, everyMs: 1_000, locks: null })
  return { ring, portal, line, bell }
}

describe('the bell', () => {
  it('[B1] pulses while something rings, one sound after another', () => {
    const { ring, line, bell } = ringing()
    line.receive(snapshotMessage(1, [awaitingItem('r1')]))
    expect(bell.state).toBe('ringing')
    vi.advanceTimersByTime(3_500)
    expect(ring.heard).toHaveLength(4)
    line.receive(patchMessage(1, 2, [], [awaitingItem('r2')]))
    expect(ring.heard).toHaveLength(4)
  })

  it('[B2] is silent at once when it is muted, taken, or the transport drops', () => {
    const { ring, portal, line, bell } = ringing()
    line.receive(snapshotMessage(1, [awaitingItem('r1')]))
    void portal.execute({ type: 'mute', requestId: 'r1' })
    expect(bell.state).toBe('silent')
    line.receive({ type: 'answer', id: '1', version: 1, outcome: { ok: false, code: 'request-closed', message: '' } })
    expect(bell.state).toBe('ringing')
    const { length } = ring.heard
    line.close()
    vi.advanceTimersByTime(60_000)
    expect(bell.state).toBe('silent')
    expect(ring.heard).toHaveLength(length)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('[B3] has the sound that the route of the first ringing request asks for', () => {
    const { ring, line } = ringing()
    const urgent = { ...awaitingItem('r1'), request: { ...requestView('r1'), tone: 'urgent' } }
    line.receive(snapshotMessage(1, [urgent, awaitingItem('r2')]))
    line.receive(snapshotMessage(2, [awaitingItem('r2')]))
    vi.advanceTimersByTime(1_000)
    expect(ring.heard).toEqual([
      { kind: 'request', tone: 'urgent' },
      { kind: 'request', tone: null },
    ])
  })

  it('[B4] chimes once for a visitor, with a sound of its own', () => {
    const { ring, line } = ringing()
    line.receive({ type: 'visitor', version: 1, visitor: { visitorId: 'v1', facts: {}, arrivedAt: 0 } })
    vi.advanceTimersByTime(10_000)
    expect(ring.heard).toEqual([{ kind: 'visitor', tone: null }])
  })

  it('[B5] says that the browser refuses sound, and sounds once it is unlocked', async () => {
    const { ring, line, bell } = ringing({ isBlocked: true })
    line.receive(snapshotMessage(1, [awaitingItem('r1')]))
    expect({ isBlocked: bell.isBlocked, heard: ring.heard }).toEqual({ isBlocked: true, heard: [] })
    const told = vi.fn()
    bell.subscribe(told)
    ring.mayUnlock = true
    expect(await bell.unlock()).toBe(true)
    vi.advanceTimersByTime(1_000)
    expect(bell.isBlocked).toBe(false)
    expect(ring.heard).not.toEqual([])
    expect(told).toHaveBeenCalledTimes(1)
  })

  it('[B10] shakes a phone with each pulse, and only when it may sound', async () => {
    const shaken: unknown[] = []
    vi.stubGlobal('navigator', { vibrate: (pattern: unknown) => shaken.push(pattern) })
    const { ring, line, bell } = ringing({ isBlocked: true })
    line.receive(snapshotMessage(1, [awaitingItem('r1')]))
    vi.advanceTimersByTime(2_000)
    expect(shaken).toEqual([])
    ring.mayUnlock = true
    await bell.unlock()
    vi.advanceTimersByTime(1_000)
    expect(shaken).toHaveLength(ring.heard.length)
    expect(shaken[0]).toEqual([200, 100, 200])
    line.receive({ type: 'visitor', version: 1, visitor: { visitorId: 'v1', facts: {}, arrivedAt: 0 } })
    expect(shaken).toHaveLength(ring.heard.length - 1)
  })

  it('[B10] leaves a phone alone when it is told to', () => {
    const vibrate = vi.fn()
    vi.stubGlobal('navigator', { vibrate })
    const { portal, line } = connectAna()
    const ring = recordingPlayer()
    createBell(portal, { ring, locks: null, vibrate: null })
    line.receive(snapshotMessage(1, [awaitingItem('r1')]))
    expect({ heard: ring.heard.length, shaken: vibrate.mock.calls.length }).toEqual({ heard: 1, shaken: 0 })
  })

  it('[B9] makes no sound after it is closed', () => {
    const { ring, line, bell } = ringing()
    line.receive(snapshotMessage(1, [awaitingItem('r1')]))
    bell.close()
    line.receive({ type: 'visitor', version: 1, visitor: { visitorId: 'v1', facts: {}, arrivedAt: 0 } })
    vi.advanceTimersByTime(10_000)
    expect(ring.heard).toHaveLength(1)
    expect(bell.state).toBe('silent')
  })
})
