import { DeskError } from '../../core'
import type { StoreEntry } from '../../store'
import { type QueuedCommand, resumeCommand } from '../runtime/desk-runtime'
import { CatchUp, type RebuiltState, rebuild } from './catch-up'
import { commandTimeoutMs } from './command-queue'
import { EntryApplier } from './entry-applier'
import { pause } from './environment'
import { GroupCommit } from './group-commit'
import type { NodeContext } from './node-context'
import { heartbeatTtlMs, NodeHealth } from './node-health'

/**
 * After a failure or a loss this node appends nothing for so long: other nodes put back the entries they hold first.
 */
const repairGraceMs = 250
const retryMsMax = 1_000
/** When a deadline is overdue by more than this, no node has the desk open. */
const deadlineOverdueMs = 3_000

/**
 * Runs all steps of a node on its store, one at a time: appending, reading, repairing and rebuilding never overlap.
 * Commands that arrive meanwhile wait and are appended together.
 */
export class SyncLoop {
  readonly health: NodeHealth
  readonly #context: NodeContext
  readonly #entryApplier: EntryApplier
  readonly #catchUp: CatchUp
  readonly #groupCommit: GroupCommit
  #mustRead = false
  #mustSync = false
  #mustSendHeartbeat = false
  #isThorough = false
  #isClosed = false
  #isWaiting = false
  /** The newest version that a notification of the store has named. */
  #notifiedVersion = 0
  #wakeUp: () => void = () => {}
  #idleWaiters: (() => void)[] = []
  #failures = 0
  #failure: unknown
  #isFailureReported = false

  constructor(context: NodeContext) {
    const { aggregate, eventBus, commandQueue, clock, options } = context
    this.#context = context
    this.health = new NodeHealth({ aggregate, eventBus, commandQueue, now: () => clock.now() })
    this.#entryApplier = new EntryApplier(context, (command) => this.enqueue(command))
    const apply = (entry: StoreEntry) => {
      context.restartWatch.observeEntry(entry)
      this.#entryApplier.apply(entry)
    }
    const replaceState = (rebuilt: RebuiltState) => this.#entryApplier.replaceState(rebuilt)
    this.#catchUp = new CatchUp({ ...context, apply, replaceState, repairsStore: options.repairsStore })
    this.#groupCommit = new GroupCommit(context, apply)
  }

