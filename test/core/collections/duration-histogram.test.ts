import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DurationHistogram } from '../../../src/core/collections/duration-histogram'

function counting(waits: readonly number[]): DurationHistogram {
  const histogram = new DurationHistogram()
  for (const wait of waits) histogram.add(wait)
  return histogram
}

describe('a histogram of waits', () => {
  it('has no figures before the first wait', () => {
    expect([counting([]).meanMs(), counting([]).percentileMs(0.5), counting([]).count]).toEqual([null, null, 0])
  })

  it('is exact below 16 ms, and takes what is below 0 for 0', () => {
    for (let wait = 0; wait < 16; wait += 1) expect(counting([wait]).percentileMs(1)).toBe(wait)
    expect(counting([-5]).percentileMs(1)).toBe(0)
    expect(counting([3.9]).percentileMs(1)).toBe(3)
  })

  it.each([
    [16, 16],
    [17, 17],
    [31, 31],
    [32, 32],
    [33, 32],
    [34, 34],
    [63, 62],
    [64, 64],
    [67, 64],
    [68, 68],
    [1_000, 992],
    [1_024, 1_024],
  ])('tells %i ms as %i', (wait, told) => {
    expect(counting([wait]).percentileMs(0.5)).toBe(told)
  })

  it('tells the wait that a share did not exceed, whatever the order', () => {
    const histogram = counting([9, 1, 5, 3, 7, 2, 10, 4, 8, 6])
    expect([0, 0.1, 0.11, 0.5, 0.9, 0.91, 1].map((share) => histogram.percentileMs(share))).toEqual([
      1, 1, 2, 5, 9, 10, 10,
    ])
    expect(histogram.meanMs()).toBe(5.5)
  })

  it('is within a sixteenth below, for any wait, and merges into what both have counted', () => {
    const wait = fc.integer({ min: 0, max: 10_000_000 })
    fc.assert(
      fc.property(fc.array(wait, { minLength: 1, maxLength: 30 }), fc.array(wait, { maxLength: 30 }), (one, two) => {
        const both = [...one, ...two].sort((a, b) => a - b)
        const histogram = counting(one)
        histogram.merge(counting(two))
        expect(histogram.count).toBe(both.length)
        expect(histogram.meanMs()).toBe(both.reduce((sum, each) => sum + each, 0) / both.length)
        for (const share of [0, 0.5, 0.95, 1]) {
          const exact = both[Math.max(1, Math.ceil(share * both.length)) - 1] ?? 0
          const told = histogram.percentileMs(share) ?? Number.NaN
          expect(told).toBeLessThanOrEqual(exact)
          expect(told).toBeGreaterThan(exact * (15 / 16) - 1)
        }
      }),
      { numRuns: 100 },
    )
  })
})
