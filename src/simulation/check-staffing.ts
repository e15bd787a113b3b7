import { completeRoute } from '../core'
import { checkLoad } from './check-load'
import { checkTargets } from './check-targets'
import { PresenceGrid } from './presence-grid'
import { meanOf } from './quantile'
import type { Scenario } from './scenario'
import { few, finding, type StaffingFinding } from './staffing-finding'

/**
 * What stands in the way of a scenario, said before it is run: targets that nobody satisfies, shifts that are never on,
 * hours without anybody, more work than the people there can do. Finds nothing wrong where it is not sure.
 */
export function checkStaffing(scenario: Scenario): readonly StaffingFinding[] {
  const grid = new PresenceGrid(scenario)
  return [
    ...checkPeople(scenario, grid),
    ...checkTargets(scenario, grid),
    ...checkAnswers(scenario),
    ...checkLoad(scenario, grid),
  ]
}

function checkPeople({ staff }: Scenario, grid: PresenceGrid): StaffingFinding[] {
  if (staff.length === 0)
    return [finding('error', 'never-present', 'staff', 'there is nobody on the roster: no request can be taken')]
  const unknown = staff.flatMap(({ id, shifts = [] }) =>
    shifts
      .filter((shift) => !grid.knows(shift))
      .map((shift) =>
        finding('warning', 'unknown-shift', id, `${id} works in a shift ${JSON.stringify(shift)} that is not there`),
      ),
  )
  const absent = staff.filter((one) => !grid.isEverThere(one)).map(({ id }) => id)
  if (absent.length === staff.length)
    return [...unknown, finding('error', 'never-present', 'staff', 'nobody is on shift at any time of the scenario')]
  if (absent.length === 0) return unknown
  const message = `never on shift in the scenario's time: ${few(absent)}`
  return [...unknown, finding('warning', 'never-present', few(absent), message)]
}

/** Offers that are over before most people act on them. */
function checkAnswers({ workflows, defaultRoute, behaviour, policy }: Scenario): StaffingFinding[] {
  const answerMs = meanOf(behaviour.answer)
  const routes = workflows.flatMap(({ name, event }) =>
    event.type === 'route' ? [{ name, route: completeRoute(event.params) }] : [],
  )
  return [...routes, { name: 'the default route', route: defaultRoute }].flatMap(({ name, route }) => {
    const rings = route.steps.map(({ ring }) => ring).filter((ring) => ring !== 'all')
    const eachMs = rings.map((ring) => ring.eachMs ?? policy.eachMs).find((each) => each < answerMs)
    if (eachMs === undefined) return []
    const message = `an offer lasts ${eachMs} ms, and people take ${Math.round(answerMs)} ms on average to answer`
    return [finding('warning', 'answers-too-slowly', name, message)]
  })
}
