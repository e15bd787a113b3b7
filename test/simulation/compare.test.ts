import { describe, expect, it } from 'vitest'
import { compareWorkflows, type MetricName, simulate, withArrivals } from '../../src/simulation'
import { estimate, studentTQuantile } from '../../src/simulation/compare'
import { buildScenario, exponential, hourMs, minuteMs, toTeam } from './build-scenario'

const staff = [
  ...['a1', 'a2', 'a3'].map((id) => ({ id, teams: ['a'], capacity: 1 })),
  ...['b1', 'b2', 'b3'].map((id) => ({ id, teams: ['b'], capacity: 1 })),
]
const scenario = buildScenario({
  ...{ staff, forHours: 12, warmUpMs: hourMs },
  arrivals: {
    perHour: 50,
    kinds: [
      { share: 7, facts: { topic: 'a' } },
      { share: 3, facts: { topic: 'b' } },
    ],
  },
  behaviour: { answer: exponential(4_000), handling: exponential(5 * minuteMs), patience: exponential(8 * minuteMs) },
})
const apart = [toTeam('a to a', 'a', 'a'), toTeam('b to b', 'b', 'b')]
const helping = [
  {
    ...toTeam('a, then everyone', 'a', 'a'),
    event: {
      type: 'route',
      params: { steps: [{ to: { team: 'a' } }, { to: 'everyone', afterMs: 20_000 }] },
    },
  },
  toTeam('b to b', 'b', 'b'),
]

describe('compareWorkflows', () => {
  it('[SIM15] finds nothing between a set and itself', () => {
    const sides = { a: { workflows: apart }, b: { workflows: apart } }
    const { metrics, seeds } = compareWorkflows(scenario, sides, { seeds: 3 })
    expect(seeds).toEqual([1, 2, 3])
    expect(metrics.length).toBeGreaterThan(7)
    for (const { difference, isClear, a, b } of metrics) {
      expect(difference).toEqual({ mean: 0, halfWidth: 0 })
      expect(isClear).toBe(false)
      expect(a).toEqual(b)
    }
  })

  it('[SIM15] shows both sides the same visitors, and says what is clear of chance', () => {
    const sides = { a: { name: 'apart', workflows: apart }, b: { name: 'helping', workflows: helping } }
    const comparison = compareWorkflows(scenario, sides, { seeds: 8 })
    expect([comparison.a.name, comparison.b.name, comparison.confidence]).toEqual(['apart', 'helping', 0.95])
    for (const [index, { total }] of comparison.a.results.entries()) {
      expect(total.offered).toBe(comparison.b.results[index]?.total.offered)
    }
    const of = (name: MetricName) => {
      const found = comparison.metrics.find(({ metric }) => metric === name)
      if (found === undefined) throw new Error(`no ${name}`)
      return found
    }
    expect(of('abandonment').difference.mean).toBeLessThan(-0.05)
    expect(of('abandonment').isClear).toBe(true)
    expect(of('meanWaitMs').difference.mean).toBeCloseTo(of('meanWaitMs').b.mean - of('meanWaitMs').a.mean, 6)
    const results = comparison.b.results.map(({ total }) => total.abandonment ?? Number.NaN)
    expect(of('abandonment').b).toEqual(estimate(results))
    expect(results[2]).toBe(simulate({ ...scenario, workflows: helping as never }, { seed: 3 }).total.abandonment)
  })

  it('[SIM15] has narrower differences on the same days than on different ones', () => {
    const seeds = Array.from({ length: 8 }, (_, index) => index + 1)
    const same = compareWorkflows(scenario, { a: { workflows: apart }, b: { workflows: helping } }, { seeds })
    const others = compareWorkflows(
      scenario,
      { a: { workflows: apart }, b: { workflows: helping } },
      { seeds: seeds.map((seed) => seed + 100) },
    )
    const widthOf = (values: readonly number[]) => estimate(values).halfWidth ?? 0
    const lost = (side: typeof same.a) => side.results.map(({ total }) => total.abandonment ?? 0)
    const paired = widthOf(lost(same.b).map((value, index) => value - (lost(same.a)[index] ?? 0)))
    const unpaired = widthOf(lost(same.b).map((value, index) => value - (lost(others.a)[index] ?? 0)))
    expect(paired).toBeLessThan(0.75 * unpaired)
  })

  it('[SIM15] cannot say what is clear from one day', () => {
    const sides = { a: { workflows: apart }, b: { workflows: helping } }
    const { metrics } = compareWorkflows(scenario, sides, { seeds: [5] })
    for (const { difference, isClear } of metrics) expect([difference.halfWidth, isClear]).toEqual([null, null])
  })

  it('[SIM15] tells how far it has come over all days of both sides', () => {
    const seen: number[] = []
    const sides = { a: { workflows: apart }, b: { workflows: helping } }
    compareWorkflows(scenario, sides, { seeds: 2, onProgress: ({ share }) => seen.push(share) })
    expect(seen.length).toBeGreaterThan(300)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(seen.at(-1)).toBe(1)
  })

  it('[SIM15] refuses malformed workflows of either side and seeds that are none', () => {
    const sides = { a: { workflows: apart }, b: { workflows: [{ name: 'x' }] } }
    expect(() => compareWorkflows(scenario, sides)).toThrow(/b\.workflows\[0]\.conditions/)
    const good = { a: { workflows: apart }, b: { workflows: helping } }
    const once = withArrivals(scenario, [{ at: scenario.fromAt, facts: {} }].values())
    expect(() => compareWorkflows(once, good)).toThrow('arrivals.list: expected arrivals that can be iterated again')
    expect(() => compareWorkflows(scenario, good, { seeds: 0 })).toThrow('seeds: expected a whole number of seeds')
    expect(() => compareWorkflows(scenario, good, { seeds: [1.5] })).toThrow('seeds[0]: expected a whole number')
    expect(() => compareWorkflows(scenario, good, { seeds: [1, 1] })).toThrow('seeds: expected each seed once')
  })
})

describe('an estimate', () => {
  it('[SIM12] has the printed values of Student’s t', () => {
    const printed = { 1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 9: 2.262, 10: 2.228, 29: 2.045, 120: 1.98 }
    for (const [freedom, value] of Object.entries(printed))
      expect(studentTQuantile(Number(freedom), 0.95)).toBeCloseTo(value, 2)
    expect(studentTQuantile(9, 0.99)).toBeCloseTo(3.25, 2)
  })

  it('[SIM15] is the mean with Student’s interval', () => {
    // 2.776 is t for four degrees of freedom; the standard error of 1, 2, 3, 4, 5 is 0.7071.
    expect(estimate([1, 2, 3, 4, 5]).mean).toBe(3)
    expect(estimate([1, 2, 3, 4, 5]).halfWidth).toBeCloseTo(2.776 * Math.SQRT1_2, 3)
    expect(estimate([7])).toEqual({ mean: 7, halfWidth: null })
  })
})
