import type { DeskState } from './state'

/**
 * When the desk has to wake: the earliest deadline of any kind, in milliseconds since the epoch; the instant of the
 * newest event when something can follow at once; `null` when nothing is registered. It may be early, never late.
 */
export function nextDueAt({ at, matchable, due }: DeskState): number | null {
  if (matchable.size > 0) return at
  const { shifts, staff, visitors, wrapUps, requests } = due
  const earliest = Math.min(
    shifts.earliestAt,
    staff.earliestAt,
    visitors.earliestAt,
    wrapUps.earliestAt,
    requests.earliestAt,
  )
  return earliest === Number.POSITIVE_INFINITY ? null : earliest
}

/** The shifts whose boundary is due: their times have to come with the `tick`. */
export function dueShifts({ shifts, due }: DeskState, at: number) {
  if (due.shifts.earliestAt > at) return []
  return [...shifts.values()]
    .filter(({ nextBoundaryAt }) => nextBoundaryAt !== null && nextBoundaryAt <= at)
    .map(({ shift }) => shift)
}
