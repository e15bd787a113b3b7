import { LogicEngine } from 'json-logic-engine'
import { createRouter, parseConditions, parseWorkflows, type Router } from '../../src/routing'
import { CompiledWorkflows } from '../../src/routing/compile/workflow-index'
import { RuleEngine } from '../../src/routing/engine/rule-engine'
import { findFirstMatch } from '../../src/routing/evaluation/match'
import { RoutingContext } from '../../src/routing/facts/routing-context'
import type { Work } from '../measure'
import { type RuleCase, workflowOf } from './rule-cases'

const desk = { visitor: () => undefined, available: () => 0, waiting: () => 0, lastStaff: () => null }
const environment = { desk, hostFacts: {}, factTimeoutMs: 250, now: () => 0 }

export function routerOf({ rules }: RuleCase): Router {
  return createRouter({ workflows: rules.map(workflowOf), clock: { now: () => 0 }, desk, onDegraded: () => {} })
}

/** The compiled workflows that a router holds. */
export function workflowSetOf({ rules }: RuleCase): CompiledWorkflows {
  const conditions = parseConditions({})
  const engine = new RuleEngine({ facts: {}, operators: {}, decorators: {}, conditions })
  const compiling = { hostFacts: {}, conditions, engine, hasAsyncFacts: false }
  return new CompiledWorkflows(parseWorkflows(rules.map(workflowOf)), compiling)
}

/** The index and the compiled checks, without the evaluation by json-rules-engine. */
export function checkOf(given: RuleCase): Work {
  const set = workflowSetOf(given)
  return (times) => {
    let found = 0
    for (let index = 0; index < times; index += 1) {
      const context = new RoutingContext({ visitorId: 'v', facts: given.request(index) }, environment)
      if (findFirstMatch(set.routes.candidatesFor(context), context, { after: null, stats: null }).match !== null)
        found += 1
    }
    return keep(found)
  }
}

/** Every rule compiled; the first that returns true wins. */
export function jsonLogicOf({ rules, request }: RuleCase): Work {
  const engine = new LogicEngine()
  const compiled = rules.map(({ equal }) =>
    engine.build({ and: Object.entries(equal).map(([fact, value]) => ({ '===': [{ var: fact }, value] })) }),
  ) as ((facts: object) => unknown)[]
  return (times) => {
    let found = 0
    for (let index = 0; index < times; index += 1) {
      const facts = request(index)
      if (compiled.some((rule) => rule(facts) === true)) found += 1
    }
    return keep(found)
  }
}

let kept = 0

/** Uses a result, so that no compiler removes its computation. */
export function keep(value: number): void {
  kept += value
  if (kept < 0) throw new Error('counted down')
}
