const binsPerOctave = 128
const durationMsMax = 2 ** 32 - 1
const sparseBinsMax = 32

/**
 * Counts durations in bins that grow with their size: percentiles are exact below 256 ms, and above at most 1/128 less
 * than exact, at the cost of at most 3 328 bins, however many durations are counted.
 */
export class DurationHistogram {
  /** Holds a few bins. More are held in `#dense`, which is then smaller and faster. */
  #sparse = new Map<number, number>()
  #dense: Uint32Array | null = null
  count = 0
  maxMs = 0
  #sumMs = 0

  /** Adds a duration. `bin`: its bin, for a caller that adds it to several histograms. */
  add(durationMs: number, bin = durationBinOf(durationMs)): void {
    this.#addToBin(bin, 1)
    this.count += 1
    this.#sumMs += durationMs
    if (durationMs > this.maxMs) this.maxMs = durationMs
  }

  /** Adds what another histogram has counted. */
  merge(other: DurationHistogram): void {
    for (const [bin, count] of other.#countsByBin()) this.#addToBin(bin, count)
    this.count += other.count
    this.#sumMs += other.#sumMs
    if (other.maxMs > this.maxMs) this.maxMs = other.maxMs
  }

  /** Returns the mean; `null` when no duration was counted. */
  meanMs(): number | null {
    return this.count === 0 ? null : this.#sumMs / this.count
  }

  /**
   * Returns, for each of these shares, 0 to 1 and in rising order, the duration that this share of all did not exceed,
   * to the accuracy of a bin; 0 for each when no duration was counted.
   */
  percentilesMs(shares: readonly number[]): number[] {
    const counts = this.#countsByBin().sort(([a], [b]) => a - b)
    let seen = 0
    let next = 0
    let bin = 0
    return shares.map((share) => {
      const rank = Math.max(1, Math.ceil(share * this.count))
      for (let entry = counts[next]; seen < rank && entry !== undefined; entry = counts[next]) {
        bin = entry[0]
        seen += entry[1]
        next += 1
      }
      return lowestOfBin(bin)
    })
  }

  #addToBin(bin: number, count: number): void {
    if (this.#dense !== null) return this.#addToList(bin, count)
    this.#sparse.set(bin, (this.#sparse.get(bin) ?? 0) + count)
    if (this.#sparse.size <= sparseBinsMax) return
    for (const [each, counted] of this.#sparse) this.#addToList(each, counted)
    this.#sparse.clear()
  }

  #addToList(bin: number, count: number): void {
    let dense = this.#dense ?? new Uint32Array(0)
    if (bin >= dense.length) {
      const longer = new Uint32Array(Math.ceil((bin + 1) / 128) * 128)
      longer.set(dense)
      dense = longer
    }
    dense[bin] = (dense[bin] ?? 0) + count
    this.#dense = dense
  }

  #countsByBin(): (readonly [bin: number, count: number])[] {
    if (this.#dense === null) return [...this.#sparse]
    const counts: (readonly [number, number])[] = []
    for (const [bin, count] of this.#dense.entries()) if (count > 0) counts.push([bin, count])
    return counts
  }
}

/** Returns the bin of a duration. Negative ones count as 0, those above 49 days as 49 days. */
export function durationBinOf(durationMs: number): number {
  const duration = Math.max(0, Math.min(Math.floor(durationMs), durationMsMax))
  if (duration < binsPerOctave) return duration
  const octave = 24 - Math.clz32(duration)
  return octave * binsPerOctave + (duration >>> octave)
}

function lowestOfBin(bin: number): number {
  if (bin < binsPerOctave) return bin
  const octave = Math.floor(bin / binsPerOctave) - 1
  return (binsPerOctave + (bin % binsPerOctave)) * 2 ** octave
}
