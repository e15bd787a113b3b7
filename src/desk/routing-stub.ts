import type { Facts, Verdict } from '../core'
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
export function createRouter(_: object): Router {
  const routed = { verdict: { workflow: null, route: everyoneRoute, priority: 0, tags: [] }, trace: null }
  return { route: async () => routed, routeNow: () => routed, setWorkflows: () => {} }
}
