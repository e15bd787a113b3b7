import { described, InvalidInputError, type StaffId } from '../core'
import type { Desk } from '../desk'
import type { PortalConnection, Send } from './portal-connection'
import { ScreenFeed } from './screen-feed'

/** The server half of staff screens, for any transport. Made by `serveDesk`. */
export interface DeskServer {
  /**
   * A screen of this person is connected: sends it whole, then what changes, and renews its session until `detach`.
   * `staffId` is who the host's own authentication says it is. A server that was closed says goodbye at once.
   * @throws InvalidInputError when there is no such staff member.
   */
  attach(screen: AttachedScreen): PortalConnection
  /** How many screens are connected. */
  readonly size: number
  /** Says goodbye to every screen and leaves the desk's events. The desk stays open. */
  close(): void
}

export interface AttachedScreen {
  readonly staffId: StaffId
  readonly send: Send
  /**
   * The server sends nothing more: the person was removed, the server closes, or the page no longer answers. Close the
   * transport, in a way after which the page connects again. Not called after `detach`.
   */
  readonly ended?: () => void
}

export interface ServeOptions {
  /** The time that screens are told. Default: `Date.now`. */
  readonly now?: () => number
  /**
   * How often each screen hears that the line is alive, and its session is renewed. Default 10 000; less than a third
   * of the policy's `sessionLeaseMs`.
   */
  readonly beatMs?: number
  /**
   * The first change is sent at once, further ones at most this often, and less often where looking at all screens
   * takes long; 0: each at once. Default 40.
   */
  readonly flushMs?: number
}

/** Keeps screens equal to the desk: `desk.portal(staffId)`, whole at first and as differences later. */
export function serveDesk(desk: Desk, options: ServeOptions = {}): DeskServer {
  return new PortalServer(desk, { now: Date.now, beatMs: 10_000, flushMs: 40, ...options })
}

class PortalServer implements DeskServer {
  readonly #desk: Desk
  readonly #options: Required<ServeOptions>
  readonly #connections = new Set<ScreenFeed>()
  readonly #leave: readonly (() => void)[]
  readonly #beating: ReturnType<typeof setInterval>
  #timer: ReturnType<typeof setTimeout> | null = null
  #isPlanned = false
  #isClosed = false

  constructor(desk: Desk, options: Required<ServeOptions>) {
    this.#desk = desk
    this.#options = options
    this.#leave = [
      desk.on('visitor', ({ staffIds, version, visitor }) => {
        const told = new Set(staffIds)
        for (const connection of this.#connections) {
          if (told.has(connection.staffId)) connection.announce({ type: 'visitor', version, visitor })
        }
      }),
      desk.on('staff.removed', ({ staffId }) => {
        for (const connection of [...this.#connections])
          if (connection.staffId === staffId) connection.end('staff-removed')
      }),
      desk.on('event', () => this.#plan()),
      desk.on('desk.stale', () => {
        for (const connection of [...this.#connections]) connection.leave()
      }),
      desk.on('desk.revoked', ({ staffId, requestId, version }) => {
        for (const connection of this.#connections)
          if (connection.staffId === staffId) connection.revoke(requestId, version)
      }),
      desk.on('desk.reset', ({ version }) => {
        for (const connection of [...this.#connections]) connection.reset(version)
      }),
    ]
    this.#beating = setInterval(() => this.#beat(), options.beatMs)
    unref(this.#beating)
  }

  get size(): number {
    return this.#connections.size
  }

  attach({ staffId, send, ended = () => {} }: AttachedScreen): PortalConnection {
    if (this.#desk.staff(staffId) === undefined) {
      const expected = 'the id of a staff member of this desk'
      throw new InvalidInputError([{ path: ['staffId'], expected, got: described(staffId) }])
    }
    const connection: ScreenFeed = new ScreenFeed({
      desk: this.#desk,
      staffId,
      sessionId: crypto.randomUUID(),
      send,
      now: this.#options.now,
      beatMs: this.#options.beatMs,
      gone: () => this.#connections.delete(connection),
      plan: () => this.#plan(),
      ended,
    })
    if (this.#isClosed) {
      queueMicrotask(() => connection.end('desk-closed')) // by then the host knows its connection
      return connection
    }
    this.#connections.add(connection)
    this.#desk.connect(staffId, connection.sessionId).catch(() => connection.leave())
    if (this.#desk.isShared) void connection.holdUntilFresh()
    else connection.flush()
    return connection
  }

  close(): void {
    this.#isClosed = true
    for (const leave of this.#leave) leave()
    clearInterval(this.#beating)
    if (this.#timer !== null) clearTimeout(this.#timer)
    for (const connection of [...this.#connections]) connection.end('desk-closed')
  }

  /** The first change goes out when all that belongs to it has been told; what follows soon is gathered. */
  #plan(): void {
    if (this.#isPlanned) return
    this.#isPlanned = true
    if (this.#timer === null) queueMicrotask(() => this.#flush())
  }

  #flush(): void {
    this.#isPlanned = false
    const beganAt = performance.now()
    for (const connection of [...this.#connections]) connection.flush()
    const { flushMs } = this.#options
    const restMs = flushMs === 0 ? 0 : Math.max(flushMs, 3 * (performance.now() - beganAt))
    this.#timer = setTimeout(() => {
      this.#timer = null
      if (this.#isPlanned) this.#flush()
    }, restMs)
    unref(this.#timer)
  }

  #beat(): void {
    for (const connection of [...this.#connections]) connection.beat()
  }
}

/** In Node a timer of ours keeps no process alive. */
function unref(timer: unknown): void {
  const { unref: release } = timer as { unref?: () => void }
  release?.call(timer)
}
