import type { Shift, ShiftTime } from '../core'
import { dayMs, planOf, type ShiftPlan, type Stretch, stretchesOf } from './shift-plan'
import { instantOf, wallTimeAt } from './zone-time'

/**
 * Whether a shift is on at an instant, and the exact instant at which that changes next (`null`: never). A start or end
 * that the clocks skip that day is the first instant after it; one that they show twice is the first. Hours over
 * midnight belong to the day on which they start.
 */
export function shiftTimeAt(shift: Shift, at: number): ShiftTime {
  const { timeZone } = shift
  const today = Math.floor(wallTimeAt(timeZone, at) / dayMs)
  let onUntil: number | null = null
  for (const run of runsFrom(planOf(shift), today - 2)) {
    const endAt = run.end === Number.POSITIVE_INFINITY ? run.end : instantOf(timeZone, run.end)
    if (endAt <= at) continue
    const startAt = instantOf(timeZone, run.start)
    // A stretch that the clocks skipped whole lasts no time.
    if (startAt >= endAt) continue
    if (onUntil === null && startAt > at) return timeOf(shift, false, startAt)
    if (onUntil !== null && startAt > onUntil) break
    onUntil = Math.max(onUntil ?? endAt, endAt)
  }
  return timeOf(shift, onUntil !== null, onUntil)
}

function timeOf(shift: Shift, isOn: boolean, at: number | null): ShiftTime {
  return { shiftId: shift.id, isOn, nextBoundaryAt: at === Number.POSITIVE_INFINITY ? null : at }
}

/** Days after the last exception in which the weekly hours have shown all that they can. */
const daysShown = 21

/** Stretches that touch or overlap made one, in order, from a day on; the last one ends never if nothing ends it. */
function* runsFrom(plan: ShiftPlan, firstDay: number): Generator<Stretch> {
  let run: Stretch | null = null
  const lastDay = Math.max(firstDay, plan.exceptionDays.at(-1) ?? firstDay) + daysShown
  let day = firstDay
  while (day <= lastDay) {
    for (const stretch of stretchesOf(plan, day).sort((one, other) => one.start - other.start)) {
      if (run !== null && stretch.start > run.end) yield run
      run = run === null || stretch.start > run.end ? stretch : joined(run, stretch)
    }
    const next = dayAfter(plan, day, firstDay)
    if (run !== null && next > day + 1) run = stretchedTo(run, plan, next)
    day = next
  }
  if (run !== null) yield plan.weeklyHours === 'always' ? { start: run.start, end: Number.POSITIVE_INFINITY } : run
}

/** The next day, or, where every day is like the one before, two days before the next exception. */
function dayAfter(plan: ShiftPlan, day: number, firstDay: number): number {
  if (plan.weeklyHours === 'some' || day < firstDay + 2) return day + 1
  const near = plan.exceptionDays.find((exception) => exception >= day - 2)
  return near === undefined ? day + 1 : Math.max(day + 1, near - 2)
}

function joined({ start, end }: Stretch, next: Stretch): Stretch {
  return { start, end: Math.max(end, next.end) }
}

/** Days were left out because nothing ends on them, or because nothing is on. */
function stretchedTo(run: Stretch, plan: ShiftPlan, day: number): Stretch {
  return plan.weeklyHours === 'always' ? { start: run.start, end: (day + 1) * dayMs } : run
}
