import * as fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type * as OneOrder from '../../../src/core/ringing/one-order'
import type * as Reservations from '../../../src/core/ringing/reservations'
import { anyScenario } from '../../../src/testing/arbitraries/any-scenario'
import { runScenario } from '../../../src/testing/driver/driver'
import { waitIsBounded } from '../../../src/testing/invariants/bounded-wait'

vi.setConfig({ testTimeout: 120_000 })

const mutant = vi.hoisted(() => ({ offersAnySlot: false, reservesNobody: false }))

vi.mock('../../../src/core/ringing/one-order', async (load) => {
  const original = await load<typeof OneOrder>()
  return {
    ...original,
    leavesRoomForEarlier: (...given: Parameters<typeof original.leavesRoomForEarlier>) =>
      mutant.offersAnySlot || original.leavesRoomForEarlier(...given),
  }
})

vi.mock('../../../src/core/ringing/reservations', async (load) => {
  const original = await load<typeof Reservations>()
  return {
    ...original,
    updateReservations: (...given: Parameters<typeof original.updateReservations>) => {
      if (!mutant.reservesNobody) original.updateReservations(...given)
    },
  }
})

const property = fc.property(
  anyScenario({ actionsMax: 10 }),
  (scenario) => waitIsBounded(runScenario(scenario)) === null,
)
const check = () => fc.check(property, { seed: 15, numRuns: 20, endOnFailure: true })

afterEach(() => {
  Object.assign(mutant, { offersAnySlot: false, reservesNobody: false })
})

describe('negative controls of the bounded wait', () => {
  it('holds for the desk as it is', () => {
    expect(check().failed).toBe(false)
  })

  it('fails with the old rule of offering, by which a free slot goes past an earlier ring-all request', () => {
    mutant.offersAnySlot = true
    expect(check().failed).toBe(true)
  })

  it('fails when no person is kept free for a request that is too heavy for everybody', () => {
    mutant.reservesNobody = true
    expect(check().failed).toBe(true)
  })
})
