const growth = Math.log(1.02)
/** Waits beyond a month share the last bin. */
const binsMax = 2 + Math.floor(Math.log(31 * 86_400_000) / growth)

/**
 * Counts waits in bins 2 % wide: percentiles within 1 %, in constant memory however long the day. A desk's own metrics
 * have coarser bins in a `Map`; a comparison of two desks needs finer ones, and a simulated day counts every wait in
 * several places, so that the bin is found once (`binOf`).
 */
export class WaitBins {
  readonly #counts = new Uint32Array(binsMax)
  count = 0
  #sumMs = 0
  #maxMs = 0

  add(waitMs: number, bin: number): void {
    this.#counts[bin] = (this.#counts[bin] ?? 0) + 1
    this.count += 1
    this.#sumMs += waitMs
    if (waitMs > this.#maxMs) this.#maxMs = waitMs
  }

  /** `NaN` when nothing was counted. */
  get meanMs(): number {
    return this.#sumMs / this.count
  }

  get maxMs(): number {
    return this.#maxMs
  }

  /** The waits that these shares of all, in rising order, did not exceed. */
  percentilesMs(shares: readonly number[]): number[] {
    const found: number[] = []
    let seen = 0
    let bin = -1
    for (const share of shares) {
      const rank = Math.max(1, Math.ceil(share * this.count))
      while (seen < rank && bin < binsMax - 1) {
        bin += 1
        seen += this.#counts[bin] ?? 0
      }
      found.push(Math.min(this.#maxMs, middleOf(bin)))
    }
    return found
  }
}

/** The bin of a wait of whole milliseconds; 0 is alone in its own. */
export function binOf(waitMs: number): number {
  return waitMs <= 0 ? 0 : Math.min(binsMax - 1, 1 + Math.floor(Math.log(waitMs) / growth))
}

function middleOf(bin: number): number {
  return bin <= 0 ? 0 : Math.exp(growth * (bin - 0.5))
}
