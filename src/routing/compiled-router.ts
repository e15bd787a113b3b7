import { everyoneRoute, type Route, type Verdict } from '../core'
import type { DeskFacts } from './desk-facts'
import type { Entry } from './entry'
import { findAll, findFirst } from './find-candidates'
import { parseConditions, parseWorkflows } from './parse-workflows'
import { RoutingContext, type Surroundings } from './routing-context'
import { effectsOf } from './routing-effects'
import type { RoutingInput } from './routing-input'
import { RuleEngine } from './rule-engine'
import { WorkflowSet } from './workflow-set'

export interface CompiledRouterOptions {
  readonly workflows?: unknown
  /** Conditions that workflows refer to by name. */
  readonly conditions?: unknown
  /** Where requests go that no workflow routes. Default: everyone. */
  readonly defaultRoute?: Route
  readonly clock: { now(): number }
  readonly desk: DeskFacts
}

/** Routes by the index and the compiled checks alone, at once: for simulations, where time is not the machine's. */
export interface CompiledRouter {
  /** What `Router.route` says of the same request, without json-rules-engine's last word and without a trace. */
  verdictOn(input: RoutingInput): Verdict
}

/**
 * Makes a router that needs no promise. It knows no facts, operators or decorators of a host's own: those may be async,
 * or belong to a machine that a simulation does not have.
 *
 * @throws InvalidInputError for malformed workflows or conditions, with every problem found.
 */
export function createCompiledRouter(options: CompiledRouterOptions): CompiledRouter {
  const { clock, desk, defaultRoute = everyoneRoute } = options
  const conditions = parseConditions(options.conditions ?? {})
  const hostFacts = {}
  const engine = new RuleEngine({ facts: hostFacts, conditions, operators: {}, decorators: {} })
  const workflows = parseWorkflows(options.workflows ?? [], { conditions })
  const set = new WorkflowSet(workflows, { hostFacts, conditions, engine, isSettled: false })
  const around: Surroundings = { desk, hostFacts, factTimeoutMs: 0, now: () => clock.now() }
  const unrouted: Verdict = { workflow: null, route: defaultRoute, priority: 0, tags: [] }
  return { verdictOn: (input) => verdictFrom(set, new RoutingContext(input, around), unrouted) }
}

/**
 * What the checks leave open without facts or operators of a host's own is what they threw at: json-rules-engine would
 * reject there, and the workflow would not take part.
 */
function verdictFrom(set: WorkflowSet, context: RoutingContext, unrouted: Verdict): Verdict {
  const { match } = findFirst(set.routes.buckets(context), context, { after: null, seen: null })
  const plain = match === null ? unrouted : plainVerdict(match, unrouted)
  if (set.effects.size === 0) return plain
  const effects = findAll(set.effects.buckets(context), context, null).filter((entry) => isMet(entry, context))
  return effects.length === 0 ? plain : { ...plain, ...effectsOf(effects) }
}

const verdicts = new WeakMap<Entry, Verdict>()

/** The same object for every request of a workflow: a simulated day has many. */
function plainVerdict(entry: Entry, unrouted: Verdict): Verdict {
  const known = verdicts.get(entry)
  if (known !== undefined) return known
  const verdict: Verdict = { ...unrouted, workflow: entry.name, route: entry.route ?? unrouted.route }
  verdicts.set(entry, verdict)
  return verdict
}

function isMet({ check }: Entry, context: RoutingContext): boolean {
  try {
    return check.check?.(context) === true
  } catch {
    return false
  }
}
