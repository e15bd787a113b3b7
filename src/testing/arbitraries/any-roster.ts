import * as fc from 'fast-check'
import type { Shift, Staff, Weekday } from '../../core'

/** One staff member; `id` is drawn from {@link sampleNames} unless it is given. */
export function anyStaff(id: fc.Arbitrary<string> = fc.constantFrom(...sampleNames.staff)): fc.Arbitrary<Staff> {
  return fc.record(
    {
      id,
      name: fc.constantFrom('Ana', 'Bo'),
      teams: fc.subarray([...sampleNames.teams]),
      skills: fc.dictionary(fc.constantFrom(...sampleNames.skills), fc.constantFrom(1, 3, 5), {
        maxKeys: 2,
        noNullPrototype: true,
      }),
      shifts: fc.subarray([...sampleNames.shifts]),
      capacity: fc.constantFrom(0, 1, 1, 1, 2, 2, 3, 3),
    },
    { requiredKeys: ['id'] },
  )
}

/** One to five staff members, no id twice. */
export function anyRoster(): fc.Arbitrary<Staff[]> {
  return fc.uniqueArray(anyStaff(), {
    selector: (staff) => staff.id,
    minLength: 1,
    maxLength: sampleNames.staff.length,
  })
}

const weekdays: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const zones = ['UTC', 'America/New_York', 'Europe/London', 'Asia/Kolkata', 'Australia/Lord_Howe']

/** A shift with weekly hours (some over midnight), and sometimes a closed or otherwise opened day. */
export function anyShift(id: fc.Arbitrary<string> = fc.constantFrom(...sampleNames.shifts)): fc.Arbitrary<Shift> {
  return fc.record(
    {
      id,
      timeZone: fc.constantFrom(...zones),
      weekly: fc.array(
        fc.record({ days: fc.subarray([...weekdays], { minLength: 1 }), from: anyWallTime(), to: anyWallTime() }),
        {
          minLength: 1,
          maxLength: 2,
        },
      ),
      exceptions: fc.array(
        fc.constantFrom(
          { date: '2026-12-25', closed: true as const },
          { date: '2026-03-29', hours: [{ from: '00:30', to: '05:00' }] },
          { date: '--12-25', closed: true as const },
          { from: '--12-24', to: '--01-01', hours: [{ from: '10:00', to: '12:00' }] },
          { from: '2026-01-03', to: '2026-01-06', closed: true as const },
        ),
        { maxLength: 1 },
      ),
    },
    { requiredKeys: ['id', 'timeZone', 'weekly'] },
  )
}

/** Up to three shifts, no id twice. */
export function anyShifts(): fc.Arbitrary<Shift[]> {
  return fc.uniqueArray(anyShift(), { selector: (shift) => shift.id, maxLength: sampleNames.shifts.length })
}

function anyWallTime(): fc.Arbitrary<string> {
  return fc.constantFrom('00:00', '02:30', '08:00', '09:15', '17:00', '22:00')
}

/** Few names, so that generated commands collide: one staff member mutes, accepts and loses the same request. */
export const sampleNames = {
  staff: ['ana', 'bo', 'cy', 'di', 'eve'],
  visitors: ['v1', 'v2', 'v3', 'v4', 'v5', 'v6'],
  sessions: ['tab', 'phone'],
  teams: ['billing', 'servers'],
  skills: ['linux', 'dns'],
  shifts: ['day', 'night', 'always'],
  /** Never in any roster. */
  stranger: 'nobody-knows-me',
} as const
