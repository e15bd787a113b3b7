import type { Json } from '../core'
import type { Entry } from './entry'

/** Why a request was routed as it was; plain JSON. */
export interface Trace {
  /** The workflow whose route won; `null` for the default route. */
  readonly workflow: string | null
  /** What json-rules-engine evaluated, in order of rank: routes first, then `prioritize` and `tag`. */
  readonly tried: readonly TriedWorkflow[]
  /** Names of some that were looked at and did not match, at most 20. */
  readonly sortedOut: readonly string[]
  readonly cost: RoutingCost
}

export interface TriedWorkflow {
  readonly workflow: string
  readonly type: 'route' | 'prioritize' | 'tag'
  readonly isMatch: boolean
  /** What each condition compared; `null` when something failed. */
  readonly conditions: TracedCondition | null
  /** Why it could not be evaluated: then it did not take part. */
  readonly failure: string | null
}

/** A group with its parts, or one comparison. `isMet` is `null` for what was not looked at. */
export type TracedCondition = TracedGroup | TracedComparison

export interface TracedGroup {
  readonly group: 'all' | 'any' | 'not'
  readonly name?: string
  readonly isMet: boolean | null
  readonly parts: readonly TracedCondition[]
}

export interface TracedComparison {
  readonly fact: string
  readonly path?: string
  readonly params?: Json
  readonly operator: string
  readonly expected: Json
  /** What the fact said; `null` also for a missing one. */
  readonly found: Json
  readonly isMet: boolean | null
}

/** What the decision cost. */
export interface RoutingCost {
  readonly workflows: number
  /** Workflows looked at: the index had left out the others. */
  readonly candidates: number
  /** Workflows evaluated by json-rules-engine. */
  readonly evaluated: number
  /** Time from the question to the answer, waiting for facts included. */
  readonly microseconds: number
}

/** What became of one workflow, before anybody wants to read it. */
export interface Evaluated {
  readonly entry: Entry
  readonly isMatch: boolean
  readonly conditions: unknown
  readonly failure: string | null
}

export interface TraceParts {
  readonly workflow: string | null
  readonly evaluated: readonly Evaluated[]
  readonly sortedOut: readonly string[]
  readonly cost: RoutingCost
}

/** The conditions are written out when somebody reads them, which is seldom, and then kept. */
export function traceOf({ workflow, evaluated, sortedOut, cost }: TraceParts): Trace {
  let written: readonly TriedWorkflow[] | null = null
  return {
    workflow,
    get tried() {
      written ??= evaluated.map(triedOf)
      return written
    },
    sortedOut,
    cost,
  }
}

function triedOf({ entry, isMatch, conditions, failure }: Evaluated): TriedWorkflow {
  const { name: workflow, workflow: given } = entry
  const traced = failure === null ? conditionOf(conditions) : null
  return { workflow, type: given.event.type, isMatch, conditions: traced, failure }
}

function conditionOf(condition: unknown): TracedCondition {
  const from = condition as Readonly<Record<string, unknown>>
  const isMet = typeof from.result === 'boolean' ? from.result : null
  const group = (['all', 'any', 'not'] as const).find((key) => Object.hasOwn(from, key))
  if (group === undefined) return comparisonOf(from, isMet)
  const inside = from[group]
  const parts = (Array.isArray(inside) ? inside : [inside]).map(conditionOf)
  const name = typeof from.name === 'string' ? { name: from.name } : {}
  return { group, ...name, isMet: isMet ?? outcomeOf(group, parts), parts }
}

/** json-rules-engine leaves the root without a result. */
function outcomeOf(group: 'all' | 'any' | 'not', parts: readonly TracedCondition[]): boolean | null {
  if (parts.every(({ isMet }) => isMet === null)) return null
  if (group === 'not') return parts[0]?.isMet === false
  return group === 'all' ? parts.every(({ isMet }) => isMet === true) : parts.some(({ isMet }) => isMet === true)
}

function comparisonOf(from: Readonly<Record<string, unknown>>, isMet: boolean | null): TracedComparison {
  return {
    fact: String(from.fact ?? from.condition),
    ...(typeof from.path === 'string' ? { path: from.path } : {}),
    ...(from.params === undefined ? {} : { params: jsonOf(from.params) }),
    operator: String(from.operator ?? 'condition'),
    expected: jsonOf(from.valueResult === undefined ? from.value : from.valueResult),
    found: jsonOf(from.factResult),
    isMet,
  }
}

/** A host's fact may say anything; the trace is JSON. */
function jsonOf(value: unknown): Json {
  try {
    const text = JSON.stringify(value)
    return text === undefined ? null : (JSON.parse(text) as Json)
  } catch {
    return String(value)
  }
}
