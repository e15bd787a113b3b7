import * as fc from 'fast-check'
import type { Target, TargetParts } from '../../core'
import { names } from './names'

/** A target over {@link names}: everyone, one key, several keys, or somebody left out. Never empty. */
export function anyTarget(): fc.Arbitrary<Target> {
  const withoutNot = fc.oneof(
    { weight: 3, arbitrary: fc.constant<Target>('everyone') },
    { weight: 2, arbitrary: fc.constantFrom(...names.staff).map((staff): Target => ({ staff })) },
    { weight: 2, arbitrary: fc.constantFrom(...names.teams).map((team): Target => ({ team })) },
    { weight: 2, arbitrary: fc.constantFrom(...names.shifts).map((shift): Target => ({ shift })) },
    { weight: 2, arbitrary: someParts() },
  )
  const leavingOut = fc
    .record({ parts: fc.option(someParts(), { nil: {} }), not: withoutNot })
    .map(({ parts, not }): Target => ({ ...parts, not }))
  return fc.oneof({ weight: 9, arbitrary: withoutNot }, { weight: 1, arbitrary: leavingOut })
}

function someParts(): fc.Arbitrary<TargetParts> {
  return fc
    .record(
      {
        staff: fc.subarray([...names.staff], { minLength: 1 }),
        team: fc.subarray([...names.teams], { minLength: 1 }),
        shift: fc.subarray([...names.shifts], { minLength: 1 }),
        skills: fc.dictionary(fc.constantFrom(...names.skills), fc.constantFrom(1, 3, 5), {
          minKeys: 1,
          maxKeys: 2,
          noNullPrototype: true,
        }),
      },
      { requiredKeys: [] },
    )
    .filter((parts) => Object.keys(parts).length > 0)
}
