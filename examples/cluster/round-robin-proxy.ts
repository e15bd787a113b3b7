import { connect, createServer, type Socket } from 'node:net'

export interface RoundRobinProxy {
  readonly port: number
  close(): void
}

export interface ListenOptions {
  readonly port: number
  readonly host: string
}

/** Forwards each connection to the next port of the list, or to another one if that refuses it. */
export function startRoundRobinProxy(
  { port, host }: ListenOptions,
  ports: () => readonly number[],
): Promise<RoundRobinProxy> {
  const sockets = new Set<Socket>()
  let turn = 0
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    const [first = 0, ...others] = rotate(ports(), turn++)
    forward(socket, first, others)
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : port,
        close() {
          server.close()
          for (const socket of sockets) socket.destroy()
        },
      })
    })
  })
}

function forward(socket: Socket, port: number, others: readonly number[]): void {
  const upstream = connect(port, '127.0.0.1')
  const tryNext = () => {
    const [next, ...rest] = others
    if (next === undefined) socket.destroy()
    else forward(socket, next, rest)
  }
  upstream.once('error', tryNext)
  upstream.once('connect', () => {
    upstream.off('error', tryNext)
    upstream.on('error', () => socket.destroy())
    upstream.on('close', () => socket.destroy())
    socket.on('close', () => upstream.destroy())
    socket.pipe(upstream).pipe(socket)
  })
}

function rotate(ports: readonly number[], turn: number): readonly number[] {
  const from = ports.length === 0 ? 0 : turn % ports.length
  return [...ports.slice(from), ...ports.slice(0, from)]
}
