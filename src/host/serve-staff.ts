import { describeValue, InvalidInputError, type StaffId } from '../core'
import type { Desk } from '../desk'
import { encodeOnce, type SendMessage, unref } from './message-sender'
import { type PortalConnection, PortalSession } from './portal-session'
import { ScreenBroadcast } from './screen-stream'

/** The server side of staff screens, for any transport. Made by `serveStaff`. */
export interface StaffServer {
  /**
   * Connects a screen: sends a snapshot, then each change, and renews its session until `detach`. `staffId` comes from
   * the host's own authentication. A closed server sends `closed` at once.
   * @throws InvalidInputError when there is no such staff member.
   */
  attach(screen: AttachOptions): PortalConnection
  /** Number of connected screens. */
  readonly size: number
  /** Sends `closed` to every screen and unsubscribes from the desk, which stays open. */
  close(): void
}

export interface AttachOptions {
  readonly staffId: StaffId
  readonly send: SendMessage
  /**
   * Called when the server ends the connection: the staff member was removed, the server closes, or the page no longer
   * answers. Close the transport so that the page connects again. Not called after `detach`.
   */
  readonly onClosed?: () => void
}

export interface ServeStaffOptions {
  /** The time that messages carry. Default: `Date.now`. */
  readonly now?: () => number
  /**
   * Interval at which each screen is sent a ping and its session is renewed. Default 10 000. While the policy's
   * `sessionLeaseMs` is less than three intervals, the interval is a third of it.
   */
  readonly pingIntervalMs?: number
  /**
   * The first change is sent at once, later ones at most once per interval, and less often where sending takes long. An
   * answer brings everything up to date at once. 0 sends each change at once. Default 40.
   */
  readonly flushMs?: number
}

/** Keeps screens equal to `desk.portal(staffId)`, by a snapshot at first and updates later. */
export function serveStaff(desk: Desk, options: ServeStaffOptions = {}): StaffServer {
  return new StaffPortalServer(desk, { now: Date.now, pingIntervalMs: 10_000, flushMs: 40, ...options })
}

class StaffPortalServer implements StaffServer {
  readonly #desk: Desk
  readonly #options: Required<ServeStaffOptions>
  readonly #sessions = new Set<PortalSession>()
  readonly #broadcast: ScreenBroadcast
  readonly #unsubscribes: readonly (() => void)[]
  #pingTimer: ReturnType<typeof setInterval> | undefined
  #pingIntervalMs = 0
  #flushTimer: ReturnType<typeof setTimeout> | null = null
  #isFlushScheduled = false
  #isClosed = false

  constructor(desk: Desk, options: Required<ServeStaffOptions>) {
    this.#desk = desk
    this.#options = options
    this.#broadcast = new ScreenBroadcast({ desk, now: options.now, schedule: () => this.#scheduleFlush() })
    this.#unsubscribes = [
      desk.on('visitor', ({ staffIds, version, visitor }) => {
        const recipients = new Set(staffIds)
        const notification = encodeOnce({ type: 'visitor', version, visitor })
        for (const connection of this.#sessions) {
          if (recipients.has(connection.staffId)) connection.queueVisitor(notification)
        }
      }),
      desk.on('staff.removed', ({ staffId }) => {
        for (const connection of [...this.#sessions])
          if (connection.staffId === staffId) connection.close('staff-removed')
      }),
      desk.on('event', () => {
        if (this.#broadcast.isDirty) this.#scheduleFlush() // not for a beat of a thousand screens
      }),
      desk.on('node.stale', () => {
        for (const connection of [...this.#sessions]) connection.disconnect()
      }),
      desk.on('assignment.revoked', ({ staffId, requestId, version }) => {
        for (const connection of this.#sessions)
          if (connection.staffId === staffId) connection.sendRevoked(requestId, version)
      }),
      desk.on('policy.set', () => this.#adaptPings()),
      desk.on('state.rebuilt', ({ version }) => {
        for (const connection of [...this.#sessions]) connection.handleStateRebuilt(version)
        this.#adaptPings()
        this.#scheduleFlush()
      }),
    ]
    this.#adaptPings()
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
      pingIntervalMs: this.#pingIntervalMs,
      broadcast: this.#broadcast,
      onDetached: () => {
        this.#sessions.delete(connection)
        this.#broadcast.detach(connection)
      },
      onClosed,
    })
    if (this.#isClosed) {
      queueMicrotask(() => connection.close('desk-closed')) // after `attach` has returned the connection
      return connection
    }
    this.#sessions.add(connection)
    this.#broadcast.attach(connection)
    this.#desk.connect(staffId, connection.sessionId).then(({ ok }) => ok || connection.disconnect())
    if (this.#desk.isShared) void connection.pauseUntilSynced()
    else this.#broadcast.deliverNow(connection)
    return connection
  }

  close(): void {
    this.#isClosed = true
    for (const unsubscribe of this.#unsubscribes) unsubscribe()
    clearInterval(this.#pingTimer)
    if (this.#flushTimer !== null) clearTimeout(this.#flushTimer)
    for (const connection of [...this.#sessions]) connection.close('desk-closed')
    this.#broadcast.close()
  }

  /** The first change is sent when all its events have been emitted; changes that follow soon are collected. */
  #scheduleFlush(): void {
    if (this.#isFlushScheduled) return
    this.#isFlushScheduled = true
    if (this.#flushTimer === null) queueMicrotask(() => this.#flush())
  }

  #flush(): void {
    this.#isFlushScheduled = false
    const startedAt = performance.now()
    this.#broadcast.deliverAll()
    const { flushMs } = this.#options
    const pauseMs = flushMs === 0 ? 0 : Math.max(flushMs, 3 * (performance.now() - startedAt))
    this.#flushTimer = setTimeout(() => {
      this.#flushTimer = null
      if (this.#isFlushScheduled) this.#flush()
    }, pauseMs)
    unref(this.#flushTimer)
  }

  /** Pings three times within a lease, or more often, so that no session of a page that answers ends. */
  #adaptPings(): void {
    const { sessionLeaseMs } = this.#desk.policy
    const leaseThirdMs =
      sessionLeaseMs === null ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(sessionLeaseMs / 3))
    const intervalMs = Math.min(this.#options.pingIntervalMs, leaseThirdMs)
    if (intervalMs === this.#pingIntervalMs) return
    this.#pingIntervalMs = intervalMs
    clearInterval(this.#pingTimer)
    this.#pingTimer = setInterval(() => this.#pingAll(), intervalMs)
    unref(this.#pingTimer)
    for (const connection of [...this.#sessions]) connection.setPingInterval(intervalMs)
  }

  #pingAll(): void {
    for (const connection of [...this.#sessions]) connection.ping()
  }
}
