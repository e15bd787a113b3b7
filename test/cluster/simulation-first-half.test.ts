import { expect, it, vi } from 'vitest'
import { campaignRuns, runCampaign, stepsPerRun } from './simulation/campaign'

// Nodes whose desk is erased while they open have nobody else to tell.
vi.spyOn(console, 'error').mockImplementation(() => {})

it('[ND1, ND2, ND3, ND4, ND13] keeps its promises while nodes, wires, clocks and engine fail, one half', async () => {
  const { steps: done, faults, timers } = await runCampaign(0, 2)
  expect(done).toBeGreaterThanOrEqual(Math.floor(campaignRuns / 2) * stepsPerRun)
  expect(timers).toBeGreaterThan(campaignRuns)
  for (const fault of ['crash', 'pause', 'cut', 'refuse', 'lose', 'flush', 'trim', 'clock']) {
    expect(faults[fault] ?? 0).toBeGreaterThan(campaignRuns / 100)
  }
})
