import { describe, expect, it } from 'vitest'
import { InvalidInputError } from '../../../src/core'
import { parseShifts, parseWorkflows } from '../../../src/routing'
import { problemsOf } from '../problems'
import { createTestRouter, equalCondition, workflowToTeam } from '../test-router'

const wait = (forMs: number) => new Promise((resolve) => setTimeout(resolve, forMs))

describe('the hazards of json-rules-engine', () => {
  it('[W11] drops no workflow when many requests are routed at the same time', async () => {
    const workflows = Array.from({ length: 200 }, (_, index) =>
      workflowToTeam(`w${index}`, { all: [equalCondition('wanted', index)] }, { priority: 1 + (index % 7) }),
    )
    const { route } = createTestRouter(workflows, {
      facts: { wanted: (_params, facts) => facts.factValue('raw').then(later) },
      factTimeoutMs: 60_000,
    })
    const answers = await Promise.all(Array.from({ length: 400 }, (_, index) => route({ raw: index % 200 })))
    expect(answers.filter(({ routingResult }, index) => routingResult.workflow !== `w${index % 200}`)).toHaveLength(0)
  })

  it('[W12] ranks by its own order, whichever fact answers first', async () => {
    const facts = { slow: () => wait(20).then(() => 1), fast: () => wait(1).then(() => 1) }
    const { route } = createTestRouter(
      [
        workflowToTeam('a', { all: [equalCondition('slow', 1)] }),
        workflowToTeam('b', { all: [equalCondition('fast', 1)] }),
      ],
      {
        facts,
      },
    )
    expect((await route({})).routingResult.workflow).toBe('a')
  })

  it('[W13] evaluates a missing fact as undefined', async () => {
    const missing = [workflowToTeam('a', { all: [{ fact: 'nobody', operator: 'notEqual', value: 1 }] })]
    const { route, degraded } = createTestRouter(missing)
    expect((await route({})).routingResult.workflow).toBe('a')
    expect(degraded).toEqual([])
  })

  it('[W14] routes without the workflows whose fact throws, rejects or is late, and names them', async () => {
    const facts = {
      throwing: () => {
        throw new Error('boom')
      },
      rejecting: () => Promise.reject(new Error('no route to host')),
      late: () => wait(200).then(() => 1),
    }
    const workflows = [
      ...Object.keys(facts).map((name) => workflowToTeam(name, { all: [equalCondition(name, 1)] }, { priority: 9 })),
      workflowToTeam(
        'late too',
        { any: [equalCondition('topic', 'server'), equalCondition('late', 1)] },
        { priority: 8 },
      ),
      workflowToTeam('sound', { all: [equalCondition('topic', 'server')] }),
    ]
    const { route, degraded } = createTestRouter(workflows, { facts, factTimeoutMs: 10 })
    const { routingResult, trace } = await route({ topic: 'server' })
    expect(routingResult.workflow).toBe('sound')
    expect([...degraded].sort((one, other) => (one.reason < other.reason ? -1 : 1))).toEqual([
      { workflows: ['rejecting'], reason: 'workflow "rejecting": fact "rejecting" failed: no route to host' },
      { workflows: ['throwing'], reason: 'workflow "throwing": fact "throwing" failed: boom' },
      {
        workflows: ['late', 'late too'],
        reason: 'workflows "late" and "late too": fact "late" gave no answer within 10 ms',
      },
    ])
    expect(trace.evaluated.find(({ workflow }) => workflow === 'throwing')?.failure).toBe(
      'fact "throwing" failed: boom',
    )
  })

  it('[W15] routes without the workflows whose operator throws, its own and the host’s', async () => {
    const operators = {
      explode: () => {
        throw new Error('bang')
      },
    }
    const workflows = [
      workflowToTeam('hosts', { all: [{ fact: 'topic', operator: 'explode', value: 1 }] }),
      workflowToTeam('swap', { all: [{ fact: 'age', operator: 'swap:in', value: 'x' }] }),
      workflowToTeam('number', { all: [{ fact: 'strange', operator: 'greaterThan', value: 1 }] }),
      workflowToTeam('sound', { all: [equalCondition('topic', 'server')] }),
    ]
    const { route, degraded } = createTestRouter(workflows, { operators })
    expect((await route({ topic: 'server', age: 7, strange: { toString: 1 } })).routingResult.workflow).toBe('sound')
    expect(degraded.flatMap(({ workflows }) => workflows).sort()).toEqual(['hosts', 'number', 'swap'])
  })

  it('survives a listener that throws when it gets a failure', async () => {
    const facts = { throwing: () => Promise.reject(new Error('x')) }
    const onDegraded = () => {
      throw new Error('listener')
    }
    const { route } = createTestRouter([workflowToTeam('a', { all: [equalCondition('throwing', 1)] })], {
      facts,
      onDegraded,
    })
    expect((await route({})).routingResult.workflow).toBe(null)
  })

  it('[W16] refuses empty groups, several groups in one node, and a comparison at the root', () => {
    const wrong = [
      { all: [] },
      { any: [] },
      { all: [equalCondition('a', 1)], any: [equalCondition('a', 1)] },
      {},
      equalCondition('a', 1),
    ]
    expect(problems(wrong.map((conditions, index) => workflowToTeam(`w${index}`, conditions)))).toEqual([
      'workflows[0].conditions.all: expected a list of 1 to 1000, got an empty list',
      'workflows[1].conditions.any: expected a list of 1 to 1000, got an empty list',
      'workflows[2].conditions: expected exactly one of all, any, not, condition, fact, got all and any',
      'workflows[3].conditions: expected exactly one of all, any, not, condition, fact, got none of them',
      'workflows[4].conditions: expected all, any, not or condition at the root of conditions, got a single condition',
    ])
  })

  it('[W17] refuses values that an operator cannot compare, and unknown operators', () => {
    const compared = (operator: string, value: unknown) => ({ fact: 'a', operator, value })
    const wrong = [
      compared('in', 'US'),
      compared('greaterThan', '9'),
      compared('not:someValue:equal', 'US'),
      compared('someValue:lessThan', [1, 'two']),
      compared('around', 3),
      compared('sometimes:equal', 3),
    ]
    expect(
      problems([workflowToTeam('w', { all: wrong })]).map((text) => text.replace('workflows[0].conditions.all', '')),
    ).toEqual([
      '[0].value: expected a list for in, got "US"',
      '[1].value: expected a number for greaterThan, got "9"',
      '[2].value: expected a list for not:someValue:equal, got "US"',
      '[3].value: expected a list, each item a number for someValue:lessThan, got a list of 2',
      '[4].operator: expected an operator of json-rules-engine or of the host, got "around"',
      '[5].operator: expected an operator of json-rules-engine or of the host, got "sometimes:equal"',
    ])
  })

  it('[W8] calls facts that read each other once, and lets them fail after the time limit', async () => {
    const called: string[] = []
    const asking =
      (own: string, other: string) => (_: unknown, facts: { factValue(name: string): Promise<unknown> }) => {
        called.push(own)
        return facts.factValue(other)
      }
    const facts = { hen: asking('hen', 'egg'), egg: asking('egg', 'hen') }
    const { route, degraded } = createTestRouter([workflowToTeam('w', { all: [equalCondition('hen', 1)] })], {
      facts,
      factTimeoutMs: 10,
    } as never)
    expect((await route({})).routingResult.workflow).toBe(null)
    expect(called).toEqual(['hen', 'egg'])
    expect(degraded).toHaveLength(1)
    expect(degraded[0]?.reason.length).toBeLessThan(200)
  })

  it('[W18] follows own properties and indexes only, and refuses every other path', async () => {
    const at = (path: string) => equalCondition('f', 1, { path })
    const paths = [
      '$..a',
      '$.a[*]',
      '$[?(@.a)]',
      '$.constructor.name',
      'a.__proto__',
      'a[-1]',
      '$',
      'a..b',
      'a.b.c.d.e.f.g.h.i',
    ]
    expect(problems([workflowToTeam('w', { all: paths.map(at) })])).toHaveLength(paths.length)
    const freezing = '$[?(@.match(/^(a+)+$/))]'
    expect(problems([workflowToTeam('w', { all: [{ ...at('a'), value: { fact: 'g', path: freezing } }] })])).toEqual([
      'workflows[0].conditions.all[0].value.path: expected own properties and indexes, at most 8, such as "plan.items[0]", ' +
        'got "$[?(@.match(/^(a+)+$/))]"',
    ])
    for (const path of ['a.list[1].b', '$.a.list[1].b', "$['a'].list.1.b", '$["a"]["list"][1]["b"]']) {
      const { route } = createTestRouter([workflowToTeam('w', { all: [at(path)] })])
      expect((await route({ f: { a: { list: [0, { b: 1 }] } } })).routingResult.workflow, path).toBe('w')
      expect((await route({ f: { a: { list: 'text' } } })).routingResult.workflow, path).toBe(null)
    }
    const inherited = createTestRouter([
      workflowToTeam('w', { all: [{ ...at('$.toString'), operator: 'notEqual', value: null }] }),
    ])
    expect((await inherited.route({ f: {} })).trace.evaluated[0]?.conditions).toMatchObject({
      parts: [{ actual: null }],
    })
  })

  it('[W19] refuses conditions that are too deep, too many, or lead back to themselves, and too many decorators', () => {
    let deep: object = { all: [equalCondition('a', 1)] }
    for (let level = 0; level < 10_000; level += 1) deep = { not: deep }
    expect(problems([workflowToTeam('deep', deep)])[0]).toContain('expected at most 16 levels of conditions')
    let seventeen: object = equalCondition('a', 1)
    for (let level = 0; level < 17; level += 1) seventeen = { not: seventeen }
    expect(problems([workflowToTeam('deep', seventeen)])[0]).toContain(
      'expected at most 16 levels of conditions, got one more',
    )
    expect(
      problems([workflowToTeam('wide', { all: Array.from({ length: 1_000 }, () => equalCondition('a', 1)) })])[0],
    ).toContain('at most 1000')
    const decorated = { fact: 'a', operator: `${'not:'.repeat(5_000)}equal`, value: 1 }
    expect(problems([workflowToTeam('decorated', { all: [decorated] })])).toHaveLength(1)
    const circle = { a: { all: [{ condition: 'b' }] }, b: { any: [{ condition: 'a' }] } }
    expect(() => createTestRouter([], { conditions: circle })).toThrow('a circle: a > b > a')
    const doubling = Object.fromEntries(
      Array.from({ length: 12 }, (_, level) => [
        `c${level}`,
        level === 0
          ? { all: [equalCondition('a', 1)] }
          : { any: [{ condition: `c${level - 1}` }, { condition: `c${level - 1}` }] },
      ]),
    )
    expect(() => createTestRouter([], { conditions: doubling })).toThrow('at most 1000 conditions')
  })

  it('[W20] refuses unknown keys, unknown conditions, duplicate names and keys that reach a prototype, all at once', () => {
    const forged = JSON.parse(
      '{"name":"forged","conditions":{"all":[{"fact":"a","operator":"equal","value":{"__proto__":1}}]},"event":{}}',
    )
    const list = [
      workflowToTeam('a', { condition: 'nobody' }),
      workflowToTeam('a', { all: [equalCondition('a', 1, { colour: 'red' })] }, { onSuccess: 'x' }),
      forged,
      {
        name: 'b',
        conditions: { all: [equalCondition('a', 1)] },
        event: { type: 'route', params: { steps: [{ to: {}, afterMs: -5 }] } },
      },
    ]
    expect(problems(list)).toEqual([
      'workflows[0].conditions.condition: expected the name of a known condition (none is known), got "nobody"',
      'workflows[1].onSuccess: expected one of name, priority, conditions, event, got an unknown key',
      'workflows[1].conditions.all[0].colour: expected one of all, any, not, condition, fact, path, params, operator, value, name, priority, got an unknown key',
      'workflows[1].name: expected a name that no other workflow has, got "a"',
      'workflows[2].conditions.all[0].value.__proto__: expected another key, got "__proto__"',
      'workflows[2].event.type: expected "route", "prioritize" or "tag", got nothing',
      'workflows[3].event.params.steps[0].to: expected "everyone", or at least one of staff, team, shift, skills, not, got an object',
      'workflows[3].event.params.steps[0].afterMs: expected a whole number of milliseconds, 0 or more, got -5',
    ])
    expect(
      problems([
        workflowToTeam('a', { all: [equalCondition('a', 1)] }),
        workflowToTeam('a', { all: [equalCondition('a', 1)] }),
      ]),
    ).toEqual(['workflows[1].name: expected a name that no other workflow has, got "a"'])
  })

  it('[W20] refuses the name of a fact that reaches a prototype, as value too, and holes in lists', () => {
    const names = ['__proto__', 'constructor', 'prototype']
    const facts = names.flatMap((name) => [equalCondition(name, 1), equalCondition('a', { fact: name })])
    expect(problems([workflowToTeam('w', { all: facts })])).toEqual(
      names.flatMap((name, index) => [
        `workflows[0].conditions.all[${2 * index}].fact: expected another name of a fact, got "${name}"`,
        `workflows[0].conditions.all[${2 * index + 1}].value.fact: expected another name of a fact, got "${name}"`,
      ]),
    )
    const holed: unknown[] = [workflowToTeam('a', { all: [equalCondition('a', 1)] })]
    holed.length = 2
    expect(problems(holed)).toEqual(['workflows[1]: expected an object with name, conditions, event, got nothing'])
    expect(() => parseShifts(holed.slice(1))).toThrow('shifts[0]: expected')
  })

  it('changes nothing when it refuses', async () => {
    const { router, route } = createTestRouter([workflowToTeam('a', { all: [equalCondition('a', 1)] })])
    expect(() => router.setWorkflows([workflowToTeam('b', { all: [equalCondition('a', 1)] }), {}])).toThrow(
      InvalidInputError,
    )
    expect(() => router.setWorkflow(workflowToTeam('a', { all: [] }))).toThrow(InvalidInputError)
    expect((await route({ a: 1 })).routingResult.workflow).toBe('a')
  })
})

async function later(value: unknown): Promise<unknown> {
  await wait(Number(value) % 5)
  return value
}

function problems(workflows: unknown): string[] {
  return problemsOf(() => parseWorkflows(workflows))
}
