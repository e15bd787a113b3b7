/**
 * One result: almost always a ratio to something measured in the same run, so that a slow or noisy machine changes both
 * sides alike.
 */
export interface BenchRow {
  readonly name: string
  /** What is compared, such as `lifecycles a second, compared with the baseline`. */
  readonly of: string
  readonly ratio: number
  readonly goal: Goal
  readonly note: string
}

export type Goal = { readonly atLeast: number } | { readonly atMost: number }

export function matched({ ratio, goal }: BenchRow): boolean {
  return 'atLeast' in goal ? ratio >= goal.atLeast : ratio <= goal.atMost
}

/** Repeats the measured work `times` times. */
export type Work = (times: number) => void | Promise<void>

/** Returns work that lives one life after another, each under a number of its own. */
export function inTurn(live: (index: number) => Promise<void>): Work {
  let next = 0
  return async (times) => {
    for (const end = next + times; next < end; next += 1) await live(next)
  }
}

export interface Comparison {
  readonly ours: Work
  readonly theirs: Work
  readonly times: number
  /** Repetitions of theirs, if it is much slower. Default: `times`. */
  readonly theirsTimes?: number
  readonly rounds: number
  /** Untimed repetitions before each round, because a garbage collection may drop compiled code. */
  readonly warm?: number
}

/** Returns CPU time of ours divided by theirs, and the microseconds of each: the median of interleaved rounds. */
export async function compare({ ours, theirs, times, theirsTimes = times, rounds, warm = times }: Comparison) {
  await ours(times)
  await theirs(theirsTimes)
  const pairs: { ours: number; theirs: number }[] = []
  for (let round = 0; round < rounds; round += 1) {
    const isOursFirst = round % 2 === 0
    const oursBefore = isOursFirst ? await microsecondsOf(ours, times, warm) : null
    const theirsUs = await microsecondsOf(theirs, theirsTimes, Math.min(warm, theirsTimes))
    pairs.push({ ours: oursBefore ?? (await microsecondsOf(ours, times, warm)), theirs: theirsUs })
  }
  return {
    ratio: median(pairs.map((pair) => pair.ours / pair.theirs)),
    oursUs: median(pairs.map((pair) => pair.ours)),
    theirsUs: median(pairs.map((pair) => pair.theirs)),
  }
}

/**
 * Returns the CPU microseconds of one of `times` repetitions, after `leadIn` untimed ones: a forced garbage collection
 * shrinks the young generation, and until it has grown again both sides would pay for more collections than usual.
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
  // Waits for the sweeping threads, whose CPU time would otherwise count for the next measurement.
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
