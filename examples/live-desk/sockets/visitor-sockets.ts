import type { Desk, Facts, RequestView } from 'frontbell'
import type { Namespace } from 'socket.io'
import type { VisitorState } from '../chat/chat-protocol'
import type { ChatTranscripts } from '../chat/chat-transcripts'
import { RequestRateLimiter } from './request-rate-limiter'

export interface VisitorParts {
  readonly desk: Desk
  readonly transcripts: ChatTranscripts
  readonly staffIds: readonly string[]
  readonly nameOf: (staffId: string) => string
  /** Sends the transcript to the staff member who has the chat. */
  readonly notifyStaff: (requestId: string) => void
}

export interface VisitorSockets {
  /** Sends its current state to the pages of this request's visitor. */
  sendState(requestId: string): void
  /** To be called before the sockets close: the visitors have not left, and connect again after a restart. */
  close(): void
}

/** Refusals in words for a visitor, who knows nothing of policies and facts. */
const busy = { ok: false, message: 'A lot is going on here right now. Please try again in a minute.' }
const unclear = { ok: false, message: 'Please tell us your name and your question in a few words.' }
const closed = { ok: false, message: 'The help desk is closed right now.' }

/**
 * The sockets of the shop's pages: each page belongs to a visitor, who may request a chat and write in it. Each socket
 * is a session of its visitor.
 */
export function serveVisitors(visitors: Namespace, parts: VisitorParts): VisitorSockets {
  const { desk, transcripts } = parts
  /** The latest request of each visitor who is present; a closed one stays readable until the visitor leaves. */
  const requests = new Map<string, string>()
  const visitorOf = new Map<string, string>()
  const limit = new RequestRateLimiter()

  for (const { requestId, visitorId } of requestsOf(parts)) {
    requests.set(visitorId, requestId)
    visitorOf.set(requestId, visitorId)
    writeQuestion(requestId)
  }
  let isClosing = false
  const sendHeartbeats = () => {
    for (const { id, data } of visitors.sockets.values()) void desk.visitorHeartbeat(data.visitorId, id)
  }
  const heartbeats = setInterval(sendHeartbeats, (desk.policy.visitorLeaseMs ?? 60_000) / 3)
  heartbeats.unref()

  visitors.use((socket, next) => {
    const { visitorId } = socket.handshake.auth
    const isId = typeof visitorId === 'string' && /^[\w-]{8,64}$/.test(visitorId)
    if (isId) socket.data.visitorId = visitorId
    next(isId ? undefined : new Error('invalid-visitor'))
  })
  visitors.on('connection', async (socket) => {
    const visitorId: string = socket.data.visitorId
    const { address } = socket.handshake
    const sessionId = socket.id
    socket.join(visitorId)
    socket.on('disconnect', () => {
      if (!isClosing) void desk.visitorLeft(visitorId, { sessionId })
    })
    socket.on('request', async (facts: unknown, reply: unknown) => {
      const answer = limit.isAllowed({ visitorId, address }) ? await requestChat(visitorId, facts) : busy
      if (typeof reply === 'function') reply(answer)
      sendStateTo(visitorId)
    })
    socket.on('write', (text: unknown) => write(visitorId, text))
    socket.on('leave', async () => {
      const requestId = requests.get(visitorId)
      const phase = requestId === undefined ? undefined : desk.request(requestId)?.phase
      if (requestId === undefined || phase === undefined) return
      await (phase === 'assigned' ? desk.end(requestId) : desk.cancel(requestId, { reason: 'visitor' }))
    })
    const { facts } = socket.handshake.auth
    // Malformed facts of a page reject; then the visitor arrives without facts.
    const arrived = await desk
      .visitorArrived({ visitorId, sessionId, facts: facts ?? {} })
      .catch(() => desk.visitorArrived({ visitorId, sessionId }))
    if (!arrived.ok && arrived.code === 'unavailable') socket.conn.close()
    sendStateTo(visitorId)
  })
  // Their pages connect again, at a node that is up to date.
  desk.on('node.stale', () => {
    for (const { conn } of visitors.sockets.values()) conn.close()
  })
  desk.on('request.opened', ({ requestId, visitorId }) => {
    requests.set(visitorId, requestId)
    visitorOf.set(requestId, visitorId)
  })
  desk.on('position.changed', ({ changes }) => {
    for (const { requestId } of changes) sendStateOfRequest(requestId)
  })
  for (const type of ['request.accepted', 'request.closed', 'request.released', 'request.transferred'] as const)
    desk.on(type, ({ requestId }) => sendStateOfRequest(requestId))

  return { sendState: sendStateOfRequest, close }

  function close(): void {
    isClosing = true
    clearInterval(heartbeats)
  }

  async function requestChat(visitorId: string, input: unknown): Promise<{ ok: boolean; message?: string }> {
    const facts = trimFacts(input)
    if (facts?.name === '' || facts?.question === '') return unclear
    try {
      const outcome = await desk.requestChat({ visitorId, facts })
      if (!outcome.ok) return outcome.code === 'limit-exceeded' ? busy : closed
      requests.set(visitorId, outcome.requestId)
      visitorOf.set(outcome.requestId, visitorId)
      if (!outcome.duplicate) writeQuestion(outcome.requestId)
      return { ok: true }
    } catch {
      return unclear // malformed facts: nothing else rejects
    }
  }

  function writeQuestion(requestId: string): void {
    if (transcripts.lines(requestId).length > 0) return
    const { name, question } = desk.request(requestId)?.facts ?? {}
    transcripts.append(requestId, {
      from: 'visitor',
      name: typeof name === 'string' ? name : 'Visitor',
      text: question,
    })
  }

  function write(visitorId: string, text: unknown): void {
    const requestId = requests.get(visitorId)
    const request = requestId === undefined ? undefined : desk.request(requestId)
    if (requestId === undefined || request === undefined) return
    const { name } = request.facts
    if (!transcripts.append(requestId, { from: 'visitor', name: typeof name === 'string' ? name : 'Visitor', text }))
      return
    sendStateTo(visitorId)
    parts.notifyStaff(requestId)
  }

  function sendStateOfRequest(requestId: string): void {
    const visitorId = visitorOf.get(requestId)
    if (visitorId !== undefined) sendStateTo(visitorId)
  }

  function sendStateTo(visitorId: string): void {
    visitors.to(visitorId).emit('state', stateOf(requests.get(visitorId)))
  }

  function stateOf(requestId: string | undefined): VisitorState {
    if (requestId === undefined) return { phase: 'none', position: null, staffName: null, lines: [] }
    const request = desk.request(requestId)
    const lines = transcripts.lines(requestId)
    const staffId = request?.assignment?.staffId
    if (request === undefined) return { phase: 'ended', position: null, staffName: null, lines }
    if (staffId !== undefined) return { phase: 'chatting', position: null, staffName: parts.nameOf(staffId), lines }
    return { phase: 'waiting', position: desk.position(requestId)?.position ?? null, staffName: null, lines }
  }
}

/** Trims the facts of the form. The desk itself refuses malformed ones. */
function trimFacts(facts: unknown): Facts {
  if (typeof facts !== 'object' || facts === null) return facts as never
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, typeof value === 'string' ? value.trim() : value]),
  )
}

/** Returns every open or assigned request of a restored desk. */
function requestsOf({ desk, staffIds }: VisitorParts): readonly RequestView[] {
  const chats = staffIds.flatMap((staffId) => desk.portal(staffId)?.chats ?? [])
  const open = desk.awaiting().map(({ request }) => request)
  return [...open.filter(({ assignment }) => assignment === null), ...chats]
}
