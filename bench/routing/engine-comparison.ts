import { ZenEngine } from '@gorules/zen-engine'
import { RuleEngine } from 'node-rules'
import { Rools, Rule } from 'rools'
import { type BenchRow, compare, us, type Work } from '../measure'
import { checkOf, jsonLogicOf, keep } from './routing-engines'
import { type BenchRule, plainCase, type RuleCase } from './rule-cases'

/** The same rules in other engines, each side in a fresh process. */
export async function engineBench(isQuick = false): Promise<BenchRow[]> {
  const rounds = isQuick ? 3 : 9
  return [...(await againstJsonLogic(rounds)), ...(await againstOthers(rounds))]
}

async function againstJsonLogic(rounds: number): Promise<BenchRow[]> {
  const goals = [
    [10, 0.5],
    [100, 2],
    [1_000, 20],
    [10_000, 80],
  ] as const
  const rows: BenchRow[] = []
  for (const [count, atLeast] of goals) {
    const given = plainCase(count)
    const { ratio, oursUs, theirsUs } = await compare({
      ours: checkOf(given),
      theirs: jsonLogicOf(given),
      times: 200_000,
      warm: 100_000,
      theirsTimes: 2_000_000 / count,
      rounds: Math.min(rounds, 5),
    })
    rows.push({
      name: `index and compiled check, ${count} workflows, compared with json-logic-engine`,
      of: 'routes a second, compared with compiled json-logic-engine',
      ratio: 1 / ratio,
      goal: { atLeast },
      note: `${us(oursUs)} and ${us(theirsUs)}`,
    })
  }
  return rows
}

/** A hundred rules, each engine used as in its own documentation. */
async function againstOthers(rounds: number): Promise<BenchRow[]> {
  const given = plainCase(100)
  const engines: readonly [name: string, theirs: Work, atLeast: number][] = [
    ['a hand-written if-chain', ifChainOf(given), 0.2],
    ['node-rules', nodeRulesOf(given), 1],
    ['rools', await roolsOf(given), 1],
    ['zen-engine', zenOf(given), 1],
  ]
  const rows: BenchRow[] = []
  for (const [name, theirs, atLeast] of engines) {
    const ours = checkOf(given)
    const { ratio, oursUs, theirsUs } = await compare({
      ours,
      theirs,
      times: 20_000,
      warm: 10_000,
      theirsTimes: name.startsWith('a hand') ? 20_000 : 400,
      rounds: Math.min(rounds, 5),
    })
    rows.push({
      name: `index and compiled check, 100 workflows, compared with ${name}`,
      of: `routes a second, compared with ${name}`,
      ratio: 1 / ratio,
      goal: { atLeast },
      note: `${us(oursUs)} and ${us(theirsUs)}`,
    })
  }
  return rows
}

function holds({ equal }: BenchRule, facts: Readonly<Record<string, unknown>>): boolean {
  for (const fact in equal) if (facts[fact] !== equal[fact]) return false
  return true
}

function ifChainOf({ rules, request }: RuleCase): Work {
  return (times) => {
    let found = 0
    for (let index = 0; index < times; index += 1) {
      const facts = request(index)
      for (const rule of rules) {
        if (!holds(rule, facts)) continue
        found += 1
        break
      }
    }
    keep(found)
  }
}

type Fact = Record<string, unknown>
interface Flow {
  when(outcome: boolean): void
  stop(): void
}

function nodeRulesOf({ rules, request }: RuleCase): Work {
  const engine = new RuleEngine(
    rules.map((rule) => ({
      condition: (flow: Flow, fact: Fact) => flow.when(holds(rule, fact)),
      consequence: (flow: Flow, fact: Fact) => {
        fact.found = rule.name
        flow.stop()
      },
    })) as never,
  )
  return async (times) => {
    for (let index = 0; index < times; index += 1) {
      await new Promise((resolve) => engine.execute(request(index) as never, resolve))
    }
  }
}

async function roolsOf({ rules, request }: RuleCase): Promise<Work> {
  const rools = new Rools()
  await rools.register(
    rules.map(
      (rule) =>
        new Rule({
          name: rule.name,
          when: (facts: Fact) => holds(rule, facts),
          // biome-ignore lint/suspicious/noThenProperty: that is what this engine calls it.
          then: (facts: Fact) => {
            facts.found = rule.name
          },
          final: true,
        }),
    ),
  )
  return async (times) => {
    for (let index = 0; index < times; index += 1) await rools.evaluate(request(index))
  }
}

/** A decision table with hit policy `first`, as its editor writes it; each cell is an expression. */
function zenOf({ rules, request }: RuleCase): Work {
  const fields = Object.keys(rules[0]?.equal ?? {})
  const columns = (names: readonly string[]) => names.map((field) => ({ id: field, name: field, field }))
  const rows = rules.map(({ name, equal }) => ({
    _id: name,
    found: JSON.stringify(name),
    ...Object.fromEntries(fields.map((field) => [field, JSON.stringify(equal[field])])),
  }))
  const content = { hitPolicy: 'first', inputs: columns(fields), outputs: columns(['found']), rules: rows }
  const position = { x: 0, y: 0 }
  const decision = new ZenEngine().createDecision({
    nodes: [
      { id: 'in', name: 'in', type: 'inputNode', position },
      { id: 'table', name: 'table', type: 'decisionTableNode', position, content },
      { id: 'out', name: 'out', type: 'outputNode', position },
    ],
    edges: [
      { id: 'first', sourceId: 'in', targetId: 'table', type: 'edge' },
      { id: 'second', sourceId: 'table', targetId: 'out', type: 'edge' },
    ],
  })
  return async (times) => {
    let found = 0
    for (let index = 0; index < times; index += 1) {
      const { result } = await decision.evaluate(request(index))
      if (result.found !== undefined) found += 1
    }
    if (found < times) throw new Error(`zen-engine found ${found} of ${times}`)
  }
}
