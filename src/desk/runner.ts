import type { SynchronousLog } from '../log'
import type { Kernel } from './kernel'
import type { Work } from './work'

const readMax = 1_000

/**
 * Brings the batches of a work into a log of this process and takes them into the kernel: decide, append, evolve,
 * without a promise, and decide anew when another desk of this process was first.
 */
export class Runner {
  readonly #kernel: Kernel
  readonly #log: SynchronousLog
  #isAppending = false

  constructor(kernel: Kernel, log: SynchronousLog) {
    this.#kernel = kernel
    this.#log = log
  }

  /** Whether a bell that rings now may be for an entry of this desk's own. */
  get isAppending(): boolean {
    return this.#isAppending
  }

  /** Returns nothing when the work is done already. */
  run(work: Work): Promise<void> | undefined {
    return this.#runNow(work) ? undefined : this.#runAfterOthers(work)
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
  #runNow(work: Work): boolean {
    for (let batch = work.next(); batch !== null; batch = work.next()) {
      this.#isAppending = true
      const version = this.#log.appendNow(this.#kernel.version, batch)
      this.#isAppending = false
      if (version === null) return false
      work.taken()
      this.#kernel.take(version, batch.payload)
    }
    return true
  }

  /** Another desk of this process was first, or else the log finds that it is too early. */
  async #runAfterOthers(work: Work): Promise<void> {
    do {
      if ((await this.catchUp()) === 0) work.postponed()
    } while (!this.#runNow(work))
  }
}
