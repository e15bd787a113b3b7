import type { Desk } from '../../src'
import { type DeskServer, serveDesk } from '../../src/host'
import { createPortal, type Portal, type ToPortal } from '../../src/portal'

/** A portal of somebody's, attached to the desk by a line that passes JSON at once and keeps a record of it. */
export interface Extension {
  readonly portal: Portal
  readonly connection: ReturnType<DeskServer['attach']>
  readonly received: ToPortal[]
}

export function switchboard(desk: Desk) {
  const server = serveDesk(desk, { now: () => 0, flushMs: 0 })
  return { server, extension: (staffId: string) => extension(server, staffId) }
}

function extension(server: DeskServer, staffId: string): Extension {
  const portal = createPortal(staffId, { now: () => 0 })
  const received: ToPortal[] = []
  const link = portal.open((message) => void connection.receive(JSON.parse(JSON.stringify(message))))
  const send = (message: ToPortal) => {
    received.push(message)
    link.receive(JSON.parse(JSON.stringify(message)))
  }
  const connection = server.attach({ staffId, send })
  return { portal, connection, received }
}

/** Until everything asked has been done and sent. */
export async function atRest(desk: Desk): Promise<void> {
  await desk.idle()
  await new Promise((resolve) => setTimeout(resolve, 5))
}
