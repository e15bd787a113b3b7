import type { Json } from '../../core'
import type { CompiledWorkflow } from '../compile/compiled-workflow'
import { foldCondition } from '../workflow/condition-walk'
import type { AllOf, AnyOf, Condition, FactCondition, NotOf } from '../workflow/workflow'

/** Why a request was routed as it was, as plain JSON. */
export interface Trace {
  /** The workflow whose route won; `null` for the default route. */
  readonly workflow: string | null
  /** What json-rules-engine evaluated, sorted by rank: routes first, then `prioritize` and `tag`. */
  readonly evaluated: readonly EvaluatedWorkflow[]
  /** Names of workflows that were checked and did not match, at most 20. */
  readonly rejected: readonly string[]
  readonly cost: RoutingCost
}

export interface EvaluatedWorkflow {
  readonly workflow: string
  readonly type: 'route' | 'prioritize' | 'tag'
  readonly isMatch: boolean
  /** What each condition compared; `null` when the evaluation failed. */
  readonly conditions: TracedCondition | null
  /** Why the evaluation failed: then the workflow took no part. */
  readonly failure: string | null
}

/** A group with its parts, or one comparison. `matched` is `null` for what was not evaluated. */
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
  /** The fact's value; `null` also for a missing one. */
  readonly actual: Json
  readonly matched: boolean | null
}

/** What the decision cost. */
export interface RoutingCost {
  readonly workflows: number
  /** Workflows checked: the index left out the others. */
  readonly candidates: number
  /** Workflows evaluated by json-rules-engine. */
  readonly evaluated: number
  /** Time from the request to its route, waiting for facts included; `null` at other nodes than the one that routed. */
  readonly microseconds: number | null
}

/** The evaluation of one workflow; `conditions` are json-rules-engine's own objects. */
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

/** Makes a trace whose conditions are converted when they are first read, which is seldom. */
export function createTrace({ workflow, evaluated, rejected, cost }: TraceInput): Trace {
  let converted: readonly EvaluatedWorkflow[] | null = null
  return {
    workflow,
    get evaluated() {
      converted ??= evaluated.map(toEvaluatedWorkflow)
      return converted
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

/** What json-rules-engine writes into the nodes of a condition that it evaluates. */
type Evaluated<Node> = Node & {
  /** Left out of the root, and of what was not evaluated. */
  readonly result?: unknown
  readonly factResult?: unknown
  /** The value of the fact on the right-hand side. */
  readonly valueResult?: unknown
}

/** json-rules-engine has put in place what named conditions stand for. */
function toTracedCondition(evaluated: unknown): TracedCondition {
  return foldCondition<TracedCondition>(
    evaluated as Condition,
    {},
    {
      all: (parts, node) => toTracedGroup('all', parts, node),
      any: (parts, node) => toTracedGroup('any', parts, node),
      not: (part, node) => toTracedGroup('not', [part], node),
      comparison: toTracedComparison,
      unknown: (node) => toTracedComparison({ ...node, fact: node.condition, operator: 'condition', value: null }),
    },
  )
}

function toTracedGroup(
  group: TracedGroup['group'],
  parts: readonly TracedCondition[],
  node: Evaluated<AllOf | AnyOf | NotOf>,
): TracedGroup {
  const name = typeof node.name === 'string' ? { name: node.name } : {}
  return { group, ...name, matched: matchedOf(node) ?? groupResult(group, parts), parts }
}

function groupResult(group: TracedGroup['group'], parts: readonly TracedCondition[]): boolean | null {
  if (parts.every(({ matched }) => matched === null)) return null
  if (group === 'not') return parts[0]?.matched === false
  return group === 'all'
    ? parts.every(({ matched }) => matched === true)
    : parts.some(({ matched }) => matched === true)
}

function toTracedComparison(node: Evaluated<FactCondition>): TracedComparison {
  const { fact, path, params, operator, value, valueResult, factResult } = node
  return {
    fact,
    ...(path === undefined ? {} : { path }),
    ...(params === undefined ? {} : { params: toJson(params) }),
    operator,
    expected: toJson(valueResult === undefined ? value : valueResult),
    actual: toJson(factResult),
    matched: matchedOf(node),
  }
}

function matchedOf({ result }: Evaluated<object>): boolean | null {
  return typeof result === 'boolean' ? result : null
}

/** A host's fact may return any value; the trace is JSON. */
function toJson(value: unknown): Json {
  try {
    const text = JSON.stringify(value)
    return text === undefined ? null : (JSON.parse(text) as Json)
  } catch {
    return String(value)
  }
}
