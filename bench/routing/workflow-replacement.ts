import { Engine, Rule, type RuleProperties } from 'json-rules-engine'
import { openDesk } from '../../src'
import { parseWorkflows, type Workflow } from '../../src/routing'
import { type BenchRow, compare, us, type Work } from '../measure'
import { workflowSetOf } from './routing-engines'
import { type BenchRule, plainCase, type RuleCase, workflowOf } from './rule-cases'

const many = 10_000

/**
 * Replaces one of ten thousand workflows, chosen at random, by one with another condition, until the next request can
 * be routed by it. `Engine.updateRule` searches the rules from the front, and makes the next run sort all of them,
 * which is timed as well. Two comparisons: both sides get a parsed rule, and both get JSON, which the desk also
 * validates, appends to its store and reports to its listeners.
 */
export async function replacementRows(rounds: number): Promise<BenchRow[]> {
  const given = plainCase(many)
  const wide = { times: 20_000, theirsTimes: 1_000, warm: 2_000, rounds }
  const parsed = await compare({ ours: setParsed(given), theirs: updateInEngine(given, ruleOf), ...wide })
  const fromJson = await compare({ ours: await setAtDesk(given), theirs: updateInEngine(given, asJson), ...wide })
  const of = 'replacements a second, compared with Engine.updateRule and the sorting that it causes'
  return [
    {
      name: 'replacing one of 10 000 workflows, parsed before on both sides',
      of,
      ratio: 1 / parsed.ratio,
      goal: { atLeast: 50 },
      note: `${us(parsed.oursUs)} and ${us(parsed.theirsUs)}`,
    },
    {
      name: 'replacing one of 10 000 workflows, from JSON on both sides',
      of: `${of}; ours is desk.setWorkflow, which also checks, copies and stores it`,
      ratio: 1 / fromJson.ratio,
      goal: { atLeast: 5 },
      note: `${us(fromJson.oursUs)} and ${us(fromJson.theirsUs)}`,
    },
  ]
}

function setParsed(given: RuleCase): Work {
  const set = workflowSetOf(given)
  const next = replacements(given, (rule) => parseWorkflows([workflowOf(rule)])[0] as Workflow)
  return warmed((times) => {
    for (let index = 0; index < times; index += 1) set.set(next())
  })
}

async function setAtDesk(given: RuleCase): Promise<Work> {
  const desk = await openDesk({ workflows: given.rules.map(workflowOf) })
  const next = replacements(given, asJson)
  return async (times) => {
    for (let index = 0; index < times; index += 1) await desk.setWorkflow(next())
  }
}

function updateInEngine(given: RuleCase, prepare: (rule: BenchRule) => Rule | RuleProperties): Work {
  const engine = new Engine([], { allowUndefinedFacts: true })
  for (const rule of given.rules) engine.addRule(new Rule(asJson(rule)))
  const sorting = engine as unknown as { prioritizeRules(): unknown }
  const next = replacements(given, prepare)
  return (times) => {
    for (let index = 0; index < times; index += 1) {
      const rule = next()
      engine.updateRule(rule instanceof Rule ? rule : new Rule(rule))
      sorting.prioritizeRules()
    }
  }
}

function ruleOf(rule: BenchRule): Rule {
  return new Rule(asJson(rule))
}

function asJson(rule: BenchRule): RuleProperties {
  return workflowOf(rule) as RuleProperties
}

/**
 * Two versions of each workflow, created before the measurement, from JSON as a host's rules are. Replaces a random one
 * by its other version.
 */
function replacements<Version>({ rules }: RuleCase, make: (rule: BenchRule) => Version): () => Version {
  const versions = ['', '?'].map((end) =>
    rules
      .map(({ name, equal }) => JSON.stringify({ name, equal: { ...equal, page: `${equal.page}${end}` } }))
      .map((json) => make(JSON.parse(json))),
  )
  const currentVersions = new Uint8Array(rules.length)
  let random = 1
  return () => {
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648
    const index = (random >> 8) % rules.length
    const next = 1 - (currentVersions[index] ?? 0)
    currentVersions[index] = next
    return versions[next]?.[index] as Version
  }
}

/** Warms the work up before it is timed. Theirs takes long enough to be warm at once. */
function warmed(work: (times: number) => void): Work {
  work(many)
  return work
}
