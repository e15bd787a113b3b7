import { abandonDueAt, chatEndsAt, DeskError, type DeskState } from '../../core'
import type { NodeRoll, StoreEntry } from '../../store'
import type { EventBus } from '../events/event-bus'
import type { DeskAggregate } from '../runtime/desk-aggregate'
import type { CommandQueue } from './command-queue'
import type { NodeEnvironment } from './environment'

export interface NodeHealthOptions {
  readonly aggregate: DeskAggregate
  readonly eventBus: EventBus
  readonly commandQueue: CommandQueue
  readonly now: () => number
}

/**
 * Whether a node may execute commands. It may not while the store does not answer, or after it has read an entry that
 * is damaged or unknown: then it is stale.
 */
export class NodeHealth {
  readonly #options: NodeHealthOptions
  #error: DeskError | null = null
  #isOverdue = false
  /** The store was read to its end since the node became stale. */
  #isRead = true

  constructor(options: NodeHealthOptions) {
    this.#options = options
  }

  get error(): DeskError | null {
    return this.#error
  }

  /** Whether the node cannot recover, since the desk was closed or erased: it can only be opened again. */
  get isFinal(): boolean {
    return this.#error?.code === 'closed'
  }

  /** Whether the earliest deadline is overdue for long: then no node can write. */
  get isOverdue(): boolean {
    return this.#isOverdue
  }

  watchDeadlines(isOverdue: boolean): void {
    this.#isOverdue = isOverdue
    if (isOverdue) this.markStale(new DeskError('stale', 'a deadline is overdue by more than 5 s: no node can write'))
  }

