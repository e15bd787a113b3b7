import { describe, expect, it } from 'vitest'
import type { Arrival, GeneratedArrivals } from '../../../src/simulation'
import { poissonArrivals } from '../../../src/simulation/arrivals/arrival-stream'
import { hourMs, monday } from '../build-scenario'

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
