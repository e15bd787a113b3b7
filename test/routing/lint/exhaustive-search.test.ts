import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Facts } from '../../../src/core'
import { createCompiledRouter, lintWorkflows, parseConditions, parseWorkflows } from '../../../src/routing'
import { sampleSeeded } from '../seeded-samples'
import { equalCondition, workflowToTeam } from '../test-router'

const desk = { visitor: () => undefined, available: () => 0, waiting: () => 0, lastStaff: () => null }

/** One value of every kind that the conditions below distinguish, edge cases included. */
const values = [undefined, null, true, 'a', 'b', ' ', '1', ' 2', '2x', -1, 0, 1, 1.5, 2, 3, {}]
const strings = [[], ['a'], ['b'], ['a', 'b'], ['a', ' '], ['b', ' '], [' '], ['a', 'b', ' ']]
const numbers = [[-1], [0], [1], [1.5], [2], [3], [' 1'], [1, 'a'], [1, 'b'], [1, ' '], [1, 'a', 'b'], [1, 'a', ' ']]
const lists = [...strings, ...numbers, [1, 'b', ' '], [1, 'a', 'b', ' ']]
const all = [...values, ...lists]
const everyFacts = all.flatMap((x) => all.map((y) => ({ x, y }) as unknown as Facts))

const anyFact = fc.constantFrom('x', 'y')
const not = fc.constantFrom('', '', 'not:', 'not:not:')
const comparison = (operators: readonly string[], value: fc.Arbitrary<unknown>) =>
  fc
    .tuple(anyFact, not, fc.constantFrom(...operators), value)
    .map(([fact, decorator, operator, compared]) => ({ fact, operator: decorator + operator, value: compared }))
const anyPlain = fc.constantFrom<unknown>('a', 'b', 1, 2)
const anyLeaf = fc.oneof(
  comparison(['equal', 'notEqual'], anyPlain),
  comparison(['in', 'notIn'], fc.uniqueArray(anyPlain, { maxLength: 3 })),
  comparison(
    ['lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive'],
    fc.constantFrom<unknown>(0, 1, 2),
  ),
  comparison(['contains', 'doesNotContain'], fc.constantFrom<unknown>('a', 'b', 1)),
  fc.constant({ condition: 'known' }),
)
const { tree: anyTree } = fc.letrec((tie) => ({
  tree: fc.oneof({ depthSize: 'small' }, anyLeaf, tie('group')),
  group: fc.oneof(
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((parts) => ({ all: parts })),
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((parts) => ({ any: parts })),
    tie('tree').map((part) => ({ not: part })),
  ),
}))
const conditions = parseConditions({
  known: { all: [equalCondition('x', 'a'), { fact: 'y', operator: 'in', value: ['a', 1] }] },
})
const rounds = sampleSeeded('pairs of workflows for lint', fc.tuple(anyTree, anyTree), 1_500)

/** The names of the workflows that win for some facts. */
function winners(workflows: unknown): Set<string | null> {
  const router = createCompiledRouter({ workflows, conditions, clock: { now: () => 0 }, desk })
  return new Set(everyFacts.map((facts) => router.routingResultFor({ visitorId: 'v', facts }).workflow))
}

describe('lint, compared with a search through all facts', () => {
  it('[W25] reports nothing as unreachable that some facts reach, and misses almost nothing that no facts reach', {
    timeout: 60_000,
  }, () => {
    const missed = { 'never-matches': 0, shadowed: 0 }
    const found = { 'never-matches': 0, shadowed: 0 }
    for (const [one, other] of rounds) {
      const list = [workflowToTeam('first', { all: [one] }), workflowToTeam('second', { all: [other] })]
      const [first, second, both] = [winners(list.slice(0, 1)), winners(list.slice(1)), winners(list)]
      const findings = lintWorkflows({
        workflows: parseWorkflows(list, { conditions }),
        staff: [],
        shifts: [],
        conditions,
      })
      const named = (code: string, name: string) => findings.some((it) => it.code === code && it.workflow === name)
      const tally = (code: 'never-matches' | 'shadowed', name: string, isSo: boolean) => {
        if (named(code, name)) expect(isSo, `${code} ${name}: ${JSON.stringify(list)}`).toBe(true)
        const counts = named(code, name) ? found : missed
        if (isSo) counts[code] += 1
      }
      tally('never-matches', 'first', !first.has('first'))
      tally('never-matches', 'second', !second.has('second'))
      if (second.has('second')) tally('shadowed', 'second', !both.has('second'))
      if (named('never-matches', 'second')) expect(named('shadowed', 'second'), JSON.stringify(list)).toBe(false)
    }
    console.info(`lint: found ${JSON.stringify(found)}, missed ${JSON.stringify(missed)}`)
    expect(Math.min(found['never-matches'], found.shadowed)).toBeGreaterThan(50)
    expect(missed['never-matches']).toBeLessThan(found['never-matches'] / 20)
    expect(missed.shadowed).toBeLessThan(found.shadowed / 20)
  })
})
