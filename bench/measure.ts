/**
 * One figure: always a ratio to something measured in the same run, so that a slow or noisy machine changes neither
 * side alone.
 */
export interface BenchRow {
  readonly name: string
  /** What the ratio is of, such as `lifecycles a second, of the floor's`. */
  readonly of: string
  readonly ratio: number
  readonly goal: Goal
  readonly note: string
}

export type Goal = { readonly atLeast: number } | { readonly atMost: number }

export function matched({ ratio, goal }: BenchRow): boolean {
  return 'atLeast' in goal ? ratio >= goal.atLeast : ratio <= goal.atMost
}

/** Work that is repeated `times` times, given the number of the repetition; prepared before it is timed. */
export type Work = (times: number) => void | Promise<void>

export interface Pairing {
  readonly ours: Work
  readonly theirs: Work
  readonly times: number
  /** Where theirs takes so long that as many repetitions would last; default: as many. */
  readonly theirsTimes?: number
  readonly rounds: number
  /** Repetitions before each round is timed: what was compiled may have been thrown away with the garbage. */
  readonly warm?: number
}

/** CPU time of ours divided by theirs, and the microseconds of each: rounds in turn, the median of the pairs. */
export async function compare({ ours, theirs, times, theirsTimes = times, rounds, warm = times }: Pairing) {
  await ours(times)
  await theirs(theirsTimes)
  const pairs: { ours: number; theirs: number }[] = []
  for (let round = 0; round < rounds; round += 1) {
    const isOursFirst = round % 2 === 0
    const early = isOursFirst ? await microsecondsOf(ours, times, warm) : null
    const found = await microsecondsOf(theirs, theirsTimes, Math.min(warm, theirsTimes))
    pairs.push({ ours: early ?? (await microsecondsOf(ours, times, warm)), theirs: found })
  }
  return {
    ratio: median(pairs.map((pair) => pair.ours / pair.theirs)),
    oursUs: median(pairs.map((pair) => pair.ours)),
    theirsUs: median(pairs.map((pair) => pair.theirs)),
  }
}

/**
 * CPU microseconds for one of `times` repetitions. `leadIn` more go before, untimed: a forced collection shrinks the
 * young generation, and until it has grown again every side pays for a collector that no running host has.
 */
export async function microsecondsOf(work: Work, times: number, leadIn = 0): Promise<number> {
  collectGarbage()
  if (leadIn > 0) await work(leadIn)
  const before = process.cpuUsage()
  await work(times)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / times
}

export function collectGarbage(): void {
  globalThis.gc?.()
  // What was collected is swept by other threads, whose time would be taken for that of what is measured next.
  Atomics.wait(sleeping, 0, 0, sweepingMs)
}

const sleeping = new Int32Array(new SharedArrayBuffer(4))
const sweepingMs = 20

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}

export function us(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(0)} µs`
}
