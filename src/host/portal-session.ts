import type { SessionId, StaffId } from '../core'
import { DeskError, InvalidInputError, type PortalSnapshot, type RequestId } from '../core'
import type { Desk } from '../desk'
import type { PortalCommand, PortalOutcome, ServerMessage, VisitorMessage } from '../portal'
import { diffSnapshot, toSnapshotMessage } from './diff-snapshot'
import { messageIdOf, parseMessage } from './parse-message'

export interface PortalSessionOptions {
  readonly desk: Desk
  readonly staffId: StaffId
  readonly sessionId: SessionId
  readonly send: SendMessage
  readonly now: () => number
  readonly pingIntervalMs: number
  /** Called once, when nothing more will be sent. */
  readonly onDetached: () => void
  /** Something is to be sent soon. */
  readonly scheduleFlush: () => void
  /** Called when that is the server's doing. */
  readonly onClosed: () => void
}

/** Commands that are being done, and answers that the transport has not taken. */
const pendingCommandsMax = 64
const queuedVisitorsMax = 16
const missedPongsMax = 2

/** What one connection is sent, and what it may ask. */
export class PortalSession implements PortalConnection {
  readonly sessionId: SessionId
  readonly staffId: StaffId
  readonly #options: PortalSessionOptions
  readonly #queuedAnswers: { readonly id: string; readonly outcome: PortalOutcome }[] = []
  readonly #queuedVisitors: VisitorMessage[] = []
  /** The screen that was sent last; `null`: the next one goes out whole. */
  #lastSnapshot: PortalSnapshot | null = null
  #runningCommands = 0
  /** Messages that the transport has not taken yet. */
  #pendingSends = 0
  /** Since the page has said anything: a page answers every beat. */
  #missedPongs = 0
  #isDetached = false
  /** Nothing is sent: it is not known yet whether the desk's picture is as new as one that this person has seen. */
  #isPaused = false

  constructor(parts: PortalSessionOptions) {
    this.#options = parts
    this.staffId = parts.staffId
    this.sessionId = parts.sessionId
  }

