import { describeValue, InvalidInputError, type StaffId } from '../core'
import type { Desk } from '../desk'
import type { PortalConnection, SendMessage } from './portal-session'
import { PortalSession } from './portal-session'

/** The server half of staff screens, for any transport. Made by `serveStaff`. */
export interface StaffServer {
  /**
   * A screen of this person is connected: sends it whole, then what changes, and renews its session until `detach`.
   * `staffId` is who the host's own authentication says it is. A server that was closed says goodbye at once.
   * @throws InvalidInputError when there is no such staff member.
   */
  attach(screen: AttachOptions): PortalConnection
  /** How many screens are connected. */
  readonly size: number
  /** Says goodbye to every screen and leaves the desk's events. The desk stays open. */
  close(): void
}

export interface AttachOptions {
  readonly staffId: StaffId
  readonly send: SendMessage
  /**
   * The server sends nothing more: the person was removed, the server closes, or the page no longer answers. Close the
   * transport, in a way after which the page connects again. Not called after `detach`.
   */
  readonly onClosed?: () => void
}

export interface ServeStaffOptions {
  /** The time that screens are told. Default: `Date.now`. */
  readonly now?: () => number
  /**
   * How often each screen hears that the line is alive, and its session is renewed. Default 10 000; less than a third
   * of the policy's `sessionLeaseMs`.
   */
  readonly pingIntervalMs?: number
  /**
   * The first change is sent at once, further ones at most this often, and less often where looking at all screens
   * takes long; 0: each at once. Default 40.
   */
  readonly flushMs?: number
}

/** Keeps screens equal to the desk: `desk.portal(staffId)`, whole at first and as differences later. */
export function serveStaff(desk: Desk, options: ServeStaffOptions = {}): StaffServer {
  return new StaffPortalServer(desk, { now: Date.now, pingIntervalMs: 10_000, flushMs: 40, ...options })
}

class StaffPortalServer implements StaffServer {
  readonly #desk: Desk
  readonly #options: Required<ServeStaffOptions>
  readonly #sessions = new Set<PortalSession>()
  readonly #unsubscribes: readonly (() => void)[]
  readonly #pingTimer: ReturnType<typeof setInterval>
  #flushTimer: ReturnType<typeof setTimeout> | null = null
  #isFlushScheduled = false
  #isClosed = false

  constructor(desk: Desk, options: Required<ServeStaffOptions>) {
    this.#desk = desk
    this.#options = options
    this.#unsubscribes = [
      desk.on('visitor', ({ staffIds, version, visitor }) => {
        const told = new Set(staffIds)
        for (const connection of this.#sessions) {
          if (told.has(connection.staffId)) connection.queueVisitor({ type: 'visitor', version, visitor })
        }
      }),
      desk.on('staff.removed', ({ staffId }) => {
        for (const connection of [...this.#sessions])
          if (connection.staffId === staffId) connection.close('staff-removed')
      }),
      desk.on('event', () => this.#scheduleFlush()),
      desk.on('node.stale', () => {
        for (const connection of [...this.#sessions]) connection.disconnect()
      }),
      desk.on('assignment.revoked', ({ staffId, requestId, version }) => {
        for (const connection of this.#sessions)
          if (connection.staffId === staffId) connection.sendRevoked(requestId, version)
      }),
      desk.on('state.rebuilt', ({ version }) => {
        for (const connection of [...this.#sessions]) connection.handleStateRebuilt(version)
      }),
    ]
    this.#pingTimer = setInterval(() => this.#pingAll(), options.pingIntervalMs)
    unref(this.#pingTimer)
  }

  get size(): number {
    return this.#sessions.size
  }

  attach({ staffId, send, onClosed = () => {} }: AttachOptions): PortalConnection {
    if (this.#desk.staff(staffId) === undefined) {
      const expected = 'the id of a staff member of this desk'
      throw new InvalidInputError([{ path: ['staffId'], expected, got: describeValue(staffId) }])
    }
    const connection: PortalSession = new PortalSession({
      desk: this.#desk,
      staffId,
      sessionId: crypto.randomUUID(),
      send,
      now: this.#options.now,
      pingIntervalMs: this.#options.pingIntervalMs,
      onDetached: () => this.#sessions.delete(connection),
      scheduleFlush: () => this.#scheduleFlush(),
      onClosed,
    })
    if (this.#isClosed) {
      queueMicrotask(() => connection.close('desk-closed')) // by then the host knows its connection
      return connection
    }
    this.#sessions.add(connection)
    this.#desk.connect(staffId, connection.sessionId).catch(() => connection.disconnect())
    if (this.#desk.isShared) void connection.pauseUntilSynced()
    else connection.flush()
    return connection
  }

  close(): void {
    this.#isClosed = true
    for (const leave of this.#unsubscribes) leave()
    clearInterval(this.#pingTimer)
    if (this.#flushTimer !== null) clearTimeout(this.#flushTimer)
    for (const connection of [...this.#sessions]) connection.close('desk-closed')
  }

  /** The first change goes out when all that belongs to it has been told; what follows soon is gathered. */
  #scheduleFlush(): void {
    if (this.#isFlushScheduled) return
    this.#isFlushScheduled = true
    if (this.#flushTimer === null) queueMicrotask(() => this.#flush())
  }

  #flush(): void {
    this.#isFlushScheduled = false
    const beganAt = performance.now()
    for (const connection of [...this.#sessions]) connection.flush()
    const { flushMs } = this.#options
    const restMs = flushMs === 0 ? 0 : Math.max(flushMs, 3 * (performance.now() - beganAt))
    this.#flushTimer = setTimeout(() => {
      this.#flushTimer = null
      if (this.#isFlushScheduled) this.#flush()
    }, restMs)
    unref(this.#flushTimer)
  }

  #pingAll(): void {
    for (const connection of [...this.#sessions]) connection.ping()
  }
}

/** In Node a timer of ours keeps no process alive. */
function unref(timer: unknown): void {
  const { unref: release } = timer as { unref?: () => void }
  release?.call(timer)
}
