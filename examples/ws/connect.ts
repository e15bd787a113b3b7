import type { Portal, ServerConnection } from 'frontbell/portal'
import type { Site } from '../small-desk/site'

/** Connects a portal by a WebSocket, again and again, until the way out is taken. */
export function connect(portal: Portal, site: Site): () => void {
  let isOver = false
  let failures = 0
  let leave = () => {}
  void open()
  return () => {
    isOver = true
    leave()
  }

  async function open(): Promise<void> {
    const ticket = await site.ticket().catch(() => null)
    if (isOver) return
    if (ticket === null) return again()
    const socket = new WebSocket(`${site.url.replace('http', 'ws')}/desk?ticket=${encodeURIComponent(ticket)}`)
    let connection: ServerConnection | undefined
    let isLost = false
    const lost = () => {
      if (isLost) return
      isLost = true
      connection?.close()
      socket.close()
      if (!isOver) again()
    }
    leave = lost
    socket.onopen = () => {
      connection = portal.open((message) => socket.send(JSON.stringify(message)), lost)
    }
    socket.onmessage = ({ data }) => {
      failures = 0
      connection?.receive(JSON.parse(String(data)))
    }
    socket.onclose = lost
    socket.onerror = lost
  }

  /** Later each time, and not all pages at once when the server is back. */
  function again(): void {
    failures += 1
    const timer = setTimeout(open, Math.min(10_000, 100 * 2 ** failures) * (0.5 + Math.random() / 2))
    leave = () => clearTimeout(timer)
  }
}
