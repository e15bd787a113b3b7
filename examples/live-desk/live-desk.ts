import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Clock, type Desk, type DeskOptions, type EventStore, openDesk, type Policy } from 'frontbell'
import { serveStaff } from 'frontbell/host'
import { Server } from 'socket.io'
import { buildPages } from './build-pages'
import type { Colleague } from './chat/chat-protocol'
import { ChatTranscripts } from './chat/chat-transcripts'
import { type DeskFiles, readDeskFiles, withFileNames } from './desk-files'
import { openPersistentStore } from './persistent-store'
import { RecentRequests } from './recent-requests'
import { isLoopback, sameOriginCheck } from './same-origin'
import { serveFiles } from './serve-files'
import { sendTranscript, serveStaffSockets } from './sockets/staff-sockets'
import { serveSupervisors } from './sockets/supervisor-sockets'
import { serveVisitors } from './sockets/visitor-sockets'
import { SupervisorFeed } from './supervisor/supervisor-feed'
import { WorkflowRepository } from './supervisor/workflow-repository'

export interface LiveDeskOptions {
  /** 0 chooses a free port. */
  readonly port: number
  /** The address to listen on. Default: 127.0.0.1, which other machines do not reach. */
  readonly host?: string
  /** Holds `roster.json`, `shifts.json` and `workflows.json`. Default: this folder. */
  readonly folder?: string
  /** Folder into which the pages are built. */
  readonly outDir: string
  /** Whether `outDir` already contains the built pages. */
  readonly isBuilt?: boolean
  /** Folder of the persistent store. Default: the desk is in memory only. */
  readonly dataFolder?: string
  /** Overrides the policy of this demo. */
  readonly policy?: Partial<Policy>
  readonly clock?: Clock
  /** Store and transcripts shared with other nodes of the same desk. */
  readonly shared?: SharedDesk
}

export interface SharedDesk {
  readonly store: EventStore
  readonly transcripts: ChatTranscripts
  /** Calls `listener` for each line that was written at another node. */
  onRemoteLine(listener: (requestId: string) => void): void
}

export interface LiveDesk {
  readonly url: string
  readonly desk: Desk
  readonly transcripts: ChatTranscripts
  readonly staffIds: readonly string[]
  close(): Promise<void>
}

const here = fileURLToPath(new URL('.', import.meta.url))

/** Opens the desk, builds the pages, and serves them and Socket.IO from one port. */
export async function startLiveDesk(options: LiveDeskOptions): Promise<LiveDesk> {
  const { port, host = '127.0.0.1', folder = here, outDir, isBuilt = false, dataFolder, clock, shared } = options
  const files = readDeskFiles(folder)
  const persistent = dataFolder === undefined ? undefined : await openPersistentStore(dataFolder)
  const desk = await openDesk(deskOptionsOf(files, options, shared?.store ?? persistent?.store)).catch(
    (error: unknown) => {
      throw withFileNames(error)
    },
  )
  if (!isBuilt) await buildPages(outDir)
  const http = createServer(serveFiles(outDir))
  const isSameOrigin = sameOriginCheck(host)
  const io = new Server(http, {
    ...{ maxHttpBufferSize: 256 * 1_024, pingInterval: 5_000, pingTimeout: 10_000 },
    allowRequest: (request, answer) => answer(null, isSameOrigin(request)),
  })
  const server = serveStaff(desk, clock === undefined ? {} : { now: () => clock.now() })
  const transcripts = shared?.transcripts ?? new ChatTranscripts()
  const staffIds = files.staff.map(({ id }) => id)
  const nameOf = (staffId: string) => desk.staff(staffId)?.name ?? staffId
  const visitorParts = { desk, transcripts, staffIds, nameOf, notifyStaff: (id: string) => sendToStaff(id) }
  const visitors = serveVisitors(io.of('/visitor'), visitorParts)
  const staffParts = { desk, server, transcripts, nameOf, notifyVisitor: visitors.sendState }
  const sendToStaff = (requestId: string) => sendTranscript(io.of('/staff'), staffParts, requestId)
  serveStaffSockets(io.of('/staff'), staffParts)
  shared?.onRemoteLine((requestId) => {
    visitors.sendState(requestId)
    sendToStaff(requestId)
  })
  const workflows = new WorkflowRepository({ desk, ...files, recent: new RecentRequests(desk) })
  const feed = new SupervisorFeed(desk, staffIds)
  const stopSupervisors = serveSupervisors(io.of('/supervisor'), { desk, feed, workflows })
  io.of('/roster').on('connection', (socket) => {
    socket.emit('roster', colleagues(desk, staffIds))
  })
  for (const type of ['session.started', 'presence.ended', 'availability.changed'] as const)
    desk.on(type, () => void io.of('/roster').emit('roster', colleagues(desk, staffIds)))
  await new Promise<void>((listening, failed) => http.once('error', failed).listen(port, host, listening))
  const url = `http://${isLoopback(host) ? 'localhost' : host.replace(/.*:.*/, '[$&]')}:${(http.address() as AddressInfo).port}`
  const close = async () => {
    stopSupervisors()
    visitors.close()
    server.close()
    await io.close()
    await desk.close()
    await persistent?.close()
  }
  return { url, desk, transcripts, staffIds, close }
}

/** The workflows of the files are the initial ones: a supervisor may change them. */
function deskOptionsOf(files: DeskFiles, own: LiveDeskOptions, store: EventStore | undefined): DeskOptions {
  const { workflows, ...roster } = files
  const policy = { presenceGraceMs: 3_000, abandonAfterMs: 20_000, remindAfterMs: 90_000, ...own.policy }
  const clock = own.clock === undefined ? {} : { clock: own.clock }
  const options = { ...roster, ...clock, policy, initial: { workflows }, metrics: { windowMs: 900_000 } }
  return store === undefined ? options : { ...options, store }
}

function colleagues(desk: Desk, staffIds: readonly string[]): readonly Colleague[] {
  return staffIds.flatMap((id) => {
    const staff = desk.staff(id)
    return staff === undefined ? [] : [{ id, name: staff.name, teams: staff.teams, isPresent: staff.isPresent }]
  })
}
