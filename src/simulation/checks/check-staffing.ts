import { completeRoute, type Route, type Staff, type Step } from '../../core'
import { findUnknownTargets, matchesTarget } from '../../routing'
import { meanOf } from '../scenario/distribution'
import type { Scenario } from '../scenario/scenario'
import { createFinding, formatFirstNames, type StaffingFinding } from '../stats/simulation-result'
import { CoverageGrid, checkCapacity } from './check-capacity'

/**
 * Returns the problems of a scenario: targets that no staff member matches, shifts that are never on, hours without
 * staff, more work than the staff can do. Reports only what is certain.
 */
export function checkStaffing(scenario: Scenario): readonly StaffingFinding[] {
  const grid = new CoverageGrid(scenario)
  return [
    ...checkRoster(scenario, grid),
    ...checkTargets(scenario, grid),
    ...checkResponseTimes(scenario),
    ...checkCapacity(scenario, grid),
  ]
}

function checkRoster({ staff }: Scenario, grid: CoverageGrid): StaffingFinding[] {
  if (staff.length === 0)
    return [createFinding('error', 'never-present', 'staff', 'there is nobody on the roster: no request can be taken')]
  const unknown = staff.flatMap(({ id, shifts = [] }) =>
    shifts
      .filter((shift) => !grid.hasShift(shift))
      .map((shift) =>
        createFinding(
          'warning',
          'unknown-shift',
          id,
          `${id} works in a shift ${JSON.stringify(shift)} that is not there`,
        ),
      ),
  )
  const absent = staff.filter((one) => !grid.isStaffEverOnShift(one)).map(({ id }) => id)
  if (absent.length === staff.length)
    return [
      ...unknown,
      createFinding('error', 'never-present', 'staff', 'nobody is on shift at any time of the scenario'),
    ]
  if (absent.length === 0) return unknown
  const message = `never on shift in the scenario's time: ${formatFirstNames(absent)}`
  return [...unknown, createFinding('warning', 'never-present', formatFirstNames(absent), message)]
}

/** Offers that expire before the mean response time. */
function checkResponseTimes({ workflows, defaultRoute, behaviour, policy }: Scenario): StaffingFinding[] {
  const answerMs = meanOf(behaviour.answer)
  const routes = workflows.flatMap(({ name, event }) =>
    event.type === 'route' ? [{ name, route: completeRoute(event.params) }] : [],
  )
  return [...routes, { name: 'the default route', route: defaultRoute }].flatMap(({ name, route }) => {
    const rings = route.steps.map(({ ring }) => ring).filter((ring) => ring !== 'all')
    const offerTimeoutMs = rings
      .map((ring) => ring.offerTimeoutMs ?? policy.offerTimeoutMs)
      .find((each) => each < answerMs)
    if (offerTimeoutMs === undefined) return []
    const message = `an offer lasts ${offerTimeoutMs} ms, and people take ${Math.round(answerMs)} ms on average to answer`
    return [createFinding('warning', 'answers-too-slowly', name, message)]
  })
}

/** Targets that no staff member matches with this roster, these shifts, in this time. */
export function checkTargets(scenario: Scenario, grid: CoverageGrid): StaffingFinding[] {
  const { workflows, defaultRoute } = scenario
  const routes = workflows.flatMap(({ name, event }) =>
    event.type === 'route' ? [{ name, route: completeRoute(event.params) }] : [],
  )
  return [...routes, { name: 'the default route', route: defaultRoute }].flatMap(({ name, route }) =>
    checkRoute(name, route, { scenario, grid }),
  )
}

interface TargetCheckContext {
  readonly scenario: Scenario
  readonly grid: CoverageGrid
}

function checkRoute(name: string, route: Route, { scenario, grid }: TargetCheckContext): StaffingFinding[] {
  const { staff, shifts, policy } = scenario
  const reached = route.steps.map((step) => staff.some((one) => isReachable(step, one, grid)))
  const isLost = (route.whenExhausted ?? policy.whenExhausted) === 'hold' && !reached.includes(true)
  const unknown = findUnknownTargets(route, { staff, shifts }).map(({ message }) =>
    createFinding(
      isLost ? 'error' : 'warning',
      /^no shift/.test(message) ? 'unknown-shift' : 'empty-audience',
      name,
      message,
    ),
  )
  const idle = route.steps.filter((step, index) => reached[index] === false && isTargetNonEmpty(step, staff))
  const absent = idle.map(({ to }) => {
    const message = `nobody of ${JSON.stringify(to)} is on shift at any time of the scenario`
    return createFinding(isLost ? 'error' : 'warning', 'never-on-shift', name, message)
  })
  return [...unknown, ...absent]
}

function isTargetNonEmpty({ to }: Step, staff: readonly Staff[]): boolean {
  return staff.some((one) => matchesTarget(to, one))
}

/** Whether a target names a staff member who is on shift at some time, and on a named shift where it names any. */
function isReachable({ to }: Step, staff: Staff, grid: CoverageGrid): boolean {
  if (!matchesTarget(to, staff) || !grid.isStaffEverOnShift(staff)) return false
  if (to === 'everyone' || to.shift === undefined) return true
  const named = typeof to.shift === 'string' ? [to.shift] : to.shift
  return named.some((id) => staff.shifts?.includes(id) === true && grid.isEverOn(id))
}
