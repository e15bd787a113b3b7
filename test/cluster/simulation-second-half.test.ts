import { expect, it, vi } from 'vitest'
import { campaignRuns, runCampaign, stepsPerRun } from './simulation/campaign'
import { simulate } from './simulation/simulate'

// Nodes whose desk is erased while they open have nobody else to tell.
vi.spyOn(console, 'error').mockImplementation(() => {})

it('[ND1, ND2, ND3, ND4, ND13] keeps its promises while nodes, wires, clocks and engine fail, other half', async () => {
  const { steps: done, answers } = await runCampaign(1, 2)
  expect(done).toBeGreaterThanOrEqual(Math.floor(campaignRuns / 2) * stepsPerRun)
  expect(answers).toBeGreaterThan(campaignRuns)
})

it('plays the same history again from the same seed', async () => {
  for (const seed of [1, 2, 3])
    expect(await simulate({ seed, steps: stepsPerRun })).toEqual(await simulate({ seed, steps: stepsPerRun }))
})
