import { type Desk, type DeskOptions, manualClock, openDesk } from '../../src'
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

/** A desk with a server and one screen for each of these people; closed by `closeBoards`. */
export async function board(names: readonly string[], options: DeskOptions = {}) {
  const clock = manualClock(0)
  const desk = await openDesk({ clock, staff: names.map((id) => ({ id })), ...options })
  const { server, extension } = switchboard(desk)
  closeLater(desk, server)
  const people = names.map(extension)
  await atRest(desk)
  for (const { received } of people) received.length = 0
  return { desk, server, clock, people, extension }
}

export function closeLater(...each: readonly { close(): unknown }[]): void {
  opened.push(...each)
}

export async function closeBoards(): Promise<void> {
  for (const each of opened.splice(0).reverse()) await each.close()
}

const opened: { close(): unknown }[] = []

export const types = (messages: readonly ToPortal[]) => messages.map(({ type }) => type)
