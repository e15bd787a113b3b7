import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import { Server } from 'socket.io'
import { listen } from '../small-desk/listen'
import { runAsScript } from '../small-desk/run-as-script'
import { openSmallDesk, type RunningServer, type SmallDesk, type SmallDeskOptions } from '../small-desk/small-desk'

const page = fileURLToPath(new URL('page.ts', import.meta.url))

/** A desk whose staff are connected by Socket.IO. */
export async function startSocketIo(options: SmallDeskOptions): Promise<RunningServer> {
  const small = await openSmallDesk(page, options)
  const http = createServer(getRequestListener(small.site.fetch))
  serveSockets(new Server(http, { maxHttpBufferSize: 32 * 1_024, serveClient: false }), small)
  return listen(http, small, options.port)
}

/** The staff member comes from the ticket, never from a message. */
function serveSockets(io: Server, { server, tickets, desk }: SmallDesk): void {
  io.use((socket, next) => {
    const staffId = tickets.staffIdOf(socket.handshake.auth.ticket)
    const isKnown = staffId !== undefined && desk.staff(staffId) !== undefined
    socket.data.staffId = staffId
    next(isKnown ? undefined : new Error('sign in first'))
  })
  io.on('connection', (socket) => {
    const connection = server.attach({
      staffId: socket.data.staffId,
      // The page acknowledges each message: until then nothing is sent, so that no backlog builds up.
      send: (message) => socket.timeout(20_000).emitWithAck('desk', message),
      // Closes the transport, not the socket, so that the page reconnects itself.
      onClosed: () => socket.conn.close(),
    })
    socket.on('desk', (message: unknown) => void connection.receive(message))
    socket.on('disconnect', () => connection.detach())
  })
}

await runAsScript(import.meta.url, startSocketIo)
