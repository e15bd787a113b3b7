import type { Route, RouteInput, Shift, Staff, Target, TargetParts } from '../../core'
import { nearest } from '../../input'
import { shiftTimeAt } from '../shifts/shift-calendar'

/** The staff and shifts that a target can name. */
export interface TargetRoster {
  readonly staff: readonly Pick<Staff, 'id' | 'teams' | 'skills' | 'shifts'>[]
  readonly shifts: readonly Pick<Shift, 'id'>[]
}

/** A likely mistake in a target that was accepted. */
export interface TargetWarning {
  /** Keys and indexes from the route inwards. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** Finds targets of a route that no staff member of this roster matches, and unknown shifts. */
export function findUnknownTargets(route: RouteInput | Route, known: TargetRoster): TargetWarning[] {
  if (!('steps' in route)) return warningsOfTarget(route.to, ['to'], known)
  return route.steps.flatMap(({ to }, index) => warningsOfTarget(to, ['steps', index, 'to'], known))
}

/** Whether a staff member matches a target, at any time. */
export function matchesTarget(target: Target, staff: TargetRoster['staff'][number]): boolean {
  if (target === 'everyone') return true
  const { staff: ids, team, shift, skills, not } = target
  if (ids !== undefined && !asList(ids).includes(staff.id)) return false
  if (team !== undefined && !asList(team).some((one) => staff.teams?.includes(one))) return false
  if (shift !== undefined && !asList(shift).some((one) => staff.shifts?.includes(one))) return false
  if (skills !== undefined && !Object.entries(skills).every(([skill, level]) => skillLevelOf(staff, skill) >= level))
    return false
  return not === undefined || !matchesTarget(not, staff)
}

function skillLevelOf({ skills }: TargetRoster['staff'][number], skill: string): number {
  return skills !== undefined && Object.hasOwn(skills, skill) ? (skills[skill] ?? -1) : -1
}

function warningsOfTarget(target: Target, path: readonly (string | number)[], known: TargetRoster): TargetWarning[] {
  if (target === 'everyone') return []
  const shiftIds = known.shifts.map(({ id }) => id)
  const warnings = unknownIds(target.shift, shiftIds).map((id) => ({
    path: [...path, 'shift'],
    message: `no shift is called ${JSON.stringify(id)}${hintOf(id, shiftIds)}`,
  }))
  if (known.staff.some((staff) => matchesTarget(target, staff))) return warnings
  return [...warnings, { path, message: `nobody is meant: ${JSON.stringify(target)}${hintsOf(target, known.staff)}` }]
}

/** Suggests a known staff member or team for each unknown one. */
function hintsOf({ staff, team }: TargetParts, known: TargetRoster['staff']): string {
  const staffIds = known.map(({ id }) => id)
  const teams = [...new Set(known.flatMap(({ teams = [] }) => teams))]
  return [
    ...unknownIds(staff, staffIds).map((id) => hintOf(id, staffIds)),
    ...unknownIds(team, teams).map((name) => hintOf(name, teams)),
  ].join('')
}

function hintOf(id: string, known: readonly string[]): string {
  const found = nearest(id, known)
  return found === undefined ? '' : `; did you mean ${JSON.stringify(found)}?`
}

function unknownIds(ids: string | readonly string[] | undefined, known: readonly string[]): string[] {
  const names = new Set(known)
  return asList(ids ?? []).filter((id) => !names.has(id))
}

export function asList(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value
}

export interface CoverageWeek {
  readonly staff: readonly Staff[]
  readonly shifts: readonly Shift[]
  readonly weekFrom: number
}

interface TimeSpan {
  readonly from: number
  readonly to: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const weekMs = 7 * dayMs
const weekdayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const formattedSpansMax = 7

/**
 * Describes when in the week, in UTC and to the instant, no step of a route has staff on shift. Returns `undefined`
 * when there is no such time, or a step names no shift.
 */
export function findCoverageGaps(steps: readonly Target[], week: CoverageWeek): string | undefined {
  const staffed: Shift[] = []
  for (const to of steps) {
    if (to === 'everyone' || to.shift === undefined) return undefined
    const ids = asList(to.shift)
    staffed.push(...week.shifts.filter(({ id }) => ids.includes(id) && isShiftStaffed(to, id, week.staff)))
  }
  const gaps = uncoveredSpans(staffed, week.weekFrom)
  if (gaps.length === 0) return undefined
  const hours = gaps.reduce((sum, { from, to }) => sum + to - from, 0) / hourMs
  const spans = gaps.flatMap(formatSpanByDay)
  const texts = spans.slice(0, formattedSpansMax).join(', ') + (spans.length > formattedSpansMax ? ', …' : '')
  return `nobody of it is on shift in ${Number(hours.toFixed(2))} of 168 hours (UTC): ${texts}`
}

function isShiftStaffed(to: Target, shiftId: string, staff: readonly Staff[]): boolean {
  return staff.some((one) => one.shifts?.includes(shiftId) === true && matchesTarget(to, one))
}

/** Goes from boundary to boundary of the shifts. In milliseconds after the start of the week. */
function uncoveredSpans(shifts: readonly Shift[], weekFrom: number): TimeSpan[] {
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

/** `mon 00-08`, `tue 09:30-09:45`: one text a day. */
function formatSpanByDay({ from, to }: TimeSpan): string[] {
  const texts: string[] = []
  for (let start = from; start < to; ) {
    const day = Math.floor(start / dayMs)
    const end = Math.min(to, (day + 1) * dayMs)
    texts.push(`${weekdayNames[day]} ${formatTimeOfDay(start - day * dayMs)}-${formatTimeOfDay(end - day * dayMs)}`)
    start = end
  }
  return texts
}

function formatTimeOfDay(ms: number): string {
  const [hours, minutes] = [Math.floor(ms / hourMs), Math.floor((ms % hourMs) / minuteMs)]
  const two = (count: number) => String(count).padStart(2, '0')
  return minutes === 0 ? two(hours) : `${two(hours)}:${two(minutes)}`
}
