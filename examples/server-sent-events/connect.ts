import type { ClientMessage, Portal } from 'frontbell/portal'
import type { Site } from '../small-desk/site'

/** Connects a portal by an event stream and by fetch, again and again, until the way out is taken. */
export function connect(portal: Portal, site: Site): () => void {
  const way = new AbortController()
  void keepListening(portal, site, way.signal)
  return () => way.abort()
}

async function keepListening(portal: Portal, site: Site, isOver: AbortSignal): Promise<void> {
  for (let failures = 0; !isOver.aborted; failures += 1) {
    const heard = await listen(portal, site, isOver).catch(() => false)
    if (heard) failures = 0
    // Later each time, and not all pages at once when the server is back.
    const pauseMs = Math.min(10_000, 100 * 2 ** failures) * (0.5 + Math.random() / 2)
    if (!isOver.aborted) await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

/** One stream, until it ends; resolves with whether there was one. */
async function listen(portal: Portal, { url, ticket }: Site, isOver: AbortSignal): Promise<boolean> {
  const line = new AbortController()
  const signal = AbortSignal.any([isOver, line.signal])
  const headers = { authorization: `Bearer ${await ticket()}` }
  const response = await fetch(`${url}/events`, { headers, signal })
  const stream = response.headers.get('x-stream')
  if (!response.ok || response.body === null || stream === null) return false
  const speak = async (message: ClientMessage) => {
    const init = { method: 'POST', body: JSON.stringify(message), signal }
    const { ok } = await fetch(`${url}/streams/${stream}`, init)
    if (!ok) throw new Error('the server did not take it')
  }
  const connection = portal.open(speak, () => line.abort())
  try {
    for await (const data of eventsOf(response.body)) connection.receive(JSON.parse(data))
  } finally {
    connection.close()
    line.abort()
  }
  return true
}

/** The data of each event. Every message is one line of JSON. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (text + decoder.decode(part.value, { stream: true })).split('\n')
    text = lines.pop() ?? ''
    for (const line of lines) if (line.startsWith('data: ')) yield line.slice(6)
  }
}
