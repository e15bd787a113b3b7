import { type Desk, type DeskOptions, manualClock, openDesk } from '../../src'
import { type StaffServer, serveStaff } from '../../src/host'
import { createPortal, type Portal, type ServerMessage } from '../../src/portal'

/** A portal attached to the desk by a connection that delivers JSON synchronously and records it. */
export interface AttachedPortal {
  readonly portal: Portal
  readonly connection: ReturnType<StaffServer['attach']>
  readonly received: ServerMessage[]
}

export function serveInProcess(desk: Desk) {
  const server = serveStaff(desk, { now: () => 0, flushMs: 0 })
  return { server, attach: (staffId: string) => attachPortal(server, staffId) }
}

function attachPortal(server: StaffServer, staffId: string): AttachedPortal {
  const portal = createPortal(staffId, { now: () => 0 })
  const received: ServerMessage[] = []
  const client = portal.open((message) => void connection.receive(JSON.parse(JSON.stringify(message))))
  const send = (message: ServerMessage) => {
    received.push(message)
    client.receive(JSON.parse(JSON.stringify(message)))
  }
  const connection = server.attach({ staffId, send })
  return { portal, connection, received }
}

/** Resolves when all commands are executed and their messages sent. */
export async function waitUntilSent(desk: Desk): Promise<void> {
  await desk.idle()
  await new Promise((resolve) => setTimeout(resolve, 5))
}

/** Opens a desk with a server and one portal for each of these staff members; closed by `closeAll`. */
export async function openServedDesk(staffIds: readonly string[], options: DeskOptions = {}) {
  const clock = manualClock(0)
  const desk = await openDesk({ clock, staff: staffIds.map((id) => ({ id })), ...options })
  const { server, attach } = serveInProcess(desk)
  closeAfterTest(desk, server)
  const portals = staffIds.map(attach)
  await waitUntilSent(desk)
  for (const { received } of portals) received.length = 0
  return { desk, server, clock, portals, attach }
}

export function closeAfterTest(...each: readonly { close(): unknown }[]): void {
  openResources.push(...each)
}

export async function closeAll(): Promise<void> {
  for (const each of openResources.splice(0).reverse()) await each.close()
}

const openResources: { close(): unknown }[] = []

export const messageTypes = (messages: readonly ServerMessage[]) => messages.map(({ type }) => type)
