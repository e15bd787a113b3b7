import { Almanac, Engine, Fact, Rule } from 'json-rules-engine'
import type { Json } from '../../core'
import { resolvePath } from '../facts/fact-reader'
import type { RoutingContext } from '../facts/routing-context'
import { asyncFactOf, RoutingFailure } from '../facts/routing-context'
import type { HostDecorators, HostFacts, HostOperators } from '../workflow/vocabulary'
import { deskFactNames, type HostNames, parseOperatorName } from '../workflow/vocabulary'
import type { NamedConditions, Workflow } from '../workflow/workflow'

/** json-rules-engine's result for one workflow; each of its conditions holds what it compared. */
export interface RuleResult {
  readonly isMatch: boolean
  readonly conditions: unknown
}

type FactParameters = Readonly<Record<string, Json>>
type OperatorFunction = (factValue: unknown, value: unknown) => boolean

// The package's types are written by hand and leave these out.
interface EvaluableRule {
  setEngine(engine: Engine): void
  evaluate(almanac: Almanac): Promise<{ readonly result: unknown; readonly conditions: unknown }>
}
interface OperatorTable {
  readonly operators: { get(name: string): { readonly evaluate: OperatorFunction } | null }
}

export interface RuleVocabulary {
  readonly facts: HostFacts
  readonly conditions: NamedConditions
  readonly operators: HostOperators
  readonly decorators: HostDecorators
}

/**
 * json-rules-engine without `Engine.run`, because two overlapping runs of one engine silently lose rules. The engine
 * only holds operators and named conditions; each rule is evaluated by itself, on an almanac of one request.
 */
export class RuleEngine {
  readonly #engine: Engine
  readonly #hostFacts: HostFacts
  readonly #hostNames: HostNames

  constructor(vocabulary: RuleVocabulary) {
    this.#engine = new Engine([], { allowUndefinedFacts: true, pathResolver: resolvePath })
    const { facts, operators, decorators, conditions } = vocabulary
    this.#hostFacts = facts
    this.#hostNames = { operators: new Set(Object.keys(operators)), decorators: new Set(Object.keys(decorators)) }
    for (const [name, compare] of Object.entries(operators)) this.#engine.addOperator(name, compare)
    for (const [name, decorate] of Object.entries(decorators)) this.#engine.addOperatorDecorator(name, decorate)
    for (const [name, condition] of Object.entries(conditions)) {
      this.#engine.setCondition(name, structuredClone(condition) as never)
    }
    nameFailures(this.#engine as unknown as OperatorTable)
  }

  /** Whether an operator and all its decorators are json-rules-engine's own. */
  isBuiltInOperator(operator: string): boolean {
    const { operators, decorators } = this.#hostNames
    const name = parseOperatorName(operator, this.#hostNames)
    if (name === null || operators.has(name.operator)) return false
    return !name.decorators.some((decorator) => decorators.has(decorator))
  }

  /** Returns the function of an operator's name. */
  operatorFunction(operator: string): OperatorFunction {
    const found = (this.#engine as unknown as OperatorTable).operators.get(operator)
    if (found === null) throw new Error(`unknown operator ${operator}`)
    return found.evaluate
  }

  createRule({ name, conditions, event }: Workflow): Rule {
    const rule = new Rule({ name, conditions: conditions as never, event: { type: event.type } })
    const evaluable = rule as unknown as EvaluableRule
    evaluable.setEngine(this.#engine)
    return rule
  }

  /** Rejects where json-rules-engine does: when a fact failed or an operator threw. */
  async evaluate(rule: Rule, almanac: Almanac): Promise<RuleResult> {
    const { result, conditions } = await (rule as unknown as EvaluableRule).evaluate(almanac)
    return { isMatch: Boolean(result), conditions }
  }

  createAlmanac(context: RoutingContext): Almanac {
    return new RequestAlmanac(context, this.#hostFacts)
  }
}

/** An almanac that adds a fact when a condition first reads it; the request's context caches its value. */
class RequestAlmanac extends Almanac {
  readonly #context: RoutingContext
  readonly #hostFacts: HostFacts
  readonly #added = new Set<string>()

  constructor(context: RoutingContext, hostFacts: HostFacts) {
    super({ allowUndefinedFacts: true, pathResolver: resolvePath })
    this.#context = context
    this.#hostFacts = hostFacts
  }

  override async factValue<Value>(name: string, params?: Record<string, unknown>, path?: string): Promise<Value> {
    try {
      if (!this.#added.has(name)) this.#add(name)
      return await super.factValue<Value>(name, params, path)
    } catch (cause) {
      throw RoutingFailure.of(`fact "${name}"`, cause)
    }
  }

  #add(name: string): void {
    this.#added.add(name)
    const context = this.#context
    if (deskFactNames.has(name))
      this.addFact(new UncachedFact(name, (params: FactParameters) => readDeskFact(context, name, params)))
    else if (Object.hasOwn(this.#hostFacts, name)) {
      this.addFact(
        new UncachedFact(name, (params: FactParameters) => context.hostFact(asyncFactOf({ fact: name, params }), this)),
      )
    } else if (Object.hasOwn(context.facts, name)) this.addFact(new UncachedFact(name, context.facts[name]))
  }
}

/** json-rules-engine caches values by a hash of 32 bits; the request's context caches them by the whole key. */
class UncachedFact extends Fact {
  getCacheKey(): undefined {
    return undefined
  }
}

/** Lets what an operator or a decorator throws name it, as the condition writes it. */
function nameFailures({ operators }: OperatorTable): void {
  const get = operators.get.bind(operators)
  operators.get = (name) => {
    const operator = get(name)
    if (operator === null) return null
    const evaluate: OperatorFunction = (factValue, value) => {
      try {
        return operator.evaluate(factValue, value)
      } catch (cause) {
        throw RoutingFailure.of(`operator "${name}"`, cause)
      }
    }
    return { evaluate }
  }
}

function readDeskFact(context: RoutingContext, name: string, params: FactParameters): unknown {
  if (name === 'visitor') return context.visitor()
  if (name === 'request') return context.request()
  if (name === 'lastStaff') return context.lastStaff()
  if (name === 'clock') return context.clock(params)
  return name === 'available' ? context.available(params) : context.waiting(params)
}
