import { describe, it } from 'vitest'
import { determinism } from '../../../src/testing/invariants/equal-runs'
import { campaign, patienceMs } from './campaign'

describe('determinism over random command sequences', () => {
  it(
    '[I8] gives the same events again, and the same state from events, from a snapshot and its sequel',
    () => {
      campaign('determinism', (scenario) => {
        const cut = scenario.actions.length === 0 ? 0 : (scenario.actions.length * 7919) % (scenario.actions.length + 1)
        const complaint = determinism(scenario, cut)
        if (complaint !== null) throw new Error(complaint)
      })
    },
    patienceMs,
  )
})
