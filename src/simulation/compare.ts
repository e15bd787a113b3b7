import { type InputIssue, InvalidInputError } from '../core'
import { parseWorkflows } from '../routing'
import type { Scenario } from './scenario/scenario'
import type { OnProgress } from './simulate'
import { simulate } from './simulate'
import type { SimulationResult } from './stats/simulation-result'

export interface WorkflowsOption {
  /** Default `A` and `B`. */
  readonly name?: string
  readonly workflows: readonly unknown[]
}

export interface CompareOptions {
  /** How many runs of each side, with seeds from 1 on, or the seeds themselves. Default 10. */
  readonly seeds?: number | readonly number[]
  readonly onProgress?: OnProgress
}

const confidence = 0.95
const seedsMax = 10_000

/**
 * Compares two sets of workflows by paired runs: for each seed both sides have the same visitors with the same
 * patience, and chats of the same lengths wherever the same staff accept them, so that the variance of the difference
 * is small.
 *
 * @throws InvalidInputError for malformed workflows or seeds; everything that `simulate` throws.
 */
export function compareWorkflows(
  scenario: Scenario,
  sides: { readonly a: WorkflowsOption; readonly b: WorkflowsOption },
  { seeds = 10, onProgress }: CompareOptions = {},
): Comparison {
  const all = parseSeeds(seeds)
  requireRepeatableArrivals(scenario)
  const { conditions } = scenario
  const a = parseWorkflows(sides.a.workflows, { conditions, path: ['a', 'workflows'] })
  const b = parseWorkflows(sides.b.workflows, { conditions, path: ['b', 'workflows'] })
  const runs = 2 * all.length
  const progressOf = (run: number): { onProgress?: OnProgress } =>
    onProgress === undefined ? {} : { onProgress: (one) => onProgress({ ...one, share: (run + one.share) / runs }) }
  const results = all.map((seed, index) => ({
    a: simulate({ ...scenario, workflows: a }, { seed, ...progressOf(2 * index) }),
    b: simulate({ ...scenario, workflows: b }, { seed, ...progressOf(2 * index + 1) }),
  }))
  const sideA = { name: sides.a.name ?? 'A', results: results.map((pair) => pair.a) }
  const sideB = { name: sides.b.name ?? 'B', results: results.map((pair) => pair.b) }
  return { a: sideA, b: sideB, seeds: all, confidence, metrics: compareMetrics(sideA, sideB) }
}

/** Refuses an iterator, which would leave every run but the first without a request. */
function requireRepeatableArrivals({ arrivals }: Scenario): void {
  if (arrivals.from !== 'list' || !Object.is(arrivals.arrivals[Symbol.iterator](), arrivals.arrivals)) return
  const expected = 'arrivals that can be iterated again, such as a list'
  throw new InvalidInputError([{ path: ['arrivals', 'list'], expected, got: 'an iterator, which ends once' }])
}

function parseSeeds(seeds: number | readonly number[]): readonly number[] {
  const list = typeof seeds === 'number' ? undefined : seeds
  const count = list?.length ?? Number(seeds)
  const isCount = Number.isInteger(count) && count >= 1 && count <= seedsMax
  const expected = `a whole number of seeds, 1 to ${seedsMax}`
  const issues: InputIssue[] = isCount ? [] : [{ path: ['seeds'], expected, got: String(count) }]
  for (const [index, seed] of (list ?? []).entries()) {
    if (!Number.isSafeInteger(seed))
      issues.push({ path: ['seeds', index], expected: 'a whole number', got: String(seed) })
  }
  if (list !== undefined && new Set(list).size < list.length)
    issues.push({ path: ['seeds'], expected: 'each seed once', got: 'doubles' })
  if (issues.length > 0) throw new InvalidInputError(issues)
  return list ?? Array.from({ length: count }, (_, index) => index + 1)
}

