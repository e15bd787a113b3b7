import { completeRoute, type Route, type Staff, type Step } from '../core'
import { isNamed, unknownTargets } from '../routing'
import type { PresenceGrid } from './presence-grid'
import type { Scenario } from './scenario'
import { finding, type StaffingFinding } from './staffing-finding'

/** Targets that nobody can satisfy with this roster, these shifts, in this time. */
export function checkTargets(scenario: Scenario, grid: PresenceGrid): StaffingFinding[] {
  const { workflows, defaultRoute } = scenario
  const routes = workflows.flatMap(({ name, event }) =>
    event.type === 'route' ? [{ name, route: completeRoute(event.params) }] : [],
  )
  return [...routes, { name: 'the default route', route: defaultRoute }].flatMap(({ name, route }) =>
    checkRoute(name, route, { scenario, grid }),
  )
}

interface Surroundings {
  readonly scenario: Scenario
  readonly grid: PresenceGrid
}

function checkRoute(name: string, route: Route, { scenario, grid }: Surroundings): StaffingFinding[] {
  const { staff, shifts } = scenario
  const reached = route.steps.map((step) => staff.some((one) => isReached(step, one, grid)))
  const isLost = route.whenExhausted === 'hold' && !reached.includes(true)
  const unknown = unknownTargets(route, { staff, shifts }).map(({ message }) =>
    finding(isLost ? 'error' : 'warning', /^no shift/.test(message) ? 'unknown-shift' : 'nobody-meant', name, message),
  )
  const idle = route.steps.filter((step, index) => reached[index] === false && isMeant(step, staff))
  const absent = idle.map(({ to }) => {
    const message = `nobody of ${JSON.stringify(to)} is on shift at any time of the scenario`
    return finding(isLost ? 'error' : 'warning', 'never-on-shift', name, message)
  })
  return [...unknown, ...absent]
}

function isMeant({ to }: Step, staff: readonly Staff[]): boolean {
  return staff.some((one) => isNamed(to, one))
}

/** Is meant, is there at some time, and on a shift that the target names, where it names any. */
function isReached({ to }: Step, staff: Staff, grid: PresenceGrid): boolean {
  if (!isNamed(to, staff) || !grid.isEverThere(staff)) return false
  if (to === 'everyone' || to.shift === undefined) return true
  const named = typeof to.shift === 'string' ? [to.shift] : to.shift
  return named.some((id) => staff.shifts?.includes(id) === true && grid.isEverOn(id))
}
