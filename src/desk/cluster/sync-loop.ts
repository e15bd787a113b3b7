import { DeskError } from '../../core'
import type { StoreEntry } from '../../store'
import type { QueuedCommand } from '../runtime/desk-runtime'
import type { RebuiltState } from './catch-up'
import { CatchUp, rebuild } from './catch-up'
import { EntryApplier } from './entry-applier'
import { pause } from './environment'
import { GroupCommit } from './group-commit'
import type { NodeContext } from './node-context'
import { NodeHealth, toCommandError } from './node-health'

/** After a failure or a loss nobody appends for so long: nodes that hold more than the log does put that back first. */
const repairGraceMs = 250
const retryMsMax = 1_000
/** Who waits for an answer while the log fails waits no longer than this. */
const commandTimeoutMs = 5_000
/** How long a node's sign of life lasts. */
const heartbeatTtlMs = 10_000

/**
 * All that a node does with its log, one thing at a time: appending, reading, healing and folding anew never meet in
 * the middle. What comes in meanwhile waits and is appended together.
 */
export class SyncLoop {
  readonly health: NodeHealth
  readonly #parts: NodeContext
  readonly #taking: EntryApplier
  readonly #history: CatchUp
  readonly #commits: GroupCommit
  #mustRead = false
  #mustSync = false
  #mustCall = false
  #isThorough = false
  #isOver = false
  #isResting = false
  /** The newest version that the log's bell has spoken of. */
  #rungFor = 0
  #wakeUp: () => void = () => {}
  #onceAtRest: (() => void)[] = []
  #failures = 0
  #failure: unknown

  constructor(parts: NodeContext) {
    const { aggregate, eventBus, commandQueue, clock } = parts
    this.#parts = parts
    this.health = new NodeHealth({ aggregate, eventBus, commandQueue, now: () => clock.now() })
    this.#taking = new EntryApplier(parts, (task) => this.enqueue(task))
    const take = (entry: StoreEntry) => this.#taking.apply(entry)
    const swap = (aside: RebuiltState) => this.#taking.replaceState(aside)
    this.#history = new CatchUp({ ...parts, apply: take, replaceState: swap, repairsStore: parts.options.repairsStore })
    this.#commits = new GroupCommit(parts, take)
  }

