import { describe, expect, it, vi } from 'vitest'
import type { Desk } from '../../src'
import { serveStaff } from '../../src/host'
import { createPortal, type Portal } from '../../src/portal'
import type { EventStore } from '../../src/store'
import type { FaultyStore } from '../desk/cluster/faulty-store'
import { openTestNode, storeWithSystemTime } from '../desk/cluster/test-node'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

interface PortalNode {
  readonly desk: Desk
  readonly store: FaultyStore
  /** Connects a portal. Returns its connection, with a count of how often the server closed it. */
  connect(portal: Portal): { close(): void; closedCount: number }
}

async function openNode(name: string, store: EventStore): Promise<PortalNode> {
  const { desk, store: faultyStore } = await openTestNode(name, store)
  faultyStore.dropsNotifications = true
  const server = serveStaff(desk)
  const connect = (portal: Portal) => {
    const link = portal.open((message) => void connection.receive(message))
    const result = { closedCount: 0, close: () => connection.detach() }
    const onClosed = () => {
      result.closedCount += 1
      link.close()
    }
    const connection = server.attach({
      staffId: portal.staffId,
      send: (message) => link.receive(message),
      onClosed,
    })
    return result
  }
  return { desk, store: faultyStore, connect }
}

describe('a portal with several nodes behind it', () => {
  it('[ND18] never shows an older state at another node than before, however far that node lags', async () => {
    const store = storeWithSystemTime()
    const [one, two] = [await openNode('one', store), await openNode('two', store)]
    const portal = createPortal('ana')
    const versions: number[] = []
    portal.subscribe(() => {
      const { version, connection } = portal.getSnapshot()
      if (connection === 'live') versions.push(version)
    })
    for (let round = 0; round < 6; round += 1) {
      const [current, other] = round % 2 === 0 ? [one, two] : [two, one]
      const connection = current.connect(portal)
      await vi.waitFor(() => expect(portal.getSnapshot().connection).toBe('live'), { timeout: 30_000 })
      expect(portal.getSnapshot().awaiting).toHaveLength(Math.min(round, 6))
      await current.desk.requestChat({ requestId: `r${round}`, visitorId: `v${round}` })
      await vi.waitFor(() => expect(portal.getSnapshot().awaiting).toHaveLength(round + 1), { timeout: 30_000 })
      connection.close()
      expect(other.desk.version).toBeLessThanOrEqual(current.desk.version)
    }
    expect(versions).toEqual([...versions].sort((a, b) => a - b))
  })

  it('[ND19] is disconnected by a stale node, and shown nothing by it until it has recovered', async () => {
    const store = storeWithSystemTime()
    const one = await openNode('one', store)
    const portal = createPortal('ana')
    const connection = one.connect(portal)
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await vi.waitFor(() => expect(portal.getSnapshot().bell).toBe('ringing'), { timeout: 30_000 })
    one.store.isDisconnected = true
    await vi.waitFor(() => expect(connection.closedCount).toBe(1), { timeout: 30_000 })
    expect(portal.getSnapshot().bell).toBe('silent')
    const second = one.connect(portal)
    await vi.waitFor(() => expect(second.closedCount).toBe(1), { timeout: 30_000 })
    expect(portal.getSnapshot()).toMatchObject({ bell: 'silent', connection: 'reconnecting' })
    one.store.reconnect()
    await vi.waitFor(
      () => {
        if (portal.getSnapshot().connection !== 'live') one.connect(portal)
        expect(portal.getSnapshot().connection).toBe('live')
      },
      { timeout: 30_000, interval: 200 },
    )
    expect(portal.getSnapshot().bell).toBe('ringing')
  })
})
