import { describe, expect, it } from 'vitest'
import { type DeskState, emptyState, everyoneRoute } from '../../../src/core'
import { EventBus } from '../../../src/desk/events/event-bus'
import { RequestRouter } from '../../../src/desk/runtime/request-router'
import type { Router, Trace } from '../../../src/routing'

const query = { requestId: 'r1', visitorId: 'v1', facts: {}, weight: null }
const routingResult = { workflow: 'First', route: everyoneRoute, priority: 1, tags: ['a'] }
const trace: Trace = {
  workflow: 'First',
  evaluated: [],
  rejected: ['Second'],
  cost: { workflows: 2, candidates: 2, evaluated: 1, microseconds: 7 },
}
const routed = { routingResult, trace }

/** A request router on a router that a test replaces in part, with the errors that were emitted. */
function openRequestRouter(parts: Partial<Router> = {}) {
  const set: unknown[] = []
  const router = {
    route: () => Promise.resolve(routed),
    routeNow: () => routed,
    restoreWorkflows: (workflows: readonly unknown[]) => void set.push(workflows),
    setWorkflow: (workflow: unknown) => void set.push(workflow),
    removeWorkflow: (name: string) => set.push(name) > 0,
    ...parts,
  } as unknown as Router
  const eventBus = new EventBus()
  const errors: unknown[] = []
  eventBus.on('error', (error) => errors.push(error))
  const defaultRoute = { ...everyoneRoute, transferMs: 5 } as typeof everyoneRoute
  const requestRouter = new RequestRouter({ router, eventBus, defaultRoute })
  return { requestRouter, errors, set, defaultRoute }
}

/** A state with one workflow. */
function stateWithWorkflow(): DeskState {
  const state = emptyState()
  state.workflows.set('First', { name: 'First' } as never)
  return state
}

const toEveryone = {
  routingResult: { workflow: null, route: everyoneRoute, priority: 0, tags: [] },
  trace: null,
}

describe('a router that fails', () => {
  it.each<[string, Partial<Router>]>([
    [
      'throws',
      {
        routeNow: () => {
          throw new Error('no rules')
        },
      },
    ],
    ['rejects', { routeNow: () => undefined, route: () => Promise.reject(new Error('no rules')) }],
  ])('[D86] sends a request to everyone when it %s, and the error is reported', async (_, parts) => {
    const { requestRouter, errors } = openRequestRouter(parts)
    requestRouter.resume(stateWithWorkflow())
    const fallback = await requestRouter.route(query)
    expect(fallback).toEqual(toEveryone)
    expect(errors).toMatchObject([
      {
        name: 'DeskError',
        code: 'fact-failed',
        message: 'the router failed: Error: no rules',
        cause: expect.any(Error),
      },
    ])
    expect(requestRouter.storedTraceOf(fallback)).toBeNull()
    requestRouter.rememberTrace(fallback)
    expect(requestRouter.traceOf(fallback.routingResult)).toBeNull()
  })

  it.each<[string, (router: RequestRouter, state: DeskState) => void]>([
    ['workflows.set', (router, state) => router.record(state, { type: 'workflows.set' } as never)],
    ['workflow.set', (router, state) => router.record(state, { type: 'workflow.set', workflow: {} } as never)],
    ['workflow.removed', (router, state) => router.record(state, { type: 'workflow.removed', name: 'x' } as never)],
    ['a snapshot', (router, state) => router.resume(state)],
  ])('[D86] keeps its workflows and its revision when it cannot take those of %s', (_, give) => {
    const refuse = () => {
      throw new Error('a newer operator')
    }
    const { requestRouter, errors } = openRequestRouter({
      restoreWorkflows: refuse,
      setWorkflow: refuse,
      removeWorkflow: refuse,
    })
    give(requestRouter, stateWithWorkflow())
    expect(requestRouter.revision).toBe(0)
    expect(errors).toMatchObject([
      { code: 'fact-failed', message: 'workflows could not be set: Error: a newer operator', cause: expect.any(Error) },
    ])
  })
})

describe('a router', () => {
  it('[D85] is given each change of the workflows, which makes a new revision, and no other event', () => {
    const { requestRouter, set, errors } = openRequestRouter()
    const state = stateWithWorkflow()
    const events = [
      { type: 'workflows.set' },
      { type: 'workflow.set', workflow: { name: 'Third' } },
      { type: 'workflow.removed', name: 'First' },
      { type: 'shifts.set' },
    ]
    const revisions = events.map((event) => {
      requestRouter.record(state, event as never)
      return requestRouter.revision
    })
    expect(revisions).toEqual([1, 2, 3, 3])
    expect(set).toEqual([[{ name: 'First' }], { name: 'Third' }, 'First'])
    expect(errors).toEqual([])
  })

  it('[D60] is not asked while there are no workflows: the default route needs none', () => {
    const { requestRouter, defaultRoute } = openRequestRouter()
    const unrouted = requestRouter.route(query)
    expect(unrouted).toMatchObject({ routingResult: { workflow: null, route: defaultRoute, priority: 0, tags: [] } })
    expect(unrouted).toMatchObject({
      trace: { workflow: null, evaluated: [], rejected: [], cost: { workflows: 0, candidates: 0, microseconds: 0 } },
    })
    if (unrouted instanceof Promise) return expect.unreachable()
    expect(requestRouter.storedTraceOf(unrouted)).toBeUndefined()
    expect(requestRouter.traceOf(unrouted.routingResult)).toEqual(unrouted.trace)
    requestRouter.resume(stateWithWorkflow())
    expect(requestRouter.route(query)).toBe(routed)
    requestRouter.resume(emptyState())
    expect(requestRouter.route(query)).toBe(unrouted)
  })
})

describe('the trace that a node stores', () => {
  const evaluated = (workflow: string, text = '') => ({
    ...{ workflow, type: 'route' as const, isMatch: true, failure: null },
    conditions: { group: 'all' as const, name: text, matched: true, parts: [] },
  })
  const storedOf = (list: readonly ReturnType<typeof evaluated>[]) => {
    const { requestRouter } = openRequestRouter()
    return requestRouter.storedTraceOf({ routingResult, trace: { ...trace, evaluated: list } }) as Trace
  }

  it('[ND35] is the trace but for the time that it took', () => {
    const list = [evaluated('First')]
    expect(storedOf(list)).toEqual({ ...trace, evaluated: list, cost: { ...trace.cost, microseconds: null } })
  })

  it('[ND35] names 20 workflows at most', () => {
    const names = Array.from({ length: 21 }, (_, index) => `w${index}`)
    const stored = storedOf(names.map((name) => evaluated(name)))
    expect(stored.evaluated.map(({ workflow }) => workflow)).toEqual(names.slice(0, 20))
    expect(stored.evaluated.every(({ conditions }) => conditions !== null)).toBe(true)
  })

  it('[ND35] holds conditions of 4 096 characters at most, and none of the workflows after them', () => {
    const length = (each: object) => JSON.stringify(each).length
    const first = evaluated('w1', 'x'.repeat(1_000))
    const room = 4_096 - length(first) - length(evaluated('w2'))
    const [fits, exceeds] = [evaluated('w2', 'x'.repeat(room)), evaluated('w2', 'x'.repeat(room + 1))]
    expect(storedOf([first, fits]).evaluated).toEqual([first, fits])
    const third = evaluated('w3')
    expect(storedOf([first, exceeds, third]).evaluated).toEqual([
      first,
      { ...exceeds, conditions: null },
      { ...third, conditions: null },
    ])
  })
})
