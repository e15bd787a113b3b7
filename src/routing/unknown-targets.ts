import type { Route, RouteInput, Shift, Staff, Target } from '../core'

/** Whom a target can name. */
export interface Known {
  readonly staff: readonly Pick<Staff, 'id' | 'teams' | 'skills' | 'shifts'>[]
  readonly shifts: readonly Pick<Shift, 'id'>[]
}

/** Something that was accepted although it is likely a mistake. */
export interface TargetWarning {
  /** Keys and indexes from the route inwards. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** Targets of a route that nobody satisfies with this roster and these shifts, and shifts that nobody knows. */
export function unknownTargets(route: RouteInput | Route, known: Known): TargetWarning[] {
  if (!('steps' in route)) return targetWarnings(route.to, ['to'], known)
  return route.steps.flatMap(({ to }, index) => targetWarnings(to, ['steps', index, 'to'], known))
}

/** Whether a staff member is one of those whom a target names, whatever the time. */
export function isNamed(target: Target, staff: Known['staff'][number]): boolean {
  if (target === 'everyone') return true
  const { staff: ids, team, shift, skills, not } = target
  if (ids !== undefined && !listed(ids).includes(staff.id)) return false
  if (team !== undefined && !listed(team).some((one) => staff.teams?.includes(one))) return false
  if (shift !== undefined && !listed(shift).some((one) => staff.shifts?.includes(one))) return false
  if (skills !== undefined && !Object.entries(skills).every(([skill, level]) => levelOf(staff, skill) >= level))
    return false
  return not === undefined || !isNamed(not, staff)
}

function levelOf({ skills }: Known['staff'][number], skill: string): number {
  return skills !== undefined && Object.hasOwn(skills, skill) ? (skills[skill] ?? -1) : -1
}

function targetWarnings(target: Target, path: readonly (string | number)[], known: Known): TargetWarning[] {
  if (target === 'everyone') return []
  const shiftIds = new Set(known.shifts.map(({ id }) => id))
  const unknown = listed(target.shift ?? []).filter((id) => !shiftIds.has(id))
  const warnings = unknown.map((id) => ({
    path: [...path, 'shift'],
    message: `no shift is called ${JSON.stringify(id)}`,
  }))
  if (known.staff.some((staff) => isNamed(target, staff))) return warnings
  return [...warnings, { path, message: `nobody is meant: ${JSON.stringify(target)}` }]
}

export function listed(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value
}
