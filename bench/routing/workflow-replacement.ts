import { Engine, Rule, type RuleProperties } from 'json-rules-engine'
import { openDesk } from '../../src'
import { parseWorkflows, type Workflow } from '../../src/routing'
import { type BenchRow, compare, us, type Work } from '../measure'
import { workflowSetOf } from './routing-engines'
import { type BenchRule, plainCase, type RuleCase, workflowOf } from './rule-cases'

const many = 10_000

/**
 * Replacing one of ten thousand by one with another condition, chosen at random, until the next request can be routed
 * by it. `Engine.updateRule` looks for the rule from the front, and makes the next run sort all of them: that is timed
 * with it. It gets a rule that has been made already, so like is compared with like: both parsed, and both from the
 * same JSON objects, which the desk checks, appends to its store and tells its listeners as well.
 */
export async function replacingRows(rounds: number): Promise<BenchRow[]> {
  const given = plainCase(many)
  const wide = { times: 20_000, theirsTimes: 1_000, warm: 2_000, rounds }
  const parsed = await compare({ ours: puttingParsed(given), theirs: updating(given, made), ...wide })
  const fromJson = await compare({ ours: await settingAtDesk(given), theirs: updating(given, asJson), ...wide })
  const of = 'replacements a second, of Engine.updateRule and the sorting that it causes'
  return [
    {
      name: 'replacing one of 10 000 workflows, each side has parsed it',
      of,
      ratio: 1 / parsed.ratio,
      goal: { atLeast: 50 },
      note: `${us(parsed.oursUs)} and ${us(parsed.theirsUs)}`,
    },
    {
      name: 'replacing one of 10 000 workflows, each side gets JSON',
      of: `${of}; ours is desk.setWorkflow, which also checks, copies and stores it`,
      ratio: 1 / fromJson.ratio,
      goal: { atLeast: 5 },
      note: `${us(fromJson.oursUs)} and ${us(fromJson.theirsUs)}`,
    },
  ]
}

function puttingParsed(given: RuleCase): Work {
  const set = workflowSetOf(given)
  const next = replacements(given, (rule) => parseWorkflows([workflowOf(rule)])[0] as Workflow)
  return warmed((times) => {
    for (let index = 0; index < times; index += 1) set.set(next())
  })
}

async function settingAtDesk(given: RuleCase): Promise<Work> {
  const desk = await openDesk({ workflows: given.rules.map(workflowOf) })
  const next = replacements(given, asJson)
  return async (times) => {
    for (let index = 0; index < times; index += 1) await desk.setWorkflow(next())
  }
}

function updating(given: RuleCase, prepare: (rule: BenchRule) => Rule | RuleProperties): Work {
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

function made(rule: BenchRule): Rule {
  return new Rule(asJson(rule))
}

function asJson(rule: BenchRule): RuleProperties {
  return workflowOf(rule) as RuleProperties
}

/** Two versions of each, made before they are timed: whichever is not in place comes next, at random places. */
function replacements<Version>({ rules }: RuleCase, make: (rule: BenchRule) => Version): () => Version {
  const versions = ['', '?'].map((end) =>
    rules.map(({ name, equal }) => make({ name, equal: { ...equal, page: `${equal.page}${end}` } })),
  )
  const inPlace = new Uint8Array(rules.length)
  let random = 1
  return () => {
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648
    const index = (random >> 8) % rules.length
    const next = 1 - (inPlace[index] ?? 0)
    inPlace[index] = next
    return versions[next]?.[index] as Version
  }
}

/** Compiled by the engine of the language before it is timed; theirs has enough to do to be warm at once. */
function warmed(work: (times: number) => void): Work {
  work(many)
  return work
}
