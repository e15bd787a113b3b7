import { type Desk, openDesk } from 'frontbell'
import { createPortal, type Portal, type PortalView } from 'frontbell/portal'
import { WebSocket } from 'ws'
import { type Site, siteOf } from '../../examples/small-desk/site'
import type { RunningServer } from '../../examples/small-desk/small-desk'
import { openTcpProxy, type TcpProxy } from './tcp-proxy'
import type { Transport } from './transports'

Object.assign(globalThis, { WebSocket: globalThis.WebSocket ?? WebSocket })

/** A desk served by one example, and its pages, each on a connection of its own. */
export interface ServedExample {
  readonly desk: Desk
  running: RunningServer
  /** Opens a page and waits until it is live. */
  page(staffId: string): Promise<Page>
  /** Connects a portal that is not expected to become live. */
  unauthenticatedPortal(site: Partial<Site>, staffId?: string): Portal
  requestChat(requestId: string, facts?: Record<string, unknown>): Promise<unknown>
  close(): Promise<void>
}

export interface Page {
  readonly portal: Portal
  readonly line: TcpProxy
  readonly view: () => PortalView
  leave(): void
}

const staff = ['ana', 'bo', 'cem', 'dee', 'eve'].map((id) => ({ id, name: id.toUpperCase() }))

/** So long that no page times out on a slow machine. A test of timeouts chooses a shorter one. */
export const pingIntervalMs = 60_000

export async function serveExample(transport: Transport, intervalMs = pingIntervalMs): Promise<ServedExample> {
  const desk = await openDesk({ staff, policy: { presenceGraceMs: 0 } })
  const cleanups: (() => unknown)[] = []
  const example = {
    desk,
    running: await transport.start({ port: 0, desk, pingIntervalMs: intervalMs }),
    async page(staffId: string) {
      const line = await openTcpProxy(example.running.url)
      const portal = createPortal(staffId)
      const leave = transport.connect(portal, siteOf(line.url, staffId))
      cleanups.push(leave, () => line.close())
      await waitUntil(() => portal.getSnapshot().connection === 'live' && desk.staff(staffId)?.isPresent === true)
      return { portal, line, view: portal.getSnapshot, leave }
    },
    unauthenticatedPortal(site: Partial<Site>, staffId = 'ana') {
      const portal = createPortal(staffId)
      cleanups.push(transport.connect(portal, { ...siteOf(example.running.url, staffId), ...site }))
      return portal
    },
    requestChat: (requestId: string, facts: Record<string, unknown> = {}) =>
      desk.requestChat({ requestId, visitorId: `v-${requestId}`, facts: facts as never }),
    async close() {
      for (const cleanup of cleanups.reverse()) await cleanup()
      await example.running.close()
    },
  }
  return example
}

const waitMaxMs = 60_000

/** Waits until the condition holds. The error after the time limit shows the condition. */
export async function waitUntil(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; !(await condition()); waitedMs += 5) {
    if (waitedMs > waitMaxMs) throw new Error(`timed out waiting for ${condition}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Waits until a page shows exactly the desk's state. */
export function waitUntilEqual({ view }: Page, desk: Desk): Promise<void> {
  return waitUntil(
    () => view().connection === 'live' && comparableText(view()) === comparableText(desk.portal(view().staffId)),
  )
}

function comparableText(state: ComparableView | undefined): string {
  if (state === undefined) return 'nothing'
  const { availability, ringing, awaiting, chats, visitors } = state
  return JSON.stringify([availability, ringing, awaiting, chats, visitors])
}

type ComparableView = Pick<PortalView, 'availability' | 'ringing' | 'awaiting' | 'chats' | 'visitors'>
