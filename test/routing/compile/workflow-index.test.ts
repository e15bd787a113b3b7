import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Facts } from '../../../src/core'
import { parseWorkflows } from '../../../src/routing'
import { CompiledWorkflow, compareRank } from '../../../src/routing/compile/compiled-workflow'
import { WorkflowIndex } from '../../../src/routing/compile/workflow-index'
import { RuleEngine } from '../../../src/routing/engine/rule-engine'
import { RoutingContext } from '../../../src/routing/facts/routing-context'
import { seed } from '../../campaign'
import { workflowToTeam } from '../test-router'

const desk = { visitor: () => undefined, available: () => 0, waiting: () => 0, lastStaff: () => null }
const environment = { desk, hostFacts: {}, factTimeoutMs: 250, now: () => 0 }
const engine = new RuleEngine({ facts: {}, operators: {}, decorators: {}, conditions: {} })
const compileContext = { hostFacts: {}, conditions: {}, engine, hasAsyncFacts: false }

/** Few values, so that hundreds of workflows share one; facts that require one value, several and none. */
const anyPart = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ fact: fc.constantFrom('a', 'b'), operator: fc.constant('equal'), value: fc.nat(2) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      fact: fc.constantFrom('a', 'b', 'c'),
      operator: fc.constant('in'),
      value: fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ fact: fc.constant('c'), operator: fc.constant('notEqual'), value: fc.nat(4) }) },
)
const anyParts = fc.array(anyPart, { minLength: 1, maxLength: 3 })
const anyPriority = fc.integer({ min: 1, max: 3 })
const anyWorkflow = fc.tuple(anyParts, anyPriority).map(([all, priority]) => ({ all, priority }))
const anyChange = fc.record({ at: fc.nat(399), to: fc.option(anyWorkflow, { freq: 3 }) })
const anyFacts = fc.record({ a: fc.nat(3), b: fc.nat(3), c: fc.nat(5) }, { requiredKeys: [] })

type Definition = { readonly all: readonly object[]; readonly priority: number }

function entryAt(position: number, { all, priority }: Definition): CompiledWorkflow {
  const [workflow] = parseWorkflows([workflowToTeam(`w${position}`, { all }, { priority })])
  if (workflow === undefined) throw new Error('no workflow')
  return new CompiledWorkflow(workflow, position, compileContext)
}

describe('the index of candidates', () => {
  it('leaves out only what cannot match, each bucket sorted by rank, after any changes', {
    timeout: 600_000,
  }, () => {
    const scenario = fc.tuple(
      fc.array(anyWorkflow, { minLength: 400, maxLength: 400, size: 'max' }),
      fc.array(anyChange, { minLength: 100, maxLength: 300, size: 'max' }),
      fc.array(anyFacts, { minLength: 10, maxLength: 10 }),
    )
    const run = ([workflows, changes, requests]: [Definition[], { at: number; to: Definition | null }[], Facts[]]) => {
      const entries = new Map(workflows.map((definition, at) => [at, entryAt(at, definition)]))
      const index = new WorkflowIndex([...entries.values()])
      for (const { at, to } of changes) change(index, entries, { at, to })
      for (const facts of requests) compare(index, entries, facts)
      expect(index.size).toBe(entries.size)
      for (const entry of entries.values()) index.remove(entry)
      for (const facts of requests) expect(index.candidatesFor(contextOf(facts))).toEqual([])
    }
    fc.assert(fc.property(scenario, run), { seed, numRuns: 25 })
  })

  it('returns buckets that no later change affects', () => {
    const entries = new Map(Array.from({ length: 400 }, (_, at) => [at, entryAt(at, sharing(at))]))
    const index = new WorkflowIndex([...entries.values()])
    const before = index.candidatesFor(contextOf({ a: 1, b: 1 }))
    const kept = before.flat()
    expect(kept).toHaveLength(400)
    for (const at of [...entries.keys()]) change(index, entries, { at, to: at % 2 === 0 ? null : sharing(at + 1) })
    expect(before.flat()).toEqual(kept)
    expect(index.candidatesFor(contextOf({ a: 1, b: 1 })).flat()).toHaveLength(200)
  })
})

/** Workflows that share one value of one fact; a fifth of them require no value. */
function sharing(at: number): Definition {
  const operator = at % 5 === 0 ? 'notEqual' : 'equal'
  return { all: [{ fact: 'a', operator, value: operator === 'equal' ? 1 : 7 }], priority: 1 + (at % 2) }
}

function change(
  index: WorkflowIndex,
  entries: Map<number, CompiledWorkflow>,
  { at, to }: { readonly at: number; readonly to: Definition | null },
): void {
  const before = entries.get(at)
  if (to === null) {
    if (before !== undefined) index.remove(before)
    entries.delete(at)
    return
  }
  const entry = entryAt(at, to)
  if (before === undefined) index.add(entry)
  else index.replace(before, entry)
  entries.set(at, entry)
}

function compare(index: WorkflowIndex, entries: ReadonlyMap<number, CompiledWorkflow>, facts: Facts): void {
  const context = contextOf(facts)
  const buckets = index.candidatesFor(context)
  for (const bucket of buckets) expect([...bucket].sort(compareRank)).toEqual(bucket)
  const candidates = buckets.flat()
  expect(new Set(candidates).size).toBe(candidates.length)
  const matching = [...entries.values()].filter(({ condition }) => condition.check?.(context) === true)
  expect(matching.filter((entry) => !candidates.includes(entry))).toEqual([])
  expect(candidates.filter((entry) => entries.get(entry.listPosition) !== entry)).toEqual([])
}

function contextOf(facts: Facts): RoutingContext {
  return new RoutingContext({ visitorId: 'v', facts }, environment)
}
