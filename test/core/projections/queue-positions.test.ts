import { describe, expect, it } from 'vitest'
import { manualClock, openDesk, type Staff } from '../../../src'
import { QueuePositions } from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

async function aDesk(staff: readonly Staff[] = [{ id: 'ana' }, { id: 'bo' }]) {
  const clock = manualClock(1_800_000_000_000)
  const desk = await openDesk({ staff, policy: { sessionLeaseMs: null, capacity: 100 }, clock })
  for (const { id } of staff) await desk.connect(id, 'tab')
  const ask = (requestId: string) => desk.requestChat({ requestId, visitorId: `v-${requestId}` })
  const pass = async (ms: number) => {
    clock.advance(ms)
    await desk.idle()
  }
  return { desk, ask, pass }
}

describe('what an estimate rests on', () => {
  it('[Q3] takes no sample from what a supervisor assigned or a staff member gave back', async () => {
    const { desk, ask, pass } = await aDesk()
    for (let index = 0; index < 4; index += 1) {
      await ask(`a${index}`)
      await pass(10_000)
      await desk.accept(`a${index}`, 'ana')
    }
    await ask('given')
    await desk.assign('given', 'ana', { by: 'bo' })
    await desk.release('given', { by: 'ana' })
    await desk.cancel('given')
    await ask('r1')
    expect(desk.position('r1')).toEqual({ position: 1, estimateMs: null })
  })

  it('[Q3] counts the wait of nobody while there was no request', async () => {
    const { desk, ask, pass } = await aDesk()
    for (let index = 0; index < 5; index += 1) {
      await pass(3_600_000)
      await ask(`a${index}`)
      await desk.accept(`a${index}`, 'ana')
    }
    await ask('r1')
    expect(desk.position('r1')?.estimateMs).toBe(0)
  })
})

describe('the queue beside requests for others', () => {
  const route = (team: string) => ({ to: { team } })

  it('counts only those for the same people, by priority and age', () => {
    const scene = new DeskFixture().present('ana')
    const queue = new QueuePositions()
    const places = (...ids: string[]) => ids.map((id) => queue.position(scene.state, id)?.position)
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
    const queue = new QueuePositions()
    const moves = () => queue.takeChanges(scene.state).map(({ requestId, position }) => `${requestId}:${position}`)
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
    const queue = new QueuePositions()
    const moves = () => queue.takeChanges(scene.state).map(({ requestId, position }) => `${requestId}:${position}`)
    scene.open('late', undefined, { priority: 0 })
    scene.open('soon', undefined, { priority: 5 })
    expect(moves()).toEqual(['soon:1', 'late:2'])
    scene.execute({ type: 'cancel', requestId: 'soon', reason: null })
    expect(moves()).toEqual(['late:1'])
    scene.open('last')
    expect(moves()).toEqual(['last:2'])
  })

  it('estimates from the latest twenty accepts of the same queue', () => {
    const scene = new DeskFixture({ capacity: 1_000 }).present('ana')
    const queue = new QueuePositions()
    const take = (id: string, waitMs: number) => {
      scene.open(id)
      scene.pass(waitMs)
      scene.execute({ type: 'accept', requestId: id, staffId: 'ana' })
      const accepted = scene.events.findLast(({ type }) => type === 'request.accepted')
      if (accepted !== undefined) queue.record(scene.state, accepted)
    }
    for (let index = 0; index < 30; index += 1) take(`old${index}`, 90_000)
    for (let index = 0; index < 20; index += 1) take(`new${index}`, 1_000)
    scene.open('next')
    expect(queue.position(scene.state, 'next')).toEqual({ position: 1, estimateMs: 1_000 })
    for (let index = 0; index < 5; index += 1) take(`slow${index}`, 101_000)
    // The four longest of the twenty are left out, the fifth is not; of nineteen it would be three.
    expect(queue.position(scene.state, 'next')?.estimateMs).toBe(Math.round((11 * 1_000 + 101_000) / 12))
    for (const order of ['longest-idle', 'listed'] as const) {
      scene.open(`other-${order}`, { to: { staff: 'ana' }, ring: { order } })
      expect(queue.position(scene.state, `other-${order}`)?.estimateMs).toBeNull()
    }
  })

  it('remembers the gaps of a thousand queues, those not used for longest forgotten first', () => {
    const scene = new DeskFixture({ capacity: 10_000, requestsPerMinuteMax: 1e6 }).present('ana')
    const queue = new QueuePositions()
    const acceptIn = (name: string, times: number) => {
      for (let index = 0; index < times; index += 1) {
        const id = `${name}-${index}-${scene.events.length}`
        scene.open(id, { to: { staff: ['ana', name] } })
        scene.execute({ type: 'accept', requestId: id, staffId: 'ana' })
        const accepted = scene.events.findLast(({ type }) => type === 'request.accepted')
        if (accepted !== undefined) queue.record(scene.state, accepted)
      }
    }
    const isKnown = (name: string) => {
      scene.open(`probe-${name}-${scene.events.length}`, { to: { staff: ['ana', name] } })
      const [id = ''] = [...scene.state.requests.keys()].slice(-1)
      return queue.position(scene.state, id)?.estimateMs !== null
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
