import type { Portal, ServerConnection } from 'frontbell/portal'
import { io } from 'socket.io-client'
import type { Site } from '../small-desk/site'

/** Connects a portal by Socket.IO, which connects again by itself, until the way out is taken. */
export function connect(portal: Portal, site: Site): () => void {
  const socket = io(site.url, {
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 100,
    reconnectionDelayMax: 10_000,
    auth: (give) =>
      void site.ticket().then(
        (ticket) => give({ ticket }),
        () => give({}),
      ),
  })
  let connection: ServerConnection | undefined
  socket.on('connect', () => {
    connection = portal.open(
      (message) => socket.emit('desk', message),
      () => socket.io.engine.close(),
    )
  })
  socket.on('desk', (message, taken: () => void) => {
    connection?.receive(message)
    taken()
  })
  socket.on('disconnect', () => connection?.close())
  // A server that turned the ticket down is asked again with a new one: Socket.IO does not do that by itself.
  socket.on('connect_error', () => {
    if (!socket.active) setTimeout(() => socket.connect(), 1_000)
  })
  return () => void socket.close()
}
