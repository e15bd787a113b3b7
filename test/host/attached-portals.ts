import { type Desk, type DeskOptions, manualClock, openDesk } from '../../src'
import { type StaffServer, serveStaff } from '../../src/host'
import { createPortal, type Portal, type ServerMessage } from '../../src/portal'

/** A portal of somebody's, attached to the desk by a line that passes JSON at once and keeps a record of it. */
export interface AttachedPortal {
  readonly portal: Portal
  readonly connection: ReturnType<StaffServer['attach']>
  readonly received: ServerMessage[]
}

export function serveInProcess(desk: Desk) {
  const server = serveStaff(desk, { now: () => 0, flushMs: 0 })
  return { server, extension: (staffId: string) => attachPortal(server, staffId) }
}

function attachPortal(server: StaffServer, staffId: string): AttachedPortal {
  const portal = createPortal(staffId, { now: () => 0 })
  const received: ServerMessage[] = []
  const link = portal.open((message) => void connection.receive(JSON.parse(JSON.stringify(message))))
  const send = (message: ServerMessage) => {
    received.push(message)
    link.receive(JSON.parse(JSON.stringify(message)))
  }
  const connection = server.attach({ staffId, send })
  return { portal, connection, received }
}

/** Until everything asked has been done and sent. */
export async function waitUntilSent(desk: Desk): Promise<void> {
  await desk.idle()
  await new Promise((resolve) => setTimeout(resolve, 5))
}

/** A desk with a server and one screen for each of these people; closed by `closeBoards`. */
export async function openServedDesk(names: readonly string[], options: DeskOptions = {}) {
  const clock = manualClock(0)
  const desk = await openDesk({ clock, staff: names.map((id) => ({ id })), ...options })
  const { server, extension } = serveInProcess(desk)
  closeAfterTest(desk, server)
  const people = names.map(extension)
  await waitUntilSent(desk)
  for (const { received } of people) received.length = 0
  return { desk, server, clock, people, extension }
}

export function closeAfterTest(...each: readonly { close(): unknown }[]): void {
  openResources.push(...each)
}

export async function closeAll(): Promise<void> {
  for (const each of openResources.splice(0).reverse()) await each.close()
}

const openResources: { close(): unknown }[] = []

export const messageTypes = (messages: readonly ServerMessage[]) => messages.map(({ type }) => type)
