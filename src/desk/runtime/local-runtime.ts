import {
  type Command,
  type Decision,
  DeskError,
  type DeskState,
  decide,
  errorMessageOf,
  nextDueAt,
  type RunObserver,
  run,
  runDue,
} from '../../core'
import { shiftTimeAt } from '../../routing'
import type { StorePayload, SynchronousStore } from '../../store'
import { type Outcome, toOutcome, toUnavailable } from '../api/outcome'
import { endCommandOf, type OwnedSession } from '../cluster/session-ownership'
import type { EventBus } from '../events/event-bus'
import { type Clock, WakeUpTimer } from './clock'
import type { DeskAggregate } from './desk-aggregate'
import {
  closedError,
  type DeskRuntime,
  type QueuedCommand,
  type SyncOutcome,
  toDeskError,
  undecidedOutcome,
} from './desk-runtime'
import { type RestoreSource, restoreFromStore, toSnapshotState } from './desk-snapshot'
import { devFreeze } from './dev-freeze'
import { Mailbox } from './mailbox'

export interface LocalRuntimeOptions {
  readonly aggregate: DeskAggregate
  readonly store: SynchronousStore
  readonly clock: Clock
  readonly eventBus: EventBus
}

/** Opens the runtime of a store in this process, and brings the aggregate to the store's newest version. */
export async function openLocalRuntime(options: LocalRuntimeOptions, source: RestoreSource): Promise<LocalRuntime> {
  const isAlone = !options.store.isOpen
  const runtime = new LocalRuntime(options)
  await restoreFromStore(options.aggregate, source)
  await runtime.sync()
  if (isAlone) runtime.resume()
  return runtime
}

/** A command on its way from its turn to its outcome. */
interface Execution {
  readonly command: QueuedCommand
  /** The desk's time at its turn. */
  readonly at: number
  /** The outcome of the command, once its events are in the store. */
  outcome: Outcome | null
  /** The store's clock has not reached the deadlines that are due. */
  isEarly: boolean
  /** The store refused an entry: another desk of this process appended first, or a deadline is early. */
  isRefused: boolean
}

const entriesPerReadMax = 1_000
/** How long to wait before a deadline is tried again that the store's clock finds early. */
const earlyDeadlineRetryMs = 50

/**
 * Executes commands one after another on a store in this process. A command is decided, appended, folded and emitted
 * inside the call, without a promise, and so are the deadlines that are due before and after it.
 */
export class LocalRuntime implements DeskRuntime {
  isClosed = false
  readonly #parts: LocalRuntimeOptions
  readonly #mailbox = new Mailbox()
  readonly #pending = new Set<Promise<unknown>>()
  readonly #wakeUpTimer: WakeUpTimer
  readonly #detachFromStore: () => void
  readonly #observer: RunObserver
  #execution: Execution = { command: dueOnly, at: 0, outcome: null, isEarly: false, isRefused: false }
  #isAppending = false
  #isCatchingUp = false

