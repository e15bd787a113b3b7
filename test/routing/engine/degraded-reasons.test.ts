import { describe, expect, it } from 'vitest'
import { createTestRouter, equalCondition, workflowToTeam } from '../test-router'

describe('the reason of routing.degraded', () => {
  it.each<[string, unknown, string]>([
    ['an error', new TypeError('x is undefined'), 'x is undefined'],
    ['an error without a message', new RangeError(), 'RangeError'],
    ['a text', 'no billing today', 'no billing today'],
    ['an object', { code: 503 }, 'an object'],
    ['an object without a prototype', Object.create(null), 'an object without a text'],
    ['nothing', undefined, 'undefined'],
  ])('[W50] names the workflow, the fact or operator, and what was thrown: %s', async (_, thrown, text) => {
    const fail = () => {
      throw thrown
    }
    const workflows = [
      workflowToTeam('VIPs', { all: [equalCondition('plan', 1)] }),
      workflowToTeam('by path', { all: [equalCondition('account', 1, { path: '$.plan' })] }),
      workflowToTeam('by operator', { all: [{ fact: 'topic', operator: 'explode', value: 1 }] }),
      workflowToTeam('by decorator', { all: [{ fact: 'topic', operator: 'not:fail:equal', value: 1 }] }),
    ]
    const { route, degraded } = createTestRouter(workflows, {
      facts: { plan: fail, account: () => Object.defineProperty({}, 'plan', { get: fail }) },
      operators: { explode: fail },
      decorators: { fail },
    })
    await route({ topic: 'server' })
    expect(degraded.map(({ reason }) => reason).sort()).toEqual([
      `workflow "VIPs": fact "plan" failed: ${text}`,
      `workflow "by decorator": operator "not:fail:equal" failed: ${text}`,
      `workflow "by operator": operator "explode" failed: ${text}`,
      `workflow "by path": fact "account" failed: ${text}`,
    ])
  })

  it('[W50] names json-rules-engine’s own operator with its decorators, and three of many workflows', async () => {
    const swapped = { fact: 'age', operator: 'swap:in', value: 'x' }
    const workflows = ['a', 'b', 'c', 'd', 'e'].map((name) => workflowToTeam(name, { all: [swapped] }))
    const { route, degraded } = createTestRouter(workflows)
    await route({ age: 7 })
    expect(degraded).toEqual([
      {
        workflows: ['a', 'b', 'c', 'd', 'e'],
        reason: expect.stringMatching(
          /^workflows "a", "b", "c" and 2 more: operator "swap:in" failed: .*indexOf is not a function$/,
        ),
      },
    ])
  })
})
