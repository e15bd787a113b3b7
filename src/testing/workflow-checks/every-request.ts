import type { DomainEvent, Facts, Json, RequestView, RingReason, ShiftId, Staff, StaffId, Target } from '../../core'
import { describeTarget, formatDuration, formatList } from '../../routing'
import { matchesTargetByRoster } from '../reference-model/ringing'

/** How soon something has to be so. */
export interface Within {
  /** Milliseconds for which it need not be so yet. Default 0: at once. */
  readonly withinMs?: number
}

/** The beginning of a sentence about requests; each verb ends it and makes a property for `checkWorkflows`. */
export interface EveryRequest {
  /** Only while this shift is on, or one of these. */
  whileOnShift(shift: ShiftId | readonly ShiftId[]): EveryRequest
  /**
   * Somebody of these people is rung for it. It is no breach that whoever would be rung has muted or put off the
   * request, has gone away or is full.
   */
  isRungBy(target: Target, within?: Within): WorkflowProperty
  /** Nobody else is ever rung for it or finds it in their list. */
  isSeenOnlyBy(target: Target): WorkflowProperty
  /** Each further step of its route starts at most this long after the one before, unless somebody takes it. */
  startsNextStepWithin(ms: number): WorkflowProperty
  /**
   * Somebody is rung for it, whoever it is. Presence follows the shifts: people are there while one of theirs is on,
   * and whoever has none is always there.
   */
  isNeverUnattended(within?: Within): WorkflowProperty
  /** The workflow of this name routes it; `null`: none, so that the default route does. */
  isRoutedBy(workflow: string | null): WorkflowProperty
  /** Whatever else: says what is wrong at a moment, in words that end a sentence, or `null`. `watch` for one story. */
  satisfies(watch: () => PropertyObserver): WorkflowProperty
}

/**
 * Starts a sentence about every request, or about those with certain facts:
 * `everyRequest({ country: 'US' }).whileOnShift('us').isRungBy({ shift: 'us' })`. A list means any of its values; a
 * function decides by the facts.
 */
export function everyRequest(subject: Subject = {}): EveryRequest {
  return everyRequestIn({ subject, whileOnShift: null })
}

type PropertyScope = Pick<WorkflowProperty, 'subject' | 'whileOnShift'>

function everyRequestIn(beginning: PropertyScope): EveryRequest {
  const ending = (watch: () => PropertyObserver, rest: Partial<WorkflowProperty> = {}): WorkflowProperty => ({
    targets: [],
    withinMs: 0,
    ...rest,
    ...beginning,
    createObserver: watch,
  })
  return {
    whileOnShift: (shift) =>
      everyRequestIn({ ...beginning, whileOnShift: typeof shift === 'string' ? [shift] : [...shift] }),
    isRungBy: (target, { withinMs = 0 } = {}) =>
      ending(() => observeNotRung({ target, withinMs }), { targets: [target], withinMs }),
    isSeenOnlyBy: (target) => ending(() => observeVisibility(target), { targets: [target] }),
    startsNextStepWithin: (ms) => ending(() => observeStepInterval(ms), { withinMs: ms }),
    isNeverUnattended: ({ withinMs = 0 } = {}) =>
      ending(() => observeNotRung({ target: 'everyone', withinMs }), { withinMs }),
    isRoutedBy: (workflow) => ending(() => (moment) => findRoutingMismatch(moment.request.workflow, workflow)),
    satisfies: (watch) => ending(watch),
  }
}

function findRoutingMismatch(actual: string | null, wanted: string | null): string | null {
  const told = (workflow: string | null) => (workflow === null ? 'the default route' : JSON.stringify(workflow))
  return actual === wanted ? null : `${told(actual)} routes it, and not ${told(wanted)}`
}

/** Something that must hold for certain requests, whatever happens. `everyRequest` makes these. */
export interface WorkflowProperty {
  readonly subject: Subject
  /** Only moments at which one of these shifts is on; `null`: all. */
  readonly whileOnShift: readonly ShiftId[] | null
  /** Targets it names, to be checked against the roster. */
  readonly targets: readonly Target[]
  /** The longest time it allows for something, so that stories last longer than that. */
  readonly withinMs: number
  /** A fresh observer of one story. */
  createObserver(): PropertyObserver
}

/** Says what is wrong at a moment, in words that end a sentence, or `null`. Asked once a moment, in order. */
export type PropertyObserver = (moment: Observation) => string | null

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

function isEqualJson(one: Json | undefined, other: Json): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** A desk at rest at one instant of a story, and what has happened since the last: all that a property looks at. */
export interface Observation {
  readonly at: number
  /** The request that the story is about: open, or in somebody's hands. */
  readonly request: RequestView
  /** A request whose visitor has left keeps its place, and rings for nobody. */
  readonly isVisitorHere: boolean
  readonly shiftsOn: ReadonlySet<ShiftId>
  /** The whole roster. */
  readonly staff: readonly StaffObservation[]
  /** What has happened to the request since the moment before. */
  readonly events: readonly DomainEvent[]
}

