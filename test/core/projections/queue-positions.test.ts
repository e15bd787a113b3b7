import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { completeRoute, type DeskState, QueuePositions } from '../../../src/core'
import { byServiceOrder } from '../../../src/core/state/state'
import { isCampaign } from '../../campaign'
import { DeskFixture } from '../desk-fixture'

vi.setConfig({ testTimeout: 120_000 })

/** The oracle: positions by sorting all open requests of each first target. */
function sortedPositions(state: DeskState): Map<string, number> {
  const positions = new Map<string, number>()
  const counts = new Map<string, number>()
  const open = [...state.requests.values()].filter(({ assignment }) => assignment === null).sort(byServiceOrder)
  for (const { id, routingResult } of open) {
    const target = JSON.stringify(routingResult.route.steps[0]?.to)
    counts.set(target, (counts.get(target) ?? 0) + 1)
    positions.set(id, counts.get(target) ?? 0)
  }
  return positions
}

/** The positions at a fixture's desk, which record its events from now on. */
function queueOf(scene: DeskFixture): QueuePositions {
  const queue = new QueuePositions()
  const onEvent = scene.onEvent.bind(scene)
  scene.onEvent = (event, edges) => {
    queue.record(scene.state, event)
    onEvent(event, edges)
  }
  return queue
}

