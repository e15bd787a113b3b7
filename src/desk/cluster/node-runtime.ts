import { DeskError } from '../../core'
import type { EventStore } from '../../store'
import type { Outcome } from '../api/outcome'
import type { EventBus } from '../events/event-bus'
import type { StoreClock } from '../runtime/clock'
import { WakeUpTimer } from '../runtime/clock'
import type { DeskAggregate } from '../runtime/desk-aggregate'
import type { DeskRuntime, QueuedCommand } from '../runtime/desk-runtime'
import { type RestoreSource, restoreFromStore, SnapshotScheduler } from '../runtime/desk-snapshot'
import { SpeculativeState } from './batch-builder'
import { RepairBuffer } from './catch-up'
import { CommandQueue } from './command-queue'
import { type NodeEnvironment, type NodeOptions, nodeOptionsDefault, systemEnvironment } from './environment'
import type { NodeContext } from './node-context'
import { StoreWatchdog } from './node-health'
import { SessionOwnership } from './session-ownership'
import { SyncLoop } from './sync-loop'
import { WriterRotation } from './writer-rotation'

export interface NodeRuntimeDependencies extends NodeContext {
  readonly syncLoop: SyncLoop
  /** Wakes the loop at the earliest deadline. */
  readonly wakeUpTimer: WakeUpTimer
}

/** How often the log is looked at without a reason: with people or requests at the desk, and without. */
const pollIntervalMs = 1_000
const idlePollIntervalMs = 5_000
/** A log that has not answered for so long: nobody knows what has happened since. */
const staleAfterMs = 3_000
const heartbeatIntervalMs = 3_000
/** A watch that comes so late was not late alone: the whole process stood still. */
const processSuspendedAfterMs = 1_000
/** When to try again what was due and could not be done at once. */
const overdueRetryMs = 50

/** The desk's side of a node whose log needs promises: takes commands, watches over the log, and closes. */
export class NodeRuntime implements DeskRuntime {
  readonly #parts: NodeRuntimeDependencies
  readonly #outside = new Set<Promise<unknown>>()
  readonly #leave: (() => void)[] = []
  #isClosed = false
  #aheadMs = 0
  #nextWatchMs: number

  constructor(parts: NodeRuntimeDependencies) {
    this.#parts = parts
    this.#nextWatchMs = parts.environment.elapsedMs() + idlePollIntervalMs
    this.#every(
      () => (this.#isEmpty() ? idlePollIntervalMs : pollIntervalMs),
      () => this.#watch(),
    )
    this.#every(
      () => heartbeatIntervalMs,
      () => this.#callRoll(),
    )
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  execute(task: QueuedCommand): Promise<Outcome> {
    const { syncLoop, commandQueue, environment } = this.#parts
    if (syncLoop.health.error !== null) return Promise.reject(syncLoop.health.error)
    const answer = commandQueue.add(task, environment.elapsedMs())
    syncLoop.wake()
    return answer
  }

  processDue(): void {
    this.#parts.syncLoop.wake()
  }

  onAppended(version?: number): void {
    if (version === undefined) this.#parts.syncLoop.requestRead(false)
    else this.#parts.syncLoop.onAppended(version)
  }

  /** Its answer changes nothing, so it comes when the log has been seen to its end. */
  async sync(): Promise<void> {
    await this.execute({ commandId: null, toCommand: () => null, detailsOf: null })
  }

  track<Value>(outside: Promise<Value>): Promise<Value> {
    this.#outside.add(outside)
    const gone = () => this.#outside.delete(outside)
    outside.then(gone, gone)
    return outside
  }

