import {
  DeskError,
  InvalidInputError,
  type PortalSnapshot,
  type RequestId,
  type SessionId,
  type StaffId,
} from '../core'
import type { Desk } from '../desk'
import type { PortalOutcome, ToPortal, VisitorMessage } from '../portal'
import { askDesk } from './ask-desk'
import { idOf, parseMessage } from './parse-message'
import type { PortalConnection, Send } from './portal-connection'
import { changeOf, wholeScreen } from './screen-change'

export interface FeedParts {
  readonly desk: Desk
  readonly staffId: StaffId
  readonly sessionId: SessionId
  readonly send: Send
  readonly now: () => number
  readonly beatMs: number
  /** Called once, when nothing more will be sent. */
  readonly gone: () => void
  /** Something is to be sent soon. */
  readonly plan: () => void
  /** Called when that is the server's doing. */
  readonly ended: () => void
}

/** Commands that are being done, and answers that the transport has not taken. */
const unansweredMax = 64
const noticesMax = 16
const unheardBeatsMax = 2

/** What one connection is sent, and what it may ask. */
export class ScreenFeed implements PortalConnection {
  readonly sessionId: SessionId
  readonly staffId: StaffId
  readonly #parts: FeedParts
  readonly #answers: { readonly id: string; readonly outcome: PortalOutcome }[] = []
  readonly #notices: VisitorMessage[] = []
  /** The screen that was sent last; `null`: the next one goes out whole. */
  #sent: PortalSnapshot | null = null
  #unanswered = 0
  /** Messages that the transport has not taken yet. */
  #waiting = 0
  /** Since the page has said anything: a page answers every beat. */
  #unheardBeats = 0
  #isGone = false
  /** Nothing is sent: it is not known yet whether the desk's picture is as new as one that this person has seen. */
  #isHeld = false

  constructor(parts: FeedParts) {
    this.#parts = parts
    this.staffId = parts.staffId
    this.sessionId = parts.sessionId
  }

  async receive(message: unknown): Promise<void> {
    if (this.#isGone) return
    this.#unheardBeats = 0
    try {
      const parsed = parseMessage(message)
      if (parsed.type === 'command') await this.#do(parsed.id, parsed.command)
      else if (parsed.type === 'resync') this.#resync()
    } catch (error) {
      const id = idOf(message)
      const reason = error instanceof InvalidInputError ? error.message : 'The message could not be read.'
      if (id !== undefined) this.#answer(id, { ok: false, code: 'invalid', message: reason })
    }
  }

  detach(): void {
    if (this.#isGone) return
    this.#isGone = true
    const { desk, staffId, sessionId, gone } = this.#parts
    gone()
    desk.disconnect(staffId, sessionId).catch(() => {})
  }

  /** Sends what has changed since the last time. */
  flush(): void {
    if (this.#waiting > 0 || this.#isGone || this.#isHeld) return
    const { desk, staffId } = this.#parts
    const screen = desk.portal(staffId)
    if (screen === undefined) return this.end('staff-removed')
    const message = this.#sent === null ? wholeScreen(screen) : changeOf(this.#sent, screen)
    if (message !== undefined) {
      const { now, beatMs } = this.#parts
      this.#sent = screen
      this.#deliver({ ...message, sentAt: now(), ...(message.type === 'snapshot' ? { beatMs } : {}) })
    }
    const version = this.#sent?.version ?? screen.version
    for (const notice of this.#notices.splice(0)) this.#deliver(notice)
    for (const answer of this.#answers.splice(0)) this.#deliver({ type: 'answer', version, ...answer })
  }

  /** Says that the line is alive and which screen it has brought, so that nothing lost on it goes unnoticed. */
  beat(): void {
    const { desk, staffId, sessionId, now } = this.#parts
    this.#unheardBeats += 1
    if (this.#unheardBeats > unheardBeatsMax) return this.leave()
    desk.heartbeat(staffId, sessionId).catch((error: unknown) => {
      if (error instanceof DeskError && error.code === 'closed') this.end('desk-closed')
    })
    this.flush()
    if (this.#waiting > 0 || this.#isGone || this.#sent === null) return
    this.#deliver({ type: 'beat', version: this.#sent.version, sentAt: now() })
  }

  /** Sends nothing until the desk has taken all that any node has acknowledged. */
  async holdUntilFresh(): Promise<void> {
    this.#isHeld = true
    const { desk } = this.#parts
    const isFresh = await desk.fresh().then(
      () => true,
      () => false,
    )
    this.#isHeld = false
    if (isFresh) this.flush()
    else this.leave()
  }

  /** The desk's history is another one: what goes back in versions has to come over a new connection. */
  reset(version: number): void {
    if (this.#sent !== null && version < this.#sent.version) this.leave()
    else this.flush()
  }

  /** Nobody here knows what rings: the screen falls silent with its connection, and may find another node. */
  leave(): void {
    if (this.#isGone) return
    this.detach()
    try {
      this.#parts.ended()
    } catch (error) {
      console.error(error)
    }
  }

  /** At once: the screen that shows it gone may come over another connection. */
  revoke(requestId: RequestId, version: number): void {
    this.#deliver({ type: 'revoked', version, requestId })
  }

  announce(notice: VisitorMessage): void {
    if (this.#notices.length < noticesMax) this.#notices.push(notice)
  }

  end(reason: 'staff-removed' | 'desk-closed'): void {
    this.#deliver({ type: 'closed', reason })
    this.leave()
  }

  async #do(...[id, command]: [string, Parameters<typeof askDesk>[2]]): Promise<void> {
    const { desk, staffId } = this.#parts
    if (this.#unanswered + this.#answers.length >= unansweredMax) {
      return this.#answer(id, {
        ok: false,
        code: 'too-many',
        message: `More than ${unansweredMax} unanswered commands.`,
      })
    }
    this.#unanswered += 1
    const outcome = await askDesk(desk, staffId, command)
    this.#unanswered -= 1
    this.#answer(id, outcome)
  }

  /** After the screen that shows it. */
  #answer(id: string, outcome: PortalOutcome): void {
    if (this.#answers.length < 2 * unansweredMax) this.#answers.push({ id, outcome })
    this.flush()
  }

  /** With the next changes, so that a page that asks and asks gets no more than one that does not. */
  #resync(): void {
    this.#sent = null
    this.#parts.plan()
  }

  /** What the transport failed to take may be lost: then the next screen goes out whole, at the next change or beat. */
  #deliver(message: ToPortal): void {
    if (this.#isGone) return
    try {
      const taken = this.#parts.send(message)
      if (taken instanceof Promise) this.#await(taken)
    } catch {
      this.leave()
    }
  }

  #await(taken: Promise<unknown>): void {
    this.#waiting += 1
    const ready = () => {
      this.#waiting -= 1
      if (this.#waiting === 0) this.flush()
    }
    taken.then(ready, () => {
      this.#waiting -= 1
      this.#sent = null
    })
  }
}
