import type { Almanac } from 'json-rules-engine'
import type { Route } from '../../core'
import type { CompiledCondition } from '../compile/compile-condition'
import type { CompiledWorkflow } from '../compile/compiled-workflow'
import { compareRank } from '../compile/compiled-workflow'
import type { SortedBucket } from '../compile/index-buckets'
import type { CompiledWorkflows } from '../compile/workflow-index'
import type { RoutingContext } from '../facts/routing-context'
import type { RoutedRequest, RoutingDegraded } from '../router'
import type { RuleEngine } from './rule-engine'
import { createTrace, type WorkflowEvaluation } from './trace'

const disagreement = 'json-rules-engine found no match where the compiled check did'

export interface EvaluationOptions {
  readonly context: RoutingContext
  readonly engine: RuleEngine
  readonly workflows: CompiledWorkflows
  readonly defaultRoute: Route
  onDegraded(degraded: RoutingDegraded): void
}

/**
 * One request on its way through the workflows: the index leaves out what cannot match, the compiled checks sort out
 * what does not, and json-rules-engine has the last word on the rest. What it looks at is fixed when it begins.
 */
export class RouteEvaluation {
  readonly context: RoutingContext
  readonly #parts: EvaluationOptions
  readonly #startedAt = performance.now()
  readonly #buckets: readonly SortedBucket[]
  readonly #seen: MatchStats = { candidates: 0, rejected: [] }
  readonly #first: MatchResult
  readonly #effects: readonly CompiledWorkflow[]
  readonly #evaluated: WorkflowEvaluation[] = []
  readonly #failures = new Map<string, string[]>()
  #almanac: Almanac | null = null

