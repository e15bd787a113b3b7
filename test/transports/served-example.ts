import { type Desk, openDesk } from 'frontbell'
import { createPortal, type Portal, type PortalView } from 'frontbell/portal'
import { WebSocket } from 'ws'
import { type Site, siteOf } from '../../examples/small-desk/site'
import type { RunningServer } from '../../examples/small-desk/small-desk'
import { openTcpProxy, type TcpProxy } from './tcp-proxy'
import type { Transport } from './transports'

Object.assign(globalThis, { WebSocket: globalThis.WebSocket ?? WebSocket })

/** A desk served by one example, and pages that look at it, each on a line of its own. */
export interface ServedExample {
  readonly desk: Desk
  running: RunningServer
  /** A page of somebody's, live. */
  page(staffId: string): Promise<Page>
  /** A page that is not waited for. */
  stranger(site: Partial<Site>, staffId?: string): Portal
  ask(requestId: string, facts?: Record<string, unknown>): Promise<unknown>
  close(): Promise<void>
}

export interface Page {
  readonly portal: Portal
  readonly line: TcpProxy
  readonly view: () => PortalView
  leave(): void
}

const staff = ['ana', 'bo', 'cem', 'dee', 'eve'].map((id) => ({ id, name: id.toUpperCase() }))

/** Lines beat fast, so that what a dead one does can be waited for. */
export async function serveExample(transport: Transport, pingIntervalMs = 200): Promise<ServedExample> {
  const desk = await openDesk({ staff, policy: { presenceGraceMs: 0 } })
  const ways: (() => unknown)[] = []
  const office = {
    desk,
    running: await transport.start({ port: 0, desk, pingIntervalMs }),
    async page(staffId: string) {
      const line = await openTcpProxy(office.running.url)
      const portal = createPortal(staffId)
      const leave = transport.connect(portal, siteOf(line.url, staffId))
      ways.push(leave, () => line.close())
      await waitUntil(() => portal.getSnapshot().connection === 'live' && desk.staff(staffId)?.isPresent === true)
      return { portal, line, view: portal.getSnapshot, leave }
    },
    stranger(site: Partial<Site>, staffId = 'ana') {
      const portal = createPortal(staffId)
      ways.push(transport.connect(portal, { ...siteOf(office.running.url, staffId), ...site }))
      return portal
    },
    ask: (requestId: string, facts: Record<string, unknown> = {}) =>
      desk.requestChat({ requestId, visitorId: `v-${requestId}`, facts: facts as never }),
    async close() {
      for (const leave of ways.reverse()) await leave()
      await office.running.close()
    },
  }
  return office
}

const waitMaxMs = 60_000

/** Waits until something has become so; what it waits for in vain it says in full. */
export async function waitUntil(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; !(await isSo()); waitedMs += 5) {
    if (waitedMs > waitMaxMs) throw new Error(`waited in vain for ${isSo}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Waits until a page shows what the desk says, and nothing else. */
export function waitUntilEqual({ view }: Page, desk: Desk): Promise<void> {
  return waitUntil(
    () => view().connection === 'live' && comparableText(view()) === comparableText(desk.portal(view().staffId)),
  )
}

function comparableText(screen: ComparableView | undefined): string {
  if (screen === undefined) return 'nothing'
  const { availability, ringing, awaiting, chats, visitors } = screen
  return JSON.stringify([availability, ringing, awaiting, chats, visitors])
}

type ComparableView = Pick<PortalView, 'availability' | 'ringing' | 'awaiting' | 'chats' | 'visitors'>
