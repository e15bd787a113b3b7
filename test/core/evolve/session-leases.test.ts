import { describe, expect, it } from 'vitest'
import { staffView } from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

describe('leases', () => {
  it('[T7] switches leases off and on for sessions that are there already', () => {
    const scene = new DeskFixture({ sessionLeaseMs: 5_000, presenceGraceMs: 0 }).present('ana')
    const leases = (sessionLeaseMs: number | null) =>
      scene.execute({ type: 'setPolicy', policy: { ...scene.state.policy, sessionLeaseMs } })
    leases(null)
    scene.pass(3_600_000)
    expect(staffView(scene.state, 'ana')?.isPresent).toBe(true)
    leases(5_000)
    scene.pass(4_999)
    expect(staffView(scene.state, 'ana')?.isPresent).toBe(true)
    scene.pass(1)
    expect(staffView(scene.state, 'ana')?.isPresent).toBe(false)
  })
})
