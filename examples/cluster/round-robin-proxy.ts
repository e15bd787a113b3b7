import { connect, createServer, type Socket } from 'node:net'

export interface RoundRobinProxy {
  readonly port: number
  close(): void
}

/** Passes each connection on to the next port of the list; to another one when nobody answers there. */
export function startRoundRobinProxy(port: number, ports: () => readonly number[]): Promise<RoundRobinProxy> {
  const sockets = new Set<Socket>()
  let turn = 0
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    const [first = 0, ...others] = turned(ports(), turn++)
    pass(socket, first, others)
  })
  return new Promise((listening, failed) => {
    server.once('error', failed)
    server.listen(port, () => {
      const address = server.address()
      listening({
        port: typeof address === 'object' && address !== null ? address.port : port,
        close() {
          server.close()
          for (const socket of sockets) socket.destroy()
        },
      })
    })
  })
}

function pass(socket: Socket, port: number, others: readonly number[]): void {
  const onward = connect(port, '127.0.0.1')
  const refused = () => {
    const [next, ...rest] = others
    if (next === undefined) socket.destroy()
    else pass(socket, next, rest)
  }
  onward.once('error', refused)
  onward.once('connect', () => {
    onward.off('error', refused)
    onward.on('error', () => socket.destroy())
    onward.on('close', () => socket.destroy())
    socket.on('close', () => onward.destroy())
    socket.pipe(onward).pipe(socket)
  })
}

function turned(ports: readonly number[], turn: number): readonly number[] {
  const from = ports.length === 0 ? 0 : turn % ports.length
  return [...ports.slice(from), ...ports.slice(0, from)]
}
