import { DeskError, errorMessageOf } from '../../core'
import type { StoreEntry } from '../../store'
import { type QueuedCommand, resumeCommand } from '../runtime/desk-runtime'
import { CatchUp, type RebuiltState, rebuild } from './catch-up'
import { EntryApplier } from './entry-applier'
import { pause, Waiter } from './environment'
import { GroupCommit } from './group-commit'
import { Heartbeats } from './heartbeats'
import type { NodeContext } from './node-context'
import { isStoreCorruptionOrClosed, NodeHealth, WriteWatchdog } from './node-health'

/**
 * After a failure or a loss this node appends nothing for so long, so that other nodes put back first what they hold;
 * and for longer, while a node on the roll may hold more.
 */
const repairGraceMs = 250
const retryMsMax = 1_000

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
  readonly #writeWatchdog: WriteWatchdog
  readonly #heartbeats: Heartbeats
  #mustRead = false
  #mustSync = false
  #mustSendHeartbeat = false
  #isThorough = false
  #isClosed = false
  /** The newest version that a notification of the store has named. */
  #notifiedVersion = 0
  readonly #waiter: Waiter
  #idleWaiters: (() => void)[] = []
  #failures = 0
  #failure: unknown
  #isFailureReported = false
  #isCommitting = false

  constructor(context: NodeContext) {
    const { aggregate, eventBus, commandQueue, clock, options } = context
    this.#context = context
    this.#waiter = new Waiter(context.environment)
    this.health = new NodeHealth({ aggregate, eventBus, commandQueue, now: () => clock.now() })
    this.#entryApplier = new EntryApplier(context, (command) => this.enqueue(command))
    const apply = (entry: StoreEntry) => {
      context.restartWatch.observeEntry(entry)
      this.#entryApplier.apply(entry)
    }
    const replaceState = (rebuilt: RebuiltState) => this.#entryApplier.replaceState(rebuilt)
    this.#catchUp = new CatchUp({ ...context, apply, replaceState, repairsStore: options.repairsStore })
    this.#groupCommit = new GroupCommit(context, apply)
    this.#writeWatchdog = new WriteWatchdog(context.environment)
    this.#heartbeats = new Heartbeats({
      ...context,
      health: this.health,
      needsSnapshot: () => this.#catchUp.needsSnapshot,
      enqueue: (command) => this.enqueue(command),
    })
  }

  /**
   * Reads the store to its end, then starts the loop. The store may have lost entries a moment ago: then this node
   * writes nothing before the nodes on the roll have put back what they hold, or a quarter of a second where the store
   * is empty. @throws what the store throws.
   */
  async open(): Promise<void> {
    const { aggregate, sessionOwnership, restartWatch, roll } = this.#context
    await this.#heartbeats.send()
    const { incarnation } = roll
    await this.#heartbeats.readWithHelp(() => this.#runCatchUp(true))
    roll.markSynced(incarnation)
    const alive = await this.#heartbeats.send()
    this.#mustSync = aggregate.version === 0 || !this.#isRollComplete
    if (this.#mustSync) await this.#sync().catch(() => {}) // the loop tries again
    if (this.#heartbeats.showRestart(alive)) this.enqueue(resumeCommand)
    else restartWatch.begin(sessionOwnership.otherNodes(), aggregate.state.at)
    void this.#run()
  }

  get #isRollComplete(): boolean {
    return this.#context.roll.isComplete || !this.#context.options.awaitsRoll
  }

  async #runCatchUp(isThorough: boolean): Promise<boolean> {
    const hasLost = await this.#context.storeWatchdog.watch(() => this.#catchUp.run(isThorough))
    this.#writeWatchdog.recordRead()
    return hasLost
  }

  /** Adds a command of the node itself, whose outcome is ignored. */
  enqueue(command: QueuedCommand): void {
    void this.#context.commandQueue.add(command, this.#context.environment.elapsedMs(), true)
    this.wake()
  }

  /** Makes a waiting loop look for its next step. */
  wake(): void {
    this.#waiter.wake()
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

  leave(): Promise<void> {
    return this.#failures > 0 ? Promise.resolve() : this.#heartbeats.leave()
  }

  /** Makes the loop send the node's heartbeat and check those of the other nodes. */
  requestHeartbeat(): void {
    this.#mustSendHeartbeat = true
    this.wake()
  }

  /** Refuses the commands that have waited for too long; reports that once. */
  refuseExpired(isClosing: boolean): void {
    const { commandQueue, environment, eventBus, options } = this.#context
    const isFailing = this.#failures > 0
    const ms = options.commandTimeoutMs
    const expired = commandQueue.expired(environment.elapsedMs() - ms, isClosing)
    if (expired.length === 0) return
    const finding = isFailing ? 'has been failing' : 'has accepted no entry of this node'
    const error = new DeskError('store-failed', `the store ${finding} for ${ms} ms`, this.#failure)
    for (const each of expired) commandQueue.refuse(each, error)
    if (this.#isFailureReported) return
    this.#isFailureReported = true
    eventBus.emit('error', error)
  }

  /** Resolves when no step is due, or when the node is stale and no caller waits. */
  idle(): Promise<void> {
    if (this.#isClosed || this.#isStuck() || (this.#waiter.isWaiting && this.#next() === null)) return Promise.resolve()
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
    return this.health.error !== null && !this.#context.commandQueue.hasCallers
  }

  #resolveIdleWaiters(): void {
    for (const resolve of this.#idleWaiters.splice(0)) resolve()
  }

  async #waitForWork(): Promise<void> {
    this.#context.onAdvanced()
    const woken = this.#waiter.wait()
    this.#resolveIdleWaiters()
    await woken
  }

  #next(): (() => Promise<unknown>) | null {
    if (this.health.isFinal) return null
    if (this.#mustSync) return this.#sync
    // While the store refuses writes, the deadlines that are due show whether it takes them again.
    const isCurrent = this.health.error === null || this.health.error.code === 'stale'
    const mayCommit = isCurrent && this.#groupCommit.hasWork
    if (this.#groupCommit.hasTurn && mayCommit) return this.#commit
    const isBehind = this.#notifiedVersion > this.#context.aggregate.version
    if (this.#mustRead || (isBehind && !(mayCommit && this.#groupCommit.readsByAppend))) return this.#read
    if (this.#mustSendHeartbeat) return this.#sendHeartbeat
    return mayCommit ? this.#commit : null
  }

  async #commit(): Promise<void> {
    this.#isCommitting = true
    const followUp = await this.#groupCommit.commit()
    this.#isCommitting = false
    this.#failures = 0
    this.#writeWatchdog.recordAppend()
    this.#isFailureReported = false
    if (followUp === 'read') this.#mustRead = true
    if (followUp === 'sync') this.#mustSync = true
    if (followUp === 'wait') return this.#waiter.waitAtMost(this.#groupCommit.waitMs())
    this.#context.onAdvanced()
  }

  async #read(): Promise<void> {
    const { commandQueue } = this.#context
    const { lastSequence } = commandQueue
    const isThorough = this.#isThorough || this.health.error !== null
    this.#mustRead = false
    this.#isThorough = false
    this.#notifiedVersion = 0
    this.#mustSync = await this.#runCatchUp(isThorough)
    if (!this.#mustSync) commandQueue.markSyncedUpTo(lastSequence)
    if (isThorough) this.#markRecovered()
  }

  /**
   * After a failure or a loss: catches up, lets other nodes repair the store, reads again; then every outcome is known.
   */
  async #sync(): Promise<void> {
    const { store, environment, commandQueue, storeWatchdog, roll } = this.#context
    this.#entryApplier.holdOutcomes()
    do {
      const { incarnation } = roll
      await this.#runCatchUp(true)
      roll.markSynced(incarnation)
      await this.#sendHeartbeat()
      if (roll.incarnation === incarnation) await pause(environment, repairGraceMs)
    } while (!this.#isRollComplete && !this.#isClosed)
    const { lastSequence } = commandQueue
    await this.#runCatchUp(true)
    if (this.#entryApplier.hasHeldOutcomes) await storeWatchdog.watch(() => store.barrier())
    this.#mustSync = false
    commandQueue.markSyncedUpTo(lastSequence)
    this.#entryApplier.releaseOutcomes()
    this.#recordWrite()
    this.#markRecovered()
  }

  #markRecovered(): void {
    const { restartWatch, aggregate } = this.#context
    const { isFailing } = this.#writeWatchdog
    if (this.health.markRead(isFailing)) restartWatch.begin([], aggregate.state.at)
    if (!isFailing && !this.health.isOverdue) this.health.markRecovered()
  }

  /** Another incarnation of the backend may have lost entries. */
  async #sendHeartbeat(): Promise<void> {
    const { incarnation } = this.#context.roll
    this.#mustSendHeartbeat = false
    await this.#heartbeats.send()
    if (!this.#isRollComplete) this.#mustSync = true
    if (this.#context.roll.incarnation !== incarnation) this.#writeWatchdog.recordAppend()
    this.#recordWrite()
  }

  #recordWrite(): void {
    this.#writeWatchdog.recordHeartbeat(this.health.error !== null || this.#groupCommit.hasWork)
    if (!this.#writeWatchdog.isFailing) this.#failures = 0
  }

  /** Syncs after a failed call, whose outcome is unknown; a damaged or closed store makes the node stale instead. */
  async #onFailure(error: unknown): Promise<void> {
    const { speculativeState, environment } = this.#context
    speculativeState.discard()
    if (error instanceof DeskError && isStoreCorruptionOrClosed(error)) {
      this.#mustSync = false
      this.health.markStale(error)
      this.#entryApplier.releaseOutcomes()
      if (this.#catchUp.needsSnapshot) this.#mustSendHeartbeat = true
      return this.#undoPartialEntry()
    }
    this.#failures += 1
    this.#failure = error
    this.#mustSync = true
    this.#writeWatchdog.recordFailure(this.#isCommitting)
    this.#isCommitting = false
    if (this.#writeWatchdog.isRefused && this.#context.options.watchesWrites)
      this.health.markStale(
        new DeskError('stale', `the store can be read, and refuses to be written: ${errorMessageOf(error)}`, error),
      )
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
