import type { RequestId, StaffId, VisitorView } from '../core'
import { Listeners } from './listeners'
import type { PageVisibility, Portal, PortalOptions, ServerConnection } from './portal'
import {
  applyPatch,
  type ConnectionState,
  emptySnapshot,
  type PortalView,
  type ServerSnapshot,
  toPortalView,
} from './portal-view'
import type {
  ClientMessage,
  PingMessage,
  PortalCommand,
  PortalOutcome,
  ServerMessage,
  VisitorMessage,
} from './protocol'

/** Makes the screen of one staff member. It knows no transport: `open` a link for each connection. */
export function createPortal(staffId: StaffId, options: PortalOptions = {}): Portal {
  const { now = Date.now, page = globalThis.document as PageVisibility | undefined } = options
  const portal = new PortalClient(staffId, now)
  page?.addEventListener('visibilitychange', () => {
    if (page.visibilityState === 'visible') portal.refresh()
  })
  return portal
}

interface PendingCommand {
  readonly command: PortalCommand
  readonly resolve: (outcome: PortalOutcome) => void
  /** The screen that shows what was done; `null` before the answer. */
  visibleAtVersion: number | null
}

/** Folds what comes in, and adds what was asked and is not yet answered. */
export class PortalClient implements Portal {
  readonly staffId: StaffId
  readonly #now: () => number
  readonly #changeListeners = new Listeners()
  readonly #visitorListeners = new Listeners<VisitorView>()
  readonly #revokedListeners = new Listeners<RequestId>()
  readonly #pendingCommands = new Map<string, PendingCommand>()
  #pendingAtLastPing: readonly string[] = []
  readonly #announcedVersions = new Map<string, number>()
  #snapshot: ServerSnapshot = emptySnapshot
  #view: PortalView
  /** What `#view` was made of. */
  #viewedSnapshot = emptySnapshot
  /** How many wishes it shows as done. */
  #viewedPendingCount = 0
  #send: ((message: ClientMessage) => unknown) | null = null
  #onTimeout: (() => void) | undefined
  #connectionState: ConnectionState = 'connecting'
  /** The newest version that the server has spoken of on this link. */
  #latestVersion = -1
  /** A whole screen has come through this link. */
  #hasSnapshot = false
  #clockOffsetMs = 0
  /** `null`: the server has not promised to beat. */
  #pingIntervalMs: number | null = null
  #timeoutTimer: ReturnType<typeof setTimeout> | undefined
  #commandCount = 0

  constructor(staffId: StaffId, now: () => number) {
    this.staffId = staffId
    this.#now = now
    this.#view = toPortalView({ staffId, connection: 'connecting' }, emptySnapshot, [])
  }

  readonly getSnapshot = () => this.#view

  readonly subscribe = (listener: () => void) => this.#changeListeners.add(listener)

  onVisitor(listener: (visitor: VisitorView) => void): () => void {
    return this.#visitorListeners.add(listener)
  }

  onRevoked(listener: (requestId: RequestId) => void): () => void {
    return this.#revokedListeners.add(listener)
  }

