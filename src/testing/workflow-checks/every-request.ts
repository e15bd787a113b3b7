import {
  type DomainEvent,
  type Facts,
  isEqualJson,
  type Json,
  type RequestView,
  type RingReason,
  type ShiftId,
  type Staff,
  type StaffId,
  type Target,
} from '../../core'
import { describeTarget, formatDuration, formatList } from '../../routing'
import { matchesTargetByRoster } from '../reference-model/ringing'

/** The time that a property allows. */
export interface Within {
  /** Milliseconds for which it need not hold yet. Default 0: it holds at once. */
  readonly withinMs?: number
}

/** Builds a property for `checkWorkflows`: each verb completes the sentence and returns the property. */
export interface EveryRequest {
  /** Only while this shift is on, or one of these. */
  whileOnShift(shift: ShiftId | readonly ShiftId[]): EveryRequest
  /**
   * At least one staff member of the target is rung for it. Not violated while each staff member who would be rung has
   * muted, snoozed or declined the request, is away or is full.
   */
  isRungBy(target: Target, within?: Within): WorkflowProperty
  /** No staff member outside the target is rung for it or has it in `awaiting`. */
  isSeenOnlyBy(target: Target): WorkflowProperty
  /** Each further step of its route starts at most this long after the one before, until it is accepted. */
  startsNextStepWithin(ms: number): WorkflowProperty
  /**
   * At least one staff member is rung for it. Staff are present while one of their shifts is on; those without shifts
   * are always present.
   */
  isNeverUnattended(within?: Within): WorkflowProperty
  /** The workflow of this name routes it; `null`: none, so that the default route does. */
  isRoutedBy(workflow: string | null): WorkflowProperty
  /** Any other property. `createObserver` is called once a test case. */
  satisfies(createObserver: () => PropertyObserver): WorkflowProperty
}

/**
 * Starts a property of every request, or of those with certain facts:
 * `everyRequest({ country: 'US' }).whileOnShift('us').isRungBy({ shift: 'us' })`. A list means any of its values; a
 * function decides by the facts.
 */
export function everyRequest(subject: Subject = {}): EveryRequest {
  return everyRequestIn({ subject, whileOnShift: null })
}

type PropertyScope = Pick<WorkflowProperty, 'subject' | 'whileOnShift'>

function everyRequestIn(scope: PropertyScope): EveryRequest {
  const toProperty = (
    createObserver: () => PropertyObserver,
    rest: Partial<WorkflowProperty> = {},
  ): WorkflowProperty => ({
    targets: [],
    withinMs: 0,
    ...rest,
    ...scope,
    createObserver,
  })
  return {
    whileOnShift: (shift) =>
      everyRequestIn({ ...scope, whileOnShift: typeof shift === 'string' ? [shift] : [...shift] }),
    isRungBy: (target, { withinMs = 0 } = {}) =>
      toProperty(() => observeNotRung({ target, withinMs }), { targets: [target], withinMs }),
    isSeenOnlyBy: (target) => toProperty(() => observeVisibility(target), { targets: [target] }),
    startsNextStepWithin: (ms) => toProperty(() => observeStepInterval(ms), { withinMs: ms }),
    isNeverUnattended: ({ withinMs = 0 } = {}) =>
      toProperty(() => observeNotRung({ target: 'everyone', withinMs }), { withinMs }),
    isRoutedBy: (workflow) =>
      toProperty(() => (observation) => findRoutingMismatch(observation.request.workflow, workflow)),
    satisfies: (createObserver) => toProperty(createObserver),
  }
}

function findRoutingMismatch(actual: string | null, wanted: string | null): string | null {
  const nameOf = (workflow: string | null) => (workflow === null ? 'the default route' : JSON.stringify(workflow))
  return actual === wanted ? null : `${nameOf(actual)} routes it, and not ${nameOf(wanted)}`
}

/** Something that must hold for certain requests, whatever happens. `everyRequest` makes these. */
export interface WorkflowProperty {
  readonly subject: Subject
  /** Checked only while one of these shifts is on; `null`: always. */
  readonly whileOnShift: readonly ShiftId[] | null
  /** The targets that it names, to validate against the roster. */
  readonly targets: readonly Target[]
  /** The longest time that it allows; test cases last longer. */
  readonly withinMs: number
  /** Returns a new observer of one test case. */
  createObserver(): PropertyObserver
}

/** Returns what is wrong at an observation, in words that end a sentence, or `null`. Called in order. */
export type PropertyObserver = (observation: Observation) => string | null

/** Which requests: all whose facts are these (a list: one of these), or all for which a function says so. */
export type Subject = FactPattern | ((facts: Facts) => boolean)

export type FactPattern = Readonly<Record<string, Json>>

/** Whether a request is one of those that a property is about. */
export function matchesSubject(subject: Subject, facts: Facts): boolean {
  if (typeof subject === 'function') return subject(facts)
  return Object.entries(subject).every(([fact, wanted]) =>
    acceptedValues(wanted).some((one) => isEqualJson(facts[fact], one)),
  )
}

/** The values that a pattern lets a fact have. */
export function acceptedValues(wanted: Json): readonly Json[] {
  return Array.isArray(wanted) ? wanted : [wanted]
}

