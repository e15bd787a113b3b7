import { describe, it } from 'vitest'
import { lookedAtAgain } from '../../../src/testing/invariants/looked-at-again'
import { servedInTime } from '../../../src/testing/invariants/served-in-time'
import { play } from '../../../src/testing/playing/play'
import { campaign, patienceMs } from './campaign'

describe('liveness after random command sequences', () => {
  it(
    '[I1] comes back to every request that rings for nobody',
    () => {
      campaign('never unattended', (scenario, recorder) => {
        const complaint = lookedAtAgain(play(scenario, recorder.over({})))
        if (complaint !== null) throw new Error(complaint)
      })
    },
    patienceMs,
  )

  it(
    '[I11] sees every request accepted in bounded time when somebody able accepts what rings',
    () => {
      campaign('served in time', (scenario, recorder) => {
        const complaint = servedInTime(play(scenario, recorder.over({})))
        if (complaint !== null) throw new Error(complaint)
      })
    },
    patienceMs,
  )
})
