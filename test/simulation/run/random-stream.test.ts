import { describe, expect, it } from 'vitest'
import type { Arrival, Distribution, GeneratedArrivals } from '../../../src/simulation'
import { poissonArrivals } from '../../../src/simulation/arrivals/arrival-stream'
import { studentTQuantile } from '../../../src/simulation/compare'
import { RandomStream, randomFor } from '../../../src/simulation/run/random-stream'
import { GroupResponse } from '../../../src/simulation/run/staff-agents'
import { meanOf, normalQuantile, quantileFunction } from '../../../src/simulation/scenario/distribution'
import { hourMs, monday } from '../build-scenario'

const draws = 40_000

describe('chance', () => {
  it('[SIM12] is even, and independent of the seed, of whom it is about and of what it is for', () => {
    for (const draw of [
      (index: number) => randomFor(1, index, 5),
      (index: number) => randomFor(index, 1, 5),
      (index: number) => randomFor(1, 5, index),
    ]) {
      const bins = new Array<number>(20).fill(0)
      let product = 0
      let last = 0.5
      for (let index = 0; index < draws; index += 1) {
        const value = draw(index)
        bins[Math.floor(value * 20)] = (bins[Math.floor(value * 20)] ?? 0) + 1
        product += (value - 0.5) * (last - 0.5)
        last = value
      }
      const expected = draws / 20
      // Chi-square with 19 degrees of freedom stays below 43.8 in 999 of 1000 cases.
      expect(bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(43.8)
      expect(Math.abs((12 * product) / draws)).toBeLessThan(0.02)
    }
  })

  it.each<Distribution>([
    { distribution: 'fixed', ms: 700 },
    { distribution: 'exponential', meanMs: 60_000 },
    { distribution: 'lognormal', meanMs: 60_000, sdMs: 90_000 },
    { distribution: 'empirical', valuesMs: [1_000, 2_000, 2_000, 9_000] },
  ])('[SIM12] draws times of the mean and the spread that are asked for: $distribution', (distribution) => {
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

  it('[SIM12] knows the normal distribution to the ninth digit, and Student’s t as it is printed', () => {
    for (const [share, value] of [
      ...[[0.5, 0] as const, [0.975, 1.959963984540054] as const, [0.9, 1.2815515655446004] as const],
      ...[[0.001, -3.090232306167813] as const, [0.999999, 4.753424308822899] as const],
    ]) {
      expect(normalQuantile(share)).toBeCloseTo(value, 7)
    }
    const printed = { 1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 9: 2.262, 10: 2.228, 29: 2.045, 120: 1.98 }
    for (const [freedom, value] of Object.entries(printed))
      expect(studentTQuantile(Number(freedom), 0.95)).toBeCloseTo(value, 2)
    expect(studentTQuantile(9, 0.99)).toBeCloseTo(3.25, 2)
  })

  it('[SIM14] lets the first of many act as early, and as evenly, as if each had drawn a time', () => {
    const responseModel = {
      answer: quantileFunction({ distribution: 'exponential', meanMs: 60_000 }),
      muteShare: 0,
      awayDuration: () => 0,
      handling: () => 0,
    }
    const staffIds = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
    const rounds = 4_000
    const sums = staffIds.map(() => 0)
    const firsts = new Map<string, number>()
    for (let round = 0; round < rounds; round += 1) {
      const random = new RandomStream(9, round)
      const groupResponse = new GroupResponse({ requestId: 'r', staffIds, responseModel, random, startedAt: 1_000 })
      const seen = new Set<string>()
      for (const [index] of staffIds.entries()) {
        sums[index] = (sums[index] ?? 0) + groupResponse.nextResponseAt() - 1_000
        const id = groupResponse.drawStaffId()
        seen.add(id)
        if (index === 0) firsts.set(id, (firsts.get(id) ?? 0) + 1)
      }
      expect(seen.size).toBe(8)
      expect(groupResponse.remaining).toBe(0)
    }
    // The kth of n exponential times has the mean 1/n + 1/(n-1) + … + 1/(n-k+1).
    let mean = 0
    for (const [index, sum] of sums.entries()) {
      mean += 60_000 / (8 - index)
      expect(Math.abs(sum / rounds / mean - 1)).toBeLessThan(0.06)
    }
    expect(Math.max(...firsts.values()) / Math.min(...firsts.values())).toBeLessThan(1.25)
  })
})

describe('generated arrivals', () => {
  const anyKind = { share: 1, facts: {}, weight: null, handling: null, patience: null }
  const week = (perHour: (hour: number) => number): GeneratedArrivals => ({
    ...{ from: 'rate', perHour: Array.from({ length: 168 }, (_, hour) => perHour(hour)), kinds: [anyKind] },
  })
  const during = (
    source: GeneratedArrivals,
    given: { timeZone?: string; fromAt?: number; hours: number; seed?: number },
  ) => {
    const { timeZone = 'UTC', fromAt = monday, hours, seed = 1 } = given
    return [...poissonArrivals(source, { fromAt, untilAt: fromAt + hours * hourMs, timeZone, seed })]
  }

  it('[SIM13] are a Poisson process: as many as expected, with gaps that are exponential', () => {
    const arrivals = during(
      week(() => 600),
      { hours: 48 },
    )
    expect(Math.abs(arrivals.length - 28_800)).toBeLessThan(4 * Math.sqrt(28_800))
    const gaps = arrivals.slice(1).map(({ at }, index) => at - (arrivals[index]?.at ?? 0))
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    const share = (least: number) => gaps.filter((gap) => gap > least).length / gaps.length
    for (const least of [1_000, 6_000, 20_000]) expect(share(least)).toBeCloseTo(Math.exp(-least / mean), 1.7)
    const perMinute = new Map<number, number>()
    for (const { at } of arrivals)
      perMinute.set(Math.floor(at / 60_000), (perMinute.get(Math.floor(at / 60_000)) ?? 0) + 1)
    const counts = Array.from({ length: 48 * 60 }, (_, index) => perMinute.get(monday / 60_000 + index) ?? 0)
    const average = counts.reduce((sum, count) => sum + count, 0) / counts.length
    const variance = counts.reduce((sum, count) => sum + (count - average) ** 2, 0) / counts.length
    expect(variance / average).toBeGreaterThan(0.9)
    expect(variance / average).toBeLessThan(1.1)
  })

  it('[SIM13] follow the hour of the week on the clocks of the zone', () => {
    // Thursday 15:00 to 16:00, the hours counted from Monday on.
    const source = week((hour) => (hour === 3 * 24 + 15 ? 200 : 0))
    const hours = (timeZone: string) => {
      const all = during(source, { timeZone, hours: 168 }).map(({ at }) => Math.floor((at - monday) / hourMs))
      return [...new Set(all)]
    }
    expect(hours('UTC')).toEqual([87])
    expect(hours('America/New_York')).toEqual([92])
    expect(hours('Asia/Kolkata')).toEqual([81, 82])
  })

  it('[SIM13] keep to the clocks when these change', () => {
    const noon = week((hour) => (hour % 24 === 12 ? 100 : 0))
    const fromAt = Date.parse('2026-10-24T00:00:00Z')
    const hours = during(noon, { timeZone: 'Europe/Berlin', fromAt, hours: 48 }).map(({ at }) =>
      new Date(at).getUTCHours(),
    )
    expect([...new Set(hours.slice(0, 50))]).toEqual([10])
    expect([...new Set(hours.slice(-50))]).toEqual([11])
  })

  it('[SIM13] are of kinds in the shares that are asked for, each with its own times', () => {
    const kinds = [
      { ...anyKind, share: 3, facts: { topic: 'a' } },
      { ...anyKind, share: 1, facts: { topic: 'b' }, weight: 2, patience: { distribution: 'fixed', ms: 5 } as const },
    ]
    const arrivals = during({ ...week(() => 500), kinds }, { hours: 20 })
    const of = (topic: string) => arrivals.filter(({ facts }: Arrival) => facts.topic === topic)
    expect(of('a').length / arrivals.length).toBeCloseTo(0.75, 1.5)
    expect(of('b')[0]).toEqual({ at: expect.any(Number), facts: { topic: 'b' }, weight: 2, patienceMs: 5 })
  })

  it('[SIM13] come never where nobody is expected', () => {
    expect(
      during(
        week(() => 0),
        { hours: 100 },
      ),
    ).toEqual([])
  })
})
