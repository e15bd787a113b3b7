import { DeskError } from '../core'
import type { Alarm } from './alarm'
import type { Announcer } from './announcer'
import type { Outcome } from './desk-outcome'
import type { Dispatching } from './dispatching'
import type { Kernel } from './kernel'
import { Mailbox } from './mailbox'
import type { Runner } from './runner'
import type { SnapshotKeeper } from './snapshot-keeper'
import { type Task, Work } from './work'

export interface DispatchParts {
  readonly kernel: Kernel
  readonly runner: Runner
  readonly announcer: Announcer
  readonly keeper: SnapshotKeeper
  /** Wakes the dispatch at the earliest deadline. */
  readonly alarm: Alarm
}

/** How long to wait before the log is asked again, when its clock is behind and finds a deadline early. */
const askAgainMs = 50

/** Brings tasks through the one mailbox into a log of this process, and sees to what is due. */
export class Dispatch implements Dispatching {
  readonly #parts: DispatchParts
  readonly #mailbox = new Mailbox()
  readonly #outside = new Set<Promise<unknown>>()
  #isClosed = false
  #isFollowing = false

  constructor(parts: DispatchParts) {
    this.#parts = parts
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  do(task: Task): Promise<Outcome> {
    return this.#mailbox.do(() => this.#run(task)) as Promise<Outcome>
  }

  tick(): void {
    this.#mailbox.do(() => this.#run(onlyWhatIsDue)).catch(this.#failed)
  }

  follow(): void {
    const { runner } = this.#parts
    if (this.#isFollowing || this.#isClosed || runner.isAppending) return
    this.#isFollowing = true
    const caughtUp = async () => {
      this.#isFollowing = false
      await runner.catchUp().catch(this.#failed)
      this.wakeWhenDue()
    }
    this.#mailbox.do(caughtUp)
  }

  async fresh(): Promise<void> {
    if (!this.#isClosed) await this.#parts.runner.catchUp()
  }

  awaits<Value>(outside: Promise<Value>): Promise<Value> {
    this.#outside.add(outside)
    const gone = () => this.#outside.delete(outside)
    outside.then(gone, gone)
    return outside
  }

  async idle(): Promise<void> {
    const { kernel } = this.#parts
    for (let isAsked = false; ; isAsked = true) {
      while (this.#outside.size > 0 || !this.#mailbox.isEmpty) {
        await Promise.allSettled(this.#outside)
        await this.#mailbox.empty()
      }
      if (isAsked || this.#isClosed || !kernel.isDueAt(kernel.now())) return
      this.tick()
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.idle()
    this.#parts.alarm.clear()
    this.#parts.keeper.close()
  }

  wakeWhenDue(): void {
    const dueAt = this.#parts.kernel.nextDueAt()
    if (!this.#isClosed) this.#parts.alarm.set(dueAt)
  }

  /** `null` for a task that has no command. */
  #run(task: Task): Outcome | null | Promise<Outcome | null> {
    const work = new Work(this.#parts.kernel, task)
    let more: Promise<void> | undefined
    try {
      more = this.#parts.runner.run(work)
    } finally {
      if (more === undefined) this.#rest(work)
    }
    return more === undefined ? work.outcome : this.#runOn(more, work)
  }

  async #runOn(more: Promise<void>, work: Work): Promise<Outcome | null> {
    try {
      await more
    } finally {
      this.#rest(work)
    }
    return work.outcome
  }

  #rest({ at, dueAt }: Work): void {
    const { alarm, keeper } = this.#parts
    keeper.keepWhenLong()
    if (this.#isClosed || dueAt === null) return
    alarm.set(dueAt <= at ? at + askAgainMs : dueAt)
  }

  readonly #failed = (error: unknown): void => this.#parts.announcer.tell('error', deskError(error))
}

const onlyWhatIsDue: Task = { commandId: null, complete: () => null, details: null }

function deskError(cause: unknown): DeskError {
  if (cause instanceof DeskError) return cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new DeskError('log-failed', `what was due could not be seen to: ${reason}`, cause)
}
