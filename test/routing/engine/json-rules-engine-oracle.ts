import { Engine } from 'json-rules-engine'
import { resolvePath } from '../../../src/routing/facts/fact-reader'
import { host } from '../arbitrary-workflows'

interface Rule {
  readonly name: string
  readonly priority?: number
  readonly conditions: object
}

/** The names of the workflows that match, sorted by our rank, according to fresh engines. */
export async function matchingWorkflows(workflows: readonly Rule[], facts: object): Promise<string[]> {
  const names = await runAll(workflows, facts).catch(() => runEach(workflows, facts))
  const ranked = workflows.map(({ name, priority = 1 }, position) => ({ name, priority, position }))
  ranked.sort((one, other) => other.priority - one.priority || one.position - other.position)
  return ranked.filter(({ name }) => names.has(name)).map(({ name }) => name)
}

/** Whether an engine with this one rule rejects. */
export async function isRejected(workflow: Rule, facts: object): Promise<boolean> {
  return runAll([workflow], facts).then(
    () => false,
    () => true,
  )
}

async function runAll(workflows: readonly Rule[], facts: object): Promise<Set<string>> {
  const engine = new Engine([], { allowUndefinedFacts: true, pathResolver: resolvePath })
  for (const [name, condition] of Object.entries(host.conditions))
    engine.setCondition(name, structuredClone(condition) as never)
  for (const [name, operator] of Object.entries(host.operators)) engine.addOperator(name, operator)
  for (const [name, fact] of Object.entries(facts)) engine.addFact(name, fact)
  // Facts of the host override those of a visitor.
  for (const [name, fact] of Object.entries(host.facts)) engine.addFact(name, fact as never)
  for (const { name, priority = 1, conditions } of workflows) {
    engine.addRule({ name, priority, conditions: structuredClone(conditions) as never, event: { type: 'route' } })
  }
  const { results } = await engine.run()
  return new Set(results.map(({ name }) => name))
}

/** One rule that rejects makes an engine reject the whole run: then each rule gets its own engine. */
async function runEach(workflows: readonly Rule[], facts: object): Promise<Set<string>> {
  const found = new Set<string>()
  for (const workflow of workflows) {
    const names = await runAll([workflow], facts).catch(() => new Set<string>())
    for (const name of names) found.add(name)
  }
  return found
}
