import * as fc from 'fast-check'
import { defaultPolicy, type Staff } from '../../core'
import type { Deed } from '../playing/move'
import type { Scenario } from '../playing/scenario'
import { anyMove } from './any-move'
import { anyPolicy } from './any-policy'
import { anyShifts } from './any-shift'
import { anyRoster } from './any-staff'

/** A whole story: a roster of which most are there, shifts, a policy, and up to `movesMax` moves (default 120). */
export function anyScenario({ movesMax = 120 }: { readonly movesMax?: number } = {}): fc.Arbitrary<Scenario> {
  return fc
    .record({
      policy: fc.oneof(fc.constant(defaultPolicy), anyPolicy()),
      shifts: anyShifts(),
      roster: anyRoster(),
      absent: fc.subarray([0, 1, 2, 3, 4]),
      moves: fc.array(anyMove(), { maxLength: movesMax, size: 'max' }),
    })
    .map(({ policy, shifts, roster, absent, moves }) => ({
      startAt: 1_000_000,
      policy,
      setup: [
        { type: 'setShifts', shifts, times: [] },
        ...roster.flatMap((staff, index) => arrival(staff, !absent.includes(index))),
      ],
      moves,
    }))
}

function arrival(staff: Staff, isThere: boolean): Deed[] {
  const set: Deed = { type: 'setStaff', staff }
  return isThere ? [set, { type: 'connect', staffId: staff.id, sessionId: 'tab' }] : [set]
}
