import type { PortalSnapshot, ScreenOperation, ScreenProjection, ScreenRecipient, StaffId } from '../core'
import { ChangeSet } from '../core'
import type { Desk } from '../desk'
import type { SnapshotMessage } from '../portal'
import { encodeOnce, type MessageSender, type UpdateHeader, UpdatePath } from './message-sender'

export interface ScreenStreamOptions {
  readonly desk: Desk
  readonly session: StreamSession
  readonly sender: MessageSender
  readonly broadcast: ScreenBroadcast
  readonly toSnapshotMessage: (snapshot: PortalSnapshot) => SnapshotMessage
}

/** The session of one connection, as its stream and the broadcast see it. */
export interface StreamSession {
  readonly staffId: StaffId
  readonly stream: ScreenStream
  /** Whether there are answers or notifications to send. */
  readonly hasMore: boolean
  /** Sends what the screen has to learn, then notifications and answers. */
  deliver(): void
  close(reason: 'staff-removed'): void
}

/** A receiver that has missed more changes than this, and than its screen has items, gets the screen whole. */
const missedOperationsMin = 64
/** The bound of what is remembered of a receiver that is slow. */
const missedSubjectsMax = 10_000

/** Sends one connection the screen whole at first, then what changes; and in one update what a slow one has missed. */
export class ScreenStream implements ScreenRecipient {
  /** The version that the page shows when it has received everything; `null`: the next message is a snapshot. */
  sentVersion: number | null = null
  /** The newest version that was sent, also before a message was lost; -1: none. */
  highestSentVersion = -1
  /** Whether nothing can be sent now: the transport is delivering, the connection has ended, or the node is behind. */
  isBlocked = false
  /** Whether the session delivers with the next flush. */
  isQueued = false
  readonly #options: ScreenStreamOptions
  readonly #session: StreamSession
  readonly #sender: MessageSender
  readonly #broadcast: ScreenBroadcast
  /** What the page learns with the next message. */
  #path: UpdatePath | null = null
  /** What has changed while nothing could be sent. */
  #missed: ChangeSet | null = null

  constructor(options: ScreenStreamOptions) {
    this.#options = options
    this.#session = options.session
    this.#sender = options.sender
    this.#broadcast = options.broadcast
  }

