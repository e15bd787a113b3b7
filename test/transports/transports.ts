import type { Portal } from 'frontbell/portal'
import { startReact } from '../../examples/react/server'
import { connect as connectByEvents } from '../../examples/server-sent-events/connect'
import { startServerSentEvents } from '../../examples/server-sent-events/server'
import type { Site } from '../../examples/small-desk/site'
import type { RunningServer, SmallDeskOptions } from '../../examples/small-desk/small-desk'
import { connect as connectBySocketIo } from '../../examples/socket-io/connect'
import { startSocketIo } from '../../examples/socket-io/server'
import { connect as connectByWs } from '../../examples/ws/connect'
import { startWs } from '../../examples/ws/server'

/** One example: its server, and the function with which its page connects a portal. */
export interface Transport {
  readonly name: string
  readonly folder: string
  readonly start: (options: SmallDeskOptions) => Promise<RunningServer>
  readonly connect: (portal: Portal, site: Site) => () => void
}

export const transports: readonly Transport[] = [
  { name: 'Socket.IO', folder: 'socket-io', start: startSocketIo, connect: connectBySocketIo },
  { name: 'ws', folder: 'ws', start: startWs, connect: connectByWs },
  {
    name: 'server-sent events',
    folder: 'server-sent-events',
    start: startServerSentEvents,
    connect: connectByEvents,
  },
  { name: 'React', folder: 'react', start: startReact, connect: connectByWs },
]
