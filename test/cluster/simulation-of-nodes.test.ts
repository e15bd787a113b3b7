import { expect, it, vi } from 'vitest'
import { campaign, runs, steps } from './campaign'

// Nodes whose desk is erased while they open have nobody else to tell.
vi.spyOn(console, 'error').mockImplementation(() => {})

it('[ND1, ND2, ND3, ND4, ND13] keeps its promises while nodes, wires, clocks and engine fail, one half', async () => {
  const { steps: done, faults, timers } = await campaign(0, 2)
  expect(done).toBeGreaterThanOrEqual(Math.floor(runs / 2) * steps)
  expect(timers).toBeGreaterThan(runs)
  for (const fault of ['crash', 'pause', 'cut', 'refuse', 'lose', 'flush', 'trim', 'clock']) {
    expect(faults[fault] ?? 0).toBeGreaterThan(runs / 100)
  }
})
