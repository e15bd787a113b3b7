import { describe, it } from 'vitest'
import { runScenario } from '../../../src/testing/driver/driver'
import { waitIsBounded } from '../../../src/testing/invariants/bounded-wait'
import { wakesUpAgain } from '../../../src/testing/invariants/liveness'
import { campaign, patienceMs } from './campaign'

describe('liveness after random command sequences', () => {
  it(
    '[I1] comes back to every request that rings for nobody',
    () => {
      campaign('never unattended', (scenario, recorder) => {
        const complaint = wakesUpAgain(runScenario(scenario, recorder.over({})))
        if (complaint !== null) throw new Error(complaint)
      })
    },
    patienceMs,
  )

  it(
    '[I11] sees every request accepted in bounded time, with finite capacities, mixed weights and arrivals for ever',
    () => {
      campaign('served in time', (scenario, recorder) => {
        const complaint = waitIsBounded(runScenario(scenario, recorder.over({})))
        if (complaint !== null) throw new Error(complaint)
      })
    },
    patienceMs,
  )
})
