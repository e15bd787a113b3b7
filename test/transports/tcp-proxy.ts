import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A proxy between a page and a server that can cut and stall connections. */
export interface TcpProxy {
  readonly url: string
  /** Sends later connections to another server. */
  redirect(serverUrl: string): void
  /** Closes all connections, and refuses new ones until `restore`. */
  cut(): void
  /** Stops all data in both directions without closing: a pulled cable, or a reader that stopped. */
  stall(): void
  restore(): void
  /** Number of bytes sent to pages. */
  readonly received: number
  close(): Promise<void>
}

export async function openTcpProxy(serverUrl: string): Promise<TcpProxy> {
  let port = Number(new URL(serverUrl).port)
  let state: 'up' | 'cut' | 'stalled' = 'up'
  let received = 0
  const pairs = new Set<readonly [Socket, Socket]>()
  const server = createServer((page) => {
    page.on('error', () => page.destroy())
    if (state === 'cut') return page.destroy()
    const upstream = connect(port, '127.0.0.1')
    const pair = [page, upstream] as const
    pairs.add(pair)
    for (const [from, to] of [pair, [upstream, page] as const]) {
      from.on('error', () => from.destroy())
      from.on('data', (bytes) => {
        if (from === upstream) received += bytes.length
        if (to.write(bytes)) return
        from.pause()
        to.once('drain', () => state === 'up' && from.resume())
      })
      from.on('close', () => {
        to.destroy()
        pairs.delete(pair)
      })
      if (state === 'stalled') from.pause()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const each = (act: (socket: Socket) => void) => {
    for (const pair of [...pairs]) pair.forEach(act)
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    redirect(url) {
      port = Number(new URL(url).port)
    },
    cut() {
      state = 'cut'
      each((socket) => socket.destroy())
    },
    stall() {
      state = 'stalled'
      each((socket) => socket.pause())
    },
    restore() {
      state = 'up'
      each((socket) => socket.resume())
    },
    get received() {
      return received
    },
    async close() {
      each((socket) => socket.destroy())
      server.close()
      await once(server, 'close')
    },
  }
}
