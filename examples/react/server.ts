import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import { WebSocketServer } from 'ws'
import { listen } from '../small-desk/listen'
import { runAsScript } from '../small-desk/run-as-script'
import { openSmallDesk, type RunningServer, type SmallDeskOptions } from '../small-desk/small-desk'
import { serveSockets } from '../ws/server'

const page = fileURLToPath(new URL('page.tsx', import.meta.url))

/** A desk with React screens, over the WebSockets of `examples/ws`. */
export async function startReact(options: SmallDeskOptions): Promise<RunningServer> {
  const small = await openSmallDesk(page, options)
  const http = createServer(getRequestListener(small.site.fetch))
  serveSockets(new WebSocketServer({ server: http, path: '/desk', maxPayload: 32 * 1_024 }), small)
  return listen(http, small, options.port)
}

await runAsScript(import.meta.url, startReact)
