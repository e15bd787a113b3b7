import {
  attachPageAlerts,
  type Bell,
  createBell,
  createPortal,
  type Portal,
  type PortalCommand,
} from 'frontbell/portal'
import { io, type Socket } from 'socket.io-client'
import type { ChatLine, Colleague, RingingReasons } from '../../chat/chat-protocol'
import { nameText, refusalText, topicText } from '../labels'
import type { ScrollPosition } from '../list-window'
import { type Filter, type SelectedItem, Selection } from './selection'

export interface Toast {
  readonly id: number
  readonly text: string
  readonly tone: 'calm' | 'bad'
}

/** Commands that remove a request from the screen of the staff member who gives them. */
const removingCommands = { accept: true, decline: true, end: true, release: true, transfer: true }
/** How long the panel shows that the selected request is closed. */
const closedNoticeMs = 3_000

/** The page of one signed-in staff member: the portal, its bell, and the state of the page. */
export class PortalSession {
  readonly staffId: string
  readonly portal: Portal
  readonly bell: Bell
  /** Scroll position of the list of requests. */
  scroll: ScrollPosition = { scrollTop: 0, viewHeight: 900 }
  /** Whether the panel covers the list, on a narrow screen. */
  isPanelOpen = false
  colleagues: readonly Colleague[] = []
  readonly lines = new Map<string, readonly ChatLine[]>()
  readonly reasons = new Map<string, RingingReasons>()
  readonly read = new Map<string, number>()
  /** Unsent text of each chat. */
  readonly drafts = new Map<string, string>()
  /** The current message; a calm one does not replace a bad one. */
  toasts: readonly Toast[] = []
  readonly #selection = new Selection()
  readonly #socket: Socket
  readonly #changed: () => void
  readonly #unsubscribes: readonly (() => void)[]
  readonly #closing = new AbortController()
  #toastCount = 0

  constructor(staffId: string, { changed, onRefused }: { changed: () => void; onRefused: () => void }) {
    this.staffId = staffId
    this.#changed = changed
    this.portal = createPortal(staffId)
    // A connection of its own: one shared with the roster would wait out its back-off after the network is back.
    const own = { forceNew: true, transports: ['websocket'], reconnectionDelayMax: 3_000 }
    this.#socket = io('/staff', { ...own, auth: { staffId } })
    this.#connect(onRefused)
    this.#watchNetwork()
    this.bell = createBell(this.portal)
    const describe = ({ facts }: { facts: Parameters<typeof nameText>[0] }) => `${nameText(facts)}: ${topicText(facts)}`
    this.#unsubscribes = [
      attachPageAlerts(this.portal, { describe }),
      this.portal.subscribe(() => this.#onPortalChange()),
      this.bell.subscribe(changed),
      this.portal.onRevoked(() => this.toast('A chat of yours was lost in a failover and is no longer yours', 'bad')),
      this.portal.onVisitor(({ facts }) => this.toast(`New visitor on ${facts.page ?? 'the shop'}`)),
    ]
  }

  get filter(): Filter {
    return this.#selection.filter
  }

  get shown(): SelectedItem {
    return this.#selection.selected
  }

  /** Resolves to whether the command succeeded. The page shows a refusal. */
  async execute(command: PortalCommand): Promise<boolean> {
    if (command.type === 'unmute') this.#selection.pick(command.requestId)
    if (command.type in removingCommands && 'requestId' in command) this.#selection.expectRemoval(command.requestId)
    const outcome = await this.portal.execute(command)
    if (!outcome.ok) {
      this.#selection.expectRemoval(null)
      this.toast(
        refusalText(outcome, (id) => this.nameOf(id)),
        outcome.by === undefined ? 'bad' : 'calm',
      )
    }
    return outcome.ok
  }

  async accept(requestId: string): Promise<void> {
    const previousFilter = this.filter
    this.pick(requestId, 'chats')
    const isAccepted = await this.execute({ type: 'accept', requestId })
    this.#selection.expectRemoval(null)
    if (!isAccepted) this.choose(previousFilter)
    this.#changed()
  }

