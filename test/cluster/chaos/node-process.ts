import { Redis } from 'ioredis'
import { Pool } from 'pg'
import { type Clock, type CommandInput, type Desk, openDesk, systemClock } from '../../../src'
import { type DeskServer, serveDesk } from '../../../src/host'
import { postgresLog } from '../../../src/log/postgres'
import { redisLog } from '../../../src/log/redis'
import { createPortal, type Portal } from '../../../src/portal'
import type { EngineKind, Looked, Order } from './orders'

/** One process of a host, as the chaos harness runs it: it opens desks, does commands, and says what it shows. */
const [, , kind = 'redis', url = ''] = process.argv
const makeLog = logOf(kind as EngineKind, url)
const desks = new Map<string, { desk: Desk; server: DeskServer; portals: Portal[]; told: string[] }>()

process.on('message', (order: Order) => {
  const answered = (answer: unknown) => process.send?.({ id: order.id, answer })
  const failed = (error: unknown) => process.send?.({ id: order.id, error: String(error) })
  obey(order).then(answered, failed)
})
process.on('disconnect', () => process.exit(0))
process.send?.({ id: 'ready' })

async function obey(order: Order): Promise<unknown> {
  switch (order.to) {
    case 'open':
      return open(order)
    case 'do':
      return theDesk(order.desk).execute(order.input as CommandInput)
    case 'look':
      return look(order.desk)
    case 'trim':
      return trim(order.desk)
    case 'close': {
      theDesk(order.desk)
      desks.get(order.desk)?.server.close()
      await desks.get(order.desk)?.desk.close()
      desks.delete(order.desk)
      return null
    }
    default:
      return order satisfies never
  }
}

async function open({ desk: name, staffIds, screens, skewMs, replicas }: Opening): Promise<null> {
  const staff = staffIds.map((id) => ({ id, capacity: 1_000 }))
  const policy = { sessionLeaseMs: null, presenceGraceMs: 60_000, remindAfterMs: null }
  const desk = await openDesk({ log: makeLog(name, { replicas }), staff, policy, clock: wrong(skewMs) })
  const told: string[] = []
  desk.on('desk.stale', () => told.push('stale'))
  desk.on('desk.reset', () => told.push('reset'))
  desk.on('error', (error) => told.push(`${error.code}: ${error.message}`))
  const server = serveDesk(desk)
  const portals = screens.map((staffId) => {
    const portal = createPortal(staffId)
    join(server, portal)
    return portal
  })
  desks.set(name, { desk, server, portals, told })
  return null
}

type Opening = Extract<Order, { to: 'open' }>

/** A clock that is ahead of the right one. */
function wrong(skewMs: number): Clock {
  return { now: () => Date.now() + skewMs, wakeAt: (at, wake) => systemClock.wakeAt(at - skewMs, wake) }
}

/** As a page does: connects again whenever the server lets it go. */
function join(server: DeskServer, portal: Portal): void {
  const { staffId } = portal
  const link = portal.open((message) => void connection.receive(JSON.parse(JSON.stringify(message))))
  const connection = server.attach({
    staffId,
    send: (message) => queueMicrotask(() => link.receive(JSON.parse(JSON.stringify(message)))),
    ended() {
      link.close()
      setTimeout(() => join(server, portal), 50)
    },
  })
}

function theDesk(name: string): Desk {
  const found = desks.get(name)
  if (found === undefined) throw new Error(`desk ${name} is not open here`)
  return found.desk
}

async function look(name: string): Promise<Looked> {
  const desk = theDesk(name)
  await desk.fresh()
  const { portals = [], told = [] } = desks.get(name) ?? {}
  const odd = portals.flatMap((portal) => {
    const shown = portal.getSnapshot()
    const due = desk.portal(portal.staffId)
    const isSame = (['ringing', 'awaiting', 'chats'] as const).every(
      (list) => JSON.stringify(shown[list]) === JSON.stringify(due?.[list]),
    )
    return isSame ? [] : [`${portal.staffId} (link ${shown.link}, ${shown.version} of ${due?.version})`]
  })
  return { version: desk.version, state: JSON.stringify(desk.snapshot().state.desk), odd, told }
}

/** A snapshot now, and nothing kept behind it. */
async function trim(name: string): Promise<null> {
  const desk = theDesk(name)
  await makeLog(name, { keepEntries: 1 }).saveSnapshot(desk.snapshot())
  return null
}

function logOf(engine: EngineKind, at: string) {
  if (engine === 'redis') {
    const client = new Redis(at, {
      maxRetriesPerRequest: null,
      autoResendUnfulfilledCommands: false,
      retryStrategy: () => 50,
    })
    client.on('error', () => {})
    return (desk: string, options: object) => redisLog({ client, desk, timeoutMs: 1_500, ...options })
  }
  const client = new Pool({ connectionString: at, connectionTimeoutMillis: 1_000, max: 6 })
  client.on('error', () => {})
  const durability = 'process'
  return (desk: string, options: object) =>
    postgresLog({ client, desk, timeoutMs: 1_500, durability, pollMs: 250, ...options })
}
