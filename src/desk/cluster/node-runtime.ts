import { DeskError } from '../../core'
import type { EventStore } from '../../store'
import { type Outcome, toUnavailable } from '../api/outcome'
import type { EventBus } from '../events/event-bus'
import { type StoreClock, WakeUpTimer } from '../runtime/clock'
import type { DeskAggregate } from '../runtime/desk-aggregate'
import { closedError, type DeskRuntime, type QueuedCommand, type SyncOutcome } from '../runtime/desk-runtime'
import { type RestoreSource, restoreFromStore, SnapshotScheduler } from '../runtime/desk-snapshot'
import { RepairBuffer } from './catch-up'
import { CommandQueue } from './command-queue'
import { type NodeEnvironment, type NodeOptions, nodeOptionsDefault, systemEnvironment } from './environment'
import type { NodeContext } from './node-context'
import { RestartWatch, Roll, StoreWatchdog } from './node-health'
import { SessionOwnership } from './session-ownership'
import { SpeculativeState } from './speculative-state'
import { SyncLoop } from './sync-loop'
import { WriterRotation } from './writer-rotation'

export interface NodeRuntimeDependencies extends NodeContext {
  readonly syncLoop: SyncLoop
  /** Wakes the loop at the earliest deadline. */
  readonly wakeUpTimer: WakeUpTimer
}

/** How often the store is read without a notification: with sessions at the node or requests, and without. */
const pollIntervalMs = 1_000
const idlePollIntervalMs = 5_000
/** A node whose store has not answered for longer is stale. */
const staleAfterMs = 3_000
const heartbeatIntervalMs = 3_000
/** A node without sessions or requests sends each so-many-th heartbeat only, every minute. */
const idleHeartbeatsBetween = 20
/** A deadline that is overdue by more, at two looks, makes the node stale. */
const deadlineOverdueMs = 5_000
/** A watch that is later than this means that the whole process was suspended. */
const processSuspendedAfterMs = 1_000
/** How often at most the pending commands are looked through for those that have waited for too long. */
const expiryIntervalMsMin = 250
/** Wait before a deadline is tried again that could not be ticked at once. */
const overdueRetryMs = 50

/** Runs a desk whose store answers with promises: queues commands, watches the store, sends heartbeats, closes. */
export class NodeRuntime implements DeskRuntime {
  readonly #dependencies: NodeRuntimeDependencies
  readonly #tracked = new Set<Promise<unknown>>()
  readonly #cancelTimers: (() => void)[] = []
  #isClosed = false
  #clockOffsetMs = 0
  #nextWatchMs: number
  #cancelExpiry: (() => void) | null = null
  #heartbeats = 0
  #wasOverdue = false

  constructor(dependencies: NodeRuntimeDependencies) {
    this.#dependencies = dependencies
    this.#nextWatchMs = dependencies.environment.elapsedMs() + idlePollIntervalMs
    this.#repeat(
      () => (this.#isEmpty() ? idlePollIntervalMs : pollIntervalMs),
      () => this.#watch(),
    )
    this.#repeat(
      () => heartbeatIntervalMs,
      () => this.#requestHeartbeat(),
    )
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  get isBusy(): boolean {
    return this.#dependencies.commandQueue.size > 0
  }

  execute(command: QueuedCommand): Promise<Outcome> {
    const { syncLoop, commandQueue, environment } = this.#dependencies
    if (syncLoop.health.error !== null) return Promise.resolve(toUnavailable(syncLoop.health.error))
    const outcome = commandQueue.add(command, environment.elapsedMs())
    this.#scheduleExpiry()
    syncLoop.wake()
    return outcome
  }

  processDue(): void {
    this.#dependencies.syncLoop.wake()
  }

  /** Without a version something else has happened: a new connection, a loss, or another node needs a snapshot. */
  onAppended(version?: number): void {
    const { syncLoop } = this.#dependencies
    if (version !== undefined) return syncLoop.onAppended(version)
    syncLoop.requestRead(false)
    syncLoop.requestHeartbeat()
  }

