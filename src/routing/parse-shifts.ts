import { type InputIssue, InvalidInputError, type Shift } from '../core'
import { jsonCopy } from './json-copy'
import { parsed } from './parsed'
import type { Path } from './place'
import { routingLimits } from './routing-limits'
import { shiftSchema } from './shift-schema'
import { shown } from './shown'

/**
 * Shifts as a host writes them: copies. No two have the same id, no date has two exceptions.
 * @throws InvalidInputError with every problem found.
 */
export function parseShifts(value: unknown, path: Path = ['shifts']): Shift[] {
  const issues: InputIssue[] = []
  const { shiftsMax } = routingLimits
  if (!Array.isArray(value) || value.length > shiftsMax) {
    throw new InvalidInputError([{ path, expected: `a list of at most ${shiftsMax} shifts`, got: shown(value) }])
  }
  // Unlike `map` this sees the holes of a list, which are no shifts.
  const shifts = Array.from(value, (shift: unknown, index) => parseShift(shift, [...path, index], issues))
  const ids = new Set<string>()
  for (const [index, shift] of shifts.entries()) {
    if (shift === undefined) continue
    if (ids.has(shift.id)) issues.push(double([...path, index, 'id'], 'an id that no other shift has', shift.id))
    ids.add(shift.id)
  }
  if (issues.length > 0) throw new InvalidInputError(issues)
  return shifts.filter((shift) => shift !== undefined)
}

function parseShift(value: unknown, path: Path, issues: InputIssue[]): Shift | undefined {
  const copy = jsonCopy(value, path, issues)
  const shift = copy === undefined ? undefined : parsed(shiftSchema, copy, { path, issues })
  const dates = new Set<string>()
  for (const [index, { date }] of (shift?.exceptions ?? []).entries()) {
    if (dates.has(date)) issues.push(double([...path, 'exceptions', index, 'date'], 'one exception a date', date))
    dates.add(date)
  }
  return shift
}

function double(path: Path, expected: string, value: string): InputIssue {
  return { path, expected, got: shown(value) }
}
