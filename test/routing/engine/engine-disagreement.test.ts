import { afterEach, describe, expect, it, vi } from 'vitest'
import { RuleEngine } from '../../../src/routing/engine/rule-engine'
import { createTestRouter, equalCondition, workflowToTeam } from '../test-router'

const evaluate = RuleEngine.prototype.evaluate

/** json-rules-engine rejects these, whatever the facts are: a later release may differ from the compiled checks. */
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

  it('[W30] decides: the workflow is reported by name, and those ranked after it are evaluated', async () => {
    refusing('a')
    const { route, degraded } = createTestRouter(both)
    const { routingResult, trace } = await route({ topic: 1 })
    expect(routingResult.workflow).toBe('b')
    expect(degraded).toEqual([{ workflows: ['a'], reason: `workflow "a": ${reason}` }])
    expect(trace.evaluated.map(({ workflow, isMatch }) => [workflow, isMatch])).toEqual([
      ['a', false],
      ['b', true],
    ])
  })

  it('[W30] leads to the default route when it rejects everything that the checks match', async () => {
    refusing('a', 'b')
    const { route, degraded } = createTestRouter(both, { defaultRoute: { to: { team: 'rest' } } })
    const { routingResult } = await route({ topic: 1 })
    expect(routingResult).toMatchObject({ workflow: null, route: { steps: [{ to: { team: 'rest' } }] } })
    expect(degraded).toEqual([{ workflows: ['a', 'b'], reason: `workflows "a" and "b": ${reason}` }])
    expect((await route({ topic: 2 })).routingResult.workflow).toBeNull()
    expect(degraded).toHaveLength(1)
  })
})
