import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** A node's connection to the backend through this process. While it is cut no data passes, and no socket closes. */
export class TcpProxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** How long data takes to pass, in each direction. */
  delayMs = 0
  #isCut = false
  #targetPort: number

  private constructor(server: Server, to: number) {
    this.#server = server
    this.#targetPort = to
  }

  static async connect(port: number): Promise<TcpProxy> {
    const server = createServer()
    const proxy = new TcpProxy(server, port)
    server.on('connection', (socket) => proxy.#forward(socket))
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  cut(): void {
    this.#isCut = true
    for (const socket of this.#sockets) socket.pause()
  }

  /** Closes all connections: data on its way is lost. */
  restore(): void {
    this.#isCut = false
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Connects to another port from now on; existing connections are closed. */
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
        this.#pass(() => other.destroy())
      })
      one.on('data', (data) => this.#pass(() => other.write(data)))
      if (this.#isCut) one.pause()
    }
  }

  #pass(act: () => void): void {
    if (this.delayMs === 0) act()
    else setTimeout(act, this.delayMs)
  }
}
