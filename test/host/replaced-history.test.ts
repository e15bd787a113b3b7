import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Desk } from '../../src'
import { emptyState, ScreenProjection } from '../../src/core'
import { serveStaff } from '../../src/host'
import type { ServerMessage } from '../../src/portal'
import { openTestDesk } from '../desk/test-desk'

afterEach(() => vi.restoreAllMocks())

/** Opens a desk whose state the test can declare rebuilt. */
async function openRebuildableDesk(): Promise<{ readonly desk: Desk; rebuild(version: number): void }> {
  const { desk } = await openTestDesk({ staff: [{ id: 'ana' }] })
  const on = vi.spyOn(desk, 'on')
  const rebuild = (version: number) => {
    for (const [type, listener] of on.mock.calls)
      if (type === 'state.rebuilt') (listener as (event: object) => void)({ type, version })
  }
  return { desk, rebuild }
}

describe('screens when the history of the desk was replaced', () => {
  it.each([
    ['the same version', 0, 1],
    ['a lower one', -1, 1],
    ['a higher one', 1, 0],
  ])('[V46] connect again where the new history has %s than was sent', async (_, difference, ended) => {
    const { desk, rebuild } = await openRebuildableDesk()
    const server = serveStaff(desk, { flushMs: 0 })
    const onClosed = vi.fn()
    server.attach({ staffId: 'ana', send: () => {}, onClosed })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await Promise.resolve()
    rebuild(desk.version + difference)
    expect(onClosed).toHaveBeenCalledTimes(ended)
    server.close()
  })

  it('[V46] connect again also where a screen is to be sent whole meanwhile', async () => {
    const { desk, rebuild } = await openRebuildableDesk()
    const server = serveStaff(desk, { flushMs: 60_000 })
    const onClosed = vi.fn()
    server.attach({ staffId: 'ana', send: () => {}, onClosed })
    await desk.setStaff({ id: 'ana', teams: ['servers'] })
    rebuild(0)
    expect(onClosed).toHaveBeenCalledTimes(1)
    server.close()
  })
})

describe('a server whose clock throws once', () => {
  it('[V38] serves the screens that come later', async () => {
    const { desk } = await openTestDesk({ staff: [{ id: 'ana' }] })
    let isBroken = false
    const now = () => {
      if (isBroken) throw new Error('no clock')
      return 0
    }
    const server = serveStaff(desk, { now })
    isBroken = true
    expect(() => server.attach({ staffId: 'ana', send: () => {} })).toThrow('no clock')
    isBroken = false
    const received: ServerMessage[] = []
    server.attach({ staffId: 'ana', send: (message) => received.push(message) })
    expect(received).toMatchObject([{ type: 'snapshot' }])
    server.close()
  })
})

describe('a projection that is closed', () => {
  it('[V47] collects nothing more, also where another state has come since', () => {
    const source = { state: emptyState() }
    const projection = new ScreenProjection(source)
    expect(source.state.changes).not.toBeNull()
    projection.close()
    const before = source.state
    source.state = emptyState()
    projection.flush()
    expect([projection.isDirty, before.changes, source.state.changes]).toEqual([false, null, null])
  })
})
