import fc from 'fast-check'
import type { Shift } from '../../../src/core'
import { parseShifts } from '../../../src/routing'
import { problemsOf } from '../problems'

export const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export const anyTime = fc
  .tuple(fc.nat(23), fc.constantFrom('00', '10', '30', '59'))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}`)
export const anyHours = fc.record({
  days: fc.uniqueArray(fc.constantFrom(...days), { minLength: 2, maxLength: 4 }),
  from: anyTime,
  to: anyTime,
})

export function office(
  timeZone: string,
  from = '09:00',
  to = '17:00',
  on: readonly (typeof days)[number][] = days.slice(0, 5),
): Shift {
  return { id: 's', timeZone, weekly: [{ days: on, from, to }] }
}

export function parsed(part: object): Shift {
  const [shift] = parseShifts([{ id: 's', timeZone: 'UTC', ...part }])
  if (shift === undefined) throw new Error('no shift')
  return shift
}

export function shiftTime(isOn: boolean, next: string | null) {
  return { shiftId: 's', isOn, nextBoundaryAt: next === null ? null : Date.parse(next) }
}

export function problems(shifts: unknown): string[] {
  return problemsOf(() => parseShifts(shifts))
}
