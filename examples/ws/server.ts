import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import { type WebSocket, WebSocketServer } from 'ws'
import { listen } from '../small-desk/listen'
import { runAsScript } from '../small-desk/run-as-script'
import { openSmallDesk, type RunningServer, type SmallDesk, type SmallDeskOptions } from '../small-desk/small-desk'

const page = fileURLToPath(new URL('page.ts', import.meta.url))

/** A desk whose staff are connected by plain WebSockets. */
export async function startWs(options: SmallDeskOptions): Promise<RunningServer> {
  const small = await openSmallDesk(page, options)
  const http = createServer(getRequestListener(small.site.fetch))
  serveSockets(new WebSocketServer({ server: http, path: '/desk', maxPayload: 32 * 1_024 }), small)
  return listen(http, small, options.port)
}

/** The staff member comes from the ticket, never from a message. */
export function serveSockets(sockets: WebSocketServer, { server, tickets, desk }: Omit<SmallDesk, 'site'>): void {
  sockets.on('connection', (socket, request) => {
    socket.on('error', () => socket.terminate())
    const staffId = tickets.staffIdOf(new URL(request.url ?? '/', 'http://desk').searchParams.get('ticket'))
    if (staffId === undefined || desk.staff(staffId) === undefined) return socket.close(4_401, 'sign in first')
    const connection = server.attach({
      staffId,
      send: (_message, text) => send(socket, text()),
      onClosed: () => socket.close(4_410),
    })
    socket.on('message', (data) => void connection.receive(parseJson(String(data))))
    socket.on('close', () => connection.detach())
  })
}

/** Resolves when the socket has written the message: until then nothing is sent, so that no backlog builds up. */
function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(text, (error) => (error == null ? resolve() : reject(error)))
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

await runAsScript(import.meta.url, startWs)
