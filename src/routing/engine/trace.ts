import type { Json } from '../../core'
import type { CompiledWorkflow } from '../compile/compiled-workflow'

/** Why a request was routed as it was; plain JSON. */
export interface Trace {
  /** The workflow whose route won; `null` for the default route. */
  readonly workflow: string | null
  /** What json-rules-engine evaluated, in order of rank: routes first, then `prioritize` and `tag`. */
  readonly evaluated: readonly EvaluatedWorkflow[]
  /** Names of some that were looked at and did not match, at most 20. */
  readonly rejected: readonly string[]
  readonly cost: RoutingCost
}

export interface EvaluatedWorkflow {
  readonly workflow: string
  readonly type: 'route' | 'prioritize' | 'tag'
  readonly isMatch: boolean
  /** What each condition compared; `null` when something failed. */
  readonly conditions: TracedCondition | null
  /** Why it could not be evaluated: then it did not take part. */
  readonly failure: string | null
}

/** A group with its parts, or one comparison. `matched` is `null` for what was not looked at. */
export type TracedCondition = TracedGroup | TracedComparison

export interface TracedGroup {
  readonly group: 'all' | 'any' | 'not'
  readonly name?: string
  readonly matched: boolean | null
  readonly parts: readonly TracedCondition[]
}

export interface TracedComparison {
  readonly fact: string
  readonly path?: string
  readonly params?: Json
  readonly operator: string
  readonly expected: Json
  /** What the fact said; `null` also for a missing one. */
  readonly actual: Json
  readonly matched: boolean | null
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
export interface WorkflowEvaluation {
  readonly entry: CompiledWorkflow
  readonly isMatch: boolean
  readonly conditions: unknown
  readonly failure: string | null
}

export interface TraceInput {
  readonly workflow: string | null
  readonly evaluated: readonly WorkflowEvaluation[]
  readonly rejected: readonly string[]
  readonly cost: RoutingCost
}

/** The conditions are written out when somebody reads them, which is seldom, and then kept. */
export function createTrace({ workflow, evaluated, rejected, cost }: TraceInput): Trace {
  let written: readonly EvaluatedWorkflow[] | null = null
  return {
    workflow,
    get evaluated() {
      written ??= evaluated.map(toEvaluatedWorkflow)
      return written
    },
    rejected,
    cost,
  }
}

function toEvaluatedWorkflow({ entry, isMatch, conditions, failure }: WorkflowEvaluation): EvaluatedWorkflow {
  const { name: workflow, workflow: given } = entry
  const traced = failure === null ? toTracedCondition(conditions) : null
  return { workflow, type: given.event.type, isMatch, conditions: traced, failure }
}

function toTracedCondition(condition: unknown): TracedCondition {
  const from = condition as Readonly<Record<string, unknown>>
  const matched = typeof from.result === 'boolean' ? from.result : null
  const group = (['all', 'any', 'not'] as const).find((key) => Object.hasOwn(from, key))
  if (group === undefined) return toTracedComparison(from, matched)
  const inside = from[group]
  const parts = (Array.isArray(inside) ? inside : [inside]).map(toTracedCondition)
  const name = typeof from.name === 'string' ? { name: from.name } : {}
  return { group, ...name, matched: matched ?? groupResult(group, parts), parts }
}

/** json-rules-engine leaves the root without a result. */
function groupResult(group: 'all' | 'any' | 'not', parts: readonly TracedCondition[]): boolean | null {
  if (parts.every(({ matched }) => matched === null)) return null
  if (group === 'not') return parts[0]?.matched === false
  return group === 'all'
    ? parts.every(({ matched }) => matched === true)
    : parts.some(({ matched }) => matched === true)
}

function toTracedComparison(from: Readonly<Record<string, unknown>>, matched: boolean | null): TracedComparison {
  return {
    fact: String(from.fact ?? from.condition),
    ...(typeof from.path === 'string' ? { path: from.path } : {}),
    ...(from.params === undefined ? {} : { params: toJson(from.params) }),
    operator: String(from.operator ?? 'condition'),
    expected: toJson(from.valueResult === undefined ? from.value : from.valueResult),
    actual: toJson(from.factResult),
    matched,
  }
}

/** A host's fact may say anything; the trace is JSON. */
function toJson(value: unknown): Json {
  try {
    const text = JSON.stringify(value)
    return text === undefined ? null : (JSON.parse(text) as Json)
  } catch {
    return String(value)
  }
}
