import type { Shift } from '../../core'
import { shiftTimeAt } from '../../routing'

const hourMs = 3_600_000
const weekHours = 168
const weekMs = weekHours * hourMs

/** Monday, 5 January 2026, 00:00 UTC: an ordinary week. */
export const ordinaryWeekFrom = Date.UTC(2026, 0, 5)

/** A week as the check looks at it: where it begins, and the instants of it at which stories begin. */
export interface Week {
  readonly fromAt: number
  /** In order. Between two of them no shift begins or ends, so that one instant stands for them all. */
  readonly instants: readonly number[]
}

/**
 * `byHour`: every hour besides, because a workflow asks for the clock; without it, each stretch between two changes of
 * shifts has one instant, its first.
 */
export function weekOf(shifts: readonly Shift[], fromAt: number, byHour: boolean): Week {
  const hours = byHour ? Array.from({ length: weekHours }, (_, hour) => fromAt + hour * hourMs) : []
  const changes = shifts.flatMap((shift) => [...boundariesOf(shift, fromAt)])
  const instants = new Set([fromAt, ...changes, ...hours])
  return { fromAt, instants: [...instants].sort((one, other) => one - other) }
}

function* boundariesOf(shift: Shift, fromAt: number): Generator<number> {
  for (let at = nextBoundary(shift, fromAt); at < fromAt + weekMs; at = nextBoundary(shift, at)) yield at
}

/** Infinity when none comes any more. */
function nextBoundary(shift: Shift, at: number): number {
  return shiftTimeAt(shift, at).nextBoundaryAt ?? Number.POSITIVE_INFINITY
}
