import { describe, expect, it, vi } from 'vitest'
import { type Desk, memoryStore } from '../../src'
import { openDeskWithEnvironment } from '../../src/desk/open-desk'
import { serveStaff } from '../../src/host'
import { createPortal, type Portal } from '../../src/portal'
import type { EventStore } from '../../src/store'
import { fastEnvironment } from '../desk/cluster/fast-environment'
import { FaultyStore } from '../desk/cluster/faulty-store'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

interface Node {
  readonly desk: Desk
  readonly wire: FaultyStore
  /** Connects a portal; returns the way out and how often the server let it go. */
  join(portal: Portal): { leave(): void; ended: number }
}

async function node(name: string, store: EventStore): Promise<Node> {
  const wire = new FaultyStore(store)
  wire.dropsNotifications = true
  const policy = { sessionLeaseMs: null }
  const desk = await openDeskWithEnvironment(
    { environment: fastEnvironment(name) },
    { staff: [{ id: 'ana' }, { id: 'bo' }], policy, store: wire },
  )
  const server = serveStaff(desk)
  const join = (portal: Portal) => {
    const link = portal.open((message) => void connection.receive(message))
    const line = { ended: 0, leave: () => connection.detach() }
    const ended = () => {
      line.ended += 1
      link.close()
    }
    const connection = server.attach({
      staffId: portal.staffId,
      send: (message) => link.receive(message),
      onClosed: ended,
    })
    return line
  }
  return { desk, wire, join }
}

describe('a portal with several nodes behind it', () => {
  it('[ND18] never sees an older picture at another node than it has seen, however far that one lags', async () => {
    const store = memoryStore({ now: Date.now })
    const [one, two] = [await node('one', store), await node('two', store)]
    const portal = createPortal('ana')
    const versions: number[] = []
    portal.subscribe(() => {
      const { version, connection } = portal.getSnapshot()
      if (connection === 'live') versions.push(version)
    })
    for (let round = 0; round < 6; round += 1) {
      const [here, other] = round % 2 === 0 ? [one, two] : [two, one]
      const line = here.join(portal)
      await vi.waitFor(() => expect(portal.getSnapshot().connection).toBe('live'), { timeout: 30_000 })
      expect(portal.getSnapshot().awaiting).toHaveLength(Math.min(round, 6))
      await here.desk.requestChat({ requestId: `r${round}`, visitorId: `v${round}` })
      await vi.waitFor(() => expect(portal.getSnapshot().awaiting).toHaveLength(round + 1), { timeout: 30_000 })
      line.leave()
      expect(other.desk.version).toBeLessThanOrEqual(here.desk.version)
    }
    expect(versions).toEqual([...versions].sort((a, b) => a - b))
  })

  it('[ND19] is let go by a node that is stale, and shown nothing by it until it is current', async () => {
    const store = memoryStore({ now: Date.now })
    const one = await node('one', store)
    const portal = createPortal('ana')
    const line = one.join(portal)
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await vi.waitFor(() => expect(portal.getSnapshot().bell).toBe('ringing'), { timeout: 30_000 })
    one.wire.isDisconnected = true
    await vi.waitFor(() => expect(line.ended).toBe(1), { timeout: 30_000 })
    expect(portal.getSnapshot().bell).toBe('silent')
    const again = one.join(portal)
    await vi.waitFor(() => expect(again.ended).toBe(1), { timeout: 30_000 })
    expect(portal.getSnapshot()).toMatchObject({ bell: 'silent', connection: 'reconnecting' })
    one.wire.reconnect()
    await vi.waitFor(
      () => {
        if (portal.getSnapshot().connection !== 'live') one.join(portal)
        expect(portal.getSnapshot().connection).toBe('live')
      },
      { timeout: 30_000, interval: 200 },
    )
    expect(portal.getSnapshot().bell).toBe('ringing')
  })
})
