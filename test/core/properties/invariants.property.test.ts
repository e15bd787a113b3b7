import { describe, it } from 'vitest'
import { allInvariants } from '../../../src/testing/invariants/all-invariants'
import { watchInvariants } from '../../../src/testing/invariants/watch-invariants'
import { viewOf } from '../../../src/testing/playing/desk-view'
import { play } from '../../../src/testing/playing/play'
import { campaign } from './campaign'

describe('the invariants over random command sequences', () => {
  it('all hold', () => {
    campaign('invariants', (scenario, recorder) => {
      const watch = watchInvariants(allInvariants)
      play(scenario, recorder.over({ ...watch, atRest: (state, book) => watch.atRest(viewOf(state), book) }))
    })
  })
})
