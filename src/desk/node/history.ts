import { DeskError } from '../../core'
import type { EventLog, LogEntry, LogHead } from '../../log'
import { snapshotOfKernel } from '../desk-snapshot'
import type { Kernel } from '../kernel'
import { type Aside, foldAside } from './aside'
import { linkedRead } from './linked-read'
import type { Roll } from './roll'
import type { Tail } from './tail'

export interface HistoryParts {
  readonly kernel: Kernel
  readonly log: EventLog
  readonly tail: Tail
  readonly roll: Roll
  /** Folds the entry that follows, and tells of it. */
  readonly take: (entry: LogEntry) => void
  /** Puts a state that was folded aside in the place of the kernel's. */
  readonly swap: (aside: Aside) => void
  readonly heals: boolean
}

const turnsMax = 20

/** Brings the kernel to where the log is, whatever has become of the log. */
export class History {
  readonly #parts: HistoryParts

  constructor(parts: HistoryParts) {
    this.#parts = parts
  }

  /**
   * Reads the log to its end. Puts back what it has lost; folds anew, aside, where it does not continue what is known.
   * Returns whether it ended before what is known: then it may have lost more than this node can put back.
   * @throws what the log throws.
   */
  async catchUp(isThorough: boolean): Promise<boolean> {
    let hasLost = false
    for (let turns = 0; turns < turnsMax; turns += 1) {
      const { version: v, hash: h } = this.#parts.kernel
      const read = await linkedRead(this.#parts.log, { v, h }, isThorough)
      if (read.status === 'continues') {
        for (const entry of read.entries) this.#parts.take(entry)
        if (read.isAll) return hasLost
        turns = 0
      } else if (read.status === 'lost') {
        hasLost = true
        await this.#heal(read.head)
      } else this.#parts.swap(await foldAside(this.#parts.log))
    }
    throw new DeskError('log-failed', `the log's history changed ${turnsMax} times while it was read`)
  }

  /**
   * The log ends before the kernel. What is held after its end goes back verbatim, and the log itself refuses what does
   * not continue it; one that lost everything goes on from a snapshot; one of another history is believed.
   */
  async #heal(head: LogHead): Promise<void> {
    const { log, tail, kernel, heals, swap } = this.#parts
    const known = head.v === 0 ? '' : tail.at(head.v)?.h
    const lost = heals && (known ?? head.h) === head.h ? tail.after(head.v) : null
    if (lost !== null && lost.length > 0) {
      const isBack = await log.restore(lost).then(() => true, unlessDiverged)
      if (isBack || known !== undefined) return
    }
    if (head.v > 0 || !heals) return swap(await foldAside(log))
    const { version: v, hash: h } = kernel
    await log.saveSnapshot(snapshotOfKernel(kernel, { v, h }, this.#parts.roll.saved())).catch(unlessDiverged)
  }
}

/** Somebody else has written there meanwhile: the next look shows what. */
function unlessDiverged(error: unknown): false {
  if (!(error instanceof DeskError) || error.code !== 'log-diverged') throw error
  return false
}
