import type { ClientMessage, Portal } from 'frontbell/portal'
import type { Site } from '../small-desk/site'

/** Connects a portal by an event stream and by fetch, and reconnects until the returned function is called. */
export function connect(portal: Portal, site: Site): () => void {
  const closing = new AbortController()
  void stayConnected(portal, site, closing.signal)
  return () => closing.abort()
}

async function stayConnected(portal: Portal, site: Site, closing: AbortSignal): Promise<void> {
  for (let failures = 0; !closing.aborted; failures += 1) {
    const wasConnected = await receiveStream(portal, site, closing).catch(() => false)
    if (wasConnected) failures = 0
    // Waits longer each time, and at random, so that not all pages reconnect at once.
    const pauseMs = Math.min(10_000, 100 * 2 ** failures) * (0.5 + Math.random() / 2)
    if (!closing.aborted) await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

/** Receives one stream until it ends. Resolves to whether the server accepted the connection. */
async function receiveStream(portal: Portal, { url, ticket }: Site, closing: AbortSignal): Promise<boolean> {
  const stream = new AbortController()
  const signal = AbortSignal.any([closing, stream.signal])
  const headers = { authorization: `Bearer ${await ticket()}` }
  const response = await fetch(`${url}/events`, { headers, signal })
  const streamId = response.headers.get('x-stream')
  if (!response.ok || response.body === null || streamId === null) return false
  const send = async (message: ClientMessage) => {
    const init = { method: 'POST', body: JSON.stringify(message), signal }
    const { ok } = await fetch(`${url}/streams/${streamId}`, init)
    if (!ok) throw new Error('the server rejected the message')
  }
  const connection = portal.open(send, () => stream.abort())
  try {
    for await (const data of eventsOf(response.body)) connection.receive(JSON.parse(data))
  } finally {
    connection.close()
    stream.abort()
  }
  return true
}

/** Yields the data of each event. Every message is one line of JSON. */
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
