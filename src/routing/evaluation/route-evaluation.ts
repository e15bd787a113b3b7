import type { Almanac } from 'json-rules-engine'
import { errorMessageOf, type Route } from '../../core'
import { type CompiledWorkflow, compareRank } from '../compile/compiled-workflow'
import type { SortedBucket } from '../compile/sorted-buckets'
import type { CompiledWorkflows } from '../compile/workflow-index'
import type { RuleEngine } from '../engine/rule-engine'
import type { AsyncFact, RoutingContext } from '../facts/routing-context'
import type { RoutedRequest, RoutingDegraded } from '../router'
import { formatList } from '../workflow/describe-route'
import {
  combineEffects,
  findAllMatches,
  findFirstMatch,
  type MatchResult,
  type MatchStats,
  resolveUndecided,
  withoutRejected,
} from './match'
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
 * Routes one request: the index leaves out what cannot match, the compiled checks reject what does not, and
 * json-rules-engine decides about the rest. Its workflows are those of the moment at which it began.
 */
export class RouteEvaluation {
  readonly context: RoutingContext
  readonly #options: EvaluationOptions
  readonly #startedAt = performance.now()
  readonly #buckets: readonly SortedBucket[]
  readonly #stats: MatchStats = { candidates: 0, rejected: [] }
  readonly #first: MatchResult
  readonly #effects: readonly CompiledWorkflow[]
  readonly #evaluated: WorkflowEvaluation[] = []
  readonly #failures = new Map<string, string[]>()
  #almanac: Almanac | null = null

  constructor(options: EvaluationOptions) {
    const { context, workflows } = options
    this.context = context
    this.#options = options
    this.#buckets = workflows.routes.candidatesFor(context)
    this.#first = findFirstMatch(this.#buckets, context, { after: null, stats: this.#stats })
    this.#effects =
      workflows.effects.size === 0 ? [] : findAllMatches(workflows.effects.candidatesFor(context), context, this.#stats)
  }

  /** Returns the default route when nothing is left for json-rules-engine to evaluate, else `undefined`. */
  resolveNow(): RoutedRequest | undefined {
    const { undecided, match } = this.#first
    return match === null && undecided.length === 0 && this.#effects.length === 0
      ? this.#toRoutedRequest(null, [])
      : undefined
  }

  async resolve(): Promise<RoutedRequest> {
    const asyncFacts = asyncFactsOf([...this.#first.undecided, ...this.#effects])
    // All at the same time; without async facts nothing is awaited.
    if (asyncFacts.length > 0) await this.context.resolveAsyncFacts(asyncFacts, this.#requestAlmanac())
    const effects = Promise.all(withoutRejected(this.#effects, this.context).map((entry) => this.#evaluate(entry)))
    const winner = await this.#findWinner(this.#first)
    const applied = (await effects).filter(({ isMatch }) => isMatch)
    this.#reportFailures()
    return this.#toRoutedRequest(
      winner,
      applied.map(({ entry }) => entry),
    )
  }

  async #findWinner({ undecided, match: certain }: MatchResult): Promise<CompiledWorkflow | null> {
    const found = resolveUndecided(undecided, this.context)
    const match = found.match ?? certain
    const entries = match === null ? found.undecided : [...found.undecided, match]
    const evaluated = await Promise.all(entries.map((entry) => this.#evaluate(entry)))
    const winner = evaluated.find(({ isMatch }) => isMatch)
    if (winner !== undefined) return winner.entry
    if (match === null) return null
    if (evaluated.at(-1)?.failure === null) this.#addFailure(match, disagreement)
    return this.#findWinnerAfter(match)
  }

  /** json-rules-engine decides: when it rejects a workflow, those ranked after it are evaluated. */
  async #findWinnerAfter(after: CompiledWorkflow): Promise<CompiledWorkflow | null> {
    const found = findFirstMatch(this.#buckets, this.context, { after, stats: this.#stats })
    await this.context.resolveAsyncFacts(asyncFactsOf(found.undecided), this.#requestAlmanac())
    return this.#findWinner(found)
  }

  #requestAlmanac(): Almanac {
    this.#almanac ??= this.#options.engine.createAlmanac(this.context)
    return this.#almanac
  }

  async #evaluate(entry: CompiledWorkflow): Promise<WorkflowEvaluation> {
    const evaluated = await this.#tryToEvaluate(entry)
    this.#evaluated.push(evaluated)
    return evaluated
  }

  async #tryToEvaluate(entry: CompiledWorkflow): Promise<WorkflowEvaluation> {
    const { engine } = this.#options
    try {
      entry.rule ??= engine.createRule(entry.workflow)
      return { entry, failure: null, ...(await engine.evaluate(entry.rule, this.#requestAlmanac())) }
    } catch (cause) {
      const failure = errorMessageOf(cause)
      this.#addFailure(entry, failure)
      return { entry, isMatch: false, conditions: null, failure }
    }
  }

  #addFailure({ name }: CompiledWorkflow, reason: string): void {
    this.#failures.set(reason, [...(this.#failures.get(reason) ?? []), name])
  }

  /** A listener that throws does not fail the request. */
  #reportFailures(): void {
    for (const [reason, workflows] of this.#failures) {
      try {
        this.#options.onDegraded({ workflows, reason: `${describeWorkflows(workflows)}: ${reason}` })
      } catch {
        // The desk guards its own listeners, so there is no place left to report this.
      }
    }
  }

  #toRoutedRequest(winner: CompiledWorkflow | null, effects: readonly CompiledWorkflow[]): RoutedRequest {
    const { workflows, defaultRoute } = this.#options
    const workflow = winner?.name ?? null
    const evaluated = this.#evaluated.sort(routesFirst)
    const cost = {
      workflows: workflows.size,
      candidates: this.#stats.candidates,
      evaluated: evaluated.length,
      microseconds: Math.round((performance.now() - this.#startedAt) * 1_000),
    }
    const routingResult = { workflow, route: winner?.route ?? defaultRoute, ...combineEffects(effects) }
    return { routingResult, trace: createTrace({ workflow, evaluated, rejected: this.#stats.rejected, cost }) }
  }
}

const describedWorkflowsMax = 3

/** `workflow "a"`, `workflows "a" and "b"`, `workflows "a", "b", "c" and 7 more`. */
function describeWorkflows(names: readonly string[]): string {
  const more = names.length - describedWorkflowsMax
  const quoted = names.slice(0, describedWorkflowsMax).map((name) => JSON.stringify(name))
  return `workflow${names.length === 1 ? '' : 's'} ${formatList(more > 0 ? [...quoted, `${more} more`] : quoted)}`
}

function asyncFactsOf(entries: readonly CompiledWorkflow[]): readonly AsyncFact[] {
  return entries.flatMap(({ asyncFacts }) => asyncFacts?.facts ?? [])
}

function routesFirst({ entry: one }: WorkflowEvaluation, { entry: other }: WorkflowEvaluation): number {
  return Number(one.route === null) - Number(other.route === null) || compareRank(one, other)
}
