import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Desk } from '../../../src'

export interface VisitorServer {
  readonly port: number
  /** Closes the sockets. Their visitors have not left: they connect elsewhere. */
  close(): void
}

/** Serves visitors' pages over WebSockets as a host does: each socket is a session of its visitor. */
export async function serveVisitors(desk: Desk): Promise<VisitorServer> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  const sessions = new Map<WebSocket, { readonly visitorId: string; readonly sessionId: string }>()
  let isClosing = false
  server.on('connection', async (socket: WebSocket, { url = '' }: IncomingMessage) => {
    const visitorId = url.slice(1)
    const sessionId = randomUUID()
    sessions.set(socket, { visitorId, sessionId })
    socket.on('error', () => {})
    socket.on('close', () => {
      sessions.delete(socket)
      if (!isClosing) void desk.visitorLeft(visitorId, { sessionId })
    })
    socket.on('message', async () => {
      const outcome = await desk.requestChat({ visitorId })
      if (outcome.ok) socket.send(outcome.requestId)
      else socket.close()
    })
    const arrived = await desk.visitorArrived({ visitorId, sessionId })
    if (!arrived.ok) socket.close()
  })
  const sendHeartbeats = () => {
    for (const { visitorId, sessionId } of sessions.values()) void desk.visitorHeartbeat(visitorId, sessionId)
  }
  const heartbeats = setInterval(sendHeartbeats, (desk.policy.visitorLeaseMs ?? 60_000) / 3)
  const closeSockets = () => {
    for (const socket of sessions.keys()) socket.terminate()
  }
  desk.on('node.stale', closeSockets)
  await new Promise((listening) => server.once('listening', listening))
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      isClosing = true
      clearInterval(heartbeats)
      closeSockets()
      server.close()
    },
  }
}