  constructor(parts: LocalRuntimeOptions) {
    const { aggregate, store, clock } = parts
    this.#parts = parts
    this.#wakeUpTimer = new WakeUpTimer(clock, () => this.processDue())
    const snapshotSource = { version: () => aggregate.version, state: () => toSnapshotState(aggregate) }
    this.#detachFromStore = store.attachSnapshotSource(snapshotSource)
    this.#observer = {
      shiftTimeAt,
      onDecision: this.#append,
      onEvent: aggregate.recordEvent,
      onFolded: aggregate.endEntry,
    }
  }

  get isBusy(): boolean {
    return this.#mailbox.isBusy
  }

  execute(command: QueuedCommand): Promise<Outcome> {
    if (this.#mailbox.isBusy) return this.#mailbox.run(() => this.#perform(command))
    this.#mailbox.isBusy = true
    return this.#mailbox.leave(this.#perform(command))
  }

  /**
   * To be called when no desk has the store open: visitors get the time to come back; the sessions of staff, and those
   * of visitors without a lease, end. Overdue deadlines are processed after opening.
   */
  resume(): void {
    const { aggregate } = this.#parts
    const { state } = aggregate
    const at = aggregate.now()
    this.#execution = { command: dueOnly, at, outcome: null, isEarly: false, isRefused: false }
    const onFolded = () => !aggregate.endEntry()
    const observer = { ...this.#observer, onFolded }
    const commands = [{ type: 'resume', at } as const, ...lostSessions(state).map((each) => endCommandOf(each, at))]
    for (const command of commands) if (decide(state, command).events.length > 0) run(state, command, observer)
  }

  processDue(): void {
    void this.execute(dueOnly)
  }

  onAppended(): void {
    // Entries of this desk are applied by their command.
    if (this.#isAppending || this.#isCatchingUp || this.isClosed) return
    this.#isCatchingUp = true
    this.#mailbox.run(async () => {
      this.#isCatchingUp = false
      await this.#catchUp().catch((cause) => this.#report(cause))
      this.scheduleWakeUp()
    })
  }

  async sync(): Promise<SyncOutcome> {
    if (this.isClosed) return toUnavailable(closedError())
    try {
      await this.#mailbox.run(() => this.#catchUp())
      return undecidedOutcome
    } catch (cause) {
      return toUnavailable(this.#report(cause))
    }
  }

  track<Value>(pending: Promise<Value>): Promise<Value> {
    this.#pending.add(pending)
    const forget = () => this.#pending.delete(pending)
    pending.then(forget, forget)
    return pending
  }

  async idle(): Promise<void> {
    const { aggregate } = this.#parts
    for (let isProcessed = false; ; isProcessed = true) {
      while (this.#pending.size > 0 || this.#mailbox.isBusy) {
        await Promise.allSettled(this.#pending)
        await this.#mailbox.drain()
      }
      if (isProcessed || this.isClosed || !aggregate.isDueAt(aggregate.now())) return
      this.processDue()
    }
  }

  async close(): Promise<void> {
    this.isClosed = true
    await this.idle()
    this.#wakeUpTimer.cancel()
    this.#detachFromStore()
  }

  scheduleWakeUp(): void {
    if (!this.isClosed) this.#wakeUpTimer.scheduleAt(nextDueAt(this.#parts.aggregate.state))
  }

  /** Processes the due deadlines, the command, and the deadlines that are due by it. Never throws. */
  #perform(command: QueuedCommand, begun: Execution | null = null): Outcome | Promise<Outcome> {
    const { aggregate } = this.#parts
    const { state, idempotencyCache } = aggregate
    let execution = begun
    try {
      execution ??= { command, at: aggregate.now(), outcome: null, isEarly: false, isRefused: false }
      this.#execution = execution
      execution.isRefused = false
      runDue(state, execution.at, this.#observer)
      if (execution.isRefused) return this.#performAfterOthers(execution)
      if (execution.outcome !== null) return execution.outcome
      const { commandId } = command
      const known = commandId === null ? undefined : idempotencyCache.get(commandId)
      if (known !== undefined) return known
      const completed = command.toCommand(execution.at, state)
      if (completed === null) return undecidedOutcome
      const decision = run(state, completed, this.#observer)
      if (execution.isRefused) return this.#performAfterOthers(execution)
      if (execution.outcome !== null) return execution.outcome
      const outcome = outcomeOf(decision, command, state)
      if (commandId !== null) idempotencyCache.remember(commandId, outcome)
      return outcome
    } catch (cause) {
      return this.#outcomeOfFailure(cause, execution)
    } finally {
      const dueAt = nextDueAt(state)
      if (dueAt !== null && execution !== null && !this.isClosed) {
        this.#wakeUpTimer.scheduleAt(dueAt <= execution.at ? execution.at + earlyDeadlineRetryMs : dueAt)
      }
    }
  }

  /** Applies the entries of other desks, then continues; when there are none, the store finds the deadlines early. */
  async #performAfterOthers(execution: Execution): Promise<Outcome> {
    try {
      if ((await this.#catchUp()) === 0) {
        if (execution.isEarly) throw new DeskError('store-failed', 'the store refuses an entry that is the next one')
        execution.isEarly = true
      }
    } catch (cause) {
      return this.#outcomeOfFailure(cause, execution)
    }
    return this.#perform(execution.command, execution)
  }

  /** Returns the outcome when an entry with it was appended before the failure; else that nothing was executed. */
  #outcomeOfFailure(cause: unknown, execution: Execution | null): Outcome {
    const error = this.#report(cause)
    return execution?.outcome ?? toUnavailable(error)
  }

  /** Appends a decision. Returns `false`, which ends the run, when the store refuses it or is known to be early. */
  readonly #append = (decision: Decision, { type }: Command): boolean => {
    const { aggregate, store } = this.#parts
    const execution = this.#execution
    const { commandId } = execution.command
    const isTick = type === 'tick'
    if (isTick && execution.isEarly) return false
    const answer = isTick ? execution.outcome : outcomeOf(decision, execution.command, aggregate.state)
    const commands = isTick || commandId === null ? noCommands : [{ id: commandId, outcome: answer }]
    const payload: StorePayload = { schema: 1, commands, events: decision.events }
    this.#isAppending = true
    let version: number | null
    try {
      version = store.appendSync(aggregate.version, { payload, notBeforeAt: isTick ? execution.at : null })
    } catch (cause) {
      throw toStoreError(cause)
    } finally {
      this.#isAppending = false
    }
    execution.isRefused = version === null
    if (version === null) return false
    execution.outcome = answer
    aggregate.beginEntry(version, payload)
    return true
  }

  /** Applies the entries that other desks have appended. Returns how many there were. @throws DeskError */
  async #catchUp(): Promise<number> {
    const { aggregate, store } = this.#parts
    const before = aggregate.version
    for (;;) {
      const entries = await store.read(aggregate.version, entriesPerReadMax).catch((cause) => {
        throw toStoreError(cause)
      })
      for (const entry of entries) aggregate.applyEntry(entry, false)
      if (entries.length < entriesPerReadMax) return aggregate.version - before
    }
  }

  /** Emits a failure as `error`, and returns it. */
  #report(cause: unknown): DeskError {
    const error = toDeskError(cause)
    this.#parts.eventBus.emit('error', error)
    return error
  }
}

