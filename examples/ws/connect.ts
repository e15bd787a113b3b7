import type { Portal, ServerConnection } from 'frontbell/portal'
import type { Site } from '../small-desk/site'

/** Connects a portal by a WebSocket, and reconnects until the returned function is called. */
export function connect(portal: Portal, site: Site): () => void {
  let isClosed = false
  let failures = 0
  let stop = () => {}
  void open()
  return () => {
    isClosed = true
    stop()
  }

  async function open(): Promise<void> {
    const ticket = await site.ticket().catch(() => null)
    if (isClosed) return
    if (ticket === null) return retry()
    const socket = new WebSocket(`${site.url.replace('http', 'ws')}/desk?ticket=${encodeURIComponent(ticket)}`)
    let connection: ServerConnection | undefined
    let isEnded = false
    const onClosed = () => {
      if (isEnded) return
      isEnded = true
      connection?.close()
      socket.close()
      if (!isClosed) retry()
    }
    stop = onClosed
    socket.onopen = () => {
      connection = portal.open((message) => socket.send(JSON.stringify(message)), onClosed)
    }
    socket.onmessage = ({ data }) => {
      failures = 0
      connection?.receive(JSON.parse(String(data)))
    }
    socket.onclose = onClosed
    socket.onerror = onClosed
  }

  /** Waits longer each time, and at random, so that not all pages reconnect at once. */
  function retry(): void {
    failures += 1
    const timer = setTimeout(open, Math.min(10_000, 100 * 2 ** failures) * (0.5 + Math.random() / 2))
    stop = () => clearTimeout(timer)
  }
}