  pick(requestId: string, filter?: Filter): void {
    this.#selection.pick(requestId, filter)
    this.isPanelOpen = true
    this.#load(requestId)
    this.#updateSelection()
  }

  /** Selects the first item of another list. */
  choose(filter: Filter): void {
    this.#selection.pick(null, filter)
    this.#updateSelection()
  }

  write(requestId: string, text: string): void {
    if (text.trim() !== '') this.#socket.emit('write', requestId, text)
  }

  nameOf(staffId: string): string {
    return this.colleagues.find(({ id }) => id === staffId)?.name ?? staffId
  }

  toast(text: string, tone: Toast['tone'] = 'calm'): void {
    this.#toastCount += 1
    const id = this.#toastCount
    if (tone === 'calm' && this.toasts.some((toast) => toast.tone === 'bad')) return
    this.toasts = [{ id, text, tone }]
    setTimeout(() => {
      this.toasts = this.toasts.filter((toast) => toast.id !== id)
      this.#changed()
    }, 4_000)
    this.#changed()
  }

  redraw(): void {
    this.#changed()
  }

  close(): void {
    for (const unsubscribe of this.#unsubscribes) unsubscribe()
    this.#closing.abort()
    this.bell.close()
    this.#socket.close()
  }

  /** The device reports a lost network at once; the sockets notice only when a ping stays unanswered. */
  #watchNetwork(): void {
    const { signal } = this.#closing
    addEventListener('offline', () => this.#socket.io.engine?.close(), { signal })
    addEventListener('online', () => this.#socket.disconnected && this.#socket.disconnect().connect(), { signal })
  }

  #connect(onRefused: () => void): void {
    const socket = this.#socket
    let connection: ReturnType<Portal['open']> | undefined
    socket.on('connect', () => {
      connection = this.portal.open(
        (message) => socket.emit('desk', message),
        () => socket.io.engine.close(),
      )
    })
    socket.on('desk', (message, acknowledge: () => void) => {
      connection?.receive(message)
      acknowledge()
    })
    socket.on('disconnect', () => connection?.close())
    socket.on('connect_error', (error) => {
      if (error.message === 'unknown-staff') onRefused()
    })
    socket.on('taken', ({ by, visitor }: { by: string; visitor: string }) =>
      this.toast(visitor === '' ? `${by} took it` : `${by} took ${visitor}'s question`),
    )
    socket.on('lines', ({ requestId, lines }: { requestId: string; lines: readonly ChatLine[] }) => {
      this.lines.set(requestId, lines)
      this.#changed()
    })
  }

  /** Loads the lines of new chats, and selects the first ringing request if nothing is selected. */
  #onPortalChange(): void {
    const { chats } = this.portal.getSnapshot()
    for (const { requestId } of chats) if (!this.lines.has(requestId)) this.#load(requestId)
    this.#updateSelection()
  }

  #updateSelection(): void {
    if (this.#selection.update(this.portal.getSnapshot())) {
      const { shown } = this
      setTimeout(() => shown === this.shown && this.choose(this.filter), closedNoticeMs)
    }
    this.#changed()
  }

  #load(requestId: string): void {
    this.#socket.emit('lines', requestId, (lines: readonly ChatLine[]) => {
      this.lines.set(requestId, lines)
      this.#changed()
    })
    this.#socket.emit('explain', requestId, (reasons: RingingReasons | null) => {
      if (reasons !== null) this.reasons.set(requestId, reasons)
      this.#changed()
    })
  }

  /** Requests the ringing reasons again: they change while the request is shown. */
  refreshExplanation(requestId: string): void {
    this.#socket.emit('explain', requestId, (reasons: RingingReasons | null) => {
      if (reasons === null || JSON.stringify(reasons) === JSON.stringify(this.reasons.get(requestId))) return
      this.reasons.set(requestId, reasons)
      this.#changed()
    })
  }
}
