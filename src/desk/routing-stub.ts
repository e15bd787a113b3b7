import type { Facts, Json, RouteInput, Shift, ShiftTime, Target, Verdict } from '../core'
import { everyoneRoute } from '../core'

export interface Router {
  route(input: RoutingInput): Promise<Routed>
  routeNow?(input: RoutingInput): Routed | null
  setWorkflows(workflows: unknown): void
}
export interface RoutingInput {
  readonly requestId: string
  readonly visitorId: string
  readonly facts: Facts
  readonly weight: number | null
}
export interface Routed {
  readonly verdict: Verdict
  readonly trace: unknown
}
export function shiftTimeAt(shift: Shift, _at: number): ShiftTime {
  return { shiftId: shift.id, isOn: false, nextBoundaryAt: null }
}
export function parseRoute(input: unknown, _path?: readonly (string | number)[]): RouteInput {
  return input as RouteInput
}
export function parseWorkflows(input: unknown): readonly Json[] {
  return input as Json[]
}
export function parseShifts(input: unknown): readonly Shift[] {
  return input as Shift[]
}
export function unknownTargets(_route: unknown, _known: unknown): { path: (string | number)[]; message: string }[] {
  return []
}
export function parseTarget(input: unknown, _path?: readonly (string | number)[]): Target {
  return input as Target
}
export function createRouter(_: object): Router {
  const routed = { verdict: { workflow: null, route: everyoneRoute, priority: 0, tags: [] }, trace: null }
  return { route: async () => routed, routeNow: () => routed, setWorkflows: () => {} }
}
