import { describe, expect, it } from 'vitest'
import { completeRoute, type DomainEvent, type Facts } from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

const factsBytesMax = 16_384

describe('the facts of a request', () => {
  const bytesOf = (facts: Facts) => Buffer.byteLength(JSON.stringify(facts))

  it.each(['x', '\u007f', '\u0080', '\u07ff', '\u0800', '語', '\uffff', '\u{10000}', '😀'])(
    '[C30] may be 16384 bytes together, and no more: in letters like %j',
    (letter) => {
      const scene = new DeskFixture().present('ana')
      scene.open('r1')
      scene.execute({
        type: 'updateFacts',
        requestId: 'r1',
        facts: { first: letter.repeat(2_000) },
        routingResult: null,
      })
      const known = scene.state.requests.get('r1')?.facts ?? {}
      const room = factsBytesMax - bytesOf({ ...known, rest: '' })
      const before = scene.events.length
      const refused = { ok: false, code: 'limit-exceeded', limit: 'factsBytesMax', max: factsBytesMax }
      const update = (rest: string) =>
        scene.execute({ type: 'updateFacts', requestId: 'r1', facts: { rest }, routingResult: null })
      expect(update('x'.repeat(room + 1))).toEqual(refused)
      expect(scene.events).toHaveLength(before)
      expect(update('x'.repeat(room))).toEqual({ ok: true })
      expect(bytesOf(scene.state.requests.get('r1')?.facts ?? {})).toBe(factsBytesMax)
    },
  )
})

describe('the events of a decision', () => {
  /** Returns the newest event of a type. */
  const newest = (scene: DeskFixture, type: DomainEvent['type']) =>
    scene.events.findLast((event) => event.type === type)

  it('[K4] say when a chat that is transferred comes back, and when its giver is free', () => {
    const scene = new DeskFixture({ transferMs: 7_000, wrapUpMs: 3_000 }).present('ana', 'bo')
    scene.open('r1')
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    const route = completeRoute({ to: { staff: 'bo' } })
    scene.execute({ type: 'transfer', requestId: 'r1', by: 'sue', route })
    expect(newest(scene, 'request.transferred')).toMatchObject({
      ...{ staffId: 'ana', by: 'sue' },
      ...{ returnAt: scene.at + 7_000, wrapUpUntilAt: scene.at + 3_000 },
    })
  })

  it('[O2] say when the next round of offers begins', () => {
    const scene = new DeskFixture({ offerTimeoutMs: 1_000, retryDelayMs: 5_000 }).present('ana')
    scene.open('r1', { to: 'everyone', ring: { order: 'listed' } })
    scene.pass(1_000)
    expect(newest(scene, 'offerRound.ended')).toMatchObject({ at: scene.at, nextRoundAt: scene.at + 5_000 })
  })

  it('[ND13] say whether a session was ended by a goodbye or with its node', () => {
    const scene = new DeskFixture().present('ana')
    scene.execute({ type: 'connect', staffId: 'ana', sessionId: 'other' })
    for (const sessionId of ['tab', 'page'])
      scene.execute({ type: 'visitorArrived', visitorId: 'v1', sessionId, facts: {} })
    const causes = [true, false].map((isNodeGone, index) => {
      scene.execute({ type: 'disconnect', staffId: 'ana', sessionId: ['tab', 'other'][index] ?? '', isNodeGone })
      scene.execute({ type: 'visitorLeft', visitorId: 'v1', sessionId: ['tab', 'page'][index] ?? '', isNodeGone })
      return [newest(scene, 'session.ended'), newest(scene, 'visitorSession.ended')]
    })
    expect(causes).toMatchObject([
      [{ cause: 'node-gone' }, { cause: 'node-gone' }],
      [{ cause: 'disconnected' }, { cause: 'disconnected' }],
    ])
  })

  it('[E13] say that a desk was resumed where a visitor has a lease or has left, and nothing elsewhere', () => {
    const resumed = (prepare: (scene: DeskFixture) => void) => {
      const scene = new DeskFixture().present('ana')
      prepare(scene)
      scene.execute({ type: 'resume' })
      return scene.count('desk.resumed')
    }
    expect(resumed(() => {})).toBe(0)
    expect(resumed((scene) => scene.execute({ type: 'visitorArrived', visitorId: 'v1', facts: {} }))).toBe(0)
    const withLease = { type: 'visitorArrived', visitorId: 'v1', sessionId: 'tab', facts: {} } as const
    expect(resumed((scene) => scene.execute(withLease))).toBe(1)
    expect(resumed((scene) => scene.open('r1'))).toBe(0)
    const leave = (scene: DeskFixture) => {
      scene.open('r1')
      scene.execute({ type: 'visitorLeft', visitorId: 'v-r1' })
    }
    expect(resumed(leave)).toBe(1)
  })

  it('[N5] say when a request that waits too long is reported again', () => {
    const scene = new DeskFixture({ unattendedAfterMs: 60_000 }).present('ana')
    scene.open('r1')
    scene.pass(7_200_000)
    const reports = scene.events.flatMap((event) => (event.type === 'request.unattended' ? [event] : []))
    expect(reports.length).toBeGreaterThan(3)
    expect(new Set(reports.map(({ cause }) => cause))).toEqual(new Set(['waited-too-long']))
    expect(reports.slice(0, -1).map(({ nextAt }) => nextAt)).toEqual(reports.slice(1).map(({ at }) => at))
    expect(reports.at(-1)?.nextAt).toBeGreaterThan(scene.at)
  })
})
