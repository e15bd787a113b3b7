import type { RequestId, StaffId, VisitorView } from '../core'
import { Listeners } from './listeners'
import type { BeatMessage, FromPortal, PortalCommand, PortalOutcome, ToPortal, VisitorMessage } from './message'
import type { Portal, PortalLink } from './portal'
import { emptyScreen, type LinkState, type PortalView, portalView } from './portal-view'
import { patched, type Screen } from './screen'

interface Pending {
  readonly command: PortalCommand
  readonly answer: (outcome: PortalOutcome) => void
  /** The screen that shows what was done; `null` before the answer. */
  shownAt: number | null
}

/** Folds what comes in, and adds what was asked and is not yet answered. */
export class FoldedPortal implements Portal {
  readonly staffId: StaffId
  readonly #now: () => number
  readonly #listeners = new Listeners()
  readonly #visitorListeners = new Listeners<VisitorView>()
  readonly #revokedListeners = new Listeners<RequestId>()
  readonly #pending = new Map<string, Pending>()
  #overdue: readonly string[] = []
  readonly #announced = new Map<string, number>()
  #screen: Screen = emptyScreen
  #view: PortalView
  /** What `#view` was made of. */
  #shown = emptyScreen
  /** How many wishes it shows as done. */
  #wishes = 0
  #send: ((message: FromPortal) => unknown) | null = null
  #isDead: (() => void) | undefined
  #state: LinkState = 'connecting'
  /** The newest version that the server has spoken of on this link. */
  #seen = -1
  /** A whole screen has come through this link. */
  #isLinked = false
  #aheadMs = 0
  /** `null`: the server has not promised to beat. */
  #beatMs: number | null = null
  #silence: ReturnType<typeof setTimeout> | undefined
  #asked = 0

  constructor(staffId: StaffId, now: () => number) {
    this.staffId = staffId
    this.#now = now
    this.#view = portalView({ staffId, link: 'connecting' }, emptyScreen, [])
  }

  readonly getSnapshot = () => this.#view

  readonly subscribe = (listener: () => void) => this.#listeners.add(listener)

  onVisitor(listener: (visitor: VisitorView) => void): () => void {
    return this.#visitorListeners.add(listener)
  }

  onRevoked(listener: (requestId: RequestId) => void): () => void {
    return this.#revokedListeners.add(listener)
  }

