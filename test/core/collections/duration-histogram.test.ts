import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { DurationHistogram, durationBinOf } from '../../../src/core/collections/duration-histogram'

vi.setConfig({ testTimeout: 120_000 })

function counting(durations: readonly number[]): DurationHistogram {
  const histogram = new DurationHistogram()
  for (const duration of durations) histogram.add(duration)
  return histogram
}

function percentile(histogram: DurationHistogram, share: number): number | undefined {
  return histogram.percentilesMs([share])[0]
}

describe('a histogram of durations', () => {
  it('has no mean before the first duration', () => {
    expect([counting([]).meanMs(), counting([]).percentilesMs([0.5, 1]), counting([]).count]).toEqual([null, [0, 0], 0])
  })

  it('is exact below 256 ms, and counts what is below 0 as 0', () => {
    for (let duration = 0; duration < 256; duration += 1) expect(percentile(counting([duration]), 1)).toBe(duration)
    expect(percentile(counting([-5]), 1)).toBe(0)
    expect(percentile(counting([3.9]), 1)).toBe(3)
  })

  it.each([
    [128, 128],
    [255, 255],
    [256, 256],
    [257, 256],
    [258, 258],
    [511, 510],
    [512, 512],
    [515, 512],
    [516, 516],
    [1_000, 1_000],
    [1_003, 1_000],
    [1_024, 1_024],
    [2 ** 31, 2 ** 31],
    [2 ** 32 - 1, 255 * 2 ** 24],
    [2 ** 40, 255 * 2 ** 24],
  ])('gives %i ms as the least of its bin, %i', (duration, expected) => {
    expect(percentile(counting([duration]), 0.5)).toBe(expected)
  })

  it('gives the durations that shares did not exceed, in any order of adding', () => {
    const histogram = counting([9, 1, 5, 3, 7, 2, 10, 4, 8, 6])
    expect(histogram.percentilesMs([0, 0.1, 0.11, 0.5, 0.9, 0.91, 1])).toEqual([1, 1, 2, 5, 9, 10, 10])
    expect(histogram.meanMs()).toBe(5.5)
    expect(histogram.maxMs).toBe(10)
  })

  it('adds to a bin that the caller has computed', () => {
    const histogram = new DurationHistogram()
    histogram.add(5_000, durationBinOf(5_000))
    expect([percentile(histogram, 1), histogram.maxMs]).toEqual([4_992, 5_000])
  })

  it('counts many different durations as it counts few', () => {
    const durations = Array.from({ length: 100 }, (_, index) => index * 100)
    const shares = [0.01, 0.25, 0.5, 1]
    const exact = [0, 2_400, 4_900, 9_900]
    for (const [index, found] of counting(durations).percentilesMs(shares).entries()) {
      expect(Math.abs(found - (exact[index] ?? 0))).toBeLessThanOrEqual((exact[index] ?? 0) / 128)
    }
    const merged = counting([7])
    merged.merge(counting(durations))
    expect([merged.count, merged.percentilesMs([0.019])]).toEqual([101, [7]])
  })

  it('is at most 1/128 less, for any duration, and merges into what both have counted', () => {
    const duration = fc.integer({ min: 0, max: 10_000_000 })
    fc.assert(
      fc.property(
        fc.array(duration, { minLength: 1, maxLength: 30 }),
        fc.array(duration, { maxLength: 30 }),
        (one, two) => {
          const both = [...one, ...two].sort((a, b) => a - b)
          const histogram = counting(one)
          histogram.merge(counting(two))
          expect(histogram.count).toBe(both.length)
          expect(histogram.meanMs()).toBe(both.reduce((sum, each) => sum + each, 0) / both.length)
          expect(histogram.maxMs).toBe(both.at(-1))
          const shares = [0, 0.5, 0.95, 1]
          const found = histogram.percentilesMs(shares)
          for (const [index, share] of shares.entries()) {
            const exact = both[Math.max(1, Math.ceil(share * both.length)) - 1] ?? 0
            expect(found[index]).toBeLessThanOrEqual(exact)
            expect(found[index]).toBeGreaterThan(exact * (127 / 128) - 1)
          }
        },
      ),
      { numRuns: 100 },
    )
  })
})
