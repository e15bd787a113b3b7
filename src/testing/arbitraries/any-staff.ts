import * as fc from 'fast-check'
import type { Staff } from '../../core'
import { names } from './names'

/** One staff member; `id` is drawn from {@link names} unless it is given. */
export function anyStaff(id: fc.Arbitrary<string> = fc.constantFrom(...names.staff)): fc.Arbitrary<Staff> {
  return fc.record(
    {
      id,
      name: fc.constantFrom('Ana', 'Bo'),
      teams: fc.subarray([...names.teams]),
      skills: fc.dictionary(fc.constantFrom(...names.skills), fc.constantFrom(1, 3, 5), {
        maxKeys: 2,
        noNullPrototype: true,
      }),
      shifts: fc.subarray([...names.shifts]),
      capacity: fc.constantFrom(0, 1, 1, 1, 2, 2, 3, 3),
    },
    { requiredKeys: ['id'] },
  )
}

/** One to five staff members, no id twice. */
export function anyRoster(): fc.Arbitrary<Staff[]> {
  return fc.uniqueArray(anyStaff(), { selector: (staff) => staff.id, minLength: 1, maxLength: names.staff.length })
}
