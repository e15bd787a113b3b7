import type { ShiftId, ShiftTime } from '../../core'

const halfPeriodsMs: ReadonlyMap<ShiftId, number> = new Map([
  ['day', 45_000],
  ['night', 30_000],
])

/**
 * Shifts without a calendar: `day` and `night` are on and off by turns (45 s and 30 s each), every other one is always
 * on. A pure function of the instant, as a real shift is.
 */
export function alternatingShift(shiftId: ShiftId, at: number): ShiftTime {
  const half = halfPeriodsMs.get(shiftId)
  if (half === undefined) return { shiftId, isOn: true, nextBoundaryAt: null }
  const turn = Math.floor(at / half)
  return { shiftId, isOn: turn % 2 === 0, nextBoundaryAt: (turn + 1) * half }
}
