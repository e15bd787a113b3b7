import type { DeskState, Json, Route, Shift } from '../core'
import type { Path } from './guard'
import type { Warning } from './warning'

/** Targets of workflows that nobody of today's roster and shifts satisfies. */
export function warningsOf(_workflows: readonly Json[], _state: DeskState, _shifts?: readonly Shift[]): Warning[] {
  return []
}

/** The same for one route. */
export function warningsOfRoute(_route: Route, _state: DeskState, _path: Path): Warning[] {
  return []
}