describe('the queue beside requests for others', () => {
  const route = (team: string) => ({ to: { team } })

  it('counts only those for the same people, by priority and age', () => {
    const scene = new DeskFixture().present('ana')
    const queue = queueOf(scene)
    const places = (...ids: string[]) => ids.map((id) => queue.position(id)?.position)
    for (const [id, team, priority] of [
      ['a1', 'a', 0],
      ['b1', 'b', 0],
      ['a2', 'a', 0],
      ['a3', 'a', 4],
    ] as const) {
      scene.open(id, route(team), { priority })
    }
    expect(places('a1', 'a2', 'a3', 'b1', 'none')).toEqual([2, 3, 1, 1, undefined])
  })

  it('tells who moved once each, and again for an id that was closed and stands elsewhere', () => {
    const scene = new DeskFixture().present('ana')
    const queue = queueOf(scene)
    const moves = () => queue.takeChanges().map(({ requestId, position }) => `${requestId}:${position}`)
    for (const id of ['r1', 'r2', 'r3']) scene.open(id)
    expect(moves()).toEqual(['r1:1', 'r2:2', 'r3:3'])
    expect(moves()).toEqual([])
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    expect(moves()).toEqual(['r2:1', 'r3:2'])
    scene.execute({ type: 'release', requestId: 'r1', by: 'ana', exclude: false })
    expect(moves()).toEqual(['r1:1', 'r2:2', 'r3:3'])
  })

  it('tells who moved in the order in which they are served, and goes on when some are gone', () => {
    const scene = new DeskFixture().present('ana')
    const queue = queueOf(scene)
    const moves = () => queue.takeChanges().map(({ requestId, position }) => `${requestId}:${position}`)
    scene.open('late', undefined, { priority: 0 })
    scene.open('soon', undefined, { priority: 5 })
    expect(moves()).toEqual(['soon:1', 'late:2'])
    scene.execute({ type: 'cancel', requestId: 'soon', reason: null })
    expect(moves()).toEqual(['late:1'])
    scene.open('last')
    expect(moves()).toEqual(['last:2'])
  })

  it('moves a request whose route changed to its new queue, and takes no sample from its wait', () => {
    const scene = new DeskFixture({ capacity: 100 }).present('ana')
    const queue = queueOf(scene)
    scene.open('b1', route('b'))
    for (let index = 0; index < 5; index += 1) {
      const requestId = `r${index}`
      scene.open(requestId, route('a'))
      const { routingResult } = scene.state.requests.get('b1') ?? {}
      if (routingResult === undefined) throw new Error('expected b1 to be open')
      scene.execute({ type: 'reroute', requestId, routingResult })
      expect(queue.position(requestId)?.position).toBe(2)
      scene.pass(60_000)
      scene.execute({ type: 'accept', requestId, staffId: 'ana' })
    }
    expect(queue.position('b1')).toEqual({ position: 1, estimateMs: null })
  })

  it('[Q1] continues from a restored state, and reports only what moved since', () => {
    const scene = new DeskFixture().present('ana')
    const queue = queueOf(scene)
    for (const id of ['r1', 'r2', 'r3']) scene.open(id)
    expect(queue.takeChanges()).toHaveLength(3)
    const later = new DeskFixture().present('ana')
    for (const id of ['r1', 'r3', 'r4']) later.open(id)
    queue.resume(later.state)
    expect(['r1', 'r2', 'r3', 'r4'].map((id) => queue.position(id)?.position)).toEqual([1, undefined, 2, 3])
    expect(queue.takeChanges().map(({ requestId, position }) => `${requestId}:${position}`)).toEqual(['r3:2', 'r4:3'])
  })

  it('[Q1] gives after any commands the positions that sorting all open requests gives', () => {
    const anyCommand = fc.record({
      kind: fc.constantFrom('open', 'open', 'open', 'accept', 'release', 'cancel', 'reroute', 'transfer', 'pass'),
      request: fc.nat(7),
      team: fc.constantFrom('a', 'b'),
      priority: fc.nat(2),
    })
    const run = (commands: readonly (typeof anyCommand extends fc.Arbitrary<infer Command> ? Command : never)[]) => {
      const scene = new DeskFixture({ capacity: 1_000 }).present({ id: 'ana', teams: ['a', 'b'] })
      const queue = queueOf(scene)
      const reported = new Map<string, number>()
      for (const { kind, request, team, priority } of commands) {
        const requestId = `r${request}`
        const result = { workflow: null, route: completeRoute(route(team)), priority, tags: [] }
        if (kind === 'open') scene.open(requestId, route(team), { priority })
        else if (kind === 'accept') scene.execute({ type: 'accept', requestId, staffId: 'ana' })
        else if (kind === 'release') scene.execute({ type: 'release', requestId, by: 'ana', exclude: false })
        else if (kind === 'cancel') scene.execute({ type: 'cancel', requestId, reason: null })
        else if (kind === 'reroute') scene.execute({ type: 'reroute', requestId, routingResult: result })
        else if (kind === 'transfer') scene.execute({ type: 'transfer', requestId, by: 'ana', route: result.route })
        else scene.pass(1_000)
        const expected = sortedPositions(scene.state)
        for (let index = 0; index < 8; index += 1)
          expect(queue.position(`r${index}`)?.position).toBe(expected.get(`r${index}`))
        for (const change of queue.takeChanges()) reported.set(change.requestId, change.position)
        for (const [id, position] of expected) expect(reported.get(id)).toBe(position)
      }
    }
    fc.assert(fc.property(fc.array(anyCommand, { maxLength: 40 }), run), { numRuns: isCampaign ? 5_000 : 200 })
  })

  it('[Q4] estimates from the latest twenty waits of a queue, without those above ten times the middle one', () => {
    const scene = new DeskFixture({ capacity: 1_000 }).present('ana')
    const queue = queueOf(scene)
    const take = (id: string, waitMs: number) => {
      scene.open(id)
      scene.pass(waitMs)
      scene.execute({ type: 'accept', requestId: id, staffId: 'ana' })
    }
    const estimateMs = () => {
      const requestId = `probe${scene.events.length}`
      scene.open(requestId)
      const position = queue.position(requestId)
      scene.execute({ type: 'cancel', requestId, reason: null })
      return position?.estimateMs
    }
    for (let index = 0; index < 30; index += 1) take(`old${index}`, 90_000)
    for (let index = 0; index < 20; index += 1) take(`new${index}`, 1_000)
    expect(estimateMs()).toBe(1_000)
    for (let index = 0; index < 2; index += 1) take(`slow${index}`, 10_000)
    for (let index = 0; index < 2; index += 1) take(`night${index}`, 10_001)
    expect(estimateMs()).toBe(Math.round((16 * 1_000 + 2 * 10_000) / 18))
    for (const order of ['longest-idle', 'listed'] as const) {
      scene.open(`other-${order}`, { to: { staff: 'ana' }, ring: { order } })
      expect(queue.position(`other-${order}`)?.estimateMs).toBeNull()
    }
  })

  it('remembers the waits of a thousand queues, and forgets first the queue whose latest wait is oldest', () => {
    const scene = new DeskFixture({ capacity: 10_000, requestsPerMinuteMax: 1e6 }).present('ana')
    const queue = queueOf(scene)
    const acceptIn = (name: string, times: number) => {
      for (let index = 0; index < times; index += 1) {
        const id = `${name}-${index}-${scene.events.length}`
        scene.open(id, { to: { staff: ['ana', name] } })
        scene.pass(1)
        scene.execute({ type: 'accept', requestId: id, staffId: 'ana' })
      }
    }
    const isKnown = (name: string) => {
      scene.open(`probe-${name}-${scene.events.length}`, { to: { staff: ['ana', name] } })
      const [id = ''] = [...scene.state.requests.keys()].slice(-1)
      return queue.position(id)?.estimateMs !== null
    }
    acceptIn('first', 5)
    acceptIn('second', 5)
    for (let index = 0; index < 997; index += 1) acceptIn(`q${index}`, 1)
    acceptIn('first', 1)
    acceptIn('q997', 1)
    expect([isKnown('first'), isKnown('second')]).toEqual([true, true])
    acceptIn('q998', 1)
    expect([isKnown('first'), isKnown('second')]).toEqual([true, false])
  })
})
