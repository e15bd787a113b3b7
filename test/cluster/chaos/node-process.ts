import { Redis } from 'ioredis'
import { Pool } from 'pg'
import { type Clock, type CommandInput, type Desk, openDesk, systemClock } from '../../../src'
import { isFailure } from '../../../src/desk/api/outcome'
import { type StaffServer, serveStaff } from '../../../src/host'
import { createPortal, type Portal } from '../../../src/portal'
import { postgresStore } from '../../../src/store/postgres'
import { redisStore } from '../../../src/store/redis'
import type { BackendKind, NodeCommand, NodeReport } from './node-protocol'
import { serveVisitors, type VisitorServer } from './visitor-server'

/** A node's process: opens desks, executes commands and reports its state to the chaos harness. */
const [, , kind = 'redis', url = ''] = process.argv
const createStore = storeFactory(kind as BackendKind, url)
const desks = new Map<string, OpenDesk>()

interface OpenDesk {
  readonly desk: Desk
  readonly server: StaffServer
  readonly portals: Portal[]
  readonly reports: string[]
  visitors: VisitorServer | null
}

process.on('message', (command: NodeCommand) => {
  const answered = (answer: unknown) => process.send?.({ id: command.id, answer })
  const failed = (error: unknown) => process.send?.({ id: command.id, error: String(error) })
  executeCommand(command).then(answered, failed)
})
process.on('disconnect', () => process.exit(0))
process.on('SIGTERM', () => void Promise.all([...desks.keys()].map(close)).then(() => process.exit(0)))
process.send?.({ id: 'ready' })

async function executeCommand(command: NodeCommand): Promise<unknown> {
  switch (command.to) {
    case 'open':
      return open(command)
    case 'execute': {
      const outcome = await requireDesk(command.desk).execute(command.input as CommandInput)
      if (isFailure(outcome)) throw new Error(outcome.message)
      return outcome
    }
    case 'report':
      return reportState(command.desk)
    case 'trim':
      return trim(command.desk)
    case 'close':
      requireDesk(command.desk)
      return close(command.desk)
    case 'serveVisitors': {
      const visitors = await serveVisitors(requireDesk(command.desk))
      Object.assign(desks.get(command.desk) ?? {}, { visitors })
      return visitors.port
    }
    default:
      return command satisfies never
  }
}

async function close(name: string): Promise<null> {
  const { desk, server, visitors } = desks.get(name) ?? {}
  desks.delete(name)
  visitors?.close()
  server?.close()
  await desk?.close()
  return null
}

async function open({ desk: name, staffIds, screens, skewMs, replicas, ...own }: OpenCommand): Promise<null> {
  const staff = staffIds.map((id) => ({ id, capacity: 1_000 }))
  const policy = { sessionLeaseMs: null, presenceGraceMs: 60_000, remindAfterMs: null, ...own.policy }
  const desk = await openDesk({ store: createStore(name, { replicas }), staff, policy, clock: skewedClock(skewMs) })
  const reports: string[] = []
  desk.on('node.stale', () => reports.push('stale'))
  desk.on('state.rebuilt', () => reports.push('rebuilt'))
  desk.on('error', (error) => reports.push(`${error.code}: ${error.message}`))
  const server = serveStaff(desk)
  const portals = screens.map((staffId) => {
    const portal = createPortal(staffId)
    connectPortal(server, portal)
    return portal
  })
  desks.set(name, { desk, server, portals, reports, visitors: null })
  return null
}

type OpenCommand = Extract<NodeCommand, { to: 'open' }>

/** Returns a clock that is ahead of the system's. */
function skewedClock(skewMs: number): Clock {
  return { now: () => Date.now() + skewMs, wakeAt: (at, wake) => systemClock.wakeAt(at - skewMs, wake) }
}

/** Connects a portal, and connects it again whenever the server closes the connection, as a page does. */
function connectPortal(server: StaffServer, portal: Portal): void {
  const { staffId } = portal
  const link = portal.open((message) => void connection.receive(JSON.parse(JSON.stringify(message))))
  const connection = server.attach({
    staffId,
    send: (message) => queueMicrotask(() => link.receive(JSON.parse(JSON.stringify(message)))),
    onClosed() {
      link.close()
      setTimeout(() => connectPortal(server, portal), 50)
    },
  })
}

function requireDesk(name: string): Desk {
  const found = desks.get(name)
  if (found === undefined) throw new Error(`desk ${name} is not open here`)
  return found.desk
}

async function reportState(name: string): Promise<NodeReport> {
  const desk = requireDesk(name)
  await desk.sync()
  const { portals = [], reports = [] } = desks.get(name) ?? {}
  const mismatchedScreens = portals.flatMap((portal) => {
    const shown = portal.getSnapshot()
    const expected = desk.portal(portal.staffId)
    const isSame = (['ringing', 'awaiting', 'chats'] as const).every(
      (list) => JSON.stringify(shown[list]) === JSON.stringify(expected?.[list]),
    )
    return isSame ? [] : [`${portal.staffId} (link ${shown.connection}, ${shown.version} of ${expected?.version})`]
  })
  return {
    version: desk.version,
    state: JSON.stringify(desk.snapshot().state.desk),
    mismatchedScreens,
    reports,
  }
}

/** Saves a snapshot and drops all entries before it. */
async function trim(name: string): Promise<null> {
  const desk = requireDesk(name)
  await createStore(name, { keepEntries: 1 }).saveSnapshot(desk.snapshot())
  return null
}

function storeFactory(backend: BackendKind, at: string) {
  if (backend === 'redis') {
    const client = new Redis(at, {
      maxRetriesPerRequest: null,
      autoResendUnfulfilledCommands: false,
      retryStrategy: () => 50,
    })
    client.on('error', () => {})
    return (desk: string, options: object) => redisStore({ client, desk, timeoutMs: 1_500, ...options })
  }
  const client = new Pool({ connectionString: at, connectionTimeoutMillis: 1_000, max: 6 })
  client.on('error', () => {})
  const durability = 'process'
  return (desk: string, options: object) =>
    postgresStore({ client, desk, timeoutMs: 1_500, durability, pollMs: 250, ...options })
}
