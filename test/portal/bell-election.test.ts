import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type BellChannel, type BellLocks, createBell } from '../../src/portal'
import { awaitingItem, connectAna, snapshotMessage } from './connected-portal'
import { recordingPlayer } from './recording-player'

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('several tabs of one person', () => {
  it('[B6] sounds in one of several tabs, shows in all, and the next takes over when that one closes', async () => {
    const locks = exclusiveLocks()
    const tabs = [recordingPlayer(), recordingPlayer()].map((ring) => {
      const { portal, line } = connectAna()
      return { ring, line, bell: createBell(portal, { ring, everyMs: 1_000, locks }) }
    })
    await vi.advanceTimersByTimeAsync(0)
    for (const { line } of tabs) line.receive(snapshotMessage(1, [awaitingItem('r1')]))
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

  it('[B18] gives the place to the next tab when the browser takes the sound from the one that has it', async () => {
    const locks = exclusiveLocks()
    const rings = [recordingPlayer(), recordingPlayer()]
    const tabs = rings.map((ring) => {
      const { portal, line } = connectAna()
      return { ring, line, bell: createBell(portal, { ring, everyMs: 1_000, locks }) }
    })
    await vi.advanceTimersByTimeAsync(0)
    for (const { line } of tabs) line.receive(snapshotMessage(1, [awaitingItem('r1')]))
    await vi.advanceTimersByTimeAsync(500)
    const heard = () => rings.map(({ heard }) => heard.length)
    expect(heard()).toEqual([1, 0])
    Object.assign(rings[0] ?? {}, { isBlocked: true })
    await vi.advanceTimersByTimeAsync(3_000)
    expect(heard()).toEqual([1, 3])
    expect(tabs.map(({ bell }) => bell.isBlocked)).toEqual([true, false])
    Object.assign(rings[0] ?? {}, { isBlocked: false })
    await vi.advanceTimersByTimeAsync(2_000)
    expect(heard()).toEqual([1, 5])
    tabs[1]?.bell.close()
    await vi.advanceTimersByTimeAsync(500)
    expect(heard()).toEqual([2, 5])
  })

  it('[B17] gives the place to the next tab when the browser freezes the one that sounds, and stands again', async () => {
    const locks = exclusiveLocks()
    const pages = [new EventTarget(), new EventTarget()] as const
    const tabs = pages.map((page) => {
      vi.stubGlobal('document', page)
      const { portal, line } = connectAna()
      return { line, bell: createBell(portal, { ring: recordingPlayer(), everyMs: 1_000, locks }) }
    })
    const states = () => tabs.map(({ bell }) => bell.state)
    for (const { line } of tabs) line.receive(snapshotMessage(1, [awaitingItem('r1')]))
    await vi.advanceTimersByTimeAsync(0)
    expect(states()).toEqual(['ringing', 'elsewhere'])
    pages[0].dispatchEvent(new Event('freeze'))
    await vi.advanceTimersByTimeAsync(0)
    expect(states()).toEqual(['elsewhere', 'ringing'])
    for (const { line } of tabs) line.receive(snapshotMessage(2, [awaitingItem('r1'), awaitingItem('r2')]))
    await vi.advanceTimersByTimeAsync(0)
    expect(states()).toEqual(['elsewhere', 'ringing'])
    tabs[1]?.bell.close()
    await vi.advanceTimersByTimeAsync(0)
    expect(states()).toEqual(['ringing', 'silent'])
  })

  it('[B17] stops waiting for the place in a tab that is frozen', async () => {
    const locks = exclusiveLocks()
    const pages = [new EventTarget(), new EventTarget(), new EventTarget()] as const
    const tabs = pages.map((page) => {
      vi.stubGlobal('document', page)
      const { portal, line } = connectAna()
      return { line, bell: createBell(portal, { ring: recordingPlayer(), everyMs: 1_000, locks }) }
    })
    for (const { line } of tabs) line.receive(snapshotMessage(1, [awaitingItem('r1')]))
    await vi.advanceTimersByTimeAsync(0)
    pages[1].dispatchEvent(new Event('freeze'))
    tabs[0]?.bell.close()
    await vi.advanceTimersByTimeAsync(0)
    expect(tabs.map(({ bell }) => bell.state)).toEqual(['silent', 'elsewhere', 'ringing'])
  })

  it('[B6] never gives the place to a tab that may not sound', async () => {
    const locks = exclusiveLocks()
    const rings = [recordingPlayer(true), recordingPlayer()]
    const tabs = rings.map((ring) => {
      const { portal, line } = connectAna()
      return { line, bell: createBell(portal, { ring, locks }) }
    })
    await vi.advanceTimersByTimeAsync(0)
    for (const { line } of tabs) line.receive(snapshotMessage(1, [awaitingItem('r1')]))
    expect(rings.map(({ heard }) => heard.length)).toEqual([0, 1])
  })

  it('[B6] asks the browser for one lock for each person', async () => {
    const asked: string[] = []
    const locks = { request: async (name: string) => void asked.push(name) }
    vi.stubGlobal('navigator', { locks })
    createBell(connectAna().portal, { ring: recordingPlayer() })
    await vi.advanceTimersByTimeAsync(0)
    expect(asked).toEqual(['frontbell:ana'])
  })

  it('[B6] sounds in every tab when the election itself fails', async () => {
    const locks = { request: () => Promise.reject(new Error('locks are out of order')) }
    const ring = recordingPlayer()
    const { portal, line } = connectAna()
    const bell = createBell(portal, { ring, locks })
    await vi.advanceTimersByTimeAsync(0)
    line.receive(snapshotMessage(1, [awaitingItem('r1')]))
    expect({ state: bell.state, heard: ring.heard.length }).toEqual({ state: 'ringing', heard: 1 })
  })

  it('[B11] sounds in one of them without locks, and in the next when that one is heard no more', async () => {
    vi.stubGlobal('navigator', {})
    const hall = broadcastHub()
    vi.stubGlobal('BroadcastChannel', hall)
    const tabs = [recordingPlayer(), recordingPlayer(), recordingPlayer()].map((ring) => {
      const { portal, line } = connectAna()
      return { ring, line, bell: createBell(portal, { ring, everyMs: 1_000 }) }
    })
    await vi.advanceTimersByTimeAsync(0)
    for (const { line } of tabs) line.receive(snapshotMessage(1, [awaitingItem('r1')]))
    await vi.advanceTimersByTimeAsync(0)
    expect(tabs.map(({ bell }) => bell.state).filter((state) => state === 'ringing')).toHaveLength(1)
    for (const { ring } of tabs) ring.heard.length = 0
    await vi.advanceTimersByTimeAsync(4_500)
    const sounding = tabs.findIndex(({ bell }) => bell.state === 'ringing')
    expect(tabs.map(({ ring }) => ring.heard.length)).toEqual(tabs.map((_, n) => (n === sounding ? 4 : 0)))
    tabs[sounding]?.bell.close()
    await vi.advanceTimersByTimeAsync(4_500)
    const next = tabs.findIndex(({ bell }) => bell.state === 'ringing')
    expect(tabs.map(({ bell }) => bell.state).sort()).toEqual(['elsewhere', 'ringing', 'silent'])
    expect(tabs[next]?.ring.heard.length).toBeGreaterThan(1)
    for (const { bell } of tabs) bell.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('[B11] lets no tab that may not sound silence the others', async () => {
    const channel: BellChannel[] = []
    const open = broadcastHub()
    const rings = [recordingPlayer(true), recordingPlayer()]
    const tabs = rings.map((ring) => {
      const { portal, line } = connectAna()
      channel.push(new open('hall'))
      return { line, bell: createBell(portal, { ring, locks: null, channel: channel.at(-1) ?? null }) }
    })
    for (const { line } of tabs) line.receive(snapshotMessage(1, [awaitingItem('r1')]))
    await vi.advanceTimersByTimeAsync(7_000)
    expect(rings.map(({ heard }) => heard.length)).toEqual([0, 4])
  })

  it('[B11] sounds in every tab where there is neither', async () => {
    vi.stubGlobal('navigator', undefined)
    vi.stubGlobal('BroadcastChannel', undefined)
    const ring = recordingPlayer()
    const { portal, line } = connectAna()
    createBell(portal, { ring })
    line.receive(snapshotMessage(1, [awaitingItem('r1')]))
    expect(ring.heard).toHaveLength(1)
  })
})

/** Web Locks with one name: the first who asks holds it until its promise ends, then the next. */
function exclusiveLocks(): BellLocks {
  let last: Promise<unknown> = Promise.resolve()
  return {
    request: (_name, { signal }, held) => {
      const turn = last.then(() => (signal.aborted ? undefined : held()))
      last = turn
      return turn
    },
  }
}

/** Broadcast channels: what one says, the others hear. */
function broadcastHub() {
  const open = new Set<BellChannel>()
  return class implements BellChannel {
    onmessage: BellChannel['onmessage'] = null
    readonly name: string
    constructor(name: string) {
      this.name = name
      open.add(this)
    }
    postMessage(place: number) {
      for (const each of open) {
        if (each !== this) void Promise.resolve().then(() => each.onmessage?.({ data: place } as MessageEvent<number>))
      }
    }
    close() {
      open.delete(this)
    }
  }
}
