import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import type { PortalConnection } from 'frontbell/host'
import { streamSSE } from 'hono/streaming'
import { listen } from '../small-desk/listen'
import { runAsScript } from '../small-desk/run-as-script'
import { openSmallDesk, type RunningServer, type SmallDesk, type SmallDeskOptions } from '../small-desk/small-desk'

const page = fileURLToPath(new URL('page.ts', import.meta.url))

/** A desk whose screens receive server-sent events and send by fetch. */
export async function startServerSentEvents(options: SmallDeskOptions): Promise<RunningServer> {
  const small = await openSmallDesk(page, options)
  serveEvents(small)
  return listen(createServer(getRequestListener(small.site.fetch)), small, options.port)
}

/** The staff member comes from the ticket of the stream. A request that knows the stream's id acts for them. */
function serveEvents({ site, server, tickets, desk }: SmallDesk): void {
  const connections = new Map<string, PortalConnection>()

  site.get('/events', (context) => {
    const staffId = tickets.staffIdOf(context.req.header('authorization')?.replace('Bearer ', ''))
    if (staffId === undefined || desk.staff(staffId) === undefined) return context.text('sign in first', 401)
    const id = randomUUID()
    context.header('x-stream', id)
    return streamSSE(context, async (stream) => {
      await new Promise<void>((resolve) => {
        const connection = server.attach({
          staffId,
          // Resolves when the stream accepts more: until then nothing is sent, so that no backlog builds up.
          send: (_message, text) => stream.write(`data: ${text()}\n\n`),
          onClosed: resolve,
        })
        connections.set(id, connection)
        stream.onAbort(resolve)
      })
      connections.get(id)?.detach()
      connections.delete(id)
    })
  })

  site.post('/streams/:id', async (context) => {
    const connection = connections.get(context.req.param('id'))
    if (connection === undefined) return context.text('no such stream', 404)
    await connection.receive(await context.req.json().catch(() => undefined))
    return context.body(null, 204)
  })
}

await runAsScript(import.meta.url, startServerSentEvents)
