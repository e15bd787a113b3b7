const linearBins = 16

/**
 * Counts waits in bins that grow with their size: exact below 16 ms, within 1/16 above. At most some 700 bins, however
 * many waits are counted, so that percentiles cost constant memory.
 */
export class DurationHistogram {
  readonly #bins = new Map<number, number>()
  count = 0
  #sumMs = 0

  add(waitMs: number): void {
    const bin = binOf(waitMs)
    this.#bins.set(bin, (this.#bins.get(bin) ?? 0) + 1)
    this.count += 1
    this.#sumMs += waitMs
  }

  /** Takes in what another has counted. */
  merge(other: DurationHistogram): void {
    for (const [bin, count] of other.#bins) this.#bins.set(bin, (this.#bins.get(bin) ?? 0) + count)
    this.count += other.count
    this.#sumMs += other.#sumMs
  }

  /** `null` when nothing was counted. */
  meanMs(): number | null {
    return this.count === 0 ? null : this.#sumMs / this.count
  }

  /** The wait that `share` of all did not exceed, 0 to 1, to the accuracy of a bin; `null` when nothing was counted. */
  percentileMs(share: number): number | null {
    if (this.count === 0) return null
    let left = Math.max(1, Math.ceil(share * this.count))
    for (const [bin, count] of [...this.#bins].sort(([a], [b]) => a - b)) {
      left -= count
      if (left <= 0) return lowestOfBin(bin)
    }
    return null
  }
}

function binOf(waitMs: number): number {
  const wait = Math.max(0, Math.floor(waitMs))
  if (wait < linearBins) return wait
  const octave = Math.floor(Math.log2(wait)) - 4
  return (octave + 1) * linearBins + Math.floor(wait / 2 ** octave) - linearBins
}

function lowestOfBin(bin: number): number {
  if (bin < linearBins) return bin
  const octave = Math.floor(bin / linearBins) - 1
  return (linearBins + (bin % linearBins)) * 2 ** octave
}
