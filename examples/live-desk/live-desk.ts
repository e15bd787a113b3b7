import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Desk, openDesk } from 'frontbell'
import { serveDesk } from 'frontbell/host'
import { Server } from 'socket.io'
import { buildPages } from './build-pages'
import { ChatBook } from './chat-book'
import type { Colleague } from './chat-line'
import { namingFiles, readDeskFiles } from './desk-files'
import { serveFiles } from './serve-files'
import { serveStaff, tellStaff } from './staff-sockets'
import { serveVisitors } from './visitor-sockets'

export interface LiveDeskOptions {
  /** 0: any free one. */
  readonly port: number
  /** Holds `roster.json`, `shifts.json` and `workflows.json`. Default: this folder. */
  readonly folder?: string
  /** Where the pages are built to. */
  readonly outDir: string
}

export interface LiveDesk {
  readonly url: string
  readonly desk: Desk
  readonly book: ChatBook
  readonly staffIds: readonly string[]
  close(): Promise<void>
}

const here = fileURLToPath(new URL('.', import.meta.url))

/** Opens the desk, builds the pages, and serves them and Socket.IO from one port. */
export async function startLiveDesk({ port, folder = here, outDir }: LiveDeskOptions): Promise<LiveDesk> {
  const files = readDeskFiles(folder)
  const policy = { presenceGraceMs: 3_000, abandonAfterMs: 20_000, remindAfterMs: 90_000 }
  const desk = await openDesk({ ...files, policy }).catch((error: unknown) => {
    throw namingFiles(error)
  })
  await buildPages(outDir)
  const http = createServer(serveFiles(outDir))
  const io = new Server(http, { maxHttpBufferSize: 64 * 1_024, pingInterval: 5_000, pingTimeout: 10_000 })
  const server = serveDesk(desk)
  const book = new ChatBook()
  const staffIds = files.staff.map(({ id }) => id)
  const nameOf = (staffId: string) => desk.staff(staffId)?.name ?? staffId
  const visitors = serveVisitors(io.of('/visitor'), { desk, book, nameOf, tellStaff: (id) => toStaff(id) })
  const staffParts = { desk, server, book, nameOf, tellVisitor: visitors.tell }
  const toStaff = (requestId: string) => tellStaff(io.of('/staff'), staffParts, requestId)
  serveStaff(io.of('/staff'), staffParts)
  io.of('/roster').on('connection', (socket) => {
    socket.emit('roster', colleagues(desk, staffIds))
  })
  for (const type of ['session.started', 'presence.ended', 'availability.changed'] as const)
    desk.on(type, () => void io.of('/roster').emit('roster', colleagues(desk, staffIds)))
  await new Promise<void>((listening, failed) => http.once('error', failed).listen(port, listening))
  const url = `http://localhost:${(http.address() as AddressInfo).port}`
  const close = async () => {
    server.close()
    await io.close()
    await desk.close()
  }
  return { url, desk, book, staffIds, close }
}

function colleagues(desk: Desk, staffIds: readonly string[]): readonly Colleague[] {
  return staffIds.flatMap((id) => {
    const staff = desk.staff(id)
    return staff === undefined ? [] : [{ id, name: staff.name, teams: staff.teams, isPresent: staff.isPresent }]
  })
}
