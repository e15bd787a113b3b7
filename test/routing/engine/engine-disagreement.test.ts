import { afterEach, describe, expect, it, vi } from 'vitest'
import { RuleEngine } from '../../../src/routing/engine/rule-engine'
import { createTestRouter, equalCondition, workflowToTeam } from '../test-router'

const evaluate = RuleEngine.prototype.evaluate

/** json-rules-engine says no to these, whatever the facts are: its release and our checks could part one day. */
function refusing(...names: readonly string[]): void {
  vi.spyOn(RuleEngine.prototype, 'evaluate').mockImplementation(async function (this: RuleEngine, rule, almanac) {
    const routingResult = await evaluate.call(this, rule, almanac)
    return names.includes(rule.name) ? { ...routingResult, isMatch: false } : routingResult
  })
}

describe('json-rules-engine, when it disagrees with the compiled check', () => {
  afterEach(() => void vi.restoreAllMocks())

  const reason = 'json-rules-engine found no match where the compiled check did'
  const both = [
    workflowToTeam('a', { all: [equalCondition('topic', 1)] }),
    workflowToTeam('b', { all: [equalCondition('topic', 1)] }),
  ]

  it('[W30] has the last word: the workflow is named, and what ranks after it has its turn', async () => {
    refusing('a')
    const { ask, degraded } = createTestRouter(both)
    const { routingResult, trace } = await ask({ topic: 1 })
    expect(routingResult.workflow).toBe('b')
    expect(degraded).toEqual([{ workflows: ['a'], reason }])
    expect(trace.evaluated.map(({ workflow, isMatch }) => [workflow, isMatch])).toEqual([
      ['a', false],
      ['b', true],
    ])
  })

  it('[W30] sends on the default route when it says no to all that the checks let through', async () => {
    refusing('a', 'b')
    const { ask, degraded } = createTestRouter(both, { defaultRoute: { to: { team: 'rest' } } })
    const { routingResult } = await ask({ topic: 1 })
    expect(routingResult).toMatchObject({ workflow: null, route: { steps: [{ to: { team: 'rest' } }] } })
    expect(degraded).toEqual([{ workflows: ['a', 'b'], reason }])
    expect((await ask({ topic: 2 })).routingResult.workflow).toBeNull()
    expect(degraded).toHaveLength(1)
  })
})
