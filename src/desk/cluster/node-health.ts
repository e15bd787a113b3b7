import { abandonDueAt, chatEndsAt, type DeskError, type DeskState } from '../../core'
import type { StoreEntry } from '../../store'
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

  /** Refuses every pending command, and every later one until the node has recovered; reports the error once. */
  markStale(error: DeskError): void {
    const { eventBus, commandQueue, aggregate, now } = this.#options
    if (this.#error?.code === error.code || this.isFinal) return
    const wasHealthy = this.#error === null
    this.#error = error
    commandQueue.refuseAll(error)
    if (error.code !== 'stale') eventBus.emit('error', error)
    if (wasHealthy) eventBus.emit('node.stale', { error, version: aggregate.version, at: now() })
  }

  /** Records that the store was read to its end, and that all of it could be applied. */
  markRecovered(): void {
    const { eventBus, aggregate, now } = this.#options
    if (this.#error === null || this.isFinal) return
    this.#error = null
    eventBus.emit('node.recovered', { version: aggregate.version, at: now() })
  }
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

/** How long a node's heartbeat counts. */
export const heartbeatTtlMs = 10_000
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
