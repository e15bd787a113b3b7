import { expect, it, vi } from 'vitest'
import { campaignTimeoutMs, runCampaign, stepsPerRun } from './simulation/campaign'
import { simulate } from './simulation/simulate'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

// A node whose desk is erased while it opens has no error listener yet.
vi.spyOn(console, 'error').mockImplementation(() => {})

it(
  '[ND1, ND2, ND3, ND4, ND13] keeps its guarantees while nodes, connections, clocks and backend fail, other half',
  async () => {
    const { runs, steps: done, answers } = await runCampaign(1, 2)
    expect(runs).toBeGreaterThan(0)
    expect(done).toBeGreaterThanOrEqual(runs * stepsPerRun)
    expect(answers).toBeGreaterThan(runs)
  },
  campaignTimeoutMs,
)

it('simulates the same history again from the same seed', async () => {
  for (const seed of [1, 2, 3])
    expect(await simulate({ seed, steps: stepsPerRun })).toEqual(await simulate({ seed, steps: stepsPerRun }))
})
