import { DeskError } from '../../core'
import type { SynchronousStore } from '../../store'
import type { Outcome } from '../api/outcome'
import type { EventBus } from '../events/event-bus'
import type { WakeUpTimer } from './clock'
import type { DeskAggregate } from './desk-aggregate'
import type { DeskRuntime } from './desk-runtime'
import { CommandExecution, type QueuedCommand } from './desk-runtime'
import type { SnapshotScheduler } from './desk-snapshot'

export interface LocalRuntimeDependencies {
  readonly aggregate: DeskAggregate
  readonly executionRunner: ExecutionRunner
  readonly eventBus: EventBus
  readonly snapshotScheduler: SnapshotScheduler
  /** Wakes the dispatch at the earliest deadline. */
  readonly wakeUpTimer: WakeUpTimer
}

/** How long to wait before the log is asked again, when its clock is behind and finds a deadline early. */
const earlyDeadlineRetryMs = 50

/** Brings tasks through the one mailbox into a log of this process, and sees to what is due. */
export class LocalRuntime implements DeskRuntime {
  readonly #parts: LocalRuntimeDependencies
  readonly #mailbox = new Mailbox()
  readonly #outside = new Set<Promise<unknown>>()
  #isClosed = false
  #isFollowing = false

  constructor(parts: LocalRuntimeDependencies) {
    this.#parts = parts
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  execute(task: QueuedCommand): Promise<Outcome> {
    return this.#mailbox.run(() => this.#run(task)) as Promise<Outcome>
  }

  processDue(): void {
    this.#mailbox.run(() => this.#run(processDueOnly)).catch(this.#failed)
  }

  onAppended(): void {
    const { executionRunner } = this.#parts
    if (this.#isFollowing || this.#isClosed || executionRunner.isAppending) return
    this.#isFollowing = true
    const caughtUp = async () => {
      this.#isFollowing = false
      await executionRunner.catchUp().catch(this.#failed)
      this.scheduleWakeUp()
    }
    this.#mailbox.run(caughtUp)
  }

  async sync(): Promise<void> {
    if (!this.#isClosed) await this.#parts.executionRunner.catchUp()
  }

  track<Value>(outside: Promise<Value>): Promise<Value> {
    this.#outside.add(outside)
    const gone = () => this.#outside.delete(outside)
    outside.then(gone, gone)
    return outside
  }

  async idle(): Promise<void> {
    const { aggregate } = this.#parts
    for (let isAsked = false; ; isAsked = true) {
      while (this.#outside.size > 0 || !this.#mailbox.isEmpty) {
        await Promise.allSettled(this.#outside)
        await this.#mailbox.drain()
      }
      if (isAsked || this.#isClosed || !aggregate.isDueAt(aggregate.now())) return
      this.processDue()
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.idle()
    this.#parts.wakeUpTimer.cancel()
    this.#parts.snapshotScheduler.close()
  }

  scheduleWakeUp(): void {
    const dueAt = this.#parts.aggregate.nextDueAt()
    if (!this.#isClosed) this.#parts.wakeUpTimer.scheduleAt(dueAt)
  }

  /** `null` for a task that has no command. */
  #run(task: QueuedCommand): Outcome | null | Promise<Outcome | null> {
    const work = new CommandExecution(this.#parts.aggregate, task)
    let more: Promise<void> | undefined
    try {
      more = this.#parts.executionRunner.run(work)
    } finally {
      if (more === undefined) this.#rest(work)
    }
    return more === undefined ? work.outcome : this.#runOn(more, work)
  }

  async #runOn(more: Promise<void>, work: CommandExecution): Promise<Outcome | null> {
    try {
      await more
    } finally {
      this.#rest(work)
    }
    return work.outcome
  }

  #rest({ at, dueAt }: CommandExecution): void {
    const { wakeUpTimer, snapshotScheduler } = this.#parts
    snapshotScheduler.saveWhenDue()
    if (this.#isClosed || dueAt === null) return
    wakeUpTimer.scheduleAt(dueAt <= at ? at + earlyDeadlineRetryMs : dueAt)
  }

  readonly #failed = (error: unknown): void => this.#parts.eventBus.emit('error', toDeskError(error))
}

const processDueOnly: QueuedCommand = { commandId: null, toCommand: () => null, detailsOf: null }

function toDeskError(cause: unknown): DeskError {
  if (cause instanceof DeskError) return cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new DeskError('store-failed', `what was due could not be seen to: ${reason}`, cause)
}

const entriesPerReadMax = 1_000

/**
 * Brings the batches of a work into a log of this process and takes them into the kernel: decide, append, evolve,
 * without a promise, and decide anew when another desk of this process was first.
 */
export class ExecutionRunner {
  readonly #kernel: DeskAggregate
  readonly #store: SynchronousStore
  #isAppending = false

  constructor(kernel: DeskAggregate, store: SynchronousStore) {
    this.#kernel = kernel
    this.#store = store
  }

  /** Whether a bell that rings now may be for an entry of this desk's own. */
  get isAppending(): boolean {
    return this.#isAppending
  }

  /** Returns nothing when the work is done already. */
  run(work: CommandExecution): Promise<void> | undefined {
    return this.#runNow(work) ? undefined : this.#runAfterOthers(work)
  }

  /** Takes what others have appended; returns how many entries that was. */
  async catchUp(): Promise<number> {
    const before = this.#kernel.version
    for (;;) {
      const entries = await this.#store.read(this.#kernel.version, entriesPerReadMax)
      for (const entry of entries) this.#kernel.applyEntry(entry)
      if (entries.length < entriesPerReadMax) return this.#kernel.version - before
    }
  }

  /** `false`: the log did not take a batch. */
  #runNow(work: CommandExecution): boolean {
    for (let batch = work.nextBatch(); batch !== null; batch = work.nextBatch()) {
      this.#isAppending = true
      const version = this.#store.appendSync(this.#kernel.version, batch)
      this.#isAppending = false
      if (version === null) return false
      work.onAppended()
      this.#kernel.apply(version, batch.payload)
    }
    return true
  }

  /** Another desk of this process was first, or else the log finds that it is too early. */
  async #runAfterOthers(work: CommandExecution): Promise<void> {
    do {
      if ((await this.catchUp()) === 0) work.stopTicking()
    } while (!this.#runNow(work))
  }
}

/** Jobs done before their places are given free, so that taking one costs the same at any length. */
const completedJobsMax = 1_024

/** What is done when its turn has come. A promise lets those after it wait. */
export type Job<Value> = () => Value | Promise<Value>

/**
 * One job at a time, in the order of arrival. A job that needs no promise is done inside `do`, unless another one is
 * being done: so a listener that gives commands has them queued, never nested.
 */
export class Mailbox {
  readonly #waiting: Job<unknown>[] = []
  #next = 0
  #isBusy = false
  #onceEmpty: (() => void)[] = []

  get isEmpty(): boolean {
    return !this.#isBusy
  }

  /** Resolves with what the job returns, or rejects with what it throws. */
  run<Value>(job: Job<Value>): Promise<Value> {
    if (this.#isBusy) return new Promise((resolve) => this.#waiting.push(() => runAndResolve(job, resolve)))
    this.#isBusy = true
    const answer = runGuarded(job)
    if (answer instanceof Promise) {
      answer.then(this.#goOn, this.#goOn)
      return answer
    }
    this.#goOn()
    return Promise.resolve(answer)
  }

  /** Resolves when everything given so far, and by then, is done. */
  drain(): Promise<void> {
    if (!this.#isBusy) return Promise.resolve()
    return new Promise((resolve) => this.#onceEmpty.push(resolve))
  }

  readonly #goOn = (): void => {
    for (let job = this.#take(); job !== undefined; job = this.#take()) {
      const answer = job()
      if (answer instanceof Promise) return void answer.then(this.#goOn, this.#goOn)
    }
    this.#isBusy = false
    if (this.#onceEmpty.length > 0) for (const resolve of this.#onceEmpty.splice(0)) resolve()
  }

  #take(): Job<unknown> | undefined {
    if (this.#waiting.length === 0) return undefined
    const job = this.#waiting[this.#next]
    this.#next += 1
    if (job === undefined || this.#next > completedJobsMax) {
      this.#waiting.splice(0, this.#next)
      this.#next = 0
    }
    return job
  }
}

function runAndResolve<Value>(
  job: Job<Value>,
  resolve: (answer: Value | Promise<Value>) => void,
): Value | Promise<Value> {
  const answer = runGuarded(job)
  resolve(answer)
  return answer
}

function runGuarded<Value>(job: Job<Value>): Value | Promise<Value> {
  try {
    return job()
  } catch (error) {
    return Promise.reject(error)
  }
}
