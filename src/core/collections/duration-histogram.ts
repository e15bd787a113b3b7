const linearBins = 128
const durationMsMax = 2 ** 32 - 1

/**
 * Counts durations in bins that grow with their size: exact below 128 ms, within 1/128 below the duration above that.
 * At most some 3 300 bins, however many durations are counted, so that percentiles cost constant memory.
 */
export class DurationHistogram {
  readonly #bins = new Map<number, number>()
  count = 0
  maxMs = 0
  #sumMs = 0

  /** `bin`: that of the duration, for a caller that adds it to several histograms. */
  add(durationMs: number, bin = binOf(durationMs)): void {
    this.#bins.set(bin, (this.#bins.get(bin) ?? 0) + 1)
    this.count += 1
    this.#sumMs += durationMs
    if (durationMs > this.maxMs) this.maxMs = durationMs
  }

  /** Adds what another histogram has counted. */
  merge(other: DurationHistogram): void {
    for (const [bin, count] of other.#bins) this.#bins.set(bin, (this.#bins.get(bin) ?? 0) + count)
    this.count += other.count
    this.#sumMs += other.#sumMs
    if (other.maxMs > this.maxMs) this.maxMs = other.maxMs
  }

  /** `null` when nothing was counted. */
  meanMs(): number | null {
    return this.count === 0 ? null : this.#sumMs / this.count
  }

  /**
   * The durations that these shares of all, 0 to 1 and in rising order, did not exceed, to the accuracy of a bin; 0 for
   * each when nothing was counted.
   */
  percentilesMs(shares: readonly number[]): number[] {
    const bins = [...this.#bins].sort(([a], [b]) => a - b)
    let seen = 0
    let next = 0
    let bin = 0
    return shares.map((share) => {
      const rank = Math.max(1, Math.ceil(share * this.count))
      for (let entry = bins[next]; seen < rank && entry !== undefined; entry = bins[next]) {
        bin = entry[0]
        seen += entry[1]
        next += 1
      }
      return lowestOfBin(bin)
    })
  }
}

/** The bin of a duration. Negative ones count as 0, those above 49 days as 49 days. */
export function binOf(durationMs: number): number {
  const duration = Math.max(0, Math.min(Math.floor(durationMs), durationMsMax))
  if (duration < linearBins) return duration
  const octave = 24 - Math.clz32(duration)
  return octave * linearBins + (duration >>> octave)
}

function lowestOfBin(bin: number): number {
  if (bin < linearBins) return bin
  const octave = Math.floor(bin / linearBins) - 1
  return (linearBins + (bin % linearBins)) * 2 ** octave
}