  open(send: (message: ClientMessage) => unknown, onTimeout?: () => void): ServerConnection {
    this.#disconnect()
    const own = (message: ClientMessage) => send(message)
    this.#send = own
    this.#onTimeout = onTimeout
    this.#announcedVersions.clear()
    return {
      receive: (message) => {
        if (this.#send !== own) return
        this.#receive(message)
        this.#restartTimeout()
      },
      close: () => {
        if (this.#send === own) this.#disconnect()
      },
    }
  }

  execute(command: PortalCommand): Promise<PortalOutcome> {
    if (this.#connectionState !== 'live') return Promise.resolve(unansweredOutcome('offline'))
    const id = `${++this.#commandCount}`
    return new Promise((answer) => {
      this.#pendingCommands.set(id, { command, resolve: answer, visibleAtVersion: null })
      this.#updateView()
      this.#sendMessage({ type: 'command', id, command }, () => this.#resolveCommand(id, unansweredOutcome()))
    })
  }

  refresh(): void {
    this.#sendMessage({ type: 'resync' })
  }

  now(): number {
    return this.#now() + this.#clockOffsetMs
  }

  /**
   * A screen above this is news; the first of a link is so whatever its number, as the server may have started anew.
   * In doubt the same one again is good news.
   */
  get #appliedVersion(): number {
    return this.#snapshot.version - Number(this.#connectionState !== 'live')
  }

  #receive(message: ServerMessage): void {
    switch (message?.type) {
      case 'snapshot':
        if (message.staffId === this.staffId && (!this.#hasSnapshot || message.version > this.#appliedVersion)) {
          this.#hasSnapshot = true
          this.#pingIntervalMs = message.pingIntervalMs ?? null
          this.#applySnapshot(message, message.sentAt)
        }
        return
      case 'patch':
        return this.#hasSnapshot && message.since === this.#snapshot.version
          ? this.#applySnapshot(applyPatch(this.#snapshot, message), message.sentAt)
          : this.#handleGap(message.version)
      case 'ping':
        return this.#handlePing(message)
      case 'visitor':
        return this.#notifyVisitor(message)
      case 'revoked':
        return this.#revokedListeners.notify(message.requestId)
      case 'answer':
        return this.#resolveCommand(message.id, message.outcome, message.version)
      case 'closed':
        this.#connectionState = 'closed'
        return this.#disconnect()
    }
  }

  #sendMessage(message: ClientMessage, failed = () => {}): void {
    new Promise((sent) => sent(this.#send?.(message))).catch(failed)
  }

  /** A server that is heard no more is gone, though the transport may not know yet: a new connection is wanted. */
  #restartTimeout(): void {
    clearTimeout(this.#timeoutTimer)
    if (this.#send === null || this.#pingIntervalMs === null) return
    this.#timeoutTimer = setTimeout(() => {
      this.#markStale()
      this.refresh()
      this.#onTimeout?.()
    }, 2.5 * this.#pingIntervalMs)
  }

  #handlePing({ version, sentAt }: PingMessage): void {
    const { version: shown } = this.#snapshot
    this.#sendMessage({ type: 'pong' })
    // What was pending at the last beat too was lost, or its answer was.
    for (const id of this.#pendingAtLastPing) this.#resolveCommand(id, unansweredOutcome())
    this.#pendingAtLastPing = [...this.#pendingCommands.keys()]
    if (this.#hasSnapshot && version === shown && this.#latestVersion === shown)
      this.#applySnapshot(this.#snapshot, sentAt)
    else if (version > this.#latestVersion) this.#handleGap(version)
    else if (version > shown) this.refresh()
  }

  /** Nobody knows what rings, so nothing does. */
  #markStale(): void {
    if (this.#connectionState === 'live') this.#connectionState = 'reconnecting'
    this.#updateView()
  }

  /** Something lies between the screen and this version. */
  #handleGap(version: number): void {
    if (!(version > this.#latestVersion)) return
    this.#latestVersion = version
    this.#markStale()
    this.refresh()
  }

  #applySnapshot(screen: ServerSnapshot, sentAt: number | undefined): void {
    this.#snapshot = screen
    if (screen.version >= this.#latestVersion) {
      this.#latestVersion = screen.version
      this.#connectionState = 'live'
    }
    if (sentAt !== undefined) this.#clockOffsetMs = sentAt - this.#now()
    this.#updateView()
  }

  #resolveCommand(id: string, outcome: PortalOutcome, version = -1): void {
    const pending = this.#pendingCommands.get(id)
    if (pending === undefined || pending.visibleAtVersion !== null) return
    pending.visibleAtVersion = outcome.ok ? version : -1
    this.#updateView()
    pending.resolve(outcome)
  }

  #notifyVisitor({ visitor, version }: VisitorMessage): void {
    if (version <= (this.#announcedVersions.get(visitor.visitorId) ?? -1)) return
    if (this.#announcedVersions.size > 999) this.#announcedVersions.clear()
    this.#announcedVersions.set(visitor.visitorId, version)
    this.#visitorListeners.notify(visitor)
  }

  #disconnect(): void {
    clearTimeout(this.#timeoutTimer)
    this.#send = null
    this.#latestVersion = -1
    this.#hasSnapshot = false
    // A promise that has its answer keeps it.
    for (const { resolve } of this.#pendingCommands.values()) resolve(unansweredOutcome())
    this.#pendingCommands.clear()
    this.#markStale()
  }

  #updateView(): void {
    // What the screen shows by itself needs no optimism any more.
    for (const [id, { visibleAtVersion }] of this.#pendingCommands) {
      if (visibleAtVersion !== null && visibleAtVersion <= this.#snapshot.version) this.#pendingCommands.delete(id)
    }
    const asked = [...this.#pendingCommands.values()].map(({ command }) => command)
    const isSame = this.#viewedSnapshot === this.#snapshot && this.#view.connection === this.#connectionState
    if (isSame && asked.length + this.#viewedPendingCount === 0) return
    this.#viewedSnapshot = this.#snapshot
    this.#viewedPendingCount = asked.length
    this.#view = toPortalView({ staffId: this.staffId, connection: this.#connectionState }, this.#snapshot, asked)
    this.#changeListeners.notify()
  }
}

/** By itself: nobody knows what became of it. */
function unansweredOutcome(code = 'connection-lost'): PortalOutcome {
  return { ok: false, code, message: 'No answer.' }
}
