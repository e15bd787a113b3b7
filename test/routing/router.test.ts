import { describe, expect, it } from 'vitest'
import { createTestRouter, equalCondition, workflowToTeam } from './test-router'

const server = workflowToTeam('servers', { all: [equalCondition('topic', 'server')] })
const overseas = {
  name: 'overseas',
  conditions: { any: [equalCondition('country', 'US'), equalCondition('country', 'UK')] },
  event: { type: 'route', params: { steps: [{ to: { shift: 'us' } }, { to: 'everyone', afterMs: 60_000 }] } },
}

describe('a router', () => {
  it('[W1] routes a request by the first workflow that matches', async () => {
    const { route } = createTestRouter([server, overseas])
    const { routingResult } = await route({ topic: 'server', country: 'US' })
    expect(routingResult).toMatchObject({ workflow: 'servers', priority: 0, tags: [] })
    expect(routingResult.route.steps).toEqual([
      { to: { team: 'servers' }, afterMs: 0, mode: 'widen', skipWhen: 'nobody-present', ring: 'all', tone: null },
    ])
    expect((await route({ country: 'UK' })).routingResult.route.steps.map(({ to }) => to)).toEqual([
      { shift: 'us' },
      'everyone',
    ])
  })

  it('[W2] routes what no workflow matches to everyone, or by the default route of the host', async () => {
    const { route } = createTestRouter([server])
    expect((await route({ topic: 'billing' })).routingResult).toMatchObject({
      workflow: null,
      route: { steps: [{ to: 'everyone' }] },
    })
    const other = createTestRouter([server], { defaultRoute: { to: { team: 'front' } } })
    expect((await other.route({})).routingResult.route.steps[0]?.to).toEqual({ team: 'front' })
  })

  it('[W3] ranks by priority, then by position in the list', async () => {
    const all = { all: [equalCondition('topic', 'server')] }
    const { route } = createTestRouter([
      workflowToTeam('a', all),
      workflowToTeam('b', all, { priority: 5 }),
      workflowToTeam('c', all, { priority: 5 }),
    ])
    expect((await route({ topic: 'server' })).routingResult.workflow).toBe('b')
  })

  it('[W4] takes the highest priority and every tag of all workflows that match', async () => {
    const vip = { all: [equalCondition('vip', true)] }
    const { route } = createTestRouter([
      { name: 'p1', conditions: vip, event: { type: 'prioritize', params: { priority: 3 } } },
      { name: 'p2', conditions: vip, event: { type: 'prioritize', params: { priority: 9 } } },
      {
        name: 'p3',
        conditions: { all: [equalCondition('vip', false)] },
        event: { type: 'prioritize', params: { priority: 99 } },
      },
      { name: 't1', conditions: vip, event: { type: 'tag', params: { tags: ['vip', 'gold'] } } },
      { name: 't2', conditions: vip, event: { type: 'tag', params: { tags: ['gold', 'fast'] } } },
    ])
    expect((await route({ vip: true })).routingResult).toMatchObject({
      priority: 9,
      tags: ['vip', 'gold', 'fast'],
      workflow: null,
    })
  })

  it('[W5] reads the visitor, the request, the clock, how many are available and wait, and who served last', async () => {
    const desk = {
      visitor: () => ({ plan: 'gold' }),
      available: () => 2,
      waiting: () => 3,
      lastStaff: () => 'ana',
    }
    const monday = Date.parse('2026-11-23T15:30:00Z')
    const target = { params: { target: { team: 'servers' } } }
    const conditions = [
      equalCondition('visitor', 'gold', { path: 'facts.plan' }),
      equalCondition('request', 4, { path: 'weight' }),
      equalCondition('request', 90_000, { path: 'ageMs' }),
      equalCondition('lastStaff', 'ana'),
      equalCondition('clock', 'mon', { path: 'weekday', params: { timeZone: 'America/New_York' } }),
      equalCondition('clock', 10, { path: 'hour', params: { timeZone: 'America/New_York' } }),
      equalCondition('clock', 30, { path: 'minute', params: { timeZone: 'America/New_York' } }),
      equalCondition('clock', '2026-11-24', { path: 'date', params: { timeZone: 'Asia/Tokyo' } }),
      { fact: 'available', operator: 'greaterThan', value: 1, ...target },
      { fact: 'waiting', operator: 'lessThan', value: 4, ...target },
    ]
    for (const condition of conditions) {
      const { router } = createTestRouter([workflowToTeam('servers', { all: [condition] })], {
        desk,
        clock: { now: () => monday },
      })
      const input = { visitorId: 'v1', facts: {}, weight: 4, openedAt: monday - 90_000 }
      expect((await router.route(input)).routingResult.workflow, JSON.stringify(condition)).toBe('servers')
    }
  })

  it('[W6] returns a route without a promise when no workflow matches or could', async () => {
    const { router } = createTestRouter([server])
    expect(router.routeNow({ visitorId: 'v1', facts: { topic: 'billing' } })?.routingResult.workflow).toBe(null)
    const input = { visitorId: 'v1', facts: { topic: 'server' } }
    expect(router.routeNow(input)).toBe(undefined)
    expect((await router.route(input)).routingResult.workflow).toBe('servers')
  })

  it('[W7] lets no visitor forge a fact of the desk or the host', async () => {
    const desk = { visitor: () => undefined, available: () => 0, waiting: () => 0, lastStaff: () => null }
    const workflows = [
      workflowToTeam('desk', { all: [equalCondition('lastStaff', 'boss')] }),
      workflowToTeam('host', { all: [equalCondition('isVip', true)] }),
    ]
    const { route } = createTestRouter(workflows, { desk, facts: { isVip: false } })
    expect((await route({ lastStaff: 'boss', isVip: true })).routingResult.workflow).toBe(null)
  })

  it('[W8] calls each fact of the host once a request, all at the same time, also for several workflows', async () => {
    const called: string[] = []
    let release = () => {}
    const bothAsked = new Promise<void>((resolve) => {
      release = resolve
    })
    // Each waits for the other: called one after the other, both would be late and no workflow would match.
    const slow = (name: string) => async () => {
      called.push(name)
      if (called.length === 2) release()
      await bothAsked
      return name
    }
    const workflows = [
      workflowToTeam('a', { all: [equalCondition('one', 'no'), equalCondition('two', 'two')] }),
      workflowToTeam('b', { all: [equalCondition('one', 'one'), equalCondition('two', 'two')] }),
    ]
    const { route } = createTestRouter(workflows, { facts: { one: slow('one'), two: slow('two') } })
    expect((await route({})).routingResult.workflow).toBe('b')
    expect(called.sort()).toEqual(['one', 'two'])
  })

  it('[W9] traces what each condition compared, and what the decision cost', async () => {
    const { route } = createTestRouter([server, overseas])
    const { trace } = await route({ country: 'UK' })
    expect(trace).toMatchObject({
      workflow: 'overseas',
      rejected: ['servers'],
      cost: { workflows: 2, candidates: 2, evaluated: 1 },
    })
    expect(trace.evaluated).toEqual([
      {
        workflow: 'overseas',
        type: 'route',
        isMatch: true,
        failure: null,
        conditions: {
          group: 'any',
          matched: true,
          parts: [
            { fact: 'country', operator: 'equal', expected: 'US', actual: 'UK', matched: false },
            { fact: 'country', operator: 'equal', expected: 'UK', actual: 'UK', matched: true },
          ],
        },
      },
    ])
    expect(JSON.parse(JSON.stringify(trace)).evaluated).toHaveLength(1)
  })

  it('[W10] replaces one workflow in its place, and routes a request by the workflows that it began with', async () => {
    let release = (): void => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const facts = { slow: () => gate.then(() => 'yes') }
    const { router, route } = createTestRouter(
      [workflowToTeam('a', { all: [equalCondition('slow', 'yes')] }), server],
      {
        facts,
      },
    )
    const onItsWay = route({ topic: 'server' })
    router.setWorkflow(workflowToTeam('a', { all: [equalCondition('topic', 'nothing')] }))
    const later = route({ topic: 'server' })
    release()
    expect((await onItsWay).routingResult.workflow).toBe('a')
    expect((await later).routingResult.workflow).toBe('servers')
    expect(router.workflows.map(({ name }) => name)).toEqual(['a', 'servers'])
    expect([router.removeWorkflow('servers'), router.removeWorkflow('servers')]).toEqual([true, false])
    expect((await route({ topic: 'server' })).routingResult.workflow).toBe(null)
  })
})

describe('names that look like others', () => {
  it('reads a fact whose name looks like a path by its whole name', async () => {
    const filler = Array.from({ length: 20 }, (_, index) =>
      workflowToTeam(`f${index}`, { all: [equalCondition('filler', index)] }),
    )
    const { route } = createTestRouter([
      ...filler,
      workflowToTeam('inside', { all: [equalCondition('a', 1, { path: 'b' })] }),
      workflowToTeam('plain', { all: [equalCondition('a ["b"]', 1)] }),
      workflowToTeam('spaced', { all: [equalCondition('a b', 1)] }),
    ])
    expect((await route({ a: { b: 1 } })).routingResult.workflow).toBe('inside')
    expect((await route({ 'a ["b"]': 1 })).routingResult.workflow).toBe('plain')
    expect((await route({ 'a b': 1 })).routingResult.workflow).toBe('spaced')
  })
})