  onOperation(operation: ScreenOperation): void {
    if (this.sentVersion === null) return this.#queueSnapshot()
    if (this.#missed !== null || this.isBlocked) return this.#addMissed(operation)
    if (this.#path === null) this.#broadcast.deliverSoon(this.#session)
    this.#path = (this.#path ?? this.#broadcast.update).follow(operation)
  }

  /** The next message is a snapshot. */
  onReplaced(): void {
    this.sentVersion = null
    this.#path = null
    this.#missed = null
    this.#queueSnapshot()
  }

  /** Has the session deliver; where it has nothing but an update to send, sends that at once. */
  flush(): void {
    this.isQueued = false
    const hasOnlyUpdate = this.#missed === null && this.#path !== null && this.sentVersion !== null
    if (hasOnlyUpdate && !this.isBlocked && !this.#session.hasMore) this.deliver()
    else this.#session.deliver()
  }

  /** Sends what the page has to learn. Returns `false` where the page is not up to date yet. */
  deliver(): boolean {
    if (this.sentVersion === null) return this.#deliverSnapshot()
    if (this.#missed !== null) return this.#deliverMissed(this.sentVersion, this.#missed)
    const path = this.#path
    this.#path = null
    if (path !== null && path.version > this.sentVersion) this.#sendPath(path, this.sentVersion)
    return true
  }

  #queueSnapshot(): void {
    if (!this.isBlocked) this.#broadcast.deliverSoon(this.#session)
  }

  #addMissed(operation: ScreenOperation): void {
    this.#missed ??= new ChangeSet()
    const { requestIds, visitorIds, staffIds } = this.#missed
    if (operation.type === 'availability') staffIds.add(this.#session.staffId)
    else if (operation.type === 'visitor') visitorIds.add(operation.visitor.visitorId)
    else if (operation.type === 'visitorLeft') visitorIds.add(operation.visitorId)
    else if (operation.type === 'awaiting') requestIds.add(operation.item.requestId)
    else if (operation.type === 'chat') requestIds.add(operation.request.requestId)
    else requestIds.add(operation.requestId)
    if (requestIds.size + visitorIds.size > missedSubjectsMax) this.onReplaced()
  }

  #deliverSnapshot(): boolean {
    const { desk, toSnapshotMessage } = this.#options
    if (this.#broadcast.isDirty) return this.#waitUntilClean()
    const snapshot = desk.portal(this.#session.staffId)
    if (snapshot === undefined) {
      this.#session.close('staff-removed')
      return false
    }
    this.#setSent(snapshot.version)
    this.#path = null
    this.#missed = null
    this.#sender.send(encodeOnce(toSnapshotMessage(snapshot)))
    return true
  }

  #deliverMissed(since: number, missed: ChangeSet): boolean {
    if (this.#broadcast.isDirty) return this.#waitUntilClean()
    const operations = this.#broadcast.operationsFor(this.#session.staffId, missed)
    if (operations.length > missedOperationsMin && operations.length > this.#itemCount()) return this.#deliverSnapshot()
    this.#missed = null
    let path = this.#broadcast.update
    for (const operation of operations) path = path.follow(operation)
    this.#sendPath(path, since)
    return true
  }

  /** What is read now and what is passed on next must not overlap: a change of both would be missing. */
  #waitUntilClean(): false {
    this.#broadcast.deliverSoon(this.#session)
    return false
  }

  #sendPath(path: UpdatePath, since: number): void {
    this.#setSent(path.version)
    this.#sender.send(path.toMessage(since))
  }

  #setSent(version: number): void {
    this.sentVersion = version
    this.highestSentVersion = Math.max(this.highestSentVersion, version)
  }

  #itemCount(): number {
    const snapshot = this.#options.desk.portal(this.#session.staffId)
    return snapshot === undefined ? 0 : snapshot.awaiting.length + snapshot.chats.length + snapshot.visitors.length
  }
}

export interface ScreenBroadcastOptions {
  readonly desk: Desk
  readonly now: () => number
  /** Requests that `deliverAll` is called soon. */
  readonly schedule: () => void
}

/** How long an update may be shared with receivers that are late: by so much the time that it carries is late, too. */
const sharedUpdatesMs = 50

/** Passes what changes at a desk to all sessions that it concerns, and has them deliver it. */
export class ScreenBroadcast {
  readonly #options: ScreenBroadcastOptions
  readonly #projection: ScreenProjection
  /** The sessions that have something to send. */
  #queue: ScreenStream[] = []
  #header: UpdateHeader = { version: -1, at: 0, sentAt: 0 }
  /** The beginning of all updates of this flush. */
  update = new UpdatePath(this.#header)
  #isDelivering = false
  #isClosed = false

  constructor(options: ScreenBroadcastOptions) {
    this.#options = options
    this.#projection = options.desk.projectScreens()
  }

  /** Whether something has changed that is not passed on yet. */
  get isDirty(): boolean {
    return this.#projection.isDirty
  }

  attach(session: StreamSession): void {
    this.#projection.attach(session.staffId, session.stream)
  }

  detach(session: StreamSession): void {
    this.#projection.detach(session.staffId, session.stream)
  }

  close(): void {
    this.#isClosed = true
    this.#projection.close()
  }

  /** Has a session deliver with the next flush. */
  deliverSoon(session: StreamSession): void {
    this.#enqueue(session)
    if (!this.#isDelivering) this.#options.schedule()
  }

  /** Has a session deliver at once, unless changes are to be passed on first. */
  deliverWhenClean(session: StreamSession): void {
    if (this.#projection.isDirty) this.deliverSoon(session)
    else this.deliverNow(session)
  }

  /** Passes on all changes, and has the session deliver. */
  deliverNow(session: StreamSession): void {
    this.#enqueue(session)
    if (!this.#isDelivering) this.deliverAll()
  }

  /** Passes on what has changed, then has every session with something to send deliver it. */
  deliverAll(): void {
    if (this.#isDelivering) return this.#options.schedule()
    if (this.#isClosed) return
    this.#isDelivering = true
    let queue: ScreenStream[] = []
    try {
      do {
        this.#beginUpdates()
        this.#projection.flush()
        queue = this.#queue.reverse()
        this.#queue = []
        for (let stream = queue.pop(); stream !== undefined; stream = queue.pop()) stream.flush()
      } while (this.#queue.length > 0)
    } finally {
      // What a host's function that throws has left over is delivered with the next flush.
      this.#queue.push(...queue.reverse())
      this.#isDelivering = false
    }
  }

  /** Returns how the screen of a staff member shows these subjects. To be called while nothing is dirty. */
  operationsFor(staffId: StaffId, missed: ChangeSet): readonly ScreenOperation[] {
    return this.#projection.operationsFor(staffId, missed)
  }

  #enqueue(session: StreamSession): void {
    const { stream } = session
    if (!stream.isQueued) this.#queue.push(stream)
    stream.isQueued = true
  }

  #beginUpdates(): void {
    const { version } = this.#options.desk
    const sentAt = this.#options.now()
    const isNear = Math.abs(sentAt - this.#header.sentAt) <= sharedUpdatesMs
    if (!this.#projection.isDirty && version === this.#header.version && isNear) return
    this.#header = { version, at: this.#projection.at, sentAt }
    this.update = new UpdatePath(this.#header)
  }
}
