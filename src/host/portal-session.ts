import type { RequestId, SessionId, StaffId } from '../core'
import { DeskError, InvalidInputError } from '../core'
import type { Desk } from '../desk'
import { type PortalCommand, type PortalOutcome, protocolVersion, type ServerMessage } from '../portal'
import { messageIdOf, parseMessage } from './message-schemas'
import { type EncodedMessage, encodeOnce, MessageSender, type SendMessage } from './message-sender'
import { type ScreenBroadcast, ScreenStream, type StreamSession } from './screen-stream'

export interface PortalSessionOptions {
  readonly desk: Desk
  readonly staffId: StaffId
  readonly sessionId: SessionId
  readonly send: SendMessage
  readonly now: () => number
  /** The interval at which `ping` is called, until `setPingInterval`. */
  readonly pingIntervalMs: number
  readonly broadcast: ScreenBroadcast
  /** Called once, when the session ends. */
  readonly onDetached: () => void
  /** Called when the server ends the session. */
  readonly onClosed: () => void
}

/** Bound of the commands being executed plus the answers not yet sent. */
const pendingCommandsMax = 64
const queuedVisitorsMax = 16
const missedPongsMax = 2

/** Sends one connection what its screen shows, and executes its commands. */
export class PortalSession implements PortalConnection, StreamSession {
  readonly sessionId: SessionId
  readonly staffId: StaffId
  readonly #options: PortalSessionOptions
  readonly #queuedAnswers: { readonly id: string; readonly outcome: PortalOutcome }[] = []
  readonly #queuedVisitors: EncodedMessage[] = []
  readonly #sender: MessageSender
  readonly stream: ScreenStream
  #pingIntervalMs: number
  #runningCommands = 0
  /** Number of pings since the last message of the page. */
  #missedPongs = 0
  /** Number of pings since a message was delivered, while there is one to deliver. */
  #undeliveredPings = 0
  #deliveredAtLastPing = 0
  #isDetached = false
  /** Nothing is sent: this node's state may still be older than one that this staff member has seen. */
  #isPaused = false