/** Returns the outcome of a decision; a success without details is returned as it is. */
function outcomeOf({ outcome }: Decision, { detailsOf }: QueuedCommand, state: DeskState): Outcome {
  return devFreeze(outcome.ok && detailsOf === null ? (outcome as Outcome) : toOutcome(outcome, detailsOf, state))
}

/** Returns the sessions whose process has ended: all of staff, and those of visitors that have no lease. */
function lostSessions({ staff, visitors }: DeskState): OwnedSession[] {
  const ofStaff = [...staff.values()].flatMap(({ id, sessions }) =>
    [...sessions.keys()].map((sessionId): OwnedSession => [id, sessionId]),
  )
  const ofVisitors = [...visitors.values()].flatMap(({ id, sessions }) =>
    [...sessions]
      .filter(([sessionId, leaseUntilAt]) => sessionId !== '' && leaseUntilAt === null)
      .map(([sessionId]): OwnedSession => [id, sessionId, 'visitor']),
  )
  return [...ofStaff, ...ofVisitors]
}

function toStoreError(cause: unknown): DeskError {
  if (cause instanceof DeskError) return cause
  const message = errorMessageOf(cause)
  return new DeskError('store-failed', `the store failed: ${message}`, cause)
}

const dueOnly: QueuedCommand = { commandId: null, toCommand: () => null, detailsOf: null }
const noCommands: readonly never[] = []
