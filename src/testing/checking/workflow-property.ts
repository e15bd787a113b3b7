import type { Facts, Json, ShiftId, Target } from '../../core'
import type { Moment } from './moment'

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
  watch(): MomentObserver
}

/** Says what is wrong at a moment, in words that end a sentence, or `null`. Asked once a moment, in order. */
export type MomentObserver = (moment: Moment) => string | null

/** Which requests: all whose facts are these (a list: one of these), or all for which a function says so. */
export type Subject = FactPattern | ((facts: Facts) => boolean)

export type FactPattern = Readonly<Record<string, Json>>

/** Whether a request is one of those that a property is about. */
export function isMeant(subject: Subject, facts: Facts): boolean {
  if (typeof subject === 'function') return subject(facts)
  return Object.entries(subject).every(([fact, wanted]) => valuesOf(wanted).some((one) => isSame(facts[fact], one)))
}

/** The values that a pattern lets a fact have. */
export function valuesOf(wanted: Json): readonly Json[] {
  return Array.isArray(wanted) ? wanted : [wanted]
}

function isSame(one: Json | undefined, other: Json): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
