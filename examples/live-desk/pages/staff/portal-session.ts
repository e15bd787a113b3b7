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
import type { ListPlace } from '../list-window'
import { type Filter, type SelectedItem, Selection } from './selection'

export interface Toast {
  readonly id: number
  readonly text: string
  readonly tone: 'calm' | 'bad'
}

/** What takes a request off one's own screen. */
const leaving = { accept: true, decline: true, end: true, release: true, transfer: true }
/** So long what has gone is said to be gone. */
const goneMs = 3_000

/** One signed-in person's page: the portal, its bell, and what only the screen knows. */
export class PortalSession {
  readonly staffId: string
  readonly portal: Portal
  readonly bell: Bell
  /** How far the list of requests is scrolled. */
  place: ListPlace = { scrollTop: 0, viewHeight: 900 }
  /** On a narrow screen: the panel covers the list. */
  isPanelOpen = false
  colleagues: readonly Colleague[] = []
  readonly lines = new Map<string, readonly ChatLine[]>()
  readonly whys = new Map<string, RingingReasons>()
  readonly read = new Map<string, number>()
  /** What was begun to be written in each chat. */
  readonly drafts = new Map<string, string>()
  /** What was said last; good news do not displace bad ones. */
  toasts: readonly Toast[] = []
  readonly #looking = new Selection()
  readonly #socket: Socket
  readonly #changed: () => void
  readonly #leave: readonly (() => void)[]
  readonly #closing = new AbortController()
  #toasts = 0

  constructor(staffId: string, { changed, refused }: { changed: () => void; refused: () => void }) {
    this.staffId = staffId
    this.#changed = changed
    this.portal = createPortal(staffId)
    // A connection of its own: one that is shared with the roster waits out its back-off when the line is up again.
    const own = { forceNew: true, transports: ['websocket'], reconnectionDelayMax: 3_000 }
    this.#socket = io('/staff', { ...own, auth: { staffId } })
    this.#wire(refused)
    this.#followLine()
    this.bell = createBell(this.portal)
    const describe = ({ facts }: { facts: Parameters<typeof nameText>[0] }) => `${nameText(facts)}: ${topicText(facts)}`
    this.#leave = [
      attachPageAlerts(this.portal, { describe }),
      this.portal.subscribe(() => this.#follow()),
      this.bell.subscribe(changed),
      this.portal.onRevoked(() => this.toast('A chat of yours was lost in a failover and is no longer yours', 'bad')),
      this.portal.onVisitor(({ facts }) => this.toast(`New visitor on ${facts.page ?? 'the shop'}`)),
    ]
  }

  get filter(): Filter {
    return this.#looking.filter
  }

  get shown(): SelectedItem {
    return this.#looking.selected
  }

  /** Resolves to whether the desk did it; what it refuses is said on the page. */
  async ask(command: PortalCommand): Promise<boolean> {
    if (command.type === 'unmute') this.#looking.pick(command.requestId)
    if (command.type in leaving && 'requestId' in command) this.#looking.leave(command.requestId)
    const outcome = await this.portal.execute(command)
    if (!outcome.ok) {
      this.#looking.leave(null)
      this.toast(
        refusalText(outcome, (id) => this.nameOf(id)),
        outcome.by === undefined ? 'bad' : 'calm',
      )
    }
    return outcome.ok
  }

  async accept(requestId: string): Promise<void> {
    const before = this.filter
    this.pick(requestId, 'chats')
    const isMine = await this.ask({ type: 'accept', requestId })
    this.#looking.leave(null)
    if (!isMine) this.choose(before)
    this.#changed()
  }

  pick(requestId: string, filter?: Filter): void {
    this.#looking.pick(requestId, filter)
    this.isPanelOpen = true
    this.#load(requestId)
    this.#look()
  }

  /** Looks at the first of another list. */
  choose(filter: Filter): void {
    this.#looking.pick(null, filter)
    this.#look()
  }

  say(requestId: string, text: string): void {
    if (text.trim() !== '') this.#socket.emit('say', requestId, text)
  }

  nameOf(staffId: string): string {
    return this.colleagues.find(({ id }) => id === staffId)?.name ?? staffId
  }

  toast(text: string, tone: Toast['tone'] = 'calm'): void {
    this.#toasts += 1
    const id = this.#toasts
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
    for (const leave of this.#leave) leave()
    this.#closing.abort()
    this.bell.close()
    this.#socket.close()
  }

  /** The device knows of a lost line at once, the sockets only when a ping stays unanswered. */
  #followLine(): void {
    const { signal } = this.#closing
    addEventListener('offline', () => this.#socket.io.engine?.close(), { signal })
    addEventListener('online', () => this.#socket.disconnected && this.#socket.disconnect().connect(), { signal })
  }

  #wire(refused: () => void): void {
    const socket = this.#socket
    let connection: ReturnType<Portal['open']> | undefined
    socket.on('connect', () => {
      connection = this.portal.open(
        (message) => socket.emit('desk', message),
        () => socket.io.engine.close(),
      )
    })
    socket.on('desk', (message, taken: () => void) => {
      connection?.receive(message)
      taken()
    })
    socket.on('disconnect', () => connection?.close())
    socket.on('connect_error', (error) => {
      if (error.message === 'unknown-staff') refused()
    })
    socket.on('taken', ({ by, visitor }: { by: string; visitor: string }) =>
      this.toast(visitor === '' ? `${by} took it` : `${by} took ${visitor}'s question`),
    )
    socket.on('lines', ({ requestId, lines }: { requestId: string; lines: readonly ChatLine[] }) => {
      this.lines.set(requestId, lines)
      this.#changed()
    })
  }

  /** Opens what rings first when nothing else is looked at. */
  #follow(): void {
    const { chats } = this.portal.getSnapshot()
    for (const { requestId } of chats) if (!this.lines.has(requestId)) this.#load(requestId)
    this.#look()
  }

  #look(): void {
    if (this.#looking.follow(this.portal.getSnapshot())) {
      const { shown } = this
      setTimeout(() => shown === this.shown && this.choose(this.filter), goneMs)
    }
    this.#changed()
  }

  #load(requestId: string): void {
    this.#socket.emit('lines', requestId, (lines: readonly ChatLine[]) => {
      this.lines.set(requestId, lines)
      this.#changed()
    })
    this.#socket.emit('why', requestId, (reason: RingingReasons | null) => {
      if (reason !== null) this.whys.set(requestId, reason)
      this.#changed()
    })
  }

  /** Asks again who is rung: it changes while one looks. */
  lookAgain(requestId: string): void {
    this.#socket.emit('why', requestId, (reason: RingingReasons | null) => {
      if (reason === null || JSON.stringify(reason) === JSON.stringify(this.whys.get(requestId))) return
      this.whys.set(requestId, reason)
      this.#changed()
    })
  }
}