  /** Queues a command that changes nothing, which is answered once the store was read to its end. */
  async sync(): Promise<SyncOutcome> {
    if (this.#isClosed) return toUnavailable(closedError())
    return this.execute({ commandId: null, toCommand: () => null, detailsOf: null })
  }

  track<Value>(promise: Promise<Value>): Promise<Value> {
    this.#tracked.add(promise)
    const untrack = () => this.#tracked.delete(promise)
    promise.then(untrack, untrack)
    return promise
  }

  async idle(): Promise<void> {
    do {
      await Promise.allSettled(this.#tracked)
      await this.#dependencies.syncLoop.idle()
    } while (this.#tracked.size > 0)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.idle()
    for (const cancel of this.#cancelTimers) cancel()
    this.#cancelExpiry?.()
    this.#dependencies.syncLoop.close()
    await this.#dependencies.syncLoop.leave()
    this.#dependencies.wakeUpTimer.cancel()
  }

  /** Sets the timer for the next deadline that this node ticks, also one that has passed already. */
  scheduleWakeUp(): void {
    const { wakeUpTimer, clock, syncLoop } = this.#dependencies
    if (this.#isClosed) return
    if (clock.offsetMs !== this.#clockOffsetMs) wakeUpTimer.cancel()
    this.#clockOffsetMs = clock.offsetMs
    const deadlineAt = syncLoop.nextDeadlineAt()
    const now = clock.now()
    if (deadlineAt !== null) wakeUpTimer.scheduleAt(deadlineAt <= now ? now + overdueRetryMs : deadlineAt)
  }

  /** Refuses commands that wait for too long, also while the store answers and nothing wakes the loop. */
  #scheduleExpiry(): void {
    const { syncLoop, commandQueue, environment, options } = this.#dependencies
    const [oldest] = this.#cancelExpiry === null ? commandQueue.first(1) : []
    if (oldest === undefined) return
    const now = environment.elapsedMs()
    const ms = Math.max(expiryIntervalMsMin, oldest.sinceMs + options.commandTimeoutMs - now)
    this.#cancelExpiry = environment.schedule(ms, () => {
      this.#cancelExpiry = null
      const isSuspended = environment.elapsedMs() > now + ms + processSuspendedAfterMs
      if (!isSuspended) syncLoop.refuseExpired(this.#isClosed)
      this.#scheduleExpiry()
    })
  }

  #watch(): void {
    const { syncLoop, storeWatchdog, environment, restartWatch, aggregate } = this.#dependencies
    const now = environment.elapsedMs()
    if (now > this.#nextWatchMs + processSuspendedAfterMs) storeWatchdog.restart()
    if (now > this.#nextWatchMs + staleAfterMs) restartWatch.begin([], aggregate.state.at)
    this.#nextWatchMs = now + (this.#isEmpty() ? idlePollIntervalMs : pollIntervalMs)
    if (storeWatchdog.unansweredMs > staleAfterMs) {
      const message = `the store has not answered for ${Math.round(storeWatchdog.unansweredMs)} ms`
      syncLoop.health.markStale(new DeskError('stale', `${message}: the desk may have changed since`))
    }
    syncLoop.refuseExpired(this.#isClosed)
    this.#watchDeadlines()
    syncLoop.requestRead(true)
    this.scheduleWakeUp()
  }

  /** Returns whether no session is at this node and no request is open or assigned. */
  #isEmpty(): boolean {
    const { aggregate, sessionOwnership } = this.#dependencies
    return aggregate.state.requests.size === 0 && !sessionOwnership.holdsSessions
  }

  #watchDeadlines(): void {
    const { aggregate, clock, syncLoop, options } = this.#dependencies
    const dueAt = aggregate.nextDueAt()
    const isOverdue = dueAt !== null && clock.now() - dueAt > deadlineOverdueMs
    syncLoop.health.watchDeadlines(isOverdue && this.#wasOverdue && options.watchesWrites)
    this.#wasOverdue = isOverdue
  }

  #requestHeartbeat(): void {
    const { sessionOwnership, syncLoop } = this.#dependencies
    const isIdle = this.#isEmpty() && sessionOwnership.otherNodes().length === 0
    this.#heartbeats += 1
    if (!isIdle || syncLoop.health.error !== null || this.#heartbeats % idleHeartbeatsBetween === 0)
      syncLoop.requestHeartbeat()
  }

  #repeat(ms: () => number, act: () => void): void {
    const index = this.#cancelTimers.push(() => {}) - 1
    const schedule = () => {
      this.#cancelTimers[index] = this.#dependencies.environment.schedule(ms(), () => {
        schedule()
        act()
      })
    }
    schedule()
  }
}

export interface OpenNodeOptions {
  readonly aggregate: DeskAggregate
  readonly store: EventStore
  readonly clock: StoreClock
  readonly eventBus: EventBus
  readonly restoreSource: RestoreSource
  readonly environment?: NodeEnvironment | undefined
  readonly options?: Partial<NodeOptions> | undefined
}

/** Opens a node on a store that answers with promises, and reads the store to its end. */
export async function openNodeRuntime(given: OpenNodeOptions): Promise<DeskRuntime> {
  const { aggregate, store, clock, eventBus, restoreSource, environment = systemEnvironment() } = given
  const options = { ...nodeOptionsDefault, ...given.options }
  const sessionOwnership = new SessionOwnership(environment.nodeId)
  const snapshot = await restoreFromStore(aggregate, restoreSource)
  sessionOwnership.restore(snapshot?.state.nodes ?? [])
  const repairBuffer = new RepairBuffer(options.repairBufferEntriesMin)
  const snapshotScheduler = new SnapshotScheduler({
    aggregate,
    store,
    eventBus,
    entriesBetweenMin: options.entriesBetweenSnapshotsMin,
    sessionOwners: () => sessionOwnership.toSessionOwners(),
  })
  let runtime: NodeRuntime | null = null
  const context: NodeContext = {
    aggregate,
    store,
    clock,
    eventBus,
    commandQueue: new CommandQueue(),
    speculativeState: new SpeculativeState(aggregate, repairBuffer),
    repairBuffer,
    sessionOwnership,
    storeWatchdog: new StoreWatchdog(environment),
    restartWatch: new RestartWatch(environment),
    roll: new Roll(),
    writerRotation: new WriterRotation(environment),
    environment,
    options,
    onAdvanced: () => {
      snapshotScheduler.saveWhenDue()
      runtime?.scheduleWakeUp()
    },
    saveSnapshot: () => snapshotScheduler.saveNow(),
  }
  const syncLoop = new SyncLoop(context)
  await syncLoop.open()
  snapshotScheduler.scheduleAfter(aggregate.version)
  runtime = new NodeRuntime({ ...context, syncLoop, wakeUpTimer: new WakeUpTimer(clock, () => syncLoop.wake()) })
  return runtime
}