/** One of the staff at a moment. */
export interface StaffObservation {
  readonly staff: Staff
  readonly isRung: boolean
  /** Was rung since the moment before, or has the request among what they may start. */
  readonly canSee: boolean
  /** Meant to be there now: one of their shifts is on, or they have none. */
  readonly isScheduled: boolean
  /** Rung, or the first reason why not; `null` once somebody has it. */
  readonly reason: RingReason | null
}

/** Ids of those staff. */
export function staffIdsOf(people: readonly StaffObservation[]): StaffId[] {
  return people.map(({ staff }) => staff.id)
}

interface NotRungOptions {
  readonly target: Target
  readonly withinMs: number
}

/** Reasons for silence that lie with the person, or with an offer that goes round: they would be rung otherwise. */
const excusedReasons: ReadonlySet<RingReason | null> = new Set<RingReason>([
  ...(['absent', 'away', 'full', 'muted', 'snoozed', 'declined', 'not-offered'] as const),
])

/** Sees that nobody of a target is rung for an open request, and nobody of it would be. */
export function observeNotRung(wanted: NotRungOptions): PropertyObserver {
  let since: number | null = null
  return (moment) => {
    if (isNotWaiting(moment) || isRungOrExcused(moment, wanted.target)) {
      since = null
      return null
    }
    since ??= moment.at
    const lastedMs = moment.at - since
    return lastedMs >= wanted.withinMs ? describeNotRung(moment, wanted.target, lastedMs) : null
  }
}

function isNotWaiting({ request, isVisitorHere }: Observation): boolean {
  return request.assignment !== null || !isVisitorHere
}

/** A selective offer that goes to somebody else is no pardon. */
function isRungOrExcused({ staff }: Observation, target: Target): boolean {
  const meant = staff.filter((one) => matchesTargetByRoster(one, target))
  const isOfferedElsewhere = staff.some(({ isRung }) => isRung)
  const isPardoned = ({ reason, isScheduled }: StaffObservation) =>
    isScheduled && excusedReasons.has(reason) && !(reason === 'not-offered' && isOfferedElsewhere)
  return meant.some((one) => one.isRung || isPardoned(one))
}

function describeNotRung({ staff }: Observation, target: Target, lastedMs: number): string {
  const there = staff.filter((one) => matchesTargetByRoster(one, target) && one.isScheduled)
  const rung = staff.filter(({ isRung }) => isRung)
  const only = `only ${formatList(staffIdsOf(rung))} ${rung.length === 1 ? 'is' : 'are'} rung`
  const instead = rung.length === 0 ? 'nobody is rung' : only
  const long = lastedMs === 0 ? '' : ` for ${formatDuration(lastedMs)}`
  if (target === 'everyone') {
    if (there.length === 0) return `nobody is rung${long}, since nobody is on the rota`
    return `nobody is rung${long}, though ${describePresent(there)}`
  }
  if (there.length === 0) return `${instead}${long}: nobody of ${describeTarget(target)} is on the rota`
  return `${instead}${long}, and of ${describeTarget(target)} ${describePresent(there)}`
}

function describePresent(people: readonly StaffObservation[]): string {
  return `${formatList(staffIdsOf(people))} ${people.length === 1 ? 'is' : 'are'} there`
}

/** Sees that somebody outside a target was rung for a request, or finds it in their list. */
export function observeVisibility(target: Target): PropertyObserver {
  return ({ staff }) => {
    const outsiders = staff.filter((one) => one.canSee && !matchesTargetByRoster(one, target))
    const outsider = outsiders.find(({ isRung }) => isRung) ?? outsiders[0]
    if (outsider === undefined) return null
    const how = outsider.isRung ? 'is rung for it' : 'sees it in their list'
    return `${outsider.staff.id} ${how}, and is not of ${describeTarget(target)}`
  }
}

/** Sees that a step of a request's route starts too long after the one before, or after its visitor came back. */
export function observeStepInterval(ms: number): PropertyObserver {
  let beganAt: number | null = null
  return ({ request, events, at, isVisitorHere }) => {
    for (const event of events) {
      if (event.type === 'request.accepted') beganAt = null
      else if (event.type === 'step.started') {
        // A step that comes early, because nobody is left of the one before or as a reminder, was not waited for.
        const waitedMs = beganAt === null || event.cause !== 'time' ? 0 : event.at - beganAt
        beganAt = event.at
        if (waitedMs > ms)
          return `step ${event.step + 1} starts ${formatDuration(waitedMs)} after the one before, not ${formatDuration(ms)}`
      } else if (/^request\.(opened|released|rerouted)$/.test(event.type)) beganAt = event.at
    }
    const isWaiting = request.assignment === null && isVisitorHere
    beganAt = isWaiting ? (beganAt ?? at) : null
    return null
  }
}