  open(send: (message: FromPortal) => unknown, isDead?: () => void): PortalLink {
    this.#drop()
    const own = (message: FromPortal) => send(message)
    this.#send = own
    this.#isDead = isDead
    this.#announced.clear()
    return {
      receive: (message) => {
        if (this.#send !== own) return
        this.#receive(message)
        this.#listen()
      },
      close: () => {
        if (this.#send === own) this.#drop()
      },
    }
  }

  ask(command: PortalCommand): Promise<PortalOutcome> {
    if (this.#state !== 'live') return Promise.resolve(lost('offline'))
    const id = `${++this.#asked}`
    return new Promise((answer) => {
      this.#pending.set(id, { command, answer, shownAt: null })
      this.#show()
      this.#post({ type: 'command', id, command }, () => this.#answered(id, lost()))
    })
  }

  refresh(): void {
    this.#post({ type: 'resync' })
  }

  now(): number {
    return this.#now() + this.#aheadMs
  }

  /**
   * A screen above this is news; the first of a link is so whatever its number, as the server may have started anew.
   * In doubt the same one again is good news.
   */
  get #known(): number {
    return this.#screen.version - Number(this.#state !== 'live')
  }

  #receive(message: ToPortal): void {
    switch (message?.type) {
      case 'snapshot':
        if (message.staffId === this.staffId && (!this.#isLinked || message.version > this.#known)) {
          this.#isLinked = true
          this.#beatMs = message.beatMs ?? null
          this.#take(message, message.sentAt)
        }
        return
      case 'patch':
        return this.#isLinked && message.since === this.#screen.version
          ? this.#take(patched(this.#screen, message), message.sentAt)
          : this.#missed(message.version)
      case 'beat':
        return this.#beat(message)
      case 'visitor':
        return this.#announce(message)
      case 'revoked':
        return this.#revokedListeners.tell(message.requestId)
      case 'answer':
        return this.#answered(message.id, message.outcome, message.version)
      case 'closed':
        this.#state = 'closed'
        return this.#drop()
    }
  }

  #post(message: FromPortal, failed = () => {}): void {
    new Promise((sent) => sent(this.#send?.(message))).catch(failed)
  }

  /** A server that is heard no more is gone, though the transport may not know yet: a new connection is wanted. */
  #listen(): void {
    clearTimeout(this.#silence)
    if (this.#send === null || this.#beatMs === null) return
    this.#silence = setTimeout(() => {
      this.#doubt()
      this.refresh()
      this.#isDead?.()
    }, 2.5 * this.#beatMs)
  }

  #beat({ version, sentAt }: BeatMessage): void {
    const { version: shown } = this.#screen
    this.#post({ type: 'heard' })
    // What was pending at the last beat too was lost, or its answer was.
    for (const id of this.#overdue) this.#answered(id, lost())
    this.#overdue = [...this.#pending.keys()]
    if (this.#isLinked && version === shown && this.#seen === shown) this.#take(this.#screen, sentAt)
    else if (version > this.#seen) this.#missed(version)
    else if (version > shown) this.refresh()
  }

  /** Nobody knows what rings, so nothing does. */
  #doubt(): void {
    if (this.#state === 'live') this.#state = 'reconnecting'
    this.#show()
  }

  /** Something lies between the screen and this version. */
  #missed(version: number): void {
    if (!(version > this.#seen)) return
    this.#seen = version
    this.#doubt()
    this.refresh()
  }

  #take(screen: Screen, sentAt: number | undefined): void {
    this.#screen = screen
    if (screen.version >= this.#seen) {
      this.#seen = screen.version
      this.#state = 'live'
    }
    if (sentAt !== undefined) this.#aheadMs = sentAt - this.#now()
    this.#show()
  }

  #answered(id: string, outcome: PortalOutcome, version = -1): void {
    const pending = this.#pending.get(id)
    if (pending === undefined || pending.shownAt !== null) return
    pending.shownAt = outcome.ok ? version : -1
    this.#show()
    pending.answer(outcome)
  }

  #announce({ visitor, version }: VisitorMessage): void {
    if (version <= (this.#announced.get(visitor.visitorId) ?? -1)) return
    if (this.#announced.size > 999) this.#announced.clear()
    this.#announced.set(visitor.visitorId, version)
    this.#visitorListeners.tell(visitor)
  }

  #drop(): void {
    clearTimeout(this.#silence)
    this.#send = null
    this.#seen = -1
    this.#isLinked = false
    // A promise that has its answer keeps it.
    for (const { answer } of this.#pending.values()) answer(lost())
    this.#pending.clear()
    this.#doubt()
  }

  #show(): void {
    // What the screen shows by itself needs no optimism any more.
    for (const [id, { shownAt }] of this.#pending) {
      if (shownAt !== null && shownAt <= this.#screen.version) this.#pending.delete(id)
    }
    const asked = [...this.#pending.values()].map(({ command }) => command)
    const isSame = this.#shown === this.#screen && this.#view.link === this.#state
    if (isSame && asked.length + this.#wishes === 0) return
    this.#shown = this.#screen
    this.#wishes = asked.length
    this.#view = portalView({ staffId: this.staffId, link: this.#state }, this.#screen, asked)
    this.#listeners.tell()
  }
}

/** By itself: nobody knows what became of it. */
function lost(code = 'connection-lost'): PortalOutcome {
  return { ok: false, code, message: 'No answer.' }
}
