import { describe, expect, it } from 'vitest'
import { type Desk, type DeskSnapshot, manualClock, openDesk } from '../../../src'
import { everyoneRoute } from '../../../src/core'
import { EventBus } from '../../../src/desk/events/event-bus'
import { RequestRouter } from '../../../src/desk/runtime/request-router'
import type { Router, Trace } from '../../../src/routing'
import { explained, toAna, workflowToAna } from '../explained'
import { openStaffedDesk } from '../test-desk'

const cost = { workflows: 1, candidates: 1, evaluated: 1, microseconds: null }

async function reopened(desk: Desk): Promise<{ desk: Desk; snapshot: DeskSnapshot }> {
  const snapshot = JSON.parse(JSON.stringify(desk.snapshot()))
  return { desk: await openDesk({ snapshot, clock: manualClock() }), snapshot }
}

describe('a snapshot', () => {
  it('[ND35] holds why each request was routed as it was, and none of those that a transfer has set', async () => {
    const { desk } = await openStaffedDesk(['ana', 'bo'], { workflows: [toAna] })
    for (const [id, topic] of Object.entries({ r1: 'server', r2: 'invoice', r3: 'server', r4: 'server' }))
      await desk.requestChat({ requestId: id, visitorId: id, facts: { topic } })
    await desk.transfer('r3', { by: 'ana', to: { staff: 'bo' } })
    await desk.cancel('r4')
    const { desk: restored, snapshot } = await reopened(desk)
    expect(snapshot.state.traces?.map(([id]) => id)).toEqual(['r1', 'r2'])
    expect(restored.snapshot().state.traces).toEqual(snapshot.state.traces)
    for (const id of ['r1', 'r2', 'r3']) expect(explained(restored, id).trace).toEqual(explained(desk, id).trace)
    expect(restored.explain('r1')?.trace).toMatchObject({ workflow: 'To Ana', cost: { microseconds: null } })
    expect(restored.explain('r3')).toMatchObject({ trace: null, transferredBy: 'ana' })
    const { traces: _, ...state } = structuredClone(snapshot.state)
    const forgotten = await openDesk({ snapshot: { ...snapshot, state }, clock: manualClock() })
    expect(forgotten.explain('r1')).toMatchObject({ workflow: 'To Ana', trace: null })
  })

  it('[ND35] holds nothing of requests that were routed without workflows, whose trace is empty', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const { desk: restored, snapshot } = await reopened(desk)
    expect(snapshot.state).not.toHaveProperty('traces')
    const none = { workflow: null, evaluated: [], rejected: [], cost: { workflows: 0, candidates: 0, evaluated: 0 } }
    expect(restored.explain('r1')?.trace).toMatchObject(none)
    expect(restored.explain('r1')?.trace).toEqual(desk.explain('r1')?.trace)
  })
})

describe('an entry of another node', () => {
  it('[ND35] brings the traces of the requests that it opens and routes anew', () => {
    const parts = { router: {} as Router, eventBus: new EventBus(), defaultRoute: everyoneRoute }
    const router = new RequestRouter(parts)
    const result = (workflow: string | null) => ({ workflow, route: everyoneRoute, priority: 0, tags: [] })
    const [opened, rerouted, failed, unrouted, unknown] = ['First', 'Second', null, null, 'Third'].map(result)
    const trace = (workflow: string): Trace => ({ workflow, evaluated: [], rejected: [], cost })
    const read = (traces: readonly (readonly [number, unknown])[]) =>
      router.readEntry({
        ...{ schema: 1, commands: [], traces },
        events: [
          { type: 'request.opened', routingResult: opened },
          { type: 'request.muted' },
          { type: 'request.rerouted', routingResult: rerouted },
          { type: 'request.opened', routingResult: failed },
          { type: 'request.opened', routingResult: unrouted },
          { type: 'request.opened', routingResult: unknown },
        ],
      } as never)
    read([
      [0, trace('First')],
      [2, trace('Second')],
      [3, null],
    ])
    const found = () => [opened, rerouted, failed, unrouted, unknown].map((each) => each && router.traceOf(each))
    const none = {
      workflow: null,
      evaluated: [],
      rejected: [],
      cost: { ...cost, workflows: 0, candidates: 0, evaluated: 0, microseconds: 0 },
    }
    expect(found()).toEqual([trace('First'), trace('Second'), null, none, null])
    read([[0, trace('later')]])
    expect(found()[0]).toEqual(trace('First'))
  })
})

describe('the facts about the desk', () => {
  it('[W5] are the facts of the visitor, who served last, and who is available', async () => {
    const { desk } = await openStaffedDesk(['ana', 'bo'], {
      workflows: [
        workflowToAna('Known', { fact: 'visitor', path: '$.facts.plan', operator: 'equal', value: 'gold' }),
        workflowToAna('Again', { fact: 'lastStaff', operator: 'equal', value: 'bo' }),
        workflowToAna('Two', { fact: 'available', params: { target: 'everyone' }, operator: 'equal', value: 2 }),
      ],
    })
    const previewed = async (visitorId: string) => (await desk.previewRoute({ facts: {}, visitorId })).workflow
    expect(await previewed('v1')).toBe('Two')
    await desk.setAvailability('ana', 'away')
    expect(await previewed('v1')).toBeNull()
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.accept('r1', 'bo')
    await desk.end('r1')
    expect(await previewed('v1')).toBe('Again')
    await desk.visitorArrived({ visitorId: 'v2', facts: { plan: 'gold' } })
    expect([await previewed('v2'), await previewed('v3')]).toEqual(['Known', null])
  })
})