  constructor(options: PortalSessionOptions) {
    this.#options = options
    this.staffId = options.staffId
    this.sessionId = options.sessionId
    this.#pingIntervalMs = options.pingIntervalMs
    this.#sender = new MessageSender({
      send: options.send,
      retryMsMax: () => this.#pingIntervalMs,
      onReady: () => options.broadcast.deliverWhenClean(this),
      onRejected: () => this.stream.onReplaced(),
      onBusyChanged: () => this.#updateBlocked(),
      onFailed: () => this.disconnect(),
    })
    this.stream = new ScreenStream({
      desk: options.desk,
      session: this,
      sender: this.#sender,
      broadcast: options.broadcast,
      toSnapshotMessage: (snapshot) => ({
        type: 'snapshot',
        protocol: protocolVersion,
        ...snapshot,
        sentAt: options.now(),
        pingIntervalMs: this.#pingIntervalMs,
      }),
    })
  }

  async receive(message: unknown): Promise<void> {
    if (this.#isDetached) return
    this.#missedPongs = 0
    try {
      const parsed = parseMessage(message)
      if (parsed.type === 'command') await this.#execute(parsed.id, parsed.command)
      else if (parsed.type === 'resync') this.stream.onReplaced() // repeated requests cost nothing more
    } catch (error) {
      const id = messageIdOf(message)
      const problem = error instanceof InvalidInputError ? error.message : 'The message could not be read.'
      if (id !== undefined) this.#queueAnswer(id, { ok: false, code: 'invalid', message: problem })
    }
  }

  detach(): void {
    if (this.#isDetached) return
    this.#isDetached = true
    this.#updateBlocked()
    this.#sender.close()
    const { desk, staffId, sessionId, onDetached } = this.#options
    onDetached()
    void desk.disconnect(staffId, sessionId)
  }

  get hasMore(): boolean {
    return this.#queuedVisitors.length + this.#queuedAnswers.length > 0
  }

  #updateBlocked(): void {
    this.stream.isBlocked = this.#sender.isBusy || this.#isDetached || this.#isPaused
  }

  deliver(): void {
    if (this.stream.isBlocked) return
    this.#sender.repeat('revoked')
    if (!this.stream.deliver()) return
    const version = this.stream.sentVersion ?? -1
    if (this.#queuedVisitors.length > 0) {
      for (const notification of this.#queuedVisitors.splice(0)) this.#sender.send(notification)
    }
    if (this.#queuedAnswers.length > 0) {
      for (const answer of this.#queuedAnswers.splice(0)) this.#send({ type: 'answer', version, ...answer })
    }
    this.#sender.repeat('visitor')
    this.#sender.repeat('answer')
  }

  /** Sends a ping with the version that was sent last, so that the page notices a lost message. */
  ping(): void {
    const { desk, staffId, sessionId, now, broadcast } = this.#options
    this.#missedPongs += 1
    this.#countUndelivered()
    if (Math.max(this.#missedPongs, this.#undeliveredPings) > missedPongsMax) return this.#disconnectSilentPage()
    desk.heartbeat(staffId, sessionId).then((outcome) => {
      if (!outcome.ok && outcome.code === 'unavailable' && outcome.reason === 'closed') this.close('desk-closed')
    })
    if (this.stream.sentVersion === null) broadcast.deliverNow(this)
    const version = this.stream.sentVersion
    if (!this.stream.isBlocked && version !== null) this.#send({ type: 'ping', version, sentAt: now() })
  }

  /** Renews the session by the policy's new lease, and sends a snapshot, which announces the pings to the page. */
  setPingInterval(intervalMs: number): void {
    this.#pingIntervalMs = intervalMs
    this.stream.onReplaced()
    this.#missedPongs = 0
    this.ping()
  }

  /** Sends nothing until this node has applied everything that any node has acknowledged. */
  async pauseUntilSynced(): Promise<void> {
    this.#isPaused = true
    this.#updateBlocked()
    const { desk } = this.#options
    const { ok } = await desk.sync()
    this.#isPaused = false
    this.#updateBlocked()
    if (ok) this.#options.broadcast.deliverNow(this)
    else this.disconnect()
  }

  /** The desk's history was replaced. A screen accepts the same or a lower version only over a new connection. */
  handleStateRebuilt(version: number): void {
    if (version <= this.stream.highestSentVersion) this.disconnect()
    else this.stream.onReplaced()
  }

  /** Ends the session and lets the host close the transport: the screen falls silent and connects again. */
  disconnect(): void {
    if (this.#isDetached) return
    this.detach()
    try {
      this.#options.onClosed()
    } catch (error) {
      console.error(error)
    }
  }

  #countUndelivered(): void {
    const { isUndelivered, deliveredCount } = this.#sender
    this.#undeliveredPings =
      isUndelivered && deliveredCount === this.#deliveredAtLastPing ? this.#undeliveredPings + 1 : 0
    this.#deliveredAtLastPing = deliveredCount
  }

  #disconnectSilentPage(): void {
    const { desk, staffId } = this.#options
    if (this.#sender.isUndelivered && this.#sender.deliveredCount === 0) {
      const expected = `expected the promise of \`send\` to resolve when the page of ${staffId} has a message`
      const got = `got none that resolved in ${(missedPongsMax + 1) * this.#pingIntervalMs} ms`
      desk.reportError(new DeskError('page-silent', `${expected}, ${got}: its connection is closed`))
    }
    this.disconnect()
  }

  /** Sends at once: the snapshot without the chat may arrive over another connection. */
  sendRevoked(requestId: RequestId, version: number): void {
    this.#send({ type: 'revoked', version, requestId })
  }

  queueVisitor(notification: EncodedMessage): void {
    if (this.#queuedVisitors.length < queuedVisitorsMax) this.#queuedVisitors.push(notification)
    this.#options.broadcast.deliverSoon(this)
  }

  close(reason: 'staff-removed' | 'desk-closed'): void {
    this.#send({ type: 'closed', reason })
    this.disconnect()
  }

  async #execute(id: string, command: PortalCommand): Promise<void> {
    const { desk, staffId } = this.#options
    if (this.#runningCommands + this.#queuedAnswers.length >= pendingCommandsMax) {
      return this.#queueAnswer(id, {
        ok: false,
        code: 'too-many',
        message: `More than ${pendingCommandsMax} unanswered commands.`,
      })
    }
    this.#runningCommands += 1
    const outcome = await executeAs(desk, staffId, command)
    this.#runningCommands -= 1
    this.#queueAnswer(id, outcome)
  }

  /** The answer is sent after the message that shows the effect. */
  #queueAnswer(id: string, outcome: PortalOutcome): void {
    if (this.#queuedAnswers.length < 2 * pendingCommandsMax) this.#queuedAnswers.push({ id, outcome })
    this.#options.broadcast.deliverNow(this)
  }

  #send(message: ServerMessage): void {
    this.#sender.send(encodeOnce(message))
  }
}

/** The connection of one tab or device of a staff member, from `attach` until `detach`. */
export interface PortalConnection {
  readonly staffId: StaffId
  /** The session at the desk that lasts as long as this connection. */
  readonly sessionId: SessionId
  /** Parses and handles a message of the screen, as the transport delivers it. Never throws, never rejects. */
  receive(message: unknown): Promise<void>
  /** Ends the session; call it when the transport has dropped. A second call does nothing. */
  detach(): void
}

/**
 * Executes a command as one staff member, whose id comes from the host's authentication. Only the staff member who has
 * a chat at that moment may end, release or transfer it. Never rejects.
 */
export async function executeAs(desk: Desk, staffId: StaffId, command: PortalCommand): Promise<PortalOutcome> {
  try {
    const outcome = await desk.execute(toStaffCommand(staffId, command))
    return outcome.ok || outcome.code !== 'taken'
      ? outcome
      : { ...outcome, message: takenMessage(desk, command, outcome.by) }
  } catch (error) {
    if (error instanceof InvalidInputError) return { ok: false, code: 'invalid', message: error.message }
    return { ok: false, code: 'failed', message: 'The desk could not execute the command.' }
  }
}

function toStaffCommand(staffId: StaffId, command: PortalCommand) {
  const reassigns = command.type === 'release' || command.type === 'transfer'
  return reassigns ? { ...command, staffId, by: staffId } : { ...command, staffId }
}

function takenMessage(desk: Desk, { type }: PortalCommand, by: StaffId): string {
  const name = desk.staff(by)?.name ?? by
  return type === 'accept' ? `${name} was faster.` : `${name} has it.`
}
