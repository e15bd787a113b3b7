import type { Desk } from 'frontbell'
import type { StaffServer } from 'frontbell/host'
import type { Namespace, Socket } from 'socket.io'
import type { RingingReasons } from '../chat/chat-protocol'
import type { ChatTranscripts } from '../chat/chat-transcripts'
import { summarizeFacts } from '../fact-summary'

export interface StaffParts {
  readonly desk: Desk
  readonly server: StaffServer
  readonly transcripts: ChatTranscripts
  readonly nameOf: (staffId: string) => string
  /** Sends its current state to the pages of a request's visitor. */
  readonly notifyVisitor: (requestId: string) => void
}

/**
 * The staff's sockets. The demo trusts the id in the handshake; a real host checks its own session here. Afterwards the
 * id comes from the connection and never from a message.
 */
export function serveStaffSockets(staff: Namespace, parts: StaffParts): void {
  const { desk, server, transcripts } = parts
  staff.use((socket, next) => {
    const { staffId } = socket.handshake.auth
    const isKnown = typeof staffId === 'string' && desk.staff(staffId) !== undefined
    if (isKnown) socket.data.staffId = staffId
    next(isKnown ? undefined : new Error('unknown-staff'))
  })
  staff.on('connection', (socket) => {
    const staffId: string = socket.data.staffId
    const connection = server.attach({
      staffId,
      send: (message) => socket.timeout(20_000).emitWithAck('desk', message),
      onClosed: () => socket.conn.close(),
    })
    socket.join(`staff:${staffId}`)
    socket.on('desk', (message: unknown) => void connection.receive(message))
    socket.on('disconnect', () => connection.detach())
    socket.on(
      'lines',
      replyWith((requestId) => (isShownTo(desk, staffId, requestId) ? transcripts.lines(requestId) : [])),
    )
    socket.on(
      'explain',
      replyWith((requestId) => ringingReasonsFor(desk, staffId, requestId)),
    )
    socket.on('write', (requestId: unknown, text: unknown) => void writeLine(parts, socket, { requestId, text }))
  })
  desk.on('stop', ({ requestId, staffIds, reason, by }) => {
    const others = staffIds.filter((id) => id !== by)
    if (reason !== 'accepted' || by === null || others.length === 0) return
    const { name: visitor = '' } = summarizeFacts(desk.request(requestId)?.facts ?? {})
    staff.to(others.map((id) => `staff:${id}`)).emit('taken', { visitor, by: parts.nameOf(by) })
  })
}

/** Sends the transcript to the staff member who has the chat. */
export function sendTranscript(staff: Namespace, { desk, transcripts }: StaffParts, requestId: string): void {
  const staffId = desk.request(requestId)?.assignment?.staffId
  if (staffId !== undefined)
    staff.to(`staff:${staffId}`).emit('lines', { requestId, lines: transcripts.lines(requestId) })
}

async function writeLine(
  parts: StaffParts,
  socket: Socket,
  line: { requestId: unknown; text: unknown },
): Promise<void> {
  const { desk, transcripts, nameOf } = parts
  const { requestId, text } = line
  const staffId: string = socket.data.staffId
  if (typeof requestId !== 'string' || desk.request(requestId)?.assignment?.staffId !== staffId) return
  if (!transcripts.append(requestId, { from: 'staff', name: nameOf(staffId), text })) return
  sendTranscript(socket.nsp, parts, requestId)
  parts.notifyVisitor(requestId)
  await desk.replied(requestId)
}

/** Returns `null` for a request that is not on this staff member's screen. */
function ringingReasonsFor(desk: Desk, staffId: string, requestId: string): RingingReasons | null {
  if (!isShownTo(desk, staffId, requestId)) return null
  const explained = desk.explain(requestId)
  return explained === undefined ? null : { workflow: explained.workflow, staff: explained.staff }
}

function isShownTo(desk: Desk, staffId: string, requestId: string): boolean {
  if (desk.request(requestId)?.assignment?.staffId === staffId) return true
  return desk.awaiting(staffId).some((item) => item.requestId === requestId)
}

/** Returns a listener that replies if the arguments are an id and an acknowledgement, whatever else a page sends. */
function replyWith(answer: (requestId: string) => unknown): (...args: unknown[]) => void {
  return (requestId, reply) => {
    if (typeof reply === 'function' && typeof requestId === 'string') reply(answer(requestId))
  }
}
