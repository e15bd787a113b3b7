import { type InputIssue, InvalidInputError } from '../core'
import { parseWorkflows } from '../routing'
import type { ComparedFigure, ComparedSide, Comparison, FigureName } from './comparison'
import { type Estimate, estimate } from './estimate'
import type { OnProgress } from './progress'
import type { Scenario } from './scenario'
import { simulate } from './simulate'
import type { SimulationResult } from './simulation-result'

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
 * Two sets of workflows on the same days: for each seed both sides have the same visitors with the same patience, and
 * chats of the same lengths wherever the same people take them, so that their differences are narrower than either.
 *
 * @throws InvalidInputError for malformed workflows or seeds, and whatever `simulate` throws.
 */
export function compareWorkflows(
  scenario: Scenario,
  sides: { readonly a: WorkflowsOption; readonly b: WorkflowsOption },
  { seeds = 10, onProgress }: CompareOptions = {},
): Comparison {
  const all = seedsOf(seeds)
  refuseOnce(scenario)
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
  return { a: sideA, b: sideB, seeds: all, confidence, figures: comparedFigures(sideA, sideB) }
}

/** What can be walked only once would leave every run but the first without a request. */
function refuseOnce({ arrivals }: Scenario): void {
  if (arrivals.from !== 'list' || !Object.is(arrivals.arrivals[Symbol.iterator](), arrivals.arrivals)) return
  const expected = 'arrivals that can be walked again, such as a list'
  throw new InvalidInputError([{ path: ['arrivals', 'list'], expected, got: 'an iterator, which ends once' }])
}

function seedsOf(seeds: number | readonly number[]): readonly number[] {
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
    issues.push({ path: ['seeds'], expected: 'each seed once: the same one again is no new day', got: 'doubles' })
  if (issues.length > 0) throw new InvalidInputError(issues)
  return list ?? Array.from({ length: count }, (_, index) => index + 1)
}

/** Each may be missing in a run in which nothing was answered, or nobody staffed. */
const figures: { readonly [Name in FigureName]: (result: SimulationResult) => number | null } = {
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

function comparedFigures(a: ComparedSide, b: ComparedSide): ComparedFigure[] {
  return (Object.keys(figures) as FigureName[]).flatMap((figure) => {
    const pairs = a.results.flatMap((one, index) => {
      const other = b.results[index]
      const [ofA, ofB] = [figures[figure](one), other === undefined ? null : figures[figure](other)]
      return ofA === null || ofB === null ? [] : [{ a: ofA, b: ofB }]
    })
    return pairs.length === 0 ? [] : [compared(figure, pairs)]
  })
}

function compared(figure: FigureName, pairs: readonly { readonly a: number; readonly b: number }[]): ComparedFigure {
  const difference = estimate(
    pairs.map((pair) => pair.b - pair.a),
    confidence,
  )
  return {
    figure,
    a: estimate(
      pairs.map((pair) => pair.a),
      confidence,
    ),
    b: estimate(
      pairs.map((pair) => pair.b),
      confidence,
    ),
    difference,
    isClear: isClear(difference),
  }
}

function isClear({ mean, halfWidth }: Estimate): boolean | null {
  return halfWidth === null ? null : Math.abs(mean) > halfWidth
}
