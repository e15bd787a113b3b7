import { describe, expect, it } from 'vitest'
import { Metrics } from '../../../src/core'
import { Driver } from '../../../src/testing/driver/driver'
import type { Scenario } from '../../../src/testing/driver/scenario'
import { campaign, patienceMs } from './campaign'
import { expected, NaiveMetrics, rounded, toComparable } from './naive-metrics'

const options = { windowMs: 600_000, serviceLevelMs: 20_000 }

describe('metrics over random command sequences', () => {
  it(
    '[M9] are what counting everything that happened in the window gives',
    () => {
      campaign('metrics', (scenario, recorder) => {
        const metrics = new Metrics(options)
        const naive = new NaiveMetrics()
        const driver: Driver = new Driver(
          { at: scenario.startAt, policy: scenario.policy },
          recorder.over({
            afterEvent: ({ event, edges }) => {
              metrics.record(driver.state, event, edges)
              naive.record(driver.state, event, edges)
            },
          }),
        )
        perform(driver, scenario, (half) => {
          if (half) agree(metrics, naive, driver)
        })
        agree(metrics, naive, driver)
      })
    },
    patienceMs,
  )
})

function perform(driver: Driver, { setup, actions }: Scenario, between: (isHalfway: boolean) => void): void {
  for (const template of setup) driver.execute(template)
  for (const [index, action] of actions.entries()) {
    driver.perform(action)
    between(index === actions.length >> 1)
  }
}

function agree(metrics: Metrics, naive: NaiveMetrics, driver: Driver): void {
  const seen = metrics.view(driver.state, driver.now)
  const { waits, share, staff, teams, ...counts } = naive.view(driver.state, driver.now, options)
  const { timeToAcceptMs, serviceLevel } = seen
  const { occupancy, ...exact } = counts
  expect(seen).toMatchObject({ ...exact, windowMs: options.windowMs })
  expect(rounded(seen.occupancy)).toBe(rounded(occupancy))
  expect(serviceLevel).toEqual({ thresholdMs: options.serviceLevelMs, share })
  expect(toComparable(seen.staff)).toEqual(expected(staff))
  expect(toComparable(seen.teams)).toEqual(expected(teams))
  if (waits.length === 0) return expect(timeToAcceptMs).toBeNull()
  expect(timeToAcceptMs?.mean).toBeCloseTo(waits.reduce((sum, waitMs) => sum + waitMs, 0) / waits.length, 6)
  for (const [name, at] of [
    ['p50', 0.5],
    ['p90', 0.9],
    ['p95', 0.95],
    ['p99', 0.99],
  ] as const) {
    const exact = waits[Math.ceil(at * waits.length) - 1] ?? 0
    const found = timeToAcceptMs?.[name] ?? Number.NaN
    expect(found, name).toBeLessThanOrEqual(exact)
    expect(found, name).toBeGreaterThanOrEqual(exact < 16 ? exact : (exact * 15) / 16)
  }
}
