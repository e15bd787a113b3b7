import type { Facts } from '../../src/core'
import {
  createRouter,
  type RoutedRequest,
  type Router,
  type RouterOptions,
  type RoutingDegraded,
} from '../../src/routing'

/** A router on an empty desk, with the failures that it reported. */
export function createTestRouter(
  workflows: unknown,
  options: Partial<RouterOptions> = {},
): { readonly router: Router; readonly degraded: RoutingDegraded[]; route(facts: Facts): Promise<RoutedRequest> } {
  const degraded: RoutingDegraded[] = []
  const router = createRouter({
    workflows,
    clock: { now: () => 0 },
    desk: { visitor: () => undefined, available: () => 0, waiting: () => 0, lastStaff: () => null },
    onDegraded: (failure) => degraded.push(failure),
    ...options,
  })
  return { router, degraded, route: (facts) => router.route({ visitorId: 'v1', facts }) }
}

/** A workflow that routes to the team of its own name. */
export function workflowToTeam(name: string, conditions: object, more: object = {}): object {
  return { name, conditions, event: { type: 'route', params: { to: { team: name } } }, ...more }
}

export function equalCondition(fact: string, value: unknown, more: object = {}): object {
  return { fact, operator: 'equal', value, ...more }
}
