import type { StepCause } from '../messages/event'
import type { StaffId } from '../model/ids'
import type { Route, Step } from '../model/route'
import type { DeskState, RequestState, StaffState } from '../state/state'
import { audienceOf, audiencesOfRoute, isEveryone, whenExhaustedOf } from './audience'
import { hasCapacityFor, hasNoEligibleStaff } from './rings'

/** For which staff a step is sought: those who are out do not count, and only some could accept the request now. */
export interface StepSeeker {
  readonly isOut: IsOut
  /** Whether a staff member has room for the request and has not declined it. */
  isFree(staff: StaffState): boolean
}

type IsOut = (staff: StaffState) => boolean

const isNobodyOut: IsOut = () => false

/** Returns the seeker of a request that is opened now. */
export function seekerOfWeight(weight: number): StepSeeker {
  return { isOut: isNobodyOut, isFree: ({ capacity, load }) => capacity - load >= weight }
}

/** Returns the seeker of a known request: its own chat leaves its slot, and staff whom a transfer names may take it. */
export function seekerOf(
  { weight, assignment, detail }: RequestState,
  { isOut = isNobodyOut, named = nobody }: { readonly isOut?: IsOut; readonly named?: readonly StaffId[] } = {},
): StepSeeker {
  const isFree = (staff: StaffState): boolean => {
    const { id, capacity, load } = staff
    if (detail?.declines.has(id) === true && !named.includes(id)) return false
    return capacity - load + (assignment?.staff === staff ? weight : 0) >= weight
  }
  return { isOut, isFree }
}

const nobody: readonly never[] = []

/**
 * Returns the step to start when a route begins or advances: `from`, or a later step where steps are skipped, as their
 * `skipWhen` says; the number of the route's steps when no staff of the last ones are eligible and it widens.
 */
export function resolveStartStep(state: DeskState, route: Route, from: number, seeker: StepSeeker): number {
  const last = route.steps.length - 1
  let step = Math.min(from, last)
  while (step < last && isSkipped(state, route.steps[step], seeker)) step += 1
  return step === last && shouldWiden(state, route, seeker.isOut) ? last + 1 : step
}

function isSkipped(state: DeskState, step: Step | undefined, { isOut, isFree }: StepSeeker): boolean {
  if (step === undefined || step.skipWhen === 'never') return false
  const { eligible } = audienceOf(state, step)
  if (step.skipWhen === 'nobody-present') return !includesOther(eligible, isOut)
  for (const staff of eligible) if (!isOut(staff) && isFree(staff)) return false
  return true
}

/**
 * Returns why the next step of a request that rings for no staff member starts before its time, or its route widens;
 * `null` while it does not. Staff who muted it are waited for, until the reminder.
 */
export function advanceCause(state: DeskState, request: RequestState): StepCause | null {
  const { routingResult, step } = request
  const { route } = routingResult
  const current = route.steps[step]
  if (current === undefined) return null
  const isLast = step + 1 === route.steps.length
  if (!isLast && current.skipWhen === 'never') return null
  if (hasNoEligibleStaff(request))
    return isLast && (!widens(state, route) || request.activeAudiences.some(isEveryone)) ? null : 'nobody-present'
  return !isLast && current.skipWhen === 'nobody-free' && hasNobodyFree(request) ? 'nobody-free' : null
}

/** Returns whether no staff of the active steps have room for a request that they have not declined. */
function hasNobodyFree(request: RequestState): boolean {
  for (const { eligible, freeCount } of request.activeAudiences) {
    if (freeCount === 0) continue
    for (const staff of eligible) if (hasCapacityFor(request, staff)) return false
  }
  return true
}

/** Returns whether an exhausted route rings more staff than its last step: with `hold` those whom a step silenced. */
function widens(state: DeskState, route: Route): boolean {
  return (
    whenExhaustedOf(state, route) === 'everyone' ||
    route.steps.some(({ mode }, index) => index > 0 && mode === 'replace')
  )
}

function shouldWiden(state: DeskState, route: Route, isOut: IsOut): boolean {
  if (!widens(state, route)) return false
  const audiences = audiencesOfRoute(state, route, route.steps.length - 1)
  return !audiences.some(isEveryone) && !audiences.some(({ eligible }) => includesOther(eligible, isOut))
}

function includesOther(staff: ReadonlySet<StaffState>, isOut: IsOut): boolean {
  if (isOut === isNobodyOut) return staff.size > 0
  for (const each of staff) if (!isOut(each)) return true
  return false
}

/**
 * Returns where an assigned request rings again: on its present route; on that of its workflow when the present one has
 * nobody but staff who are out, while staff of the other one are eligible or belong to it at all.
 */
export function resolveReturn(state: DeskState, request: RequestState, isOut: IsOut) {
  const present = { name: 'present', route: request.routingResult.route } as const
  const ofWorkflow = request.detail?.workflowRoute ?? null
  const routes = ofWorkflow === null ? [present] : [present, { name: 'workflow', route: ofWorkflow.route } as const]
  const findWithOther = (part: 'eligible' | 'members') =>
    routes.find(({ route }) => route.steps.some((step) => includesOther(audienceOf(state, step)[part], isOut)))
  const { name, route } = findWithOther('eligible') ?? findWithOther('members') ?? routes.at(-1) ?? present
  return { route: name, step: resolveStartStep(state, route, 0, seekerOf(request, { isOut })) }
}
