import { DeskError } from '../core'
import { type EventLog, isSynchronous, type LogBatch, type LogHead, type SynchronousLog } from '../log'
import type { Kernel } from './kernel'
import type { Work } from './work'

const readMax = 1_000
const triesMax = 100
/** Back-off after somebody else was first: random, so that nodes do not meet again. */
const backOffMsMax = 8
const backOffMsEach = 2

/**
 * Brings the batches of a work into the log and takes them into the kernel: decide, append, evolve, and decide anew
 * when somebody else was first. With a log in this process it needs no promise.
 */
export class Runner {
  readonly #kernel: Kernel
  readonly #log: EventLog
  #isAppending = false
  /** What the latest failing call threw. */
  #failure: unknown

  constructor(kernel: Kernel, log: EventLog) {
    this.#kernel = kernel
    this.#log = log
  }

  /** Whether a bell that rings now may be for an entry of this desk's own. */
  get isAppending(): boolean {
    return this.#isAppending
  }

  /** Returns nothing when the work is done already. */
  run(work: Work): Promise<void> | undefined {
    if (!isSynchronous(this.#log)) return this.#runLater(work)
    return this.#runNow(work, this.#log) ? undefined : this.#runAfterOthers(work, this.#log)
  }

  /** Takes what others have appended; returns how many entries that was. */
  async catchUp(): Promise<number> {
    const before = this.#kernel.version
    for (;;) {
      const entries = await this.#log.read(this.#kernel.version, readMax)
      for (const entry of entries) this.#kernel.takeEntry(entry)
      if (entries.length < readMax) return this.#kernel.version - before
    }
  }

  /** `false`: the log did not take a batch. */
  #runNow(work: Work, log: SynchronousLog): boolean {
    for (let batch = work.next(); batch !== null; batch = work.next()) {
      this.#isAppending = true
      const version = log.appendNow(this.#kernel.version, batch)
      this.#isAppending = false
      if (version === null) return false
      work.taken()
      this.#kernel.take(version, batch.payload)
    }
    return true
  }

  /** Another desk of this process was first, or else the log finds that it is too early. */
  async #runAfterOthers(work: Work, log: SynchronousLog): Promise<void> {
    do {
      if ((await this.catchUp()) === 0) work.postponed()
    } while (!this.#runNow(work, log))
  }

  async #runLater(work: Work): Promise<void> {
    let tries = 0
    for (let batch = work.next(); batch !== null; batch = work.next()) {
      const isTaken = await this.#append(work, batch)
      tries = isTaken ? 0 : tries + 1
      if (tries > triesMax) throw new DeskError('log-failed', `the log took none of ${triesMax} tries`, this.#failure)
      if (tries > 0) await pause(Math.random() * Math.min(backOffMsMax, backOffMsEach * tries))
    }
    this.#failure = undefined
  }

  /** `false`: somebody else was first, or nobody knows; the kernel has caught up then, and the work decides anew. */
  async #append(work: Work, batch: LogBatch): Promise<boolean> {
    const expected: LogHead = { v: this.#kernel.version, h: this.#kernel.hash }
    const result = await this.#tried(this.#log.append(expected, batch))
    if (result === null) {
      await this.#tried(this.catchUp())
      return false
    }
    switch (result.status) {
      case 'appended':
        work.taken()
        this.#kernel.takeEntry(result.entry)
        return true
      case 'conflict':
        for (const entry of result.missed) this.#kernel.takeEntry(entry)
        return false
      case 'early':
        work.postponed()
        return true
      case 'diverged':
        throw new DeskError('log-diverged', `the log's history is not this desk's at version ${expected.v}`)
      default:
        return result satisfies never
    }
  }

  /** `null` for a call that failed. What the desk itself finds wrong with the log is no such failure. */
  async #tried<Value>(call: Promise<Value>): Promise<Value | null> {
    try {
      return await call
    } catch (cause) {
      if (cause instanceof DeskError) throw cause
      this.#failure = cause
      return null
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