  /**
   * Reads the store to its end, then starts the loop. An empty store may just have lost all entries: then this node
   * writes nothing before the nodes that hold the entries have had time to put them back. @throws what the store
   * throws.
   */
  async open(): Promise<void> {
    const { storeWatchdog, aggregate, sessionOwnership, restartWatch } = this.#context
    await storeWatchdog.watch(() => this.#catchUp.run(true))
    this.#mustSync = aggregate.version === 0
    const alive = await this.#sendHeartbeat()
    if (this.#isRestart(alive)) this.enqueue(resumeCommand)
    else restartWatch.begin(sessionOwnership.otherNodes(), aggregate.state.at)
    void this.#run()
  }

  /** Returns whether no node had the desk open until now: none that owns sessions lives, or deadlines are overdue. */
  #isRestart(alive: readonly string[] | null): boolean {
    const { sessionOwnership, aggregate, clock } = this.#context
    const owners = sessionOwnership.otherNodes()
    if (alive !== null && alive.length > 0) return false
    const dueAt = aggregate.nextDueAt()
    return (alive !== null && owners.length > 0) || (dueAt !== null && dueAt + deadlineOverdueMs < clock.now())
  }

  /** Adds a command of the node itself, whose outcome is ignored. */
  enqueue(command: QueuedCommand): void {
    void this.#context.commandQueue.add(command, this.#context.environment.elapsedMs())
    this.wake()
  }

  /** Makes a waiting loop look for its next step. */
  wake(): void {
    this.#wakeUp()
  }

  /** Makes the loop read the store. */
  requestRead(isThorough: boolean): void {
    this.#mustRead = true
    this.#isThorough ||= isThorough
    this.wake()
  }

  /** Returns when this node ticks the earliest deadline. */
  nextDeadlineAt(): number | null {
    return this.#groupCommit.nextDeadlineAt()
  }

  /** Receives a notification of the store: the entry was applied by this node already, or is read next. */
  onAppended(version: number): void {
    this.#notifiedVersion = Math.max(this.#notifiedVersion, version)
    this.wake()
  }

  /** Makes the loop send the node's heartbeat and check those of the other nodes. */
  requestHeartbeat(): void {
    this.#mustSendHeartbeat = true
    this.wake()
  }

  /** Refuses the commands that have waited for too long; reports that once. */
  refuseExpired(): void {
    const { commandQueue, environment, eventBus } = this.#context
    const isFailing = this.#failures > 0
    const expired = commandQueue.expired(environment.elapsedMs(), isFailing)
    if (expired.length === 0) return
    const finding = isFailing ? 'has been failing' : 'has accepted no entry of this node'
    const error = new DeskError('store-failed', `the store ${finding} for ${commandTimeoutMs} ms`, this.#failure)
    for (const each of expired) commandQueue.refuse(each, error)
    if (this.#isFailureReported) return
    this.#isFailureReported = true
    eventBus.emit('error', error)
  }

  /** Resolves when no step is due, or when the node is stale and has no pending command. */
  idle(): Promise<void> {
    if (this.#isClosed || this.#isStuck() || (this.#isWaiting && this.#next() === null)) return Promise.resolve()
    this.wake()
    return new Promise((resolve) => this.#idleWaiters.push(resolve))
  }

  close(): void {
    this.#isClosed = true
    this.wake()
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      const step = this.#next() ?? this.#waitForWork
      await step.call(this).catch((error: unknown) => this.#onFailure(error))
      if (this.#isStuck()) this.#resolveIdleWaiters()
    }
    this.#resolveIdleWaiters()
  }

  #isStuck(): boolean {
    return this.health.error !== null && this.#context.commandQueue.size === 0
  }

  #resolveIdleWaiters(): void {
    for (const resolve of this.#idleWaiters.splice(0)) resolve()
  }

  async #waitForWork(): Promise<void> {
    this.#isWaiting = true
    this.#context.onAdvanced()
    this.#resolveIdleWaiters()
    await new Promise<void>((resolve) => {
      this.#wakeUp = () => {
        this.#isWaiting = false
        this.#wakeUp = () => {}
        resolve()
      }
    })
  }

  #next(): (() => Promise<unknown>) | null {
    if (this.health.isFinal) return null
    if (this.#mustSync) return this.#sync
    const mayCommit = this.health.error === null && this.#groupCommit.hasWork
    if (this.#groupCommit.hasTurn && mayCommit) return this.#commit
    const isBehind = this.#notifiedVersion > this.#context.aggregate.version
    if (this.#mustRead || (isBehind && !(mayCommit && this.#groupCommit.readsByAppend))) return this.#read
    if (this.#mustSendHeartbeat) return this.#sendHeartbeat
    return mayCommit ? this.#commit : null
  }

  async #commit(): Promise<void> {
    const followUp = await this.#groupCommit.commit()
    this.#failures = 0
    this.#isFailureReported = false
    if (followUp === 'read') this.#mustRead = true
    if (followUp === 'sync') this.#mustSync = true
    if (followUp === 'wait') return this.#waitForTurn()
    this.#context.onAdvanced()
  }

  /** Waits until this node's turn, or until a command or notification wakes the loop. */
  #waitForTurn(): Promise<void> {
    return new Promise((resolve) => {
      const cancelTimer = this.#context.environment.schedule(this.#groupCommit.waitMs(), () => this.#wakeUp())
      this.#wakeUp = () => {
        this.#wakeUp = () => {}
        cancelTimer()
        resolve()
      }
    })
  }

  async #read(): Promise<void> {
    const { commandQueue, storeWatchdog } = this.#context
    const { lastSequence } = commandQueue
    const isThorough = this.#isThorough || this.health.error !== null
    this.#mustRead = false
    this.#isThorough = false
    this.#notifiedVersion = 0
    this.#mustSync = await storeWatchdog.watch(() => this.#catchUp.run(isThorough))
    if (!this.#mustSync) commandQueue.markSyncedUpTo(lastSequence)
    if (isThorough) this.#markRecovered()
  }

  /**
   * After a failure or a loss: catches up, lets other nodes repair the store, reads again; then every outcome is known.
   */
  async #sync(): Promise<void> {
    const { store, environment, commandQueue, storeWatchdog } = this.#context
    this.#entryApplier.holdOutcomes()
    await storeWatchdog.watch(() => this.#catchUp.run(true))
    await pause(environment, repairGraceMs)
    const { lastSequence } = commandQueue
    await storeWatchdog.watch(() => this.#catchUp.run(true))
    if (this.#entryApplier.hasHeldOutcomes) await storeWatchdog.watch(() => store.barrier())
    this.#mustSync = false
    commandQueue.markSyncedUpTo(lastSequence)
    this.#entryApplier.releaseOutcomes()
    this.#markRecovered()
  }

  #markRecovered(): void {
    const { restartWatch, aggregate } = this.#context
    if (this.health.error !== null) restartWatch.begin([], aggregate.state.at)
    this.health.markRecovered()
  }

  /** Returns which of the other nodes that own sessions are alive; `null` for a store without heartbeats. */
  async #sendHeartbeat(): Promise<readonly string[] | null> {
    const { store, clock, sessionOwnership, environment, storeWatchdog, restartWatch } = this.#context
    this.#mustSendHeartbeat = false
    if (store.heartbeat === undefined) return null
    const heartbeat = { node: environment.nodeId, forMs: heartbeatTtlMs, others: sessionOwnership.otherNodes() }
    const sentAt = clock.localNow()
    const { t, alive } = await storeWatchdog.watch(async () => store.heartbeat?.(heartbeat) ?? { t: 0, alive: [] })
    clock.synchronize(t, sentAt)
    const commands = sessionOwnership.endSessionsOfMissingNodes(alive, environment.elapsedMs())
    const mayOthersLive = restartWatch.observeAlive(alive)
    if (!mayOthersLive && restartWatch.isUnknown && commands.length > 0) {
      restartWatch.end()
      this.enqueue(resumeCommand)
    }
    for (const command of commands) this.enqueue(command)
    return alive
  }

  /** Syncs after a failed call, whose outcome is unknown; a damaged or closed store makes the node stale instead. */
  async #onFailure(error: unknown): Promise<void> {
    const { speculativeState, environment } = this.#context
    speculativeState.discard()
    if (error instanceof DeskError && isStoreCorruptionOrClosed(error)) {
      this.#mustSync = false
      this.health.markStale(error)
      this.#entryApplier.releaseOutcomes()
      return this.#undoPartialEntry()
    }
    this.#failures += 1
    this.#failure = error
    this.#mustSync = true
    const ms = Math.min(retryMsMax, 20 * 2 ** this.#failures)
    await pause(environment, ms * (0.5 + environment.random() / 2))
  }

  /** Rebuilds the state without an entry that was applied in part. */
  async #undoPartialEntry(): Promise<void> {
    const { partiallyAppliedVersion } = this.#entryApplier
    if (partiallyAppliedVersion === null) return
    const rebuilt = await rebuild(this.#context.store, partiallyAppliedVersion - 1).catch(() => null)
    if (rebuilt !== null) this.#entryApplier.replaceState(rebuilt)
  }
}

function isStoreCorruptionOrClosed({ code }: DeskError): boolean {
  return code === 'closed' || code === 'store-damaged' || code === 'store-newer-schema'
}
