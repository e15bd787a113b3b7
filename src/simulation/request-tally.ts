import type { RequestFigures, WaitFigures } from './simulation-result'
import { WaitBins } from './wait-bins'

/** How a request ended, as far as waiting goes. */
export interface Ending {
  readonly outcome: 'answered' | 'abandoned' | 'expired' | 'stillOpen'
  /** From opening to that end. */
  readonly queueMs: number
  /** Of `queueMs`. */
  readonly bin: number
  readonly isInTime: boolean
  readonly wasUnattended: boolean
}

/** Counts requests; each is counted when it arrives and when its waiting ends. */
export class RequestTally {
  offered = 0
  readonly #counts = { answered: 0, abandoned: 0, expired: 0, stillOpen: 0 }
  #unattended = 0
  #delayed = 0
  #inTime = 0
  #queueMs = 0
  #waits: WaitBins | null = null

  end({ outcome, queueMs, bin, isInTime, wasUnattended }: Ending): void {
    this.#counts[outcome] += 1
    if (wasUnattended) this.#unattended += 1
    if (outcome === 'answered') {
      this.#waits ??= new WaitBins()
      this.#waits.add(queueMs, bin)
      if (isInTime) this.#inTime += 1
    }
    if (outcome !== 'answered' && outcome !== 'abandoned') return
    this.#queueMs += queueMs
    if (queueMs > 0) this.#delayed += 1
  }

  figures(): RequestFigures {
    const { answered, abandoned } = this.#counts
    const done = answered + abandoned
    return {
      offered: this.offered,
      ...this.#counts,
      unattended: this.#unattended,
      delayed: this.#delayed,
      answeredInTime: this.#inTime,
      waitMs: this.#waits === null ? null : waitFigures(this.#waits),
      meanQueueMs: done === 0 ? null : this.#queueMs / done,
      serviceLevel: done === 0 ? null : this.#inTime / done,
      abandonment: done === 0 ? null : abandoned / done,
    }
  }
}

const shares = [0.5, 0.9, 0.95, 0.99]

function waitFigures(waits: WaitBins): WaitFigures {
  const [p50 = 0, p90 = 0, p95 = 0, p99 = 0] = waits.percentilesMs(shares)
  return { mean: waits.meanMs, p50, p90, p95, p99, max: waits.maxMs }
}