  async idle(): Promise<void> {
    do {
      await Promise.allSettled(this.#outside)
      await this.#parts.syncLoop.idle()
    } while (this.#outside.size > 0)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.idle()
    for (const leave of this.#leave) leave()
    this.#parts.syncLoop.close()
    this.#parts.wakeUpTimer.cancel()
  }

  /** Sets the timer for the deadline that is this node's to see to, also one that has passed already. */
  scheduleWakeUp(): void {
    const { wakeUpTimer, clock, syncLoop } = this.#parts
    if (this.#isClosed) return
    if (clock.offsetMs !== this.#aheadMs) wakeUpTimer.cancel()
    this.#aheadMs = clock.offsetMs
    const turnAt = syncLoop.nextDeadlineAt()
    const now = clock.now()
    if (turnAt !== null) wakeUpTimer.scheduleAt(turnAt <= now ? now + overdueRetryMs : turnAt)
  }

  #watch(): void {
    const { syncLoop, storeWatchdog, environment } = this.#parts
    const now = environment.elapsedMs()
    if (now > this.#nextWatchMs + processSuspendedAfterMs) storeWatchdog.restart()
    this.#nextWatchMs = now + (this.#isEmpty() ? idlePollIntervalMs : pollIntervalMs)
    if (storeWatchdog.unansweredMs > staleAfterMs) {
      const silent = `the log has not answered for ${Math.round(storeWatchdog.unansweredMs)} ms`
      const told = `${silent}: nobody knows what has happened since`
      syncLoop.health.markStale(new DeskError('stale', told))
    }
    syncLoop.rejectExpired()
    syncLoop.requestRead(true)
    this.scheduleWakeUp()
  }

  /** Nobody is here and nothing is open. */
  #isEmpty(): boolean {
    const { aggregate, sessionOwnership } = this.#parts
    return aggregate.state.requests.size === 0 && !sessionOwnership.holdsSessions
  }

  #callRoll(): void {
    const { sessionOwnership, syncLoop } = this.#parts
    if (sessionOwnership.holdsSessions || sessionOwnership.otherNodes().length > 0) syncLoop.requestHeartbeat()
  }

  #every(ms: () => number, act: () => void): void {
    const index = this.#leave.push(() => {}) - 1
    const arm = () => {
      this.#leave[index] = this.#parts.environment.schedule(ms(), () => {
        arm()
        act()
      })
    }
    arm()
  }
}

export interface OpenNodeOptions {
  readonly aggregate: DeskAggregate
  readonly store: EventStore
  readonly clock: StoreClock
  readonly eventBus: EventBus
  readonly restoreSource: RestoreSource
  /** Another state has taken the place of the kernel's. */
  readonly onStateReplaced: () => void
  readonly environment?: NodeEnvironment | undefined
  readonly options?: Partial<NodeOptions> | undefined
}

/** A node on a log that needs promises, which has read the log to its end. */
export async function openNodeRuntime(parts: OpenNodeOptions): Promise<DeskRuntime> {
  const { aggregate, store, clock, eventBus, restoreSource, onStateReplaced, environment = systemEnvironment() } = parts
  const options = { ...nodeOptionsDefault, ...parts.options }
  const sessionOwnership = new SessionOwnership(environment.nodeId)
  const newest = await restoreFromStore(aggregate, restoreSource)
  sessionOwnership.restore(newest?.state.nodes ?? [])
  const repairBuffer = new RepairBuffer(options.repairBufferEntriesMin)
  const schedule = {
    entriesBetweenMin: options.entriesBetweenSnapshotsMin,
    sessionOwners: () => sessionOwnership.toSessionOwners(),
  }
  const keeper = new SnapshotScheduler({ aggregate, store, eventBus, ...schedule })
  const onAdvanced = () => {
    keeper.saveWhenDue()
    dispatch?.scheduleWakeUp()
  }
  const shared = {
    aggregate,
    store,
    clock,
    eventBus,
    repairBuffer,
    sessionOwnership,
    environment,
    options,
    onAdvanced,
    onStateReplaced,
  }
  const own = { commandQueue: new CommandQueue(), speculativeState: new SpeculativeState(aggregate, repairBuffer) }
  const loopParts: NodeContext = {
    ...shared,
    ...own,
    storeWatchdog: new StoreWatchdog(environment),
    writerRotation: new WriterRotation(environment),
  }
  const loop = new SyncLoop(loopParts)
  let dispatch: NodeRuntime | null = null
  await loop.open()
  keeper.scheduleAfter(aggregate.version)
  const alarm = new WakeUpTimer(clock, () => loop.wake())
  dispatch = new NodeRuntime({ ...loopParts, syncLoop: loop, wakeUpTimer: alarm })
  return dispatch
}
