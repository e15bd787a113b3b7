import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { RunningServer, SmallDesk } from './small-desk'

/** Listens on the loopback interface, and knows how to stop in the two ways in which servers stop. */
export async function listen(http: Server, { desk, server }: SmallDesk, port: number): Promise<RunningServer> {
  http.listen(port, '127.0.0.1')
  await once(http, 'listening')
  const sockets = new Set<import('node:net').Socket>()
  http.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const kill = async () => {
    const closed = once(http, 'close')
    http.close()
    for (const socket of sockets) socket.destroy()
    await closed
    server.close()
  }
  const close = async () => {
    server.close()
    await kill()
    await desk.close()
  }
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, desk, kill, close }
}
