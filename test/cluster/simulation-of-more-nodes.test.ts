import { expect, it, vi } from 'vitest'
import { campaign, runs, steps } from './campaign'
import { simulate } from './world/simulate'

// Nodes whose desk is erased while they open have nobody else to tell.
vi.spyOn(console, 'error').mockImplementation(() => {})

it('[ND1, ND2, ND3, ND4, ND13] keeps its promises while nodes, wires, clocks and engine fail, other half', async () => {
  const { steps: done, answers } = await campaign(1, 2)
  expect(done).toBeGreaterThanOrEqual(Math.floor(runs / 2) * steps)
  expect(answers).toBeGreaterThan(runs)
})

it('plays the same history again from the same seed', async () => {
  for (const seed of [1, 2, 3]) expect(await simulate({ seed, steps })).toEqual(await simulate({ seed, steps }))
})