/** An idle desk at one instant of a test case, with the events since the previous observation. */
export interface Observation {
  readonly at: number
  /** The request of the test case: open or assigned. */
  readonly request: RequestView
  /** While false, the request keeps its place and does not ring. */
  readonly isVisitorPresent: boolean
  readonly shiftsOn: ReadonlySet<ShiftId>
  /** The whole roster. */
  readonly staff: readonly StaffObservation[]
  /** Events of the request since the previous observation. */
  readonly events: readonly DomainEvent[]
}

/** A staff member at one instant. */
export interface StaffObservation {
  readonly staff: Staff
  readonly isRung: boolean
  /** Was rung since the previous observation, or has the request in `awaiting`. */
  readonly canSee: boolean
  /** One of their shifts is on, or they have none. */
  readonly isScheduled: boolean
  /** `rung`, or the first reason why not; `null` once the request is assigned. */
  readonly reason: RingReason | null
}

export function staffIdsOf(people: readonly StaffObservation[]): StaffId[] {
  return people.map(({ staff }) => staff.id)
}

interface NotRungOptions {
  readonly target: Target
  readonly withinMs: number
}

/**
 * Reasons for mute that lie with the person, with an offer that goes round, or with a slot that is reserved: they would
 * be rung otherwise.
 */
const excusedReasons: ReadonlySet<RingReason | null> = new Set<RingReason>([
  ...(['absent', 'away', 'full', 'muted', 'snoozed', 'declined', 'reserved', 'not-offered'] as const),
])

/** Reports an open request for which no staff member of a target is rung or would be. */
export function observeNotRung({ target, withinMs }: NotRungOptions): PropertyObserver {
  let notRungSince: number | null = null
  return (observation) => {
    if (isNotWaiting(observation) || isRungOrExcused(observation, target)) {
      notRungSince = null
      return null
    }
    notRungSince ??= observation.at
    const lastedMs = observation.at - notRungSince
    return lastedMs >= withinMs ? describeNotRung(observation, target, lastedMs) : null
  }
}

function isNotWaiting({ request, isVisitorPresent }: Observation): boolean {
  return request.assignment !== null || !isVisitorPresent
}

/** `not-offered` does not excuse a staff member while another one has the offer. */
function isRungOrExcused({ staff }: Observation, target: Target): boolean {
  const members = staff.filter((one) => matchesTargetByRoster(one, target))
  const isOfferedElsewhere = staff.some(({ isRung }) => isRung)
  const isExcused = ({ reason, isScheduled }: StaffObservation) =>
    isScheduled && excusedReasons.has(reason) && !(reason === 'not-offered' && isOfferedElsewhere)
  return members.some((one) => one.isRung || isExcused(one))
}

function describeNotRung({ staff }: Observation, target: Target, lastedMs: number): string {
  const scheduled = staff.filter((one) => matchesTargetByRoster(one, target) && one.isScheduled)
  const rung = staff.filter(({ isRung }) => isRung)
  const only = `only ${formatList(staffIdsOf(rung))} ${rung.length === 1 ? 'is' : 'are'} rung`
  const instead = rung.length === 0 ? 'nobody is rung' : only
  const long = lastedMs === 0 ? '' : ` for ${formatDuration(lastedMs)}`
  if (target === 'everyone') {
    if (scheduled.length === 0) return `nobody is rung${long}, since nobody is on the rota`
    return `nobody is rung${long}, though ${describePresent(scheduled)}`
  }
  if (scheduled.length === 0) return `${instead}${long}: nobody of ${describeTarget(target)} is on the rota`
  return `${instead}${long}, and of ${describeTarget(target)} ${describePresent(scheduled)}`
}

function describePresent(people: readonly StaffObservation[]): string {
  return `${formatList(staffIdsOf(people))} ${people.length === 1 ? 'is' : 'are'} there`
}

/** Reports a staff member outside a target who was rung for a request, or has it in `awaiting`. */
export function observeVisibility(target: Target): PropertyObserver {
  return ({ staff }) => {
    const outsiders = staff.filter((one) => one.canSee && !matchesTargetByRoster(one, target))
    const outsider = outsiders.find(({ isRung }) => isRung) ?? outsiders[0]
    if (outsider === undefined) return null
    const how = outsider.isRung ? 'is rung for it' : 'sees it in their list'
    return `${outsider.staff.id} ${how}, and is not of ${describeTarget(target)}`
  }
}

/** Reports a step of a route that starts too long after the one before, or after the visitor came back. */
export function observeStepInterval(ms: number): PropertyObserver {
  let waitingSince: number | null = null
  return ({ request, events, at, isVisitorPresent }) => {
    for (const event of events) {
      if (event.type === 'request.accepted') waitingSince = null
      else if (event.type === 'step.started') {
        // A step that starts early, for want of staff in the one before or as a reminder, has no waiting time.
        const waitedMs = waitingSince === null || event.cause !== 'time' ? 0 : event.at - waitingSince
        waitingSince = event.at
        if (waitedMs > ms)
          return `step ${event.step + 1} starts ${formatDuration(waitedMs)} after the one before, not ${formatDuration(ms)}`
      } else if (/^request\.(opened|released|rerouted)$/.test(event.type)) waitingSince = event.at
    }
    const isWaiting = request.assignment === null && isVisitorPresent
    waitingSince = isWaiting ? (waitingSince ?? at) : null
    return null
  }
}
