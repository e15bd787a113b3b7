import { Almanac, Engine, Rule } from 'json-rules-engine'
import { type BenchRow, collectGarbage, compare, us, type Work } from '../measure'
import { concurrentRoutingRow } from './concurrent-routing'
import { checkOf, routerOf } from './routing-engines'
import { conditionsOf, manySetsCase, missing, plainCase, type RuleCase, sharedCase, workflowOf } from './rule-cases'
import { replacementRows } from './workflow-replacement'

/** Ten thousand workflows must cost about as much as ten. */
export async function routingBench(isQuick = false): Promise<BenchRow[]> {
  const rounds = isQuick ? 3 : 9
  return [
    ...(await wholeRoutes(rounds)),
    await againstSingleRule(rounds),
    ...(await checksAlone(rounds)),
    ...(await againstEngineRun(rounds)),
    ...(await replacementRows(rounds)),
    memory(),
    await concurrentRoutingRow(),
  ]
}

function routing(given: RuleCase): Work {
  const router = routerOf(given)
  return async (times) => {
    for (let index = 0; index < times; index += 1) await router.route({ visitorId: 'v', facts: given.request(index) })
  }
}

async function wholeRoutes(rounds: number): Promise<BenchRow[]> {
  const cases: [string, RuleCase, RuleCase][] = [
    ['miss', missing(plainCase(10_000)), missing(plainCase(10))],
    ['hit', plainCase(10_000), plainCase(10)],
    ['hit, 80 % share country and topic', sharedCase(10_000), sharedCase(10)],
    ['hit, 1 000 sets of facts', manySetsCase(10_000), manySetsCase(10)],
  ]
  const rows: BenchRow[] = []
  for (const [name, many, few] of cases) {
    const { ratio, oursUs, theirsUs } = await compare({
      ours: routing(many),
      theirs: routing(few),
      times: 40_000,
      warm: 20_000,
      rounds,
    })
    rows.push({
      name: `route, 10 000 workflows: ${name}`,
      of: 'CPU time, compared with 10 workflows',
      ratio,
      goal: { atMost: 1.5 },
      note: `${us(oursUs)} and ${us(theirsUs)}`,
    })
  }
  return rows
}

/** The minimum work of json-rules-engine: one prepared rule on a new almanac with all facts. */
async function againstSingleRule(rounds: number): Promise<BenchRow> {
  const given = plainCase(10_000)
  const engine = new Engine([], { allowUndefinedFacts: true })
  const rules = given.rules.map(({ name, equal }) => {
    const rule = new Rule({ name, conditions: conditionsOf(equal), event: { type: 'route' } })
    Object.assign(rule, { engine })
    return rule as unknown as { evaluate(almanac: Almanac): Promise<unknown> }
  })
  const theirs: Work = async (times) => {
    for (let index = 0; index < times; index += 1) {
      const almanac = new Almanac({ allowUndefinedFacts: true })
      for (const [name, value] of Object.entries(given.request(index))) almanac.addFact(name, value)
      await rules[(index * 7_919) % rules.length]?.evaluate(almanac)
    }
  }
  const { ratio, oursUs, theirsUs } = await compare({ ours: routing(given), theirs, times: 8_000, warm: 4_000, rounds })
  return {
    name: 'route, 10 000 workflows, compared with the one matching rule',
    of: 'CPU time, compared with json-rules-engine evaluating only that rule',
    ratio,
    goal: { atMost: 2 },
    note: `${us(oursUs)} and ${us(theirsUs)}`,
  }
}

async function checksAlone(rounds: number): Promise<BenchRow[]> {
  const cases: [string, RuleCase, RuleCase, number][] = [
    ['hit', plainCase(10_000), plainCase(10), 8],
    ['miss', missing(plainCase(10_000)), missing(plainCase(10)), 3],
  ]
  const rows: BenchRow[] = []
  for (const [name, many, few, atMost] of cases) {
    const { ratio, oursUs, theirsUs } = await compare({
      ours: checkOf(many),
      theirs: checkOf(few),
      times: 20_000,
      warm: 10_000,
      rounds,
    })
    rows.push({
      name: `index and compiled check alone, 10 000 workflows: ${name}`,
      of: 'CPU time, compared with 10 workflows',
      ratio,
      goal: { atMost },
      note: `${us(oursUs)} and ${us(theirsUs)}`,
    })
  }
  return rows
}

async function againstEngineRun(rounds: number): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  for (const [count, atLeast] of [
    [1_000, 300],
    [10_000, 3_000],
  ] as const) {
    const given = plainCase(count)
    const engine = new Engine([], { allowUndefinedFacts: true })
    for (const { name, equal } of given.rules) {
      engine.addRule({ name, conditions: conditionsOf(equal), event: { type: 'route' } })
    }
    const run: Work = async (times) => {
      for (let index = 0; index < times; index += 1) await engine.run(given.request(index))
    }
    const ours = routing(given)
    await ours(4_000)
    const { ratio, oursUs, theirsUs } = await compare({
      ours,
      theirs: run,
      times: 8_000,
      warm: 4_000,
      theirsTimes: 20_000 / count,
      rounds: Math.min(rounds, 5),
    })
    rows.push({
      name: `route, ${count} workflows, compared with engine.run`,
      of: 'routes a second, compared with json-rules-engine running all rules',
      ratio: 1 / ratio,
      goal: { atLeast },
      note: `${us(oursUs)} and ${us(theirsUs)}`,
    })
  }
  return rows
}

function memory(): BenchRow {
  const given = plainCase(10_000)
  const texts = JSON.stringify(given.rules.map(workflowOf)).length
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  const router = routerOf(given)
  collectGarbage()
  const bytes = (process.memoryUsage().heapUsed - before - texts) / router.workflows.length
  return {
    name: 'heap of one of 10 000 workflows, without its JSON',
    of: 'compared with 3 kB',
    ratio: bytes / 3_000,
    goal: { atMost: 1 },
    note: `${bytes.toFixed(0)} bytes`,
  }
}
