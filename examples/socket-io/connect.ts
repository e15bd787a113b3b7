import type { Portal, ServerConnection } from 'frontbell/portal'
import { io } from 'socket.io-client'
import type { Site } from '../small-desk/site'

/** Connects a portal by Socket.IO, which reconnects itself, until the returned function is called. */
export function connect(portal: Portal, site: Site): () => void {
  const socket = io(site.url, {
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 100,
    reconnectionDelayMax: 10_000,
    auth: (authenticate) =>
      void site.ticket().then(
        (ticket) => authenticate({ ticket }),
        () => authenticate({}),
      ),
  })
  let connection: ServerConnection | undefined
  socket.on('connect', () => {
    connection = portal.open(
      (message) => socket.emit('desk', message),
      () => socket.io.engine.close(),
    )
  })
  socket.on('desk', (message, acknowledge: () => void) => {
    connection?.receive(message)
    acknowledge()
  })
  socket.on('disconnect', () => connection?.close())
  // After a rejected ticket Socket.IO does not reconnect itself: this does so, with a new ticket.
  socket.on('connect_error', () => {
    if (!socket.active) setTimeout(() => socket.connect(), 1_000)
  })
  return () => void socket.close()
}