  async receive(message: unknown): Promise<void> {
    if (this.#isDetached) return
    this.#missedPongs = 0
    try {
      const parsed = parseMessage(message)
      if (parsed.type === 'command') await this.#execute(parsed.id, parsed.command)
      else if (parsed.type === 'resync') this.#resync()
    } catch (error) {
      const id = messageIdOf(message)
      const reason = error instanceof InvalidInputError ? error.message : 'The message could not be read.'
      if (id !== undefined) this.#queueAnswer(id, { ok: false, code: 'invalid', message: reason })
    }
  }

  detach(): void {
    if (this.#isDetached) return
    this.#isDetached = true
    const { desk, staffId, sessionId, onDetached } = this.#options
    onDetached()
    desk.disconnect(staffId, sessionId).catch(() => {})
  }

  /** Sends what has changed since the last time. */
  flush(): void {
    if (this.#pendingSends > 0 || this.#isDetached || this.#isPaused) return
    const { desk, staffId } = this.#options
    const screen = desk.portal(staffId)
    if (screen === undefined) return this.close('staff-removed')
    const message = this.#lastSnapshot === null ? toSnapshotMessage(screen) : diffSnapshot(this.#lastSnapshot, screen)
    if (message !== undefined) {
      const { now, pingIntervalMs } = this.#options
      this.#lastSnapshot = screen
      this.#send({ ...message, sentAt: now(), ...(message.type === 'snapshot' ? { pingIntervalMs } : {}) })
    }
    const version = this.#lastSnapshot?.version ?? screen.version
    for (const notice of this.#queuedVisitors.splice(0)) this.#send(notice)
    for (const answer of this.#queuedAnswers.splice(0)) this.#send({ type: 'answer', version, ...answer })
  }

  /** Says that the line is alive and which screen it has brought, so that nothing lost on it goes unnoticed. */
  ping(): void {
    const { desk, staffId, sessionId, now } = this.#options
    this.#missedPongs += 1
    if (this.#missedPongs > missedPongsMax) return this.disconnect()
    desk.heartbeat(staffId, sessionId).catch((error: unknown) => {
      if (error instanceof DeskError && error.code === 'closed') this.close('desk-closed')
    })
    this.flush()
    if (this.#pendingSends > 0 || this.#isDetached || this.#lastSnapshot === null) return
    this.#send({ type: 'ping', version: this.#lastSnapshot.version, sentAt: now() })
  }

  /** Sends nothing until the desk has taken all that any node has acknowledged. */
  async pauseUntilSynced(): Promise<void> {
    this.#isPaused = true
    const { desk } = this.#options
    const isFresh = await desk.sync().then(
      () => true,
      () => false,
    )
    this.#isPaused = false
    if (isFresh) this.flush()
    else this.disconnect()
  }

  /** The desk's history is another one: what goes back in versions has to come over a new connection. */
  handleStateRebuilt(version: number): void {
    if (this.#lastSnapshot !== null && version < this.#lastSnapshot.version) this.disconnect()
    else this.flush()
  }

  /** Nobody here knows what rings: the screen falls silent with its connection, and may find another node. */
  disconnect(): void {
    if (this.#isDetached) return
    this.detach()
    try {
      this.#options.onClosed()
    } catch (error) {
      console.error(error)
    }
  }

  /** At once: the screen that shows it gone may come over another connection. */
  sendRevoked(requestId: RequestId, version: number): void {
    this.#send({ type: 'revoked', version, requestId })
  }

  queueVisitor(notice: VisitorMessage): void {
    if (this.#queuedVisitors.length < queuedVisitorsMax) this.#queuedVisitors.push(notice)
  }

  close(reason: 'staff-removed' | 'desk-closed'): void {
    this.#send({ type: 'closed', reason })
    this.disconnect()
  }

  async #execute(...[id, command]: [string, Parameters<typeof executeAs>[2]]): Promise<void> {
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

  /** After the screen that shows it. */
  #queueAnswer(id: string, outcome: PortalOutcome): void {
    if (this.#queuedAnswers.length < 2 * pendingCommandsMax) this.#queuedAnswers.push({ id, outcome })
    this.flush()
  }

  /** With the next changes, so that a page that asks and asks gets no more than one that does not. */
  #resync(): void {
    this.#lastSnapshot = null
    this.#options.scheduleFlush()
  }

  /** What the transport failed to take may be lost: then the next screen goes out whole, at the next change or beat. */
  #send(message: ServerMessage): void {
    if (this.#isDetached) return
    try {
      const taken = this.#options.send(message)
      if (taken instanceof Promise) this.#trackSend(taken)
    } catch {
      this.disconnect()
    }
  }

  #trackSend(taken: Promise<unknown>): void {
    this.#pendingSends += 1
    const ready = () => {
      this.#pendingSends -= 1
      if (this.#pendingSends === 0) this.flush()
    }
    taken.then(ready, () => {
      this.#pendingSends -= 1
      this.#lastSnapshot = null
    })
  }
}

/** One tab or device of one staff member, from `attach` until `detach`. */
export interface PortalConnection {
  readonly staffId: StaffId
  /** The desk's session that lasts as long as this connection. */
  readonly sessionId: SessionId
  /** A message from the screen, as the transport gives it: it is parsed here. Never throws, never rejects. */
  receive(message: unknown): Promise<void>
  /** The transport has dropped, or the person left: this session ends. Calling it again does nothing. */
  detach(): void
}

/**
 * Takes a message to the screen. A promise says when the transport is ready for more: until then nothing is sent, and
 * what changes meanwhile goes out afterwards as one difference. After one that rejects the screen goes out whole.
 */
export type SendMessage = (message: ServerMessage) => unknown

/**
 * Does what one staff member's screen asks for, as that person and nobody else: the id comes from the host's
 * authentication. Chats may be ended and given away only by whoever has them when it is done. Never rejects.
 */
export async function executeAs(desk: Desk, staffId: StaffId, command: PortalCommand): Promise<PortalOutcome> {
  try {
    const outcome = await desk.execute(toStaffCommand(staffId, command))
    return outcome.ok || outcome.code !== 'taken'
      ? outcome
      : { ...outcome, message: takenMessage(desk, command, outcome.by) }
  } catch (error) {
    if (error instanceof InvalidInputError) return { ok: false, code: 'invalid', message: error.message }
    return { ok: false, code: 'failed', message: 'The desk could not do it.' }
  }
}

function toStaffCommand(staffId: StaffId, command: PortalCommand) {
  const givesAway = command.type === 'release' || command.type === 'transfer'
  return givesAway ? { ...command, staffId, by: staffId } : { ...command, staffId }
}

function takenMessage(desk: Desk, { type }: PortalCommand, by: StaffId): string {
  const name = desk.staff(by)?.name ?? by
  return type === 'accept' ? `${name} was faster.` : `${name} has it.`
}