  /** Refuses what callers wait for, and every later command until the node has recovered; reports the error once. */
  markStale(error: DeskError): void {
    const { eventBus, commandQueue, aggregate, now } = this.#options
    if (this.#error?.code === error.code || this.isFinal) return
    const wasHealthy = this.#error === null
    if (wasHealthy) this.#isRead = false
    this.#error = error
    commandQueue.refuseAll(error)
    if (error.code !== 'stale') eventBus.emit('error', error)
    if (wasHealthy) eventBus.emit('node.stale', { error, version: aggregate.version, at: now() })
  }

  /**
   * Records that the store was read to its end. Returns whether the deadlines of visitors, whose heartbeats could not
   * be recorded, are to wait now: before the first entry after the node became stale.
   */
  markRead(areWritesFailing: boolean): boolean {
    const isFirst = !this.#isRead
    this.#isRead = true
    return isFirst || (this.#error !== null && areWritesFailing)
  }

  /** Records that the store was read to its end, that all of it could be applied, and that it takes writes. */
  markRecovered(): void {
    const { eventBus, aggregate, now } = this.#options
    if (this.#error === null || this.isFinal) return
    this.#error = null
    eventBus.emit('node.recovered', { version: aggregate.version, at: now() })
  }
}

export function isStoreCorruptionOrClosed({ code }: DeskError): boolean {
  return code === 'closed' || code === 'store-damaged' || code === 'store-newer-schema'
}

/** Measures for how long the store has not answered. */
export class StoreWatchdog {
  readonly #environment: NodeEnvironment
  #unansweredSinceMs: number | null = null

  constructor(environment: NodeEnvironment) {
    this.#environment = environment
  }

  /** Milliseconds since the first call that is not answered; 0 when there is none. */
  get unansweredMs(): number {
    return this.#unansweredSinceMs === null ? 0 : this.#environment.elapsedMs() - this.#unansweredSinceMs
  }

  /** Counts from now on: this process was suspended, and could not receive an answer. */
  restart(): void {
    if (this.#unansweredSinceMs !== null) this.#unansweredSinceMs = this.#environment.elapsedMs()
  }

  /** Calls the store, and records whether it has answered. @throws what the store throws. */
  async watch<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    this.#unansweredSinceMs ??= this.#environment.elapsedMs()
    const answer = await call()
    this.#unansweredSinceMs = null
    return answer
  }
}

/** Writes that a store refuses for so long, while it answers reads, make a node stale. */
const writesRefusedAfterMs = 750
/** Appends that fail for so long, while the store answers reads and takes heartbeats, make a node stale. */
const appendsRefusedAfterMs = 3_000
/** So long after the last append that failed, heartbeats that succeed show that the store takes writes again. */
const appendsRefusedForMs = 5_000

/** Measures for how long the store has refused writes although it can be read. */
export class WriteWatchdog {
  readonly #environment: NodeEnvironment
  #failingSinceMs: number | null = null
  #readMs = Number.NEGATIVE_INFINITY
  #appendFailedMs = Number.NEGATIVE_INFINITY
  /** The latest failure was that of an append. */
  #wasAppend = false

  constructor(environment: NodeEnvironment) {
    this.#environment = environment
  }

  /** Whether a call has failed and no write has succeeded since. */
  get isFailing(): boolean {
    return this.#failingSinceMs !== null
  }

  /** Whether calls have failed for so long, although the store could be read meanwhile, that the node is stale. */
  get isRefused(): boolean {
    const sinceMs = this.#failingSinceMs
    if (sinceMs === null || this.#readMs <= sinceMs) return false
    const afterMs = this.#wasAppend ? appendsRefusedAfterMs : writesRefusedAfterMs
    return this.#environment.elapsedMs() - sinceMs >= afterMs
  }

  recordFailure(isAppend: boolean): void {
    const now = this.#environment.elapsedMs()
    this.#failingSinceMs ??= now
    this.#wasAppend = isAppend
    if (isAppend) this.#appendFailedMs = now
  }

  recordRead(): void {
    this.#readMs = this.#environment.elapsedMs()
  }

  recordAppend(): void {
    this.#failingSinceMs = null
    this.#appendFailedMs = Number.NEGATIVE_INFINITY
  }

  /**
   * A disk may be too full for an entry, but not for a heartbeat: while there is something to append, a heartbeat that
   * was recorded shows nothing, until the last append that failed is long ago.
   */
  recordHeartbeat(hasWork: boolean): void {
    const appendFailedForMs = this.#environment.elapsedMs() - this.#appendFailedMs
    if (!hasWork || appendFailedForMs >= appendsRefusedForMs) this.#failingSinceMs = null
  }
}

/** How long a node's heartbeat counts; and how long to wait, after a loss, for a node that may hold more. */
export const heartbeatTtlMs = 10_000

/**
 * The other nodes that have the desk open, as the store knows them. After the backend was restarted, emptied or
 * replaced each of them may hold entries that it has lost, until the node has put them back or is missed.
 */
export class Roll {
  #roll: NodeRoll = { incarnation: '', ageMs: 0, nodes: [] }
  #syncedIn = ''

  /** The incarnation of the backend at the latest heartbeat. */
  get incarnation(): string {
    return this.#roll.incarnation
  }

  get hasOthers(): boolean {
    return this.#roll.nodes.length > 0
  }

  /** Returns what this node says of itself and the others. */
  toHeartbeat(): { readonly syncedIn: string; readonly roll: readonly string[] } {
    return { syncedIn: this.#syncedIn, roll: this.#roll.nodes.map(({ node }) => node) }
  }

  observe(roll: NodeRoll | undefined): void {
    if (roll !== undefined) this.#roll = roll
  }

  /** Records that this node was synced since a heartbeat that named this incarnation. */
  markSynced(incarnation: string): void {
    this.#syncedIn = incarnation
  }

  /** Whether all that the store has lost was put back: by this node, and by each other one that is not missed. */
  get isComplete(): boolean {
    const { incarnation, ageMs, nodes } = this.#roll
    if (this.#syncedIn !== incarnation) return false
    return ageMs >= heartbeatTtlMs || nodes.every(({ isSynced }) => isSynced)
  }
}
/** After so long a node that was opened leaves the question whether others live to their heartbeats. */
const restartUnknownForMs = 20_000

/**
 * Finds out whether a node is the first one after a restart, or after a time in which no node had the store: then
 * visitors get the time to come back. The heartbeats of nodes that were killed a moment ago still count. So until one
 * of the nodes that owned sessions has shown that it lives, by an entry or by a heartbeat that is newer than this node,
 * the deadline of a visitor who left, or whose lease began, before the node was opened is taken for one after a
 * restart.
 */
export class RestartWatch {
  readonly #environment: NodeEnvironment
  readonly #owners = new Set<string>()
  #openedMs: number | null = null
  /** The instant of the newest event when the node was opened. */
  #openedAt = 0

  constructor(environment: NodeEnvironment) {
    this.#environment = environment
  }

  /**
   * Begins when the node is opened, with the nodes that own sessions; and when it has recovered, with none: the others
   * may have been without the store as well.
   */
  begin(owners: readonly string[], at: number): void {
    this.#openedMs = this.#environment.elapsedMs()
    this.#openedAt = at
    this.#owners.clear()
    for (const owner of owners) this.#owners.add(owner)
  }

  /** To be called when the restart is recorded, or when another node is known to live. */
  end(): void {
    this.#openedMs = null
  }

  get isUnknown(): boolean {
    return this.#openedMs !== null && this.#ageMs < restartUnknownForMs
  }

  /** Returns whether a deadline of a visitor, due at an instant, is to wait until the restart is recorded. */
  isHolding(state: DeskState, at: number): boolean {
    return this.isUnknown && isVisitorDue(state, at, this.#openedAt)
  }

  observeEntry({ payload }: StoreEntry): void {
    if (this.isUnknown && payload.src !== undefined && this.#owners.has(payload.src)) this.end()
  }

  /** Records which nodes have a heartbeat. Returns whether one of those that owned sessions may still live. */
  observeAlive(alive: readonly string[]): boolean {
    const mayLive = alive.some((node) => this.#owners.has(node))
    if (mayLive && this.#ageMs > heartbeatTtlMs) this.end()
    return mayLive
  }

  get #ageMs(): number {
    return this.#openedMs === null ? 0 : this.#environment.elapsedMs() - this.#openedMs
  }
}

/** Returns whether a visitor's lease or the wait for one who left is due, which began at `sinceAt` at the latest. */
function isVisitorDue(state: DeskState, at: number, sinceAt: number): boolean {
  const { visitors, requests, policy } = state
  const leaseEndMax = Math.min(at, sinceAt + (policy.visitorLeaseMs ?? 0))
  for (const { sessions } of visitors.values())
    for (const leaseUntilAt of sessions.values()) if (leaseUntilAt !== null && leaseUntilAt <= leaseEndMax) return true
  for (const request of requests.values()) {
    const { assignment, detail } = request
    if (detail === null || detail.visitorLeftAt === null || detail.visitorLeftAt > sinceAt) continue
    const dueAt = assignment === null ? abandonDueAt(state, request) : chatEndsAt(state, request, assignment)
    if (dueAt <= at) return true
  }
  return false
}
