import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A stretch of network between a page and a server, which can be cut and can go dead. */
export interface TcpProxy {
  readonly url: string
  /** Where the server is now; connections that come later go there. */
  leadTo(serverUrl: string): void
  /** Ends what is connected, and lets nothing through until `mend`. */
  cut(): void
  /** Nothing passes any more in either direction, and nobody is told: a cable pulled, or a reader who stopped. */
  stall(): void
  mend(): void
  /** Bytes that pages were sent. */
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
    const far = connect(port, '127.0.0.1')
    const pair = [page, far] as const
    pairs.add(pair)
    for (const [from, to] of [pair, [far, page] as const]) {
      from.on('error', () => from.destroy())
      from.on('data', (bytes) => {
        if (from === far) received += bytes.length
        if (!to.write(bytes)) from.pause()
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
    leadTo(url) {
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
    mend() {
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
