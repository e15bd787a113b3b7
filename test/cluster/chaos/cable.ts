import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** A node's way to the engine through this process, which can be cut: then nothing passes, and nothing is closed. */
export class Cable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #isCut = false
  #to: number

  private constructor(server: Server, to: number) {
    this.#server = server
    this.#to = to
  }

  static async to(port: number): Promise<Cable> {
    const server = createServer()
    const cable = new Cable(server, port)
    server.on('connection', (socket) => cable.#join(socket))
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
  mend(): void {
    this.#isCut = false
    for (const socket of this.#sockets) socket.destroy()
  }

  /** From now on it leads to another port; connections have to be made anew. */
  lead(port: number): void {
    this.#to = port
    for (const socket of this.#sockets) socket.destroy()
  }

  end(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }

  #join(socket: Socket): void {
    const onward = connect(this.#to, '127.0.0.1')
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
