import type { ShiftId, Target } from '../../core'
import { seenOnlyBy } from './seen-only-by'
import { stepsWithin } from './steps-within'
import { unrung } from './unrung'
import type { MomentObserver, Subject, WorkflowProperty } from './workflow-property'

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
  waitsForAStepAtMost(ms: number): WorkflowProperty
  /**
   * Somebody is rung for it, whoever it is. Presence follows the shifts: people are there while one of theirs is on,
   * and whoever has none is always there.
   */
  isNeverUnattended(within?: Within): WorkflowProperty
  /** The workflow of this name routes it; `null`: none, so that the default route does. */
  isRoutedBy(workflow: string | null): WorkflowProperty
  /** Whatever else: says what is wrong at a moment, in words that end a sentence, or `null`. `watch` for one story. */
  satisfies(watch: () => MomentObserver): WorkflowProperty
}

/**
 * Starts a sentence about every request, or about those with certain facts:
 * `everyRequest({ country: 'US' }).whileOnShift('us').isRungBy({ shift: 'us' })`. A list means any of its values; a
 * function decides by the facts.
 */
export function everyRequest(subject: Subject = {}): EveryRequest {
  return sentence({ subject, whileOnShift: null })
}

type Beginning = Pick<WorkflowProperty, 'subject' | 'whileOnShift'>

function sentence(beginning: Beginning): EveryRequest {
  const ending = (watch: () => MomentObserver, rest: Partial<WorkflowProperty> = {}): WorkflowProperty => ({
    targets: [],
    withinMs: 0,
    ...rest,
    ...beginning,
    watch,
  })
  return {
    whileOnShift: (shift) => sentence({ ...beginning, whileOnShift: typeof shift === 'string' ? [shift] : [...shift] }),
    isRungBy: (target, { withinMs = 0 } = {}) =>
      ending(() => unrung({ target, withinMs }), { targets: [target], withinMs }),
    isSeenOnlyBy: (target) => ending(() => seenOnlyBy(target), { targets: [target] }),
    waitsForAStepAtMost: (ms) => ending(() => stepsWithin(ms), { withinMs: ms }),
    isNeverUnattended: ({ withinMs = 0 } = {}) => ending(() => unrung({ target: 'everyone', withinMs }), { withinMs }),
    isRoutedBy: (workflow) => ending(() => (moment) => wronglyRouted(moment.request.workflow, workflow)),
    satisfies: (watch) => ending(watch),
  }
}

function wronglyRouted(actual: string | null, wanted: string | null): string | null {
  const told = (workflow: string | null) => (workflow === null ? 'the default route' : JSON.stringify(workflow))
  return actual === wanted ? null : `${told(actual)} routes it, and not ${told(wanted)}`
}
