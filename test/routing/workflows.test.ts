import { describe, expect, it } from 'vitest'
import { equal, routerOf, toTeam } from './router-of'

const server = toTeam('servers', { all: [equal('topic', 'server')] })
const overseas = {
  name: 'overseas',
  conditions: { any: [equal('country', 'US'), equal('country', 'UK')] },
  event: { type: 'route', params: { steps: [{ to: { shift: 'us' } }, { to: 'everyone', afterMs: 60_000 }] } },
}

describe('a router', () => {
  it('[W1] sends a request where the first matching workflow says', async () => {
    const { ask } = routerOf([server, overseas])
    const { verdict } = await ask({ topic: 'server', country: 'US' })
    expect(verdict).toMatchObject({ workflow: 'servers', priority: 0, tags: [] })
    expect(verdict.route.steps).toEqual([
      { to: { team: 'servers' }, afterMs: 0, add: true, skipIfNobody: true, ring: 'all', tone: null },
    ])
    expect((await ask({ country: 'UK' })).verdict.route.steps.map(({ to }) => to)).toEqual([
      { shift: 'us' },
      'everyone',
    ])
  })

  it('[W2] sends to everyone what no workflow matches, or where the host says', async () => {
    const { ask } = routerOf([server])
    expect((await ask({ topic: 'billing' })).verdict).toMatchObject({
      workflow: null,
      route: { steps: [{ to: 'everyone' }] },
    })
    const other = routerOf([server], { defaultRoute: { to: { team: 'front' } } })
    expect((await other.ask({})).verdict.route.steps[0]?.to).toEqual({ team: 'front' })
  })

  it('[W3] ranks by priority, then by place in the list', async () => {
    const all = { all: [equal('topic', 'server')] }
    const { ask } = routerOf([toTeam('a', all), toTeam('b', all, { priority: 5 }), toTeam('c', all, { priority: 5 })])
    expect((await ask({ topic: 'server' })).verdict.workflow).toBe('b')
  })

  it('[W4] takes the highest priority and every tag of all that match', async () => {
    const vip = { all: [equal('vip', true)] }
    const { ask } = routerOf([
      { name: 'p1', conditions: vip, event: { type: 'prioritize', params: { priority: 3 } } },
      { name: 'p2', conditions: vip, event: { type: 'prioritize', params: { priority: 9 } } },
      {
        name: 'p3',
        conditions: { all: [equal('vip', false)] },
        event: { type: 'prioritize', params: { priority: 99 } },
      },
      { name: 't1', conditions: vip, event: { type: 'tag', params: { tags: ['vip', 'gold'] } } },
      { name: 't2', conditions: vip, event: { type: 'tag', params: { tags: ['gold', 'fast'] } } },
    ])
    expect((await ask({ vip: true })).verdict).toMatchObject({
      priority: 9,
      tags: ['vip', 'gold', 'fast'],
      workflow: null,
    })
  })

  it('[W5] knows the visitor, the request, the clock, who is available, who waits and who served last', async () => {
    const desk = {
      visitor: () => ({ plan: 'gold' }),
      available: () => 2,
      waiting: () => 3,
      lastStaff: () => 'ana',
    }
    const monday = Date.parse('2026-11-23T15:30:00Z')
    const target = { params: { target: { team: 'servers' } } }
    const conditions = [
      equal('visitor', 'gold', { path: 'facts.plan' }),
      equal('request', 4, { path: 'weight' }),
      equal('request', 90_000, { path: 'ageMs' }),
      equal('lastStaff', 'ana'),
      equal('clock', 'mon', { path: 'weekday', params: { timeZone: 'America/New_York' } }),
      equal('clock', 10, { path: 'hour', params: { timeZone: 'America/New_York' } }),
      equal('clock', 30, { path: 'minute', params: { timeZone: 'America/New_York' } }),
      equal('clock', '2026-11-24', { path: 'date', params: { timeZone: 'Asia/Tokyo' } }),
      { fact: 'available', operator: 'greaterThan', value: 1, ...target },
      { fact: 'waiting', operator: 'lessThan', value: 4, ...target },
    ]
    for (const condition of conditions) {
      const { router } = routerOf([toTeam('servers', { all: [condition] })], { desk, clock: { now: () => monday } })
      const input = { visitorId: 'v1', facts: {}, weight: 4, openedAt: monday - 90_000 }
      expect((await router.route(input)).verdict.workflow, JSON.stringify(condition)).toBe('servers')
    }
  })

  it('[W6] answers without a promise when no workflow matches or could', async () => {
    const { router } = routerOf([server])
    expect(router.routeNow({ visitorId: 'v1', facts: { topic: 'billing' } })?.verdict.workflow).toBe(null)
    const input = { visitorId: 'v1', facts: { topic: 'server' } }
    expect(router.routeNow(input)).toBe(undefined)
    expect((await router.route(input)).verdict.workflow).toBe('servers')
  })

  it('[W7] lets no visitor forge what the desk or the host says', async () => {
    const desk = { visitor: () => undefined, available: () => 0, waiting: () => 0, lastStaff: () => null }
    const workflows = [
      toTeam('desk', { all: [equal('lastStaff', 'boss')] }),
      toTeam('host', { all: [equal('isVip', true)] }),
    ]
    const { ask } = routerOf(workflows, { desk, facts: { isVip: false } })
    expect((await ask({ lastStaff: 'boss', isVip: true })).verdict.workflow).toBe(null)
  })

  it('[W8] asks each fact of the host once a request, side by side, also for several workflows', async () => {
    const asked: string[] = []
    const slow = (name: string) => async () => {
      asked.push(name)
      await new Promise((resolve) => setTimeout(resolve, 30))
      return name
    }
    const workflows = [
      toTeam('a', { all: [equal('one', 'no'), equal('two', 'two')] }),
      toTeam('b', { all: [equal('one', 'one'), equal('two', 'two')] }),
    ]
    const { ask } = routerOf(workflows, { facts: { one: slow('one'), two: slow('two') } })
    const startedAt = performance.now()
    expect((await ask({})).verdict.workflow).toBe('b')
    expect(performance.now() - startedAt).toBeLessThan(58)
    expect(asked.sort()).toEqual(['one', 'two'])
  })

  it('[W9] says what each condition compared and found, and what the decision cost', async () => {
    const { ask } = routerOf([server, overseas])
    const { trace } = await ask({ country: 'UK' })
    expect(trace).toMatchObject({
      workflow: 'overseas',
      sortedOut: ['servers'],
      cost: { workflows: 2, candidates: 2, evaluated: 1 },
    })
    expect(trace.tried).toEqual([
      {
        workflow: 'overseas',
        type: 'route',
        isMatch: true,
        failure: null,
        conditions: {
          group: 'any',
          isMet: true,
          parts: [
            { fact: 'country', operator: 'equal', expected: 'US', found: 'UK', isMet: false },
            { fact: 'country', operator: 'equal', expected: 'UK', found: 'UK', isMet: true },
          ],
        },
      },
    ])
    expect(JSON.parse(JSON.stringify(trace)).tried).toHaveLength(1)
  })

  it('[W10] replaces one workflow in its place, and routes what is on its way by the set it began with', async () => {
    let release = (): void => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const facts = { slow: () => gate.then(() => 'yes') }
    const { router, ask } = routerOf([toTeam('a', { all: [equal('slow', 'yes')] }), server], { facts })
    const onItsWay = ask({ topic: 'server' })
    router.setWorkflow(toTeam('a', { all: [equal('topic', 'nothing')] }))
    const later = ask({ topic: 'server' })
    release()
    expect((await onItsWay).verdict.workflow).toBe('a')
    expect((await later).verdict.workflow).toBe('servers')
    expect(router.workflows.map(({ name }) => name)).toEqual(['a', 'servers'])
    expect([router.removeWorkflow('servers'), router.removeWorkflow('servers')]).toEqual([true, false])
    expect((await ask({ topic: 'server' })).verdict.workflow).toBe(null)
  })
})

describe('names that look like others', () => {
  it('takes a fact whose name looks like a fact with a path for what it is', async () => {
    const filler = Array.from({ length: 20 }, (_, index) => toTeam(`f${index}`, { all: [equal('filler', index)] }))
    const { ask } = routerOf([
      ...filler,
      toTeam('inside', { all: [equal('a', 1, { path: 'b' })] }),
      toTeam('plain', { all: [equal('a ["b"]', 1)] }),
      toTeam('spaced', { all: [equal('a b', 1)] }),
    ])
    expect((await ask({ a: { b: 1 } })).verdict.workflow).toBe('inside')
    expect((await ask({ 'a ["b"]': 1 })).verdict.workflow).toBe('plain')
    expect((await ask({ 'a b': 1 })).verdict.workflow).toBe('spaced')
  })
})
