import { describe, expect, it, vi } from 'vitest'
import { arrivalsOf, baselineOf, scenarioOf } from '../../bench/simulation'
import { simulate, withArrivals } from '../../src/simulation'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe('the benchmark of a simulated day compares like with like', () => {
  it('[SIM24] loses, answers and keeps busy as many as the hand-written event loop over the same arrivals', () => {
    const requests = 30_000
    const arrivals = arrivalsOf(requests)
    const baseline = baselineOf(requests)
    baseline.run(arrivals)
    const { total, byHour, teams } = simulate(withArrivals(scenarioOf({ requests, days: 1 }), arrivals))
    const { offered, answered, abandoned, inTime, waitMs } = baseline.counts
    expect(total.offered).toBe(offered)
    expect(byHour.map((hour) => hour.offered)).toEqual(baseline.hours.map((hour) => hour.offered))
    expect(teams).toHaveLength(40)
    expect(Math.abs(total.answered / answered - 1)).toBeLessThan(0.02)
    expect(Math.abs((total.abandonment ?? 0) - abandoned / (answered + abandoned))).toBeLessThan(0.015)
    expect(Math.abs((total.serviceLevel ?? 0) - inTime / (answered + abandoned))).toBeLessThan(0.03)
    expect(Math.abs((total.waitMs?.mean ?? 0) / (waitMs / answered) - 1)).toBeLessThan(0.08)
    expect(Math.abs((total.occupancy ?? 0) - baseline.busyMs / 200 / 86_400_000)).toBeLessThan(0.02)
  })
})
