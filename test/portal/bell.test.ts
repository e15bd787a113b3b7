import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { alertPage, type BellLocks, type BellPlayer, createBell, type Pulse, webAudioPlayer } from '../../src/portal'
import { anaOnTheLine, item, patch, request, screen } from './screens'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** A player that keeps a record instead of making sounds. */
function recorder(isBlocked = false) {
  const heard: Pulse[] = []
  const player = {
    heard,
    isBlocked,
    mayUnlock: !isBlocked,
    play: (pulse: Pulse) => heard.push(pulse),
    unlock: async () => {
      player.isBlocked = !player.mayUnlock
      return player.mayUnlock
    },
  }
  return player satisfies BellPlayer
}

function ringing(options: { isBlocked?: boolean } = {}) {
  const ring = recorder(options.isBlocked)
  const { portal, line } = anaOnTheLine()
  const bell = createBell(portal, { ring, everyMs: 1_000, locks: null })
  return { ring, portal, line, bell }
}

describe('the bell', () => {
  it('[B1] pulses while something rings, one sound after another', () => {
    const { ring, line, bell } = ringing()
    line.receive(screen(1, [item('r1')]))
    expect(bell.state).toBe('ringing')
    vi.advanceTimersByTime(3_500)
    expect(ring.heard).toHaveLength(4)
    line.receive(patch(1, 2, [], [item('r2')]))
    expect(ring.heard).toHaveLength(4)
  })

  it('[B2] is silent at once when it is muted, taken, or the transport drops', () => {
    const { ring, portal, line, bell } = ringing()
    line.receive(screen(1, [item('r1')]))
    void portal.ask({ type: 'mute', requestId: 'r1' })
    expect(bell.state).toBe('silent')
    line.receive({ type: 'answer', id: '1', version: 1, outcome: { ok: false, code: 'gone', message: '' } })
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
    const urgent = { ...item('r1'), request: { ...request('r1'), tone: 'urgent' } }
    line.receive(screen(1, [urgent, item('r2')]))
    line.receive(screen(2, [item('r2')]))
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
    line.receive(screen(1, [item('r1')]))
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

  it('[B6] sounds in one of several tabs, shows in all, and the next takes over when that one closes', async () => {
    const locks = oneLock()
    const tabs = [recorder(), recorder()].map((ring) => {
      const { portal, line } = anaOnTheLine()
      return { ring, line, bell: createBell(portal, { ring, everyMs: 1_000, locks }) }
    })
    await vi.advanceTimersByTimeAsync(0)
    for (const { line } of tabs) line.receive(screen(1, [item('r1')]))
    await vi.advanceTimersByTimeAsync(2_500)
    expect(tabs.map(({ bell }) => bell.state)).toEqual(['ringing', 'elsewhere'])
    expect(tabs.map(({ ring }) => ring.heard.length)).toEqual([3, 0])
    const visitor = { visitorId: 'v1', facts: {}, arrivedAt: 0 }
    for (const { line } of tabs) line.receive({ type: 'visitor', version: 2, visitor })
    expect(tabs.map(({ ring }) => ring.heard.length)).toEqual([4, 0])
    tabs[0]?.bell.close()
    await vi.advanceTimersByTimeAsync(500)
    expect(tabs.map(({ bell }) => bell.state)).toEqual(['silent', 'ringing'])
    expect(tabs[1]?.ring.heard.length).toBe(1)
  })

  it('[B6] never gives the place to a tab that may not sound', async () => {
    const locks = oneLock()
    const rings = [recorder(true), recorder()]
    const tabs = rings.map((ring) => {
      const { portal, line } = anaOnTheLine()
      return { line, bell: createBell(portal, { ring, locks }) }
    })
    await vi.advanceTimersByTimeAsync(0)
    for (const { line } of tabs) line.receive(screen(1, [item('r1')]))
    expect(rings.map(({ heard }) => heard.length)).toEqual([0, 1])
  })

  it('[B7] schedules every note of a sound with its end', () => {
    const { context, notes } = silentContext()
    webAudioPlayer({ context: () => context }).play({ kind: 'request', tone: null })
    expect(notes).toHaveLength(3)
    for (const { startAt, stopAt } of notes) expect((stopAt ?? Infinity) - (startAt ?? 0)).toBeLessThan(0.5)
    expect(Math.max(...notes.map(({ stopAt }) => stopAt ?? Infinity))).toBeLessThanOrEqual(11)
  })

  it('[B9] makes no sound after it is closed', () => {
    const { ring, line, bell } = ringing()
    line.receive(screen(1, [item('r1')]))
    bell.close()
    line.receive({ type: 'visitor', version: 1, visitor: { visitorId: 'v1', facts: {}, arrivedAt: 0 } })
    vi.advanceTimersByTime(10_000)
    expect(ring.heard).toHaveLength(1)
    expect(bell.state).toBe('silent')
  })
})

describe('the page around it', () => {
  it('[B8] counts in its title, and shows a notification for each request as long as it rings', () => {
    const { portal, line } = anaOnTheLine()
    const page = { title: 'Desk' }
    const shown: string[] = []
    const notify = (title: string) => {
      shown.push(title)
      return () => void shown.splice(shown.indexOf(title), 1)
    }
    const leave = alertPage(portal, { page, notify, describe: ({ requestId }) => `${requestId} waits` })
    line.receive(screen(1, [item('r1'), item('r2')]))
    expect({ title: page.title, shown }).toEqual({ title: '(2) Desk', shown: ['r1 waits', 'r2 waits'] })
    line.receive(patch(1, 2, ['r1'], []))
    expect({ title: page.title, shown }).toEqual({ title: '(1) Desk', shown: ['r2 waits'] })
    line.close()
    expect({ title: page.title, shown }).toEqual({ title: 'Desk', shown: [] })
    leave()
  })
})

/** Web Locks with one name: the first who asks holds it until its promise ends, then the next. */
function oneLock(): BellLocks {
  let last: Promise<unknown> = Promise.resolve()
  return {
    request: (_name, { signal }, held) => {
      const turn = last.then(() => (signal.aborted ? undefined : held()))
      last = turn
      return turn
    },
  }
}

interface Note {
  startAt?: number
  stopAt?: number
}

/** As much of an `AudioContext` as a note needs, at second 10. */
function silentContext() {
  const notes: Note[] = []
  const gain = { setValueAtTime: () => {}, linearRampToValueAtTime: () => {} }
  const context = {
    state: 'running',
    currentTime: 10,
    destination: {},
    createGain: () => ({ gain, connect: () => {} }),
    createOscillator: () => {
      const note: Note = {}
      notes.push(note)
      return {
        frequency: {},
        connect: (to: unknown) => to,
        start: (at: number) => {
          note.startAt = at
        },
        stop: (at: number) => {
          note.stopAt = at
        },
      }
    },
  }
  return { context: context as unknown as AudioContext, notes }
}
