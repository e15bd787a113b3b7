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
    return new Promise((resolve, reject) => {
      this.#mailbox.post(() => this.#run(new Work(this.#parts.kernel, task), resolve, reject))
    })
  }

  tick(): void {
    const failed = (error: unknown) => this.#parts.announcer.tell('error', deskError(error))
    this.#mailbox.post(() => this.#run(new Work(this.#parts.kernel, onlyWhatIsDue), ignore, failed))
  }

  follow(): void {
    const { runner, announcer } = this.#parts
    if (this.#isFollowing || this.#isClosed || runner.isAppending) return
    this.#isFollowing = true
    this.#mailbox.post(async () => {
      this.#isFollowing = false
      await runner.catchUp().catch((error: unknown) => announcer.tell('error', deskError(error)))
      this.wakeWhenDue()
    })
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
  }

  wakeWhenDue(): void {
    const dueAt = this.#parts.kernel.nextDueAt()
    if (!this.#isClosed) this.#parts.alarm.set(dueAt)
  }

  /** A job: never throws, never rejects. */
  #run(work: Work, answer: (outcome: Outcome) => void, failed: (error: unknown) => void): Promise<void> | undefined {
    try {
      const more = this.#parts.runner.run(work)
      if (more !== undefined) return this.#runOn(more, work, { answer, failed })
      this.#rest(work)
      if (work.outcome !== null) answer(work.outcome)
    } catch (error) {
      this.#rest(work)
      failed(error)
    }
    return undefined
  }

  async #runOn(more: Promise<void>, work: Work, { answer, failed }: Ears): Promise<void> {
    try {
      await more
      if (work.outcome !== null) answer(work.outcome)
    } catch (error) {
      failed(error)
    }
    this.#rest(work)
  }

  #rest({ at }: Work): void {
    const { kernel, alarm, keeper } = this.#parts
    keeper.keepWhenLong()
    const dueAt = kernel.nextDueAt()
    if (this.#isClosed || dueAt === null) return
    alarm.set(dueAt <= at ? at + askAgainMs : dueAt)
  }
}

interface Ears {
  readonly answer: (outcome: Outcome) => void
  readonly failed: (error: unknown) => void
}

const onlyWhatIsDue: Task = { commandId: null, complete: () => null, details: null }

const ignore = () => {}

function deskError(cause: unknown): DeskError {
  if (cause instanceof DeskError) return cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new DeskError('log-failed', `what was due could not be seen to: ${reason}`, cause)
}
