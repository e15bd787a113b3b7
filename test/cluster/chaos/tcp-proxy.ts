import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** A node's way to the engine through this process, which can be cut: then nothing passes, and nothing is closed. */
export class TcpProxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #isCut = false
  #targetPort: number

  private constructor(server: Server, to: number) {
    this.#server = server
    this.#targetPort = to
  }

  static async connect(port: number): Promise<TcpProxy> {
    const server = createServer()
    const cable = new TcpProxy(server, port)
    server.on('connection', (socket) => cable.#forward(socket))
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    return cable
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  cut(): void {
    this.#isCut = true
    for (const socket of this.#sockets) socket.pause()
  }

  /** What was on its way is lost with its connections. */
  restore(): void {
    this.#isCut = false
    for (const socket of this.#sockets) socket.destroy()
  }

  /** From now on it leads to another port; connections have to be made anew. */
  redirect(port: number): void {
    this.#targetPort = port
    for (const socket of this.#sockets) socket.destroy()
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }

  #forward(socket: Socket): void {
    const onward = connect(this.#targetPort, '127.0.0.1')
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      this.#sockets.add(one)
      one.on('error', () => {})
      one.on('close', () => {
        this.#sockets.delete(one)
        other.destroy()
      })
      one.on('data', (data) => void other.write(data))
      if (this.#isCut) one.pause()
    }
  }
}
