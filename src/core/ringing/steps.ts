import type { StepCause } from '../messages/event'
import type { StaffId } from '../model/ids'
import type { Route, Step, WhenExhausted } from '../model/route'
import type { Audience, DeskState, RequestState, StaffState } from '../state/state'
import { asList, audienceOf, everyoneAudience, isEveryone } from './audience'
import { hasCapacityFor, hasNoEligibleStaff } from './rings'

/**
 * Returns the audiences that ring at a step: those from the latest step up to it that hands over (`replace`) and has
 * staff who are eligible. Of an exhausted route that does not hold, everyone also. `isOut`: staff who do not count.
 */
export function audiencesOfRoute(
  state: DeskState,
  route: Route,
  step: number,
  isOut: (staff: StaffState) => boolean = isNobodyOut,
): readonly Audience[] {
  const last = Math.min(step, route.steps.length - 1)
  const isWidened = step >= route.steps.length && whenExhaustedOf(state, route) === 'everyone'
  let first = last
  while (first > 0 && !handsOver(state, route.steps[first], isOut)) first -= 1
  const only = first === step ? route.steps[step] : undefined
  if (only !== undefined) return audienceOf(state, only).asSingleton
  const audiences: Audience[] = []
  for (const each of route.steps.slice(first, last + 1)) addUnique(audiences, audienceOf(state, each))
  if (isWidened) addUnique(audiences, everyoneAudience(state))
  return audiences.length === 1 ? (audiences[0] as Audience).asSingleton : audiences
}

export const isNobodyOut = (): boolean => false

/** A step that replaces the earlier ones silences nobody for staff who are absent: it waits until one of them comes. */
function handsOver(state: DeskState, step: Step | undefined, isOut: (staff: StaffState) => boolean): boolean {
  return step?.mode === 'replace' && includesOther(audienceOf(state, step).eligible, isOut)
}

/** Returns whether there are staff other than those who are out. */
export function includesOther(staff: ReadonlySet<StaffState>, isOut: (staff: StaffState) => boolean): boolean {
  if (isOut === isNobodyOut) return staff.size > 0
  for (const each of staff) if (!isOut(each)) return true
  return false
}

/** Returns the audiences that ring for a request at its step; staff who declined it do not count. */
export function audiencesOfRequest(state: DeskState, { routingResult, step, detail }: RequestState) {
  const hasDeclines = detail !== null && detail.declines.size > 0
  const isOut = hasDeclines ? ({ id }: StaffState) => detail.declines.has(id) : isNobodyOut
  return audiencesOfRoute(state, routingResult.route, step, isOut)
}

/** Returns what a route does when none of its staff are there: what it says itself, else what the policy says now. */
export function whenExhaustedOf({ policy }: DeskState, { whenExhausted }: Route): WhenExhausted {
  return whenExhausted ?? policy.whenExhausted
}

function addUnique(audiences: Audience[], audience: Audience): void {
  if (!audiences.includes(audience)) audiences.push(audience)
}

/** For which staff a step is sought: those who are out do not count, and only some could accept the request now. */
export interface StepSeeker {
  readonly isOut: IsOut
  /** Whether a staff member has room for the request and has not declined it. */
  isFree(staff: StaffState): boolean
}

type IsOut = (staff: StaffState) => boolean

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
    return isLast && (whenExhaustedOf(state, route) === 'hold' || request.activeAudiences.some(isEveryone))
      ? null
      : 'nobody-present'
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

function shouldWiden(state: DeskState, route: Route, isOut: IsOut): boolean {
  if (whenExhaustedOf(state, route) === 'hold') return false
  const audiences = audiencesOfRoute(state, route, route.steps.length - 1, isOut)
  return !audiences.some(isEveryone) && !audiences.some(({ eligible }) => includesOther(eligible, isOut))
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

/** Returns the staff whom the steps of a route name by id; a team, a shift or a skill names none. */
export function staffIdsNamedBy({ steps }: Route): readonly string[] {
  return steps.flatMap(({ to }) => (to === 'everyone' ? [] : asList(to.staff ?? [])))
}

/** Keeps the open requests of which a started step hands over: who rings for them depends on who is there. */
export function trackHandover({ handovers }: DeskState, request: RequestState): void {
  const { routingResult, step, activeAudiences } = request
  const isReplacing = ({ mode }: Step, index: number) => mode === 'replace' && index > 0 && index <= step
  if (activeAudiences.length > 0 && routingResult.route.steps.some(isReplacing)) handovers.requests.add(request)
  else handovers.requests.delete(request)
}
