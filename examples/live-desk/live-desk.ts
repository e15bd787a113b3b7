import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Clock, type Desk, type DeskOptions, type EventStore, openDesk, type Policy } from 'frontbell'
import { serveStaff } from 'frontbell/host'
import { Server } from 'socket.io'
import { buildPages } from './build-pages'
import type { Colleague } from './chat/chat-protocol'
import { ChatTranscripts } from './chat/chat-transcripts'
import { type DeskFiles, namingFiles, readDeskFiles } from './desk-files'
import { openPersistentStore } from './persistent-store'
import { RecentRequests } from './recent-requests'
import { serveFiles } from './serve-files'
import { sendTranscript, serveStaffSockets } from './sockets/staff-sockets'
import { serveSupervisors } from './sockets/supervisor-sockets'
import { serveVisitors } from './sockets/visitor-sockets'
import { SupervisorFeed } from './supervisor/supervisor-feed'
import { WorkflowRepository } from './supervisor/workflow-repository'

export interface LiveDeskOptions {
  /** 0: any free one. */
  readonly port: number
  /** Holds `roster.json`, `shifts.json` and `workflows.json`. Default: this folder. */
  readonly folder?: string
  /** Where the pages are built to. */
  readonly outDir: string
  /** Whether they stand there already. */
  readonly isBuilt?: boolean
  /** A folder in which the desk is kept; without one it forgets everything when it stops. */
  readonly dataFolder?: string
  /** Differences from the policy of this demo. */
  readonly policy?: Partial<Policy>
  readonly clock?: Clock
  /** What this process shares with others that run the same desk. */
  readonly shared?: SharedDesk
}

export interface SharedDesk {
  readonly store: EventStore
  readonly book: ChatTranscripts
  /** Calls back for each line that was written at another node. */
  hear(listener: (requestId: string) => void): void
}

export interface LiveDesk {
  readonly url: string
  readonly desk: Desk
  readonly book: ChatTranscripts
  readonly staffIds: readonly string[]
  close(): Promise<void>
}

const here = fileURLToPath(new URL('.', import.meta.url))

/** Opens the desk, builds the pages, and serves them and Socket.IO from one port. */
export async function startLiveDesk(options: LiveDeskOptions): Promise<LiveDesk> {
  const { port, folder = here, outDir, isBuilt = false, dataFolder, clock, shared } = options
  const files = readDeskFiles(folder)
  const kept = dataFolder === undefined ? undefined : await openPersistentStore(dataFolder)
  const desk = await openDesk(await openedWith(files, options, shared?.store ?? kept?.store)).catch(
    (error: unknown) => {
      throw namingFiles(error)
    },
  )
  if (!isBuilt) await buildPages(outDir)
  const http = createServer(serveFiles(outDir))
  const io = new Server(http, { maxHttpBufferSize: 256 * 1_024, pingInterval: 5_000, pingTimeout: 10_000 })
  const server = serveStaff(desk, clock === undefined ? {} : { now: () => clock.now() })
  const book = shared?.book ?? new ChatTranscripts()
  const staffIds = files.staff.map(({ id }) => id)
  const nameOf = (staffId: string) => desk.staff(staffId)?.name ?? staffId
  const visitorParts = { desk, book, staffIds, nameOf, tellStaff: (id: string) => toStaff(id) }
  const visitors = serveVisitors(io.of('/visitor'), visitorParts)
  const staffParts = { desk, server, book, nameOf, tellVisitor: visitors.tell }
  const toStaff = (requestId: string) => sendTranscript(io.of('/staff'), staffParts, requestId)
  serveStaffSockets(io.of('/staff'), staffParts)
  shared?.hear((requestId) => {
    visitors.tell(requestId)
    toStaff(requestId)
  })
  const workflows = new WorkflowRepository({ desk, ...files, recent: new RecentRequests(desk) })
  const floor = new SupervisorFeed(desk, staffIds)
  const stopSupervisors = serveSupervisors(io.of('/supervisor'), { desk, floor, workflows })
  io.of('/roster').on('connection', (socket) => {
    socket.emit('roster', colleagues(desk, staffIds))
  })
  for (const type of ['session.started', 'presence.ended', 'availability.changed'] as const)
    desk.on(type, () => void io.of('/roster').emit('roster', colleagues(desk, staffIds)))
  await new Promise<void>((listening, failed) => http.once('error', failed).listen(port, listening))
  const url = `http://localhost:${(http.address() as AddressInfo).port}`
  const close = async () => {
    stopSupervisors()
    visitors.close()
    server.close()
    await io.close()
    await desk.close()
    await kept?.close()
  }
  return { url, desk, book, staffIds, close }
}

/** A desk that was kept has its workflows in its log, as somebody may have changed them on the supervisor's page. */
async function openedWith(files: DeskFiles, own: LiveDeskOptions, store: EventStore | undefined): Promise<DeskOptions> {
  const { workflows, ...people } = files
  const policy = { presenceGraceMs: 3_000, abandonAfterMs: 20_000, remindAfterMs: 90_000, ...own.policy }
  const clock = own.clock === undefined ? {} : { clock: own.clock }
  const options = { ...people, ...clock, policy, metrics: { windowMs: 900_000 } }
  if (store === undefined) return { ...options, workflows }
  const { v } = await store.head()
  return { ...options, store, ...(v === 0 ? { workflows } : {}) }
}

function colleagues(desk: Desk, staffIds: readonly string[]): readonly Colleague[] {
  return staffIds.flatMap((id) => {
    const staff = desk.staff(id)
    return staff === undefined ? [] : [{ id, name: staff.name, teams: staff.teams, isPresent: staff.isPresent }]
  })
}
