import { beforeAll, describe, expect, it } from 'vitest'
import { runScenario } from '../../../src/testing/driver/driver'
import { deskViewOf } from '../../../src/testing/invariants/invariant'
import {
  allInvariants,
  BrokenInvariantError,
  monitorInvariants,
} from '../../../src/testing/invariants/monitor-invariants'
import { CampaignError, campaign, patienceMs, runs } from './campaign'
import { Coverage } from './coverage'

const coverage = new Coverage()
let failure: unknown = null

function expectKept(id: string): void {
  expect(allInvariants.map((invariant) => String(invariant.id))).toContain(id)
  if (failure === null) return
  const cause = failure instanceof CampaignError ? failure.cause : null
  if (!(cause instanceof BrokenInvariantError) || cause.id === id) throw failure
  throw new Error(`not judged: the campaign ended when ${cause.id} was broken`)
}

describe('over random command sequences the desk', () => {
  // One campaign watches for all of them: the first violation fails the test of its own invariant.
  beforeAll(() => {
    failure = null
    try {
      campaign('invariants', (scenario, recorder) => {
        const watch = monitorInvariants(allInvariants)
        const observer = recorder.over({ ...watch, onIdle: (state, book) => watch.onIdle(deskViewOf(state), book) })
        runScenario(scenario, observer)
        for (const step of recorder.steps) coverage.add(step)
      })
    } catch (error) {
      failure = error
    }
  }, patienceMs)

  it('[I1] rings every open request for somebody, or has a wake-up for it and shows it in awaiting()', () =>
    expectKept('I1'))
  it('[I2] gives a request to one person at a time and tells each accept the truth', () => expectKept('I2'))
  it('[I3] alternates ring and stop for each pair, and what they add up to is what it shows', () => expectKept('I3'))
  it('[I4] rings nobody outside the audience', () => expectKept('I4'))
  it('[I5] rings everybody for whom the definition holds, after every single event', () => expectKept('I5'))
  it('[I6] lets no mute, snooze or decline change what rings for other staff', () => expectKept('I6'))
  it('[I7] changes nothing by a tick too many or by a statement made twice', () => expectKept('I7'))
  it('[I9] exceeds no capacity but by assign or a lower limit', () => expectKept('I9'))
  it('[I10] offers nobody a request while a better one has a vacancy for that person', () => expectKept('I10'))
  it('[I12] lets timers before their time and late rule results change nothing', () => expectKept('I12'))
  it('[I13] lists in awaiting exactly what somebody could start, but for capacity', () => expectKept('I13'))
  it('[I15] appends and emits nothing for a refused command', () => expectKept('I15'))
  it('[I16] rings for no visitor who has gone, and abandons none who is here', () => expectKept('I16'))
  it('[I17] has no more live requests of a visitor than the policy allows', () => expectKept('I17'))

  it.skipIf(runs < 5_000)(
    'reaches every command, refusal, event, stop reason and cause with the generated sequences',
    () => {
      if (failure !== null) throw new Error('not judged: an invariant was broken')
      console.log(`rarest: ${coverage.rarest()}`)
      expect(coverage.missing()).toEqual([])
    },
  )
})
