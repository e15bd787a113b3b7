import { expect, it, vi } from 'vitest'
import { campaignTimeoutMs, runCampaign, stepsPerRun } from './simulation/campaign'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

// A node whose desk is erased while it opens has no error listener yet.
vi.spyOn(console, 'error').mockImplementation(() => {})

it(
  '[ND1, ND2, ND3, ND4, ND13] keeps its guarantees while nodes, connections, clocks and backend fail, one half',
  async () => {
    const { runs, steps: done, faults, timers } = await runCampaign(0, 2)
    expect(runs).toBeGreaterThan(0)
    expect(done).toBeGreaterThanOrEqual(runs * stepsPerRun)
    expect(timers).toBeGreaterThan(runs)
    for (const fault of ['crash', 'pause', 'cut', 'refuse', 'lose', 'flush', 'trim', 'clock']) {
      expect(faults[fault] ?? 0).toBeGreaterThan(runs / 50)
    }
  },
  campaignTimeoutMs,
)
