import * as fc from 'fast-check'
import type { Shift, Weekday } from '../../core'
import { names } from './names'

const weekdays: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const zones = ['UTC', 'America/New_York', 'Europe/London', 'Asia/Kolkata', 'Australia/Lord_Howe']

/** A shift with weekly hours (some over midnight), and sometimes a closed or otherwise opened day. */
export function anyShift(id: fc.Arbitrary<string> = fc.constantFrom(...names.shifts)): fc.Arbitrary<Shift> {
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
        ),
        { maxLength: 1 },
      ),
    },
    { requiredKeys: ['id', 'timeZone', 'weekly'] },
  )
}

/** Up to three shifts, no id twice. */
export function anyShifts(): fc.Arbitrary<Shift[]> {
  return fc.uniqueArray(anyShift(), { selector: (shift) => shift.id, maxLength: names.shifts.length })
}

function anyWallTime(): fc.Arbitrary<string> {
  return fc.constantFrom('00:00', '02:30', '08:00', '09:15', '17:00', '22:00')
}
