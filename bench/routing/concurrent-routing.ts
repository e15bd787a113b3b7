import { Engine } from 'json-rules-engine'
import { createRouter } from '../../src/routing'
import type { BenchRow } from '../measure'

const [requests, count] = [400, 200]

/** An asynchronous fact: resolves after one to three turns of the event loop. */
async function resolveLater(raw: unknown): Promise<unknown> {
  for (let turns = Number(raw) % 3; turns >= 0; turns -= 1) await new Promise(setImmediate)
  return raw
}

const expected = (index: number) => `w${index % count}`
const conditions = (index: number) => ({ all: [{ fact: 'wanted', operator: 'equal', value: index }] })
const names = Array.from({ length: count }, (_, index) => expected(index))

/** Routes requests concurrently by an asynchronous fact, and counts those with a wrong route. */
export async function concurrentRoutingRow(): Promise<BenchRow> {
  const [ours, shared] = [await misroutedByRouter(), await misroutedBySharedEngine()]
  return {
    name: `${requests} concurrent routes over ${count} workflows with an asynchronous fact: wrong routes`,
    of: 'requests (not a ratio)',
    ratio: ours,
    goal: { atMost: 0 },
    note: `${ours}; one shared json-rules-engine Engine that stops at the first match: ${shared}`,
  }
}

async function misroutedByRouter(): Promise<number> {
  const router = createRouter({
    workflows: names.map((name, index) => ({
      name,
      conditions: conditions(index),
      event: { type: 'route', params: { to: { team: name } } },
    })),
    facts: { wanted: (_params, facts) => facts.factValue('raw').then(resolveLater) },
    factTimeoutMs: 60_000,
    clock: { now: () => 0 },
    desk: { visitor: () => undefined, available: () => 0, waiting: () => 0, lastStaff: () => null },
    onDegraded: () => {},
  })
  return countMisrouted(async (index) => {
    const { routingResult } = await router.route({ visitorId: 'v', facts: { raw: index % count } })
    return routingResult.workflow
  })
}

/** First match wins as in its documentation: `stop()` after a rule has matched. */
async function misroutedBySharedEngine(): Promise<number> {
  const engine = new Engine([], { allowUndefinedFacts: true })
  engine.addFact('wanted', (_params, almanac) => almanac.factValue('raw').then(resolveLater))
  for (const [index, name] of names.entries()) {
    const rule = { name, conditions: conditions(index), event: { type: name }, priority: 1 + (index % 7) }
    engine.addRule({ ...rule, onSuccess: () => engine.stop() })
  }
  return countMisrouted(async (index) => (await engine.run({ raw: index % count })).events[0]?.type ?? null)
}

async function countMisrouted(route: (index: number) => Promise<string | null>): Promise<number> {
  const found = await Promise.all(Array.from({ length: requests }, (_, index) => route(index)))
  return found.filter((name, index) => name !== expected(index)).length
}
