import { type Desk, type Facts, InvalidInputError, type RequestView } from 'frontbell'
import type { Namespace } from 'socket.io'
import type { VisitorState } from '../chat/chat-protocol'
import type { ChatTranscripts } from '../chat/chat-transcripts'
import { RequestRateLimiter } from './request-rate-limiter'

export interface VisitorParts {
  readonly desk: Desk
  readonly book: ChatTranscripts
  readonly staffIds: readonly string[]
  readonly nameOf: (staffId: string) => string
  /** Tells whoever has the chat what was written. */
  readonly tellStaff: (requestId: string) => void
}

export interface VisitorSockets {
  /** Tells the pages of this request's visitor what they show now. */
  tell(requestId: string): void
  close(): void
}

/** A visitor who was here when the server stopped, and whose page does not come back within this, has left. */
const returnWithinMs = 10_000

/** What a visitor reads, who knows nothing of policies and facts. */
const busy = { ok: false, message: 'A lot is going on here right now. Please try again in a minute.' }
const unclear = { ok: false, message: 'Please tell us your name and your question in a few words.' }
const closed = { ok: false, message: 'The help desk is closed right now.' }

/** The sockets of the shop's pages: each page is a visitor, who may ask for a chat and write in it. */
export function serveVisitors(visitors: Namespace, parts: VisitorParts): VisitorSockets {
  const { desk, book } = parts
  /** The latest request of each visitor who is here; closed ones stay to be read until the page is left. */
  const requests = new Map<string, string>()
  const visitorOf = new Map<string, string>()
  const limit = new RequestRateLimiter()

  for (const { requestId, visitorId } of requestsOf(parts)) {
    requests.set(visitorId, requestId)
    visitorOf.set(requestId, visitorId)
    writeQuestion(requestId)
  }
  const awaited = [...requests.keys()]
  const missing = setTimeout(() => {
    for (const visitorId of awaited)
      if (!visitors.adapter.rooms.has(visitorId)) void ignoreRefusal(desk.visitorLeft(visitorId))
  }, returnWithinMs)
  missing.unref()

  visitors.use((socket, next) => {
    const { visitorId } = socket.handshake.auth
    const isId = typeof visitorId === 'string' && /^[\w-]{8,64}$/.test(visitorId)
    if (isId) socket.data.visitorId = visitorId
    next(isId ? undefined : new Error('invalid-visitor'))
  })
  visitors.on('connection', async (socket) => {
    const visitorId: string = socket.data.visitorId
    const { address } = socket.handshake
    const pages = () => visitors.adapter.rooms.get(visitorId)?.size ?? 0
    socket.join(visitorId)
    socket.on('disconnect', () => {
      if (pages() === 0) void ignoreRefusal(desk.visitorLeft(visitorId))
    })
    socket.on('ask', async (facts: unknown, reply: unknown) => {
      const answer = limit.isAllowed({ visitorId, address }) ? await ask(visitorId, facts) : busy
      if (typeof reply === 'function') reply(answer)
      tell(visitorId)
    })
    socket.on('say', (text: unknown) => say(visitorId, text))
    socket.on('leave', async () => {
      const requestId = requests.get(visitorId)
      const phase = requestId === undefined ? undefined : desk.request(requestId)?.phase
      if (requestId === undefined || phase === undefined) return
      await ignoreRefusal(phase === 'assigned' ? desk.end(requestId) : desk.cancel(requestId, { reason: 'visitor' }))
    })
    await ignoreRefusal(desk.visitorArrived({ visitorId, facts: socket.handshake.auth.facts ?? {} }))
    tell(visitorId)
  })
  desk.on('request.opened', ({ requestId, visitorId }) => {
    requests.set(visitorId, requestId)
    visitorOf.set(requestId, visitorId)
  })
  desk.on('position.changed', ({ changes }) => {
    for (const { requestId } of changes) tellOf(requestId)
  })
  for (const type of ['request.accepted', 'request.closed', 'request.released', 'request.transferred'] as const)
    desk.on(type, ({ requestId }) => tellOf(requestId))

  return { tell: tellOf, close: () => clearTimeout(missing) }

  async function ask(visitorId: string, input: unknown): Promise<{ ok: boolean; message?: string }> {
    const facts = trimmed(input)
    if (facts?.name === '' || facts?.question === '') return unclear
    try {
      const outcome = await desk.requestChat({ visitorId, facts })
      if (!outcome.ok) return busy
      requests.set(visitorId, outcome.requestId)
      visitorOf.set(outcome.requestId, visitorId)
      if (!outcome.duplicate) writeQuestion(outcome.requestId)
      return { ok: true }
    } catch (error) {
      return error instanceof InvalidInputError ? unclear : closed
    }
  }

  function writeQuestion(requestId: string): void {
    if (book.lines(requestId).length > 0) return
    const { name, question } = desk.request(requestId)?.facts ?? {}
    book.append(requestId, { from: 'visitor', name: typeof name === 'string' ? name : 'Visitor', text: question })
  }

  function say(visitorId: string, text: unknown): void {
    const requestId = requests.get(visitorId)
    const request = requestId === undefined ? undefined : desk.request(requestId)
    if (requestId === undefined || request === undefined) return
    const { name } = request.facts
    if (!book.append(requestId, { from: 'visitor', name: typeof name === 'string' ? name : 'Visitor', text })) return
    tell(visitorId)
    parts.tellStaff(requestId)
  }

  function tellOf(requestId: string): void {
    const visitorId = visitorOf.get(requestId)
    if (visitorId !== undefined) tell(visitorId)
  }

  function tell(visitorId: string): void {
    visitors.to(visitorId).emit('state', stateOf(requests.get(visitorId)))
  }

  function stateOf(requestId: string | undefined): VisitorState {
    if (requestId === undefined) return { phase: 'none', position: null, staffName: null, lines: [] }
    const request = desk.request(requestId)
    const lines = book.lines(requestId)
    const staffId = request?.assignment?.staffId
    if (request === undefined) return { phase: 'ended', position: null, staffName: null, lines }
    if (staffId !== undefined) return { phase: 'chatting', position: null, staffName: parts.nameOf(staffId), lines }
    return { phase: 'waiting', position: desk.position(requestId)?.position ?? null, staffName: null, lines }
  }
}

/** Facts as the form sends them, without the blanks around; the desk itself refuses what is none. */
function trimmed(facts: unknown): Facts {
  if (typeof facts !== 'object' || facts === null) return facts as never
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, typeof value === 'string' ? value.trim() : value]),
  )
}

/** Every request of a desk that was kept: open, or in somebody's chats. */
function requestsOf({ desk, staffIds }: VisitorParts): readonly RequestView[] {
  const chats = staffIds.flatMap((staffId) => desk.portal(staffId)?.chats ?? [])
  return [...desk.awaiting().map(({ request }) => request), ...chats]
}

/** A visitor whose facts are no facts, or a desk that is just closing, must not end the process. */
async function ignoreRefusal(asked: Promise<unknown>): Promise<void> {
  await asked.catch((error: unknown) => {
    if (!(error instanceof InvalidInputError)) console.error(error)
  })
}