  /**
   * Reads the log to its end before anything else. An empty one may have lost everything a moment ago: then nothing is
   * written before the nodes that hold it had time to put it back. @throws what is wrong with the log.
   */
  async open(): Promise<void> {
    const { storeWatchdog, aggregate } = this.#parts
    await storeWatchdog.watch(() => this.#history.run(true))
    this.#mustSync = aggregate.version === 0
    await this.#callRoll()
    void this.#run()
  }

  /** A command of the node's own, whose answer nobody waits for. */
  enqueue(task: QueuedCommand): void {
    this.#parts.commandQueue.add(task, this.#parts.environment.elapsedMs()).catch(() => {})
    this.wake()
  }

  /** There is something to do, or there may be. */
  wake(): void {
    this.#wakeUp()
  }

  /** Reads the log soon, in any case. */
  requestRead(isThorough: boolean): void {
    this.#mustRead = true
    this.#isThorough ||= isThorough
    this.wake()
  }

  /** When this node sees to the earliest deadline. */
  nextDeadlineAt(): number | null {
    return this.#commits.nextDeadlineAt()
  }

  /** The log's bell has rung: for an entry that this node has taken already, or for one that it has to read. */
  onAppended(version: number): void {
    this.#rungFor = Math.max(this.#rungFor, version)
    this.wake()
  }

  /** Leaves a sign of life and asks for the others' soon. */
  requestHeartbeat(): void {
    this.#mustCall = true
    this.wake()
  }

  /** Gives up what has waited for too long while the log fails. */
  rejectExpired(): void {
    const { commandQueue, environment } = this.#parts
    if (this.#failures === 0) return
    const error = new DeskError('store-failed', `the log has been failing for ${commandTimeoutMs} ms`, this.#failure)
    for (const waiting of commandQueue.first(commandQueue.size)) {
      if (environment.elapsedMs() - waiting.sinceMs >= commandTimeoutMs)
        commandQueue.reject(waiting, toCommandError(waiting, error))
    }
  }

  /** Resolves when there is nothing to do, or nothing that can be done. */
  idle(): Promise<void> {
    if (this.#isOver || this.#isStuck() || (this.#isResting && this.#next() === null)) return Promise.resolve()
    this.wake()
    return new Promise((resolve) => this.#onceAtRest.push(resolve))
  }

  close(): void {
    this.#isOver = true
    this.wake()
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      const step = this.#next()
      if (step === null) await this.#rest()
      else await step.call(this).catch((error: unknown) => this.#failed(error))
      if (this.#isStuck()) this.#tellAtRest()
    }
    this.#tellAtRest()
  }

  #isStuck(): boolean {
    return this.health.error !== null && this.#parts.commandQueue.size === 0
  }

  #tellAtRest(): void {
    for (const resolve of this.#onceAtRest.splice(0)) resolve()
  }

  #rest(): Promise<void> {
    this.#isResting = true
    this.#parts.onAdvanced()
    this.#tellAtRest()
    return new Promise((resolve) => {
      this.#wakeUp = () => {
        this.#isResting = false
        this.#wakeUp = () => {}
        resolve()
      }
    })
  }

  #next(): (() => Promise<void>) | null {
    if (this.health.isFinal) return null
    if (this.#mustSync) return this.#sync
    if (this.#mustRead || this.#rungFor > this.#parts.aggregate.version) return this.#read
    if (this.#mustCall) return this.#callRoll
    return this.health.error === null && this.#commits.hasWork ? this.#commit : null
  }

  async #commit(): Promise<void> {
    const after = await this.#commits.commit()
    this.#failures = 0
    if (after === 'read') this.#mustRead = true
    if (after === 'sync') this.#mustSync = true
    if (after === 'wait') return this.#waitForTurn()
    this.#parts.onAdvanced()
  }

  /** Until then, or until something comes that may change whose turn it is. */
  #waitForTurn(): Promise<void> {
    return new Promise((resolve) => {
      const leave = this.#parts.environment.schedule(this.#commits.waitMs(), () => this.#wakeUp())
      this.#wakeUp = () => {
        this.#wakeUp = () => {}
        leave()
        resolve()
      }
    })
  }

  async #read(): Promise<void> {
    const { commandQueue, storeWatchdog } = this.#parts
    const { lastSequence } = commandQueue
    const isThorough = this.#isThorough || this.health.error !== null
    this.#mustRead = false
    this.#isThorough = false
    this.#rungFor = 0
    this.#mustSync = await storeWatchdog.watch(() => this.#history.run(isThorough))
    if (!this.#mustSync) commandQueue.markSyncedUpTo(lastSequence)
    if (isThorough) this.health.markRecovered()
  }

  /** After a failure or a loss: catches up, lets others heal, looks again; only then what was unknown is known. */
  async #sync(): Promise<void> {
    const { store, environment, commandQueue, storeWatchdog } = this.#parts
    this.#taking.holdOutcomes()
    await storeWatchdog.watch(() => this.#history.run(true))
    await pause(environment, repairGraceMs)
    const { lastSequence } = commandQueue
    await storeWatchdog.watch(() => this.#history.run(true))
    if (this.#taking.hasHeldOutcomes) await storeWatchdog.watch(() => store.barrier())
    this.#mustSync = false
    commandQueue.markSyncedUpTo(lastSequence)
    this.#taking.releaseOutcomes()
    this.health.markRecovered()
  }

  async #callRoll(): Promise<void> {
    const { store, clock, sessionOwnership, environment, storeWatchdog } = this.#parts
    this.#mustCall = false
    if (store.heartbeat === undefined) return
    const call = { node: environment.nodeId, forMs: heartbeatTtlMs, others: sessionOwnership.otherNodes() }
    const sentAt = clock.localNow()
    const { t, alive } = await storeWatchdog.watch(async () => store.heartbeat?.(call) ?? { t: 0, alive: [] })
    clock.synchronize(t, sentAt)
    for (const task of sessionOwnership.onHeartbeat(alive, environment.elapsedMs())) this.enqueue(task)
  }

  /** Whatever failed, what became of what was sent is unknown; what is wrong with the log itself is no such failure. */
  async #failed(error: unknown): Promise<void> {
    const { speculativeState, environment } = this.#parts
    speculativeState.discard()
    if (error instanceof DeskError && isStoreCorruptionOrClosed(error)) {
      this.#mustSync = false
      this.health.markStale(error)
      this.#taking.releaseOutcomes()
      return this.#mend()
    }
    this.#failures += 1
    this.#failure = error
    this.#mustSync = true
    const ms = Math.min(retryMsMax, 20 * 2 ** this.#failures)
    await pause(environment, ms * (0.5 + environment.random() / 2))
  }

  /** A state that holds half an entry is not shown. */
  async #mend(): Promise<void> {
    const { partiallyAppliedVersion } = this.#taking
    if (partiallyAppliedVersion === null) return
    const aside = await rebuild(this.#parts.store, partiallyAppliedVersion - 1).catch(() => null)
    if (aside !== null) this.#taking.replaceState(aside)
  }
}

function isStoreCorruptionOrClosed({ code }: DeskError): boolean {
  return code === 'closed' || code === 'store-damaged' || code === 'store-newer-schema'
}
