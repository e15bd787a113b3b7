import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type BellChannel, type BellLocks, createBell } from '../../src/portal'
import { awaitingItem, connectAna, snapshotMessage } from './connected-portal'
import { recordingPlayer } from './recording-player'

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('the bells of one staff member in several tabs', () => {
  it('[B6] sounds in one of several tabs, shows in all, and the next takes over when that one closes', async () => {
    const locks = exclusiveLocks()
    const tabs = [recordingPlayer(), recordingPlayer()].map((ring) => {
      const { portal, connection } = connectAna()
      return { ring, connection, bell: createBell(portal, { ring, everyMs: 1_000, locks }) }
    })
    await vi.advanceTimersByTimeAsync(0)
    for (const { connection } of tabs) connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    await vi.advanceTimersByTimeAsync(2_500)
    expect(tabs.map(({ bell }) => bell.state)).toEqual(['ringing', 'elsewhere'])
    expect(tabs.map(({ ring }) => ring.played.length)).toEqual([3, 0])
    const visitor = { visitorId: 'v1', facts: {}, arrivedAt: 0 }
    for (const { connection } of tabs) connection.receive({ type: 'visitor', version: 2, visitor })
    expect(tabs.map(({ ring }) => ring.played.length)).toEqual([4, 0])
    tabs[0]?.bell.close()
    await vi.advanceTimersByTimeAsync(500)
    expect(tabs.map(({ bell }) => bell.state)).toEqual(['silent', 'ringing'])
    expect(tabs[1]?.ring.played.length).toBe(1)
  })

  it('[B18] elects the next tab when the browser blocks the sound of the leader', async () => {
    const locks = exclusiveLocks()
    const rings = [recordingPlayer(), recordingPlayer()]
    const tabs = rings.map((ring) => {
      const { portal, connection } = connectAna()
      return { ring, connection, bell: createBell(portal, { ring, everyMs: 1_000, locks }) }
    })
    await vi.advanceTimersByTimeAsync(0)
    for (const { connection } of tabs) connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    await vi.advanceTimersByTimeAsync(500)
    const played = () => rings.map(({ played }) => played.length)
    expect(played()).toEqual([1, 0])
    Object.assign(rings[0] ?? {}, { isBlocked: true })
    await vi.advanceTimersByTimeAsync(3_000)
    expect(played()).toEqual([1, 3])
    expect(tabs.map(({ bell }) => bell.isBlocked)).toEqual([true, false])
    Object.assign(rings[0] ?? {}, { isBlocked: false })
    await vi.advanceTimersByTimeAsync(2_000)
    expect(played()).toEqual([1, 5])
    tabs[1]?.bell.close()
    await vi.advanceTimersByTimeAsync(500)
    expect(played()).toEqual([2, 5])
  })

  it('[B17] elects the next tab when the browser freezes the leader, which becomes a candidate again', async () => {
    const locks = exclusiveLocks()
    const pages = [new EventTarget(), new EventTarget()] as const
    const tabs = pages.map((page) => {
      vi.stubGlobal('document', page)
      const { portal, connection } = connectAna()
      return { connection, bell: createBell(portal, { ring: recordingPlayer(), everyMs: 1_000, locks }) }
    })
    const states = () => tabs.map(({ bell }) => bell.state)
    for (const { connection } of tabs) connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    await vi.advanceTimersByTimeAsync(0)
    expect(states()).toEqual(['ringing', 'elsewhere'])
    pages[0].dispatchEvent(new Event('freeze'))
    await vi.advanceTimersByTimeAsync(0)
    expect(states()).toEqual(['elsewhere', 'ringing'])
    for (const { connection } of tabs) connection.receive(snapshotMessage(2, [awaitingItem('r1'), awaitingItem('r2')]))
    await vi.advanceTimersByTimeAsync(0)
    expect(states()).toEqual(['elsewhere', 'ringing'])
    tabs[1]?.bell.close()
    await vi.advanceTimersByTimeAsync(0)
    expect(states()).toEqual(['ringing', 'silent'])
  })

  it('[B17] withdraws the candidacy of a frozen tab', async () => {
    const locks = exclusiveLocks()
    const pages = [new EventTarget(), new EventTarget(), new EventTarget()] as const
    const tabs = pages.map((page) => {
      vi.stubGlobal('document', page)
      const { portal, connection } = connectAna()
      return { connection, bell: createBell(portal, { ring: recordingPlayer(), everyMs: 1_000, locks }) }
    })
    for (const { connection } of tabs) connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    await vi.advanceTimersByTimeAsync(0)
    pages[1].dispatchEvent(new Event('freeze'))
    tabs[0]?.bell.close()
    await vi.advanceTimersByTimeAsync(0)
    expect(tabs.map(({ bell }) => bell.state)).toEqual(['silent', 'elsewhere', 'ringing'])
  })

  it('[B6] never elects a tab whose sound is blocked', async () => {
    const locks = exclusiveLocks()
    const rings = [recordingPlayer(true), recordingPlayer()]
    const tabs = rings.map((ring) => {
      const { portal, connection } = connectAna()
      return { connection, bell: createBell(portal, { ring, locks }) }
    })
    await vi.advanceTimersByTimeAsync(0)
    for (const { connection } of tabs) connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    expect(rings.map(({ played }) => played.length)).toEqual([0, 1])
  })

  it('[B6] requests one lock for each staff member', async () => {
    const requested: string[] = []
    const locks = { request: async (name: string) => void requested.push(name) }
    vi.stubGlobal('navigator', { locks })
    createBell(connectAna().portal, { ring: recordingPlayer() })
    await vi.advanceTimersByTimeAsync(0)
    expect(requested).toEqual(['frontbell:ana'])
  })

  it('[B6] sounds in every tab when the election itself fails', async () => {
    const locks = { request: () => Promise.reject(new Error('locks are out of order')) }
    const ring = recordingPlayer()
    const { portal, connection } = connectAna()
    const bell = createBell(portal, { ring, locks })
    await vi.advanceTimersByTimeAsync(0)
    connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    expect({ state: bell.state, played: ring.played.length }).toEqual({ state: 'ringing', played: 1 })
  })

  it('[B11] sounds in one tab without locks, and in the next when the messages of that one stop', async () => {
    vi.stubGlobal('navigator', {})
    const hub = broadcastHub()
    vi.stubGlobal('BroadcastChannel', hub)
    const tabs = [recordingPlayer(), recordingPlayer(), recordingPlayer()].map((ring) => {
      const { portal, connection } = connectAna()
      return { ring, connection, bell: createBell(portal, { ring, everyMs: 1_000 }) }
    })
    await vi.advanceTimersByTimeAsync(0)
    for (const { connection } of tabs) connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    await vi.advanceTimersByTimeAsync(0)
    expect(tabs.map(({ bell }) => bell.state).filter((state) => state === 'ringing')).toHaveLength(1)
    for (const { ring } of tabs) ring.played.length = 0
    await vi.advanceTimersByTimeAsync(4_500)
    const sounding = tabs.findIndex(({ bell }) => bell.state === 'ringing')
    expect(tabs.map(({ ring }) => ring.played.length)).toEqual(tabs.map((_, n) => (n === sounding ? 4 : 0)))
    tabs[sounding]?.bell.close()
    await vi.advanceTimersByTimeAsync(4_500)
    const next = tabs.findIndex(({ bell }) => bell.state === 'ringing')
    expect(tabs.map(({ bell }) => bell.state).sort()).toEqual(['elsewhere', 'ringing', 'silent'])
    expect(tabs[next]?.ring.played.length).toBeGreaterThan(1)
    for (const { bell } of tabs) bell.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('[B11] does not let a blocked tab silence the others', async () => {
    const channel: BellChannel[] = []
    const Channel = broadcastHub()
    const rings = [recordingPlayer(true), recordingPlayer()]
    const tabs = rings.map((ring) => {
      const { portal, connection } = connectAna()
      channel.push(new Channel('hub'))
      return { connection, bell: createBell(portal, { ring, locks: null, channel: channel.at(-1) ?? null }) }
    })
    for (const { connection } of tabs) connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    await vi.advanceTimersByTimeAsync(7_000)
    expect(rings.map(({ played }) => played.length)).toEqual([0, 4])
  })

  it('[B11] sounds in every tab where neither locks nor channels exist', async () => {
    vi.stubGlobal('navigator', undefined)
    vi.stubGlobal('BroadcastChannel', undefined)
    const ring = recordingPlayer()
    const { portal, connection } = connectAna()
    createBell(portal, { ring })
    connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    expect(ring.played).toHaveLength(1)
  })
})

/** Web Locks of one name: the first caller holds the lock until its promise settles, then the next. */
function exclusiveLocks(): BellLocks {
  let last: Promise<unknown> = Promise.resolve()
  return {
    request: (_name, { signal }, onGranted) => {
      const turn = last.then(() => (signal.aborted ? undefined : onGranted()))
      last = turn
      return turn
    },
  }
}

/** Broadcast channels: each delivers its messages to all others. */
function broadcastHub() {
  const open = new Set<BellChannel>()
  return class implements BellChannel {
    onmessage: BellChannel['onmessage'] = null
    readonly name: string
    constructor(name: string) {
      this.name = name
      open.add(this)
    }
    postMessage(tabPriority: number) {
      for (const each of open) {
        if (each !== this) queueMicrotask(() => each.onmessage?.({ data: tabPriority } as MessageEvent<number>))
      }
    }
    close() {
      open.delete(this)
    }
  }
}
