import { Redis } from 'ioredis'
import { Pool } from 'pg'
import { type Clock, type CommandInput, type Desk, openDesk, systemClock } from '../../../src'
import { type StaffServer, serveStaff } from '../../../src/host'
import { createPortal, type Portal } from '../../../src/portal'
import { postgresStore } from '../../../src/store/postgres'
import { redisStore } from '../../../src/store/redis'
import type { BackendKind, NodeCommand, NodeReport } from './node-protocol'

/** One process of a host, as the chaos harness runs it: it opens desks, does commands, and says what it shows. */
const [, , kind = 'redis', url = ''] = process.argv
const createStore = storeFactory(kind as BackendKind, url)
const desks = new Map<string, { desk: Desk; server: StaffServer; portals: Portal[]; told: string[] }>()

process.on('message', (order: NodeCommand) => {
  const answered = (answer: unknown) => process.send?.({ id: order.id, answer })
  const failed = (error: unknown) => process.send?.({ id: order.id, error: String(error) })
  executeCommand(order).then(answered, failed)
})
process.on('disconnect', () => process.exit(0))
process.send?.({ id: 'ready' })

async function executeCommand(order: NodeCommand): Promise<unknown> {
  switch (order.to) {
    case 'open':
      return open(order)
    case 'do':
      return requireDesk(order.desk).execute(order.input as CommandInput)
    case 'look':
      return reportState(order.desk)
    case 'trim':
      return trim(order.desk)
    case 'close': {
      requireDesk(order.desk)
      desks.get(order.desk)?.server.close()
      await desks.get(order.desk)?.desk.close()
      desks.delete(order.desk)
      return null
    }
    default:
      return order satisfies never
  }
}

async function open({ desk: name, staffIds, screens, skewMs, replicas }: OpenCommand): Promise<null> {
  const staff = staffIds.map((id) => ({ id, capacity: 1_000 }))
  const policy = { sessionLeaseMs: null, presenceGraceMs: 60_000, remindAfterMs: null }
  const desk = await openDesk({ store: createStore(name, { replicas }), staff, policy, clock: skewedClock(skewMs) })
  const told: string[] = []
  desk.on('node.stale', () => told.push('stale'))
  desk.on('state.rebuilt', () => told.push('reset'))
  desk.on('error', (error) => told.push(`${error.code}: ${error.message}`))
  const server = serveStaff(desk)
  const portals = screens.map((staffId) => {
    const portal = createPortal(staffId)
    connectPortal(server, portal)
    return portal
  })
  desks.set(name, { desk, server, portals, told })
  return null
}

type OpenCommand = Extract<NodeCommand, { to: 'open' }>

/** A clock that is ahead of the right one. */
function skewedClock(skewMs: number): Clock {
  return { now: () => Date.now() + skewMs, wakeAt: (at, wake) => systemClock.wakeAt(at - skewMs, wake) }
}

/** As a page does: connects again whenever the server lets it go. */
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
  const { portals = [], told = [] } = desks.get(name) ?? {}
  const odd = portals.flatMap((portal) => {
    const shown = portal.getSnapshot()
    const due = desk.portal(portal.staffId)
    const isSame = (['ringing', 'awaiting', 'chats'] as const).every(
      (list) => JSON.stringify(shown[list]) === JSON.stringify(due?.[list]),
    )
    return isSame ? [] : [`${portal.staffId} (link ${shown.connection}, ${shown.version} of ${due?.version})`]
  })
  return {
    version: desk.version,
    state: JSON.stringify(desk.snapshot().state.desk),
    mismatchedScreens: odd,
    reports: told,
  }
}

/** A snapshot now, and nothing kept behind it. */
async function trim(name: string): Promise<null> {
  const desk = requireDesk(name)
  await createStore(name, { keepEntries: 1 }).saveSnapshot(desk.snapshot())
  return null
}

function storeFactory(engine: BackendKind, at: string) {
  if (engine === 'redis') {
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