  constructor(parts: EvaluationOptions) {
    const { context, workflows } = parts
    this.context = context
    this.#parts = parts
    this.#buckets = workflows.routes.candidatesFor(context)
    this.#first = findFirstMatch(this.#buckets, context, { after: null, seen: this.#seen })
    this.#effects =
      workflows.effects.size === 0 ? [] : findAllMatches(workflows.effects.candidatesFor(context), context, this.#seen)
  }

  /** The default route, when nothing is left for json-rules-engine to evaluate. */
  resolveNow(): RoutedRequest | undefined {
    const { undecided, match } = this.#first
    return match === null && undecided.length === 0 && this.#effects.length === 0 ? this.#outcome(null, []) : undefined
  }

  async resolve(): Promise<RoutedRequest> {
    const late = [...this.#first.undecided, ...this.#effects].flatMap(({ asyncFacts }) => asyncFacts?.facts ?? [])
    // All at the same time; and no turn is lost where there is nothing to wait for.
    if (late.length > 0) await this.context.resolveAsyncFacts(late, this.#almanacOf())
    const effects = Promise.all(withoutRejected(this.#effects, this.context).map((entry) => this.#evaluate(entry)))
    const winner = await this.#winner(this.#first)
    const applied = (await effects).filter(({ isMatch }) => isMatch)
    this.#tellFailures()
    return this.#outcome(
      winner,
      applied.map(({ entry }) => entry),
    )
  }

  async #winner({ undecided, match: certain }: MatchResult): Promise<CompiledWorkflow | null> {
    const found = resolveUndecided(undecided, this.context)
    const match = found.match ?? certain
    const entries = match === null ? found.undecided : [...found.undecided, match]
    const evaluated = await Promise.all(entries.map((entry) => this.#evaluate(entry)))
    const winner = evaluated.find(({ isMatch }) => isMatch)
    if (winner !== undefined) return winner.entry
    if (match === null) return null
    if (evaluated.at(-1)?.failure === null) this.#fail(match, disagreement)
    return this.#winnerAfter(match)
  }

  /** json-rules-engine has the last word: what ranks after a workflow that it says no to has its turn. */
  async #winnerAfter(after: CompiledWorkflow): Promise<CompiledWorkflow | null> {
    const found = findFirstMatch(this.#buckets, this.context, { after, seen: this.#seen })
    const late = found.undecided.flatMap(({ asyncFacts }) => asyncFacts?.facts ?? [])
    await this.context.resolveAsyncFacts(late, this.#almanacOf())
    return this.#winner(found)
  }

  #almanacOf(): Almanac {
    this.#almanac ??= this.#parts.engine.createAlmanac(this.context)
    return this.#almanac
  }

  async #evaluate(entry: CompiledWorkflow): Promise<WorkflowEvaluation> {
    const evaluated = await this.#routingResultFor(entry)
    this.#evaluated.push(evaluated)
    return evaluated
  }

  async #routingResultFor(entry: CompiledWorkflow): Promise<WorkflowEvaluation> {
    const { engine } = this.#parts
    try {
      entry.rule ??= engine.createRule(entry.workflow)
      return { entry, failure: null, ...(await engine.evaluate(entry.rule, this.#almanacOf())) }
    } catch (cause) {
      const failure = cause instanceof Error ? cause.message : String(cause)
      this.#fail(entry, failure)
      return { entry, isMatch: false, conditions: null, failure }
    }
  }

  #fail({ name }: CompiledWorkflow, reason: string): void {
    this.#failures.set(reason, [...(this.#failures.get(reason) ?? []), name])
  }

  /** A listener that throws is no reason to lose a request. */
  #tellFailures(): void {
    for (const [reason, workflows] of this.#failures) {
      try {
        this.#parts.onDegraded({ workflows, reason })
      } catch {
        // The desk guards its own listeners; there is nobody else to tell.
      }
    }
  }

  #outcome(winner: CompiledWorkflow | null, effects: readonly CompiledWorkflow[]): RoutedRequest {
    const { workflows, defaultRoute } = this.#parts
    const workflow = winner?.name ?? null
    const evaluated = this.#evaluated.sort(routesFirst)
    const cost = {
      workflows: workflows.size,
      candidates: this.#seen.candidates,
      evaluated: evaluated.length,
      microseconds: Math.round((performance.now() - this.#startedAt) * 1_000),
    }
    const routingResult = { workflow, route: winner?.route ?? defaultRoute, ...combineEffects(effects) }
    return { routingResult, trace: createTrace({ workflow, evaluated, rejected: this.#seen.rejected, cost }) }
  }
}

function routesFirst({ entry: one }: WorkflowEvaluation, { entry: other }: WorkflowEvaluation): number {
  return Number(one.route === null) - Number(other.route === null) || compareRank(one, other)
}

/** What the compiled checks found, before json-rules-engine has spoken. */
export interface MatchResult {
  /** Nobody knows yet: an async fact, a host's operator, a check that threw. In order of rank, all before `match`. */
  readonly undecided: readonly CompiledWorkflow[]
  /** The first that matches. */
  readonly match: CompiledWorkflow | null
}

/** Workflows that were looked at, and names of those that do not match, up to some: for whoever asks why. */
export interface MatchStats {
  candidates: number
  readonly rejected: string[]
}

const rejectedNamesMax = 20

/** The first that matches after a rank, and all before it that may. */
export function findFirstMatch(
  buckets: readonly SortedBucket[],
  context: RoutingContext,
  { after, seen }: { readonly after: CompiledWorkflow | null; readonly seen: MatchStats | null },
): MatchResult {
  let match: CompiledWorkflow | null = null
  const maybe: CompiledWorkflow[] = []
  for (const bucket of buckets) {
    for (const entry of bucket) {
      if (match !== null && compareRank(match, entry) < 0) break
      if (after !== null && compareRank(entry, after) <= 0) continue
      const answer = checkCandidate(entry, context, seen)
      if (answer === 'no') continue
      if (answer === 'maybe') maybe.push(entry)
      else match = entry
    }
  }
  if (maybe.length === 0) return { undecided: noWorkflows, match }
  const limit = match
  const undecided = maybe.filter((entry) => limit === null || compareRank(entry, limit) < 0).sort(compareRank)
  return { undecided, match }
}

const noWorkflows: readonly never[] = []

/** Everything that matches or may, in order of rank. */
export function findAllMatches(
  buckets: readonly SortedBucket[],
  context: RoutingContext,
  seen: MatchStats | null,
): CompiledWorkflow[] {
  const found = buckets.flatMap((bucket) => bucket.filter((entry) => checkCandidate(entry, context, seen) !== 'no'))
  return found.sort(compareRank)
}

type CheckOutcome = 'yes' | 'no' | 'maybe'

function checkCandidate(entry: CompiledWorkflow, context: RoutingContext, seen: MatchStats | null): CheckOutcome {
  const answer = checkOutcome(entry.condition, context)
  if (seen === null) return answer
  seen.candidates += 1
  if (answer === 'no' && seen.rejected.length < rejectedNamesMax) seen.rejected.push(entry.name)
  return answer
}

/** Of those nobody knew about, now that their facts have answered: all up to the first that matches. */
export function resolveUndecided(undecided: readonly CompiledWorkflow[], context: RoutingContext): MatchResult {
  const maybe: CompiledWorkflow[] = []
  for (const entry of undecided) {
    const answer = checkOutcome(entry.asyncFacts?.condition ?? entry.condition, context)
    if (answer === 'yes') return { undecided: maybe, match: entry }
    if (answer === 'maybe') maybe.push(entry)
  }
  return { undecided: maybe, match: null }
}

/** Those that match or may, now that their facts have answered. */
export function withoutRejected(entries: readonly CompiledWorkflow[], context: RoutingContext): CompiledWorkflow[] {
  return entries.filter(
    (entry) => entry.asyncFacts === null || checkOutcome(entry.asyncFacts.condition, context) !== 'no',
  )
}

function checkOutcome({ check, isExact }: CompiledCondition, context: RoutingContext): CheckOutcome {
  if (check === null) return 'maybe'
  try {
    if (!check(context)) return 'no'
    return isExact ? 'yes' : 'maybe'
  } catch {
    // json-rules-engine says what it makes of it, and who hears of it.
    return 'maybe'
  }
}

/** What workflows that prioritize or tag make of a request together: the highest priority, and every tag once. */
export function combineEffects(effects: readonly CompiledWorkflow[]): {
  readonly priority: number
  readonly tags: readonly string[]
} {
  if (effects.length === 0) return { priority: 0, tags: [] }
  const events = effects.map(({ workflow }) => workflow.event)
  const priorities = events.flatMap((event) => (event.type === 'prioritize' ? [event.params.priority] : []))
  const tags = events.flatMap((event) => (event.type === 'tag' ? event.params.tags : []))
  return { priority: priorities.length === 0 ? 0 : Math.max(...priorities), tags: [...new Set(tags)] }
}
