import type { DeskState, Json, Route, RouteInput, Shift } from '../core'
import { type Known, unknownTargets, type Workflow } from '../routing'
import type { Path } from './guard'
import type { Warning } from './warning'

/** Targets of workflows that nobody of today's roster and shifts satisfies. */
export function warningsOf(workflows: readonly Json[], state: DeskState, shifts = shiftsOf(state)): Warning[] {
  const known = { ...knownIn(state), shifts }
  return (workflows as readonly unknown[] as readonly Workflow[]).flatMap(({ event }, index) =>
    event.type === 'route' ? placed(event.params, known, ['workflows', index, 'event', 'params']) : [],
  )
}

/** The same for one route. */
export function warningsOfRoute(route: RouteInput | Route, state: DeskState, path: Path): Warning[] {
  return placed(route, knownIn(state), path)
}

function placed(route: RouteInput | Route, known: Known, path: Path): Warning[] {
  return unknownTargets(route, known).map((warning) => ({ ...warning, path: [...path, ...warning.path] }))
}

function knownIn(state: DeskState): Known {
  return { staff: [...state.staff.values()].map(({ record }) => record), shifts: shiftsOf(state) }
}

function shiftsOf({ shifts }: DeskState): readonly Shift[] {
  return [...shifts.values()].map(({ shift }) => shift)
}
