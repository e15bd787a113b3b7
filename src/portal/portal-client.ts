import type { RequestId, StaffId, VisitorView } from '../core'
import { Listeners } from './listeners'
import type { PageVisibility, Portal, PortalOptions, ServerConnection } from './portal'
import {
  applyUpdate,
  type ConnectionState,
  emptySnapshot,
  type PortalView,
  type ServerSnapshot,
  toPortalView,
} from './portal-view'
import {
  type ClientMessage,
  type PingMessage,
  type PortalCommand,
  type PortalOutcome,
  protocolVersion,
  type RevokedMessage,
  type ServerMessage,
  type VisitorMessage,
} from './protocol'

/** Returns the portal of one staff member. It knows no transport: call `open` for each new connection. */
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
  /** First version whose snapshot shows the effect; `null` before the answer. */
  visibleAtVersion: number | null
}

/** Applies the server's messages, and shows pending commands as if they had been executed. */
export class PortalClient implements Portal {
  readonly staffId: StaffId
  readonly #now: () => number
  readonly #changeListeners = new Listeners()
  readonly #visitorListeners = new Listeners<VisitorView>()
  readonly #revokedListeners = new Listeners<RequestId>()
  readonly #pendingCommands = new Map<string, PendingCommand>()
  #pendingAtLastPing: readonly string[] = []
  /** The version of the latest notification about each visitor and each revoked chat: a repeated one is ignored. */
  readonly #notifiedVersions = new Map<string, number>()
  #snapshot: ServerSnapshot = emptySnapshot
  #view: PortalView
  /** The snapshot from which `#view` was computed. */
  #viewedSnapshot = emptySnapshot
  /** Number of pending commands that `#view` shows as executed. */
  #viewedPendingCount = 0
  #send: ((message: ClientMessage) => unknown) | null = null
  #onTimeout: (() => void) | undefined
  #connectionState: ConnectionState = 'connecting'
  /** The newest version that a message of this connection has named. */
  #latestVersion = -1
  /** Whether this connection has brought a snapshot. */
  #hasSnapshot = false
  #clockOffsetMs = 0
  /** `null`: the server has announced no pings. */
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
    const sendHere = (message: ClientMessage) => send(message)
    this.#send = sendHere
    this.#onTimeout = onTimeout
    this.#notifiedVersions.clear()
    return {
      receive: (message) => {
        if (this.#send !== sendHere) return
        this.#receive(message)
        this.#restartTimeout()
      },
      close: () => {
        if (this.#send === sendHere) this.#disconnect()
      },
    }
  }

  execute(command: PortalCommand): Promise<PortalOutcome> {
    if (this.#connectionState !== 'live') return Promise.resolve(unansweredOutcome('offline'))
    const id = `${++this.#commandCount}`
    return new Promise((resolve) => {
      this.#pendingCommands.set(id, { command, resolve, visibleAtVersion: null })
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
   * A snapshot is applied if its version is above this one. While the state is not known to be live, a snapshot of the
   * same version is applied too, because it confirms the state.
   */
  get #appliedVersion(): number {
    return this.#snapshot.version - Number(this.#connectionState !== 'live')
  }

  #receive(message: ServerMessage): void {
    switch (message?.type) {
      case 'snapshot':
        if (message.protocol !== protocolVersion) return this.#end('outdated')
        if (message.staffId === this.staffId && (!this.#hasSnapshot || message.version > this.#appliedVersion)) {
          this.#hasSnapshot = true
          this.#pingIntervalMs = message.pingIntervalMs ?? null
          this.#applySnapshot(message, message.sentAt)
        }
        return
      case 'update':
        return this.#hasSnapshot && message.since === this.#snapshot.version
          ? this.#applySnapshot(applyUpdate(this.#snapshot, message), message.sentAt)
          : this.#handleGap(message.version)
      case 'ping':
        return this.#handlePing(message)
      case 'visitor':
        return this.#notifyOnce(message, message.visitor?.visitorId, this.#visitorListeners, message.visitor)
      case 'revoked':
        return this.#notifyOnce(message, message.requestId, this.#revokedListeners, message.requestId)
      case 'answer':
        return this.#resolveCommand(message.id, message.outcome, message.version)
      case 'closed':
        return this.#end('closed')
    }
  }

  #end(state: ConnectionState): void {
    this.#connectionState = state
    this.#disconnect()
  }

  #sendMessage(message: ClientMessage, onFailed = () => {}): void {
    new Promise((resolve) => resolve(this.#send?.(message))).catch(onFailed)
  }

  /** A server whose messages stop is gone, even if the transport has not noticed: a new connection is needed. */
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
    const { version: shownVersion } = this.#snapshot
    this.#sendMessage({ type: 'pong' })
    // A command that was pending at the last ping too was lost, or its answer was.
    for (const id of this.#pendingAtLastPing) this.#resolveCommand(id, unansweredOutcome())
    this.#pendingAtLastPing = [...this.#pendingCommands.keys()]
    if (this.#hasSnapshot && version === shownVersion && this.#latestVersion === shownVersion)
      this.#applySnapshot(this.#snapshot, sentAt)
    else if (version > this.#latestVersion) this.#handleGap(version)
    else if (version > shownVersion) this.refresh()
  }

  /** The bell is silent while it is unknown what rings. */
  #markStale(): void {
    if (this.#connectionState === 'live') this.#connectionState = 'reconnecting'
    this.#updateView()
  }

  /** Messages between the shown version and this one are missing. */
  #handleGap(version: number): void {
    if (!(version > this.#latestVersion)) return
    this.#latestVersion = version
    this.#markStale()
    this.refresh()
  }

  #applySnapshot(snapshot: ServerSnapshot, sentAt: number | undefined): void {
    this.#snapshot = snapshot
    if (snapshot.version >= this.#latestVersion) {
      this.#latestVersion = snapshot.version
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

  #notifyOnce<Payload>(
    { type, version }: VisitorMessage | RevokedMessage,
    id: string | undefined,
    listeners: Listeners<Payload>,
    payload: Payload,
  ): void {
    const subject = type + id
    if (!id || !(version > (this.#notifiedVersions.get(subject) ?? -1))) return
    if (this.#notifiedVersions.size > 999) this.#notifiedVersions.clear()
    this.#notifiedVersions.set(subject, version)
    listeners.notify(payload)
  }

  #disconnect(): void {
    clearTimeout(this.#timeoutTimer)
    this.#send = null
    this.#latestVersion = -1
    this.#hasSnapshot = false
    // Does nothing to a promise that is already resolved.
    for (const { resolve } of this.#pendingCommands.values()) resolve(unansweredOutcome())
    this.#pendingCommands.clear()
    this.#markStale()
  }

  #updateView(): void {
    // A command whose effect the snapshot shows is no longer pending.
    for (const [id, { visibleAtVersion }] of this.#pendingCommands) {
      if (visibleAtVersion !== null && visibleAtVersion <= this.#snapshot.version) this.#pendingCommands.delete(id)
    }
    const pending = [...this.#pendingCommands.values()].map(({ command }) => command)
    const isSame = this.#viewedSnapshot === this.#snapshot && this.#view.connection === this.#connectionState
    if (isSame && pending.length + this.#viewedPendingCount === 0) return
    this.#viewedSnapshot = this.#snapshot
    this.#viewedPendingCount = pending.length
    this.#view = toPortalView({ staffId: this.staffId, connection: this.#connectionState }, this.#snapshot, pending)
    this.#changeListeners.notify()
  }
}

/** The outcome of a command whose effect is unknown, unless `code` says otherwise. */
function unansweredOutcome(code = 'connection-lost'): PortalOutcome {
  return { ok: false, code, message: 'No answer.' }
}
