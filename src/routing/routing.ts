import type { Almanac } from 'json-rules-engine'
import type { Route } from '../core'
import { byRank, type Entry } from './entry'
import { type Found, findAll, findFirst, narrowed, remaining, type Seen } from './find-candidates'
import type { Bucket } from './ranked'
import type { Routed, RoutingDegraded } from './router'
import type { RoutingContext } from './routing-context'
import { effectsOf } from './routing-effects'
import type { RuleEngine } from './rule-engine'
import { type Evaluated, traceOf } from './trace'
import type { WorkflowSet } from './workflow-set'

const disagreement = 'json-rules-engine found no match where the compiled check did'

export interface RoutingParts {
  readonly context: RoutingContext
  readonly engine: RuleEngine
  readonly set: WorkflowSet
  readonly defaultRoute: Route
  tell(degraded: RoutingDegraded): void
}

/**
 * One request on its way through the workflows: the index leaves out what cannot match, the compiled checks sort out
 * what does not, and json-rules-engine has the last word on the rest. What it looks at is fixed when it begins.
 */
export class Routing {
  readonly context: RoutingContext
  readonly #parts: RoutingParts
  readonly #startedAt = performance.now()
  readonly #buckets: readonly Bucket[]
  readonly #seen: Seen = { looked: 0, sortedOut: [] }
  readonly #first: Found
  readonly #effects: readonly Entry[]
  readonly #evaluated: Evaluated[] = []
  readonly #failures = new Map<string, string[]>()
  #almanac: Almanac | null = null

  constructor(parts: RoutingParts) {
    const { context, set } = parts
    this.context = context
    this.#parts = parts
    this.#buckets = set.routes.buckets(context)
    this.#first = findFirst(this.#buckets, context, { after: null, seen: this.#seen })
    this.#effects = set.effects.size === 0 ? [] : findAll(set.effects.buckets(context), context, this.#seen)
  }

  /** The default route, when nothing is left for json-rules-engine to evaluate. */
  routedNow(): Routed | undefined {
    const { undecided, match } = this.#first
    return match === null && undecided.length === 0 && this.#effects.length === 0 ? this.#outcome(null, []) : undefined
  }

  async routed(): Promise<Routed> {
    const late = [...this.#first.undecided, ...this.#effects].flatMap(({ late }) => late?.facts ?? [])
    // All at the same time; and no turn is lost where there is nothing to wait for.
    if (late.length > 0) await this.context.settle(late, this.#almanacOf())
    const effects = Promise.all(remaining(this.#effects, this.context).map((entry) => this.#evaluate(entry)))
    const winner = await this.#winner(this.#first)
    const applied = (await effects).filter(({ isMatch }) => isMatch)
    this.#tellFailures()
    return this.#outcome(
      winner,
      applied.map(({ entry }) => entry),
    )
  }

  async #winner({ undecided, match: certain }: Found): Promise<Entry | null> {
    const found = narrowed(undecided, this.context)
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
  async #winnerAfter(after: Entry): Promise<Entry | null> {
    const found = findFirst(this.#buckets, this.context, { after, seen: this.#seen })
    const late = found.undecided.flatMap(({ late }) => late?.facts ?? [])
    await this.context.settle(late, this.#almanacOf())
    return this.#winner(found)
  }

  #almanacOf(): Almanac {
    this.#almanac ??= this.#parts.engine.almanacOf(this.context)
    return this.#almanac
  }

  async #evaluate(entry: Entry): Promise<Evaluated> {
    const evaluated = await this.#verdictOn(entry)
    this.#evaluated.push(evaluated)
    return evaluated
  }

  async #verdictOn(entry: Entry): Promise<Evaluated> {
    const { engine } = this.#parts
    try {
      entry.rule ??= engine.ruleOf(entry.workflow)
      return { entry, failure: null, ...(await engine.evaluate(entry.rule, this.#almanacOf())) }
    } catch (cause) {
      const failure = cause instanceof Error ? cause.message : String(cause)
      this.#fail(entry, failure)
      return { entry, isMatch: false, conditions: null, failure }
    }
  }

  #fail({ name }: Entry, reason: string): void {
    this.#failures.set(reason, [...(this.#failures.get(reason) ?? []), name])
  }

  /** A listener that throws is no reason to lose a request. */
  #tellFailures(): void {
    for (const [reason, workflows] of this.#failures) {
      try {
        this.#parts.tell({ workflows, reason })
      } catch {
        // The desk guards its own listeners; there is nobody else to tell.
      }
    }
  }

  #outcome(winner: Entry | null, effects: readonly Entry[]): Routed {
    const { set, defaultRoute } = this.#parts
    const workflow = winner?.name ?? null
    const evaluated = this.#evaluated.sort(routesFirst)
    const cost = {
      workflows: set.size,
      candidates: this.#seen.looked,
      evaluated: evaluated.length,
      microseconds: Math.round((performance.now() - this.#startedAt) * 1_000),
    }
    const verdict = { workflow, route: winner?.route ?? defaultRoute, ...effectsOf(effects) }
    return { verdict, trace: traceOf({ workflow, evaluated, sortedOut: this.#seen.sortedOut, cost }) }
  }
}

function routesFirst({ entry: one }: Evaluated, { entry: other }: Evaluated): number {
  return Number(one.route === null) - Number(other.route === null) || byRank(one, other)
}
