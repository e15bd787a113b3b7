import { describe, expect, it } from 'vitest'
import type { Distribution } from '../../../src/simulation'
import { RandomStream } from '../../../src/simulation/run/random-stream'
import { meanOf, normalQuantile, quantileFunction } from '../../../src/simulation/scenario/distribution'

const draws = 40_000

describe('distributions', () => {
  it.each<Distribution>([
    { distribution: 'fixed', ms: 700 },
    { distribution: 'exponential', meanMs: 60_000 },
    { distribution: 'lognormal', meanMs: 60_000, sdMs: 90_000 },
    { distribution: 'empirical', valuesMs: [1_000, 2_000, 2_000, 9_000] },
  ])('[SIM12] have the mean and the spread that are given: $distribution', (distribution) => {
    const quantile = quantileFunction(distribution)
    const random = new RandomStream(3, 4)
    const times = Array.from({ length: draws }, () => quantile(random.next()))
    const mean = times.reduce((sum, ms) => sum + ms, 0) / draws
    const spread = Math.sqrt(times.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) / draws)
    const expected = { fixed: 0, exponential: 60_000, lognormal: 90_000, empirical: 3_201.56 }[
      distribution.distribution
    ]
    expect(Math.abs(mean / meanOf(distribution) - 1)).toBeLessThan(0.03)
    expect(Math.abs(spread - expected)).toBeLessThanOrEqual(0.1 * expected)
    expect(times.every((ms) => Number.isInteger(ms) && ms >= 0)).toBe(true)
    const shares = [0.01, 0.2, 0.5, 0.8, 0.99].map(quantile)
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
  })

  it('[SIM12] have the normal quantile to the seventh digit', () => {
    for (const [share, value] of [
      ...[[0.5, 0] as const, [0.975, 1.959963984540054] as const, [0.9, 1.2815515655446004] as const],
      ...[[0.001, -3.090232306167813] as const, [0.999999, 4.753424308822899] as const],
    ]) {
      expect(normalQuantile(share)).toBeCloseTo(value, 7)
    }
  })
})
