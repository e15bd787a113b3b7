import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import type { ServerMessage } from 'frontbell/portal'
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

/** The person comes from the ticket; messages never say who sends them. */
export function serveSockets(sockets: WebSocketServer, { server, tickets, desk }: Omit<SmallDesk, 'site'>): void {
  sockets.on('connection', (socket, request) => {
    socket.on('error', () => socket.terminate())
    const staffId = tickets.staffIdOf(new URL(request.url ?? '/', 'http://desk').searchParams.get('ticket'))
    if (staffId === undefined || desk.staff(staffId) === undefined) return socket.close(4_401, 'sign in first')
    const connection = server.attach({
      staffId,
      send: (message) => sent(socket, message),
      onClosed: () => socket.close(4_410),
    })
    socket.on('message', (data) => void connection.receive(parsed(String(data))))
    socket.on('close', () => connection.detach())
  })
}

/** Resolves when the system has taken the message: until then nothing else is sent, and nothing piles up. */
function sent(socket: WebSocket, message: ServerMessage): Promise<void> {
  return new Promise((taken, failed) => {
    socket.send(JSON.stringify(message), (error) => (error == null ? taken() : failed(error)))
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

await runAsScript(import.meta.url, startWs)
