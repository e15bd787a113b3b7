import { WebSocket } from 'ws'
import type { RandomStream } from '../simulation/random-stream'

export interface VisitorPageOptions {
  readonly visitorId: string
  readonly random: RandomStream
  /** The ports of the nodes that serve visitors now. */
  readonly ports: () => readonly number[]
}

/** A visitor's page: it asks for a chat on each connection, and connects again at any node when that closes. */
export class VisitorPage {
  readonly visitorId: string
  /** The ids of the requests that it was answered with. */
  readonly requestIds = new Set<string>()
  readonly #options: VisitorPageOptions
  #socket: WebSocket | null = null
  #port = 0
  #isGone = false
  #reconnectAfterMs = 0

  constructor(options: VisitorPageOptions) {
    this.visitorId = options.visitorId
    this.#options = options
    this.#connect()
  }

  get isGone(): boolean {
    return this.#isGone
  }

  get isConnected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN
  }

  /** The port of the node that it is connected to. */
  get port(): number {
    return this.#port
  }

  /** The tab is closed: the node sees the socket close. */
  leave(): void {
    this.#isGone = true
    this.#socket?.terminate()
  }

  /** The page is loaded again: the node sees the socket close, and another one opens after a while. */
  reload(afterMs: number): void {
    this.#reconnectAfterMs = afterMs
    this.#socket?.terminate()
  }

  /** The laptop is shut: the page does not connect again when its node is gone. */
  vanish(): void {
    this.#isGone = true
  }

  #connect(): void {
    if (this.#isGone) return
    const { random, ports, visitorId } = this.#options
    const choice = ports()
    this.#port = choice.length === 0 ? 0 : random.pick(choice)
    const retry = () => {
      setTimeout(() => this.#connect(), this.#reconnectAfterMs + 100 + random.next() * 200)
      this.#reconnectAfterMs = 0
    }
    if (this.#port === 0) return void retry()
    const socket = new WebSocket(`ws://127.0.0.1:${this.#port}/${visitorId}`)
    this.#socket = socket
    socket.on('open', () => socket.send('request'))
    socket.on('message', (requestId) => void this.requestIds.add(String(requestId)))
    socket.on('error', () => {})
    socket.on('close', retry)
  }
}
