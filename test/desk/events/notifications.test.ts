import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import {
  type DeskState,
  type DomainEvent,
  Metrics,
  QueuePositions,
  restoreState,
  toStateSnapshot,
} from '../../../src/core'
import { EventBus } from '../../../src/desk/events/event-bus'
import { DeskAggregate } from '../../../src/desk/runtime/desk-aggregate'
import { memoryStore } from '../../../src/store'
import { anyScenario } from '../../../src/testing/arbitraries/any-scenario'
import { Driver } from '../../../src/testing/driver/driver'
import { seed } from '../../campaign'
import { openTestNode, storeWithSystemTime } from '../cluster/test-node'
import { openTestDesk } from '../test-desk'

vi.setConfig({ testTimeout: 120_000 })

/** What every notification about a request has. */
interface AboutRequest {
  readonly requestId: string
  readonly visitorId: string
}

describe('a notification about a request', () => {
  it('[D70] names the request’s visitor, also when the request has closed, in every random history', () => {
    let checked = 0
    const property = fc.property(anyScenario({ actionsMax: 40 }), (scenario) => {
      const steps: DomainEvent[][] = []
      const driver = new Driver(
        { at: scenario.startAt, policy: scenario.policy },
        { afterStep: ({ applied }) => void steps.push(applied.map(({ event }) => event)) },
      )
      const before = restoreState(toStateSnapshot(driver.state))
      for (const template of scenario.setup) driver.execute(template)
      for (const action of scenario.actions) driver.perform(action)
      const visitors = new Map(
        steps.flat().flatMap((event) => (event.type === 'request.opened' ? [[event.requestId, event.visitorId]] : [])),
      )
      for (const { requestId, visitorId } of notificationsOf(before, steps)) {
        expect([requestId, visitorId]).toEqual([requestId, visitors.get(requestId)])
        checked += 1
      }
    })
    fc.assert(property, { seed, numRuns: 150 })
    expect(checked).toBeGreaterThan(300)
  })

  it('[D70] names the visitor in the stop of a cancelled request and at the end of its wrap-up', async () => {
    const { desk, clock } = await openTestDesk({ staff: [{ id: 'ana' }], policy: { wrapUpMs: 1_000 } })
    const named: string[] = []
    for (const type of ['stop', 'request.closed', 'wrapUp.ended'] as const)
      desk.on(type, ({ requestId, visitorId }) => named.push(`${type} ${requestId} of ${visitorId}`))
    await desk.connect('ana', 'tab')
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.cancel('r1')
    await desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
    await desk.accept('r2', 'ana')
    await desk.end('r2')
    clock.advance(1_000)
    expect(named).toEqual([
      'request.closed r1 of v1',
      'stop r1 of v1',
      'stop r2 of v2',
      'request.closed r2 of v2',
      'wrapUp.ended r2 of v2',
    ])
  })
})

describe('the origin of a notification', () => {
  it('[D71] is the one node that wrote the entry', async () => {
    const store = storeWithSystemTime()
    const nodes = await Promise.all(['one', 'two', 'three'].map((name) => openTestNode(name, store)))
    const seen = nodes.map(({ desk }) => {
      const origins = new Map<string, boolean>()
      for (const type of ['request.opened', 'ring', 'stop', 'request.accepted', 'position.changed'] as const)
        desk.on(type, ({ isOrigin }) => void origins.set(type, isOrigin))
      return origins
    })
    const [one, two] = nodes
    await one?.desk.connect('ana', 'tab')
    await one?.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await two?.desk.accept('r1', 'ana')
    await vi.waitFor(() => expect(seen.map(({ size }) => size)).toEqual([5, 5, 5]))
    const originsOf = (type: string) => seen.map((origins) => origins.get(type))
    expect(originsOf('request.opened')).toEqual([true, false, false])
    expect(originsOf('ring')).toEqual([true, false, false])
    expect(originsOf('position.changed')).toEqual([true, false, false])
    expect(originsOf('request.accepted')).toEqual([false, true, false])
    expect(originsOf('stop')).toEqual([false, true, false])
  })

  it('[D71] is the desk that was called, of two in one process on one store', async () => {
    const store = memoryStore()
    const [one, two] = [await openTestDesk({ staff: [{ id: 'ana' }], store }), await openTestDesk({ store })]
    const opened: string[] = []
    one.desk.on('request.opened', ({ isOrigin }) => opened.push(`one ${isOrigin}`))
    two.desk.on('event', ({ type, isOrigin }) => type === 'request.opened' && opened.push(`two ${isOrigin}`))
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await two.desk.sync()
    expect(opened).toEqual(['one true', 'two false'])
  })

  it('[D71] is no node where a rebuilt state makes the ring', async () => {
    const [first, other] = [storeWithSystemTime(), storeWithSystemTime()]
    const { desk, store } = await openTestNode('one', first)
    await desk.connect('ana', 'tab')
    await other.restore(await first.read(0, 100))
    await desk.requestChat({ requestId: 'lost', visitorId: 'v0' })
    const two = await openTestNode('two', other)
    await two.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const origins: string[] = []
    desk.on('ring', ({ requestId, visitorId, isOrigin }) =>
      origins.push(`ring ${requestId} of ${visitorId} ${isOrigin}`),
    )
    desk.on('stop', ({ requestId, visitorId, isOrigin }) =>
      origins.push(`stop ${requestId} of ${visitorId} ${isOrigin}`),
    )
    store.target = other
    await desk.sync()
    expect(origins.slice(0, 2)).toEqual(['stop lost of v0 false', 'ring r1 of v1 false'])
  })
})

/** Returns what an aggregate emits about requests when it applies these events, each list as one entry. */
function notificationsOf(before: DeskState, steps: readonly (readonly DomainEvent[])[]): AboutRequest[] {
  const eventBus = new EventBus()
  const clock = { now: () => 0, wakeAt: () => () => {} }
  const readers = { projections: [], metrics: new Metrics(), queuePositions: new QueuePositions() }
  const aggregate = new DeskAggregate({ clock, eventBus, ...readers })
  aggregate.restoreState(before)
  const about: AboutRequest[] = []
  eventBus.on('event', (event) => 'requestId' in event && about.push(event))
  eventBus.on('ring', (ring) => about.push(ring))
  eventBus.on('stop', (stop) => about.push(stop))
  eventBus.on('position.changed', ({ changes }) => about.push(...changes))
  steps.forEach((events, index) => {
    const payload = { schema: 1, commands: [], events } as const
    aggregate.applyEntry({ v: index + 1, h: '', t: 0, payload }, false)
  })
  return about
}