/** Each is `null` for a run in which it is undefined, such as a mean wait without answered requests. */
const metricReaders: { readonly [Name in MetricName]: (result: SimulationResult) => number | null } = {
  meanWaitMs: ({ total }) => total.waitMs?.mean ?? null,
  p90WaitMs: ({ total }) => total.waitMs?.p90 ?? null,
  p99WaitMs: ({ total }) => total.waitMs?.p99 ?? null,
  serviceLevel: ({ total }) => total.serviceLevel,
  abandonment: ({ total }) => total.abandonment,
  unattendedShare: ({ total }) => (total.offered === 0 ? null : total.unattended / total.offered),
  stillOpen: ({ total }) => total.stillOpen,
  meanQueueLength: ({ total }) => total.meanQueueLength,
  occupancy: ({ total }) => total.occupancy,
}

function compareMetrics(a: ComparedSide, b: ComparedSide): ComparedMetric[] {
  return (Object.keys(metricReaders) as MetricName[]).flatMap((metric) => {
    const pairs = a.results.flatMap((one, index) => {
      const other = b.results[index]
      const [ofA, ofB] = [metricReaders[metric](one), other === undefined ? null : metricReaders[metric](other)]
      return ofA === null || ofB === null ? [] : [{ a: ofA, b: ofB }]
    })
    return pairs.length === 0 ? [] : [compareMetric(metric, pairs)]
  })
}

function compareMetric(
  metric: MetricName,
  pairs: readonly { readonly a: number; readonly b: number }[],
): ComparedMetric {
  const difference = estimate(
    pairs.map((pair) => pair.b - pair.a),
    confidence,
  )
  return {
    metric,
    a: estimate(
      pairs.map((pair) => pair.a),
      confidence,
    ),
    b: estimate(
      pairs.map((pair) => pair.b),
      confidence,
    ),
    difference,
    isClear: isSignificant(difference),
  }
}

function isSignificant({ mean, halfWidth }: Estimate): boolean | null {
  return halfWidth === null ? null : Math.abs(mean) > halfWidth
}

/** Two sets of workflows on the same arrivals: same visitors, same patience, same lengths of chats, seed by seed. */
export interface Comparison {
  readonly a: ComparedSide
  readonly b: ComparedSide
  readonly seeds: readonly number[]
  /** Of the intervals: 0.95. */
  readonly confidence: number
  readonly metrics: readonly ComparedMetric[]
}

export interface ComparedSide {
  readonly name: string
  /** One for each seed. */
  readonly results: readonly SimulationResult[]
}

export interface ComparedMetric {
  readonly metric: MetricName
  readonly a: Estimate
  readonly b: Estimate
  /** B less A, from the differences seed by seed: narrower than the two apart. */
  readonly difference: Estimate
  /** Whether the interval of the difference leaves 0 out; `null` for fewer than two seeds. */
  readonly isClear: boolean | null
}

export type MetricName =
  | 'meanWaitMs'
  | 'p90WaitMs'
  | 'p99WaitMs'
  | 'serviceLevel'
  | 'abandonment'
  | 'unattendedShare'
  | 'stillOpen'
  | 'meanQueueLength'
  | 'occupancy'

/** A mean over independent runs with half the width of its confidence interval; `null` for fewer than two runs. */
export interface Estimate {
  readonly mean: number
  readonly halfWidth: number | null
}

/** By Student's t. `NaN` for no values. */
export function estimate(values: readonly number[], confidence = 0.95): Estimate {
  const count = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  if (count < 2) return { mean, halfWidth: null }
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const halfWidth = studentTQuantile(count - 1, confidence) * Math.sqrt(squares / (count - 1) / count)
  return { mean, halfWidth }
}

/** The value that |t| stays below with this probability, for a whole number of degrees of freedom. */
export function studentTQuantile(freedom: number, confidence: number): number {
  let low = 0
  let high = 1
  while (studentTProbability(high, freedom) < confidence) high *= 2
  for (let step = 0; step < 80; step += 1) {
    const middle = (low + high) / 2
    if (studentTProbability(middle, freedom) < confidence) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** P(|T| <= t), as a finite sum (Abramowitz and Stegun, 26.7.3 and 26.7.4). */
function studentTProbability(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom))
  const square = Math.cos(angle) ** 2
  const isOdd = freedom % 2 === 1
  let term = isOdd ? Math.cos(angle) : 1
  let sum = freedom === 1 ? 0 : term
  for (let next = isOdd ? 3 : 2; next < freedom; next += 2) {
    term *= (square * (next - 1)) / next
    sum += term
  }
  return isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum
}
