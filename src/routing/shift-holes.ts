import type { Shift, Staff, Target } from '../core'
import { shiftTimeAt } from './shift-time'
import { isNamed, listed } from './unknown-targets'

export interface Week {
  readonly staff: readonly Staff[]
  readonly shifts: readonly Shift[]
  readonly weekFrom: number
}

interface Span {
  readonly from: number
  readonly to: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const weekMs = 7 * dayMs
const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const spansMax = 7

/**
 * When in the week, in UTC, no step of a route has anybody on shift, to the instant; nothing where there is no such
 * time, or a step names no shift.
 */
export function shiftHoles(steps: readonly Target[], week: Week): string | undefined {
  const served: Shift[] = []
  for (const to of steps) {
    if (to === 'everyone' || to.shift === undefined) return undefined
    const ids = listed(to.shift)
    served.push(...week.shifts.filter(({ id }) => ids.includes(id) && isServed(to, id, week.staff)))
  }
  const empty = emptySpans(served, week.weekFrom)
  if (empty.length === 0) return undefined
  const hours = empty.reduce((sum, { from, to }) => sum + to - from, 0) / hourMs
  const told = empty.flatMap(byDay)
  const texts = told.slice(0, spansMax).join(', ') + (told.length > spansMax ? ', …' : '')
  return `nobody of it is on shift in ${Number(hours.toFixed(2))} of 168 hours (UTC): ${texts}`
}

function isServed(to: Target, shiftId: string, staff: readonly Staff[]): boolean {
  return staff.some((one) => one.shifts?.includes(shiftId) === true && isNamed(to, one))
}

/** From boundary to boundary: between two nothing changes. Milliseconds after the week's beginning. */
function emptySpans(shifts: readonly Shift[], weekFrom: number): Span[] {
  const spans: { from: number; to: number }[] = []
  let at = weekFrom
  while (at < weekFrom + weekMs) {
    const times = shifts.map((shift) => shiftTimeAt(shift, at))
    const next = Math.min(weekFrom + weekMs, ...times.map(({ nextBoundaryAt }) => nextBoundaryAt ?? weekFrom + weekMs))
    if (!times.some(({ isOn }) => isOn)) {
      const last = spans.at(-1)
      if (last?.to === at - weekFrom) last.to = next - weekFrom
      else spans.push({ from: at - weekFrom, to: next - weekFrom })
    }
    at = next
  }
  return spans
}

/** `mon 00-08`, `tue 09:30-09:45`: no text goes over midnight. */
function byDay({ from, to }: Span): string[] {
  const texts: string[] = []
  for (let start = from; start < to; ) {
    const day = Math.floor(start / dayMs)
    const end = Math.min(to, (day + 1) * dayMs)
    texts.push(`${days[day]} ${clock(start - day * dayMs)}-${clock(end - day * dayMs)}`)
    start = end
  }
  return texts
}

function clock(ms: number): string {
  const [hours, minutes] = [Math.floor(ms / hourMs), Math.floor((ms % hourMs) / minuteMs)]
  const two = (count: number) => String(count).padStart(2, '0')
  return minutes === 0 ? two(hours) : `${two(hours)}:${two(minutes)}`
}
