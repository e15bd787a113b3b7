import { describe, expect, it } from 'vitest'
import {
  decide,
  everyoneRoute,
  evolve,
  restoreState,
  ringingRequestIds,
  staffView,
  toStateSnapshot,
} from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

describe('presence', () => {
  it('[T1] ends a session by itself when its lease runs out without a heartbeat', () => {
    const scene = new DeskFixture({ sessionLeaseMs: 90_000, presenceGraceMs: 0 }).present('ana')
    scene.pass(89_999)
    expect(staffView(scene.state, 'ana')?.isPresent).toBe(true)
    scene.pass(1)
    expect(staffView(scene.state, 'ana')?.isPresent).toBe(false)
  })

  it('[T2] renews a lease by heartbeat, and starts the session anew when it had run out', () => {
    const scene = new DeskFixture({ sessionLeaseMs: 90_000, presenceGraceMs: 0 }).present('ana')
    scene.pass(60_000)
    scene.execute({ type: 'heartbeat', staffId: 'ana', sessionId: 'tab' })
    scene.pass(60_000)
    expect(staffView(scene.state, 'ana')?.isPresent).toBe(true)
    scene.pass(60_000)
    scene.execute({ type: 'heartbeat', staffId: 'ana', sessionId: 'tab' })
    expect(staffView(scene.state, 'ana')?.isPresent).toBe(true)
  })

  it('[T3] writes a heartbeat down only when a third of the lease is used up', () => {
    const scene = new DeskFixture({ sessionLeaseMs: 90_000 }).present('ana')
    for (let beat = 0; beat < 6; beat += 1) {
      scene.pass(10_000)
      scene.execute({ type: 'heartbeat', staffId: 'ana', sessionId: 'tab' })
    }
    expect(scene.count('session.renewed')).toBe(2)
  })

  it('[T4] keeps somebody present while any of their sessions lives', () => {
    const scene = new DeskFixture({ presenceGraceMs: 0 }).present('ana')
    scene.execute({ type: 'connect', staffId: 'ana', sessionId: 'phone' })
    scene.open('r1')
    scene.takeEdges()
    scene.execute({ type: 'disconnect', staffId: 'ana', sessionId: 'tab' })
    expect(scene.takeEdges()).toEqual([])
    scene.execute({ type: 'disconnect', staffId: 'ana', sessionId: 'phone' })
    expect(scene.takeEdges()).toEqual(['stop r1: ana (unavailable)'])
  })

  it('[T5] makes no event of a reload within the grace', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    scene.takeEdges()
    scene.execute({ type: 'disconnect', staffId: 'ana', sessionId: 'tab' })
    scene.pass(5_000)
    scene.execute({ type: 'connect', staffId: 'ana', sessionId: 'tab-2' })
    scene.pass(600_000)
    expect(scene.takeEdges()).toEqual([])
  })

  it('[T6] never loses a chat to a lost connection, but for reclaimAfterMs', () => {
    const scene = new DeskFixture({ presenceGraceMs: 0, reclaimAfterMs: null }).present('ana')
    scene.open('r1')
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    scene.execute({ type: 'disconnect', staffId: 'ana', sessionId: 'tab' })
    scene.pass(86_400_000)
    expect(staffView(scene.state, 'ana')?.load).toBe(1)
  })
})

describe('chats', () => {
  it('[K1] frees the slot at the end of a chat, or after the wrap-up when there is one', () => {
    const scene = new DeskFixture({ wrapUpMs: 30_000 }).present({ id: 'ana', capacity: 1 })
    scene.open('r1')
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    scene.open('r2')
    scene.execute({ type: 'end', requestId: 'r1' })
    scene.takeEdges()
    scene.pass(30_000)
    expect(scene.takeEdges()).toEqual(['ring r2: ana'])
  })

  it('[K2] puts a released request back on its route, its mutes lifted', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    scene.open('r1')
    scene.execute({ type: 'mute', requestId: 'r1', staffId: 'bo' })
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    scene.takeEdges()
    scene.execute({ type: 'release', requestId: 'r1', by: 'ana', exclude: false })
    expect(scene.takeEdges()).toEqual(['ring r1: ana bo'])
  })

  it('[K3] leaves out who released with exclude, as if declined', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    scene.open('r1')
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    scene.takeEdges()
    scene.execute({ type: 'release', requestId: 'r1', by: 'ana', exclude: true })
    expect(scene.takeEdges()).toEqual(['ring r1: bo'])
  })

  it.each([
    ['bo', 'ring r1: ana cy'],
    ['the supervisor', 'ring r1: bo cy'],
  ])('[K3] leaves out %s, or who had it where that is no staff member', (by, edge) => {
    const scene = new DeskFixture().present('ana', 'bo', 'cy')
    scene.open('r1')
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    scene.takeEdges()
    scene.execute({ type: 'release', requestId: 'r1', by, exclude: true })
    expect(scene.takeEdges()).toEqual([edge])
  })

  const route = (to: object | 'everyone') => ({
    steps: [
      {
        to: to as never,
        afterMs: 0,
        mode: 'widen' as const,
        skipWhen: 'nobody-present' as const,
        ring: 'all' as const,
        tone: null,
      },
    ],
    whenExhausted: 'everyone' as const,
  })

  it('[E7] counts maxWaitMs anew when a chat is given back, however long it was', () => {
    const scene = new DeskFixture({ maxWaitMs: 30_000 }).present('ana', 'bo')
    scene.open('r1')
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    scene.pass(3_600_000)
    scene.takeEdges()
    scene.execute({ type: 'transfer', requestId: 'r1', by: 'ana', route: route({ staff: 'bo' }) })
    expect(scene.takeEdges()).toEqual(['ring r1: bo'])
    scene.pass(29_999)
    expect(scene.takeEdges()).toEqual([])
    scene.pass(1)
    expect(scene.takeEdges()).toEqual(['stop r1: bo (expired)'])
  })

  it('[K4] rings the new route on a transfer and gives the chat back when nobody takes it in transferMs', () => {
    const scene = new DeskFixture().present('ana', { id: 'bo', teams: ['billing'] })
    scene.open('r1')
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    scene.takeEdges()
    scene.execute({ type: 'transfer', requestId: 'r1', by: 'ana', route: route({ team: 'billing' }) })
    expect(scene.takeEdges()).toEqual(['ring r1: bo'])
    scene.pass(60_000)
    expect(scene.takeEdges()).toEqual(['stop r1: bo (transferred by ana)'])
    expect(scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })).toMatchObject({
      assignmentId: 'r1/2',
      already: true,
    })
  })

  it('[K5] rings everyone when a transfer comes back and its giver has gone', () => {
    const scene = new DeskFixture({ presenceGraceMs: 0 }).present('ana', { id: 'bo', teams: ['billing'] }, 'cy')
    scene.open('r1')
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    scene.execute({ type: 'transfer', requestId: 'r1', by: 'ana', route: route({ team: 'billing' }) })
    scene.execute({ type: 'disconnect', staffId: 'ana', sessionId: 'tab' })
    scene.takeEdges()
    scene.pass(60_000)
    expect(scene.takeEdges()).toEqual(['ring r1: cy'])
  })

  it('[K6] lets a supervisor assign beyond the capacity, also what somebody else has', () => {
    const scene = new DeskFixture().present({ id: 'ana', capacity: 1 }, 'bo')
    scene.open('r1')
    scene.open('r2')
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    scene.execute({ type: 'accept', requestId: 'r2', staffId: 'bo' })
    expect(scene.execute({ type: 'assign', requestId: 'r2', staffId: 'ana', by: 'sue' })).toMatchObject({
      ok: true,
      assignmentId: 'r2/2',
    })
    expect([staffView(scene.state, 'ana')?.load, staffView(scene.state, 'bo')?.load]).toEqual([2, 0])
  })

  it('[K7] rings the chats of a removed staff member again, for the others', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    scene.open('r1')
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    scene.takeEdges()
    scene.execute({ type: 'removeStaff', staffId: 'ana' })
    expect(scene.takeEdges()).toEqual(['ring r1: bo'])
  })

  it('[K9] refuses to end, release or transfer what nobody has', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    expect(scene.execute({ type: 'end', requestId: 'r1' })).toEqual({
      ok: false,
      code: 'not-assigned',
      requestId: 'r1',
    })
    expect(scene.execute({ type: 'end', requestId: 'r9' })).toMatchObject({ code: 'unknown-request' })
  })

  it('[K10] ends, releases, transfers and marks as replied only while the person named has the chat', () => {
    const scene = new DeskFixture({ firstReplyMs: 60_000 }).present('ana', 'bo')
    scene.open('r1')
    const asked = [
      { type: 'replied', requestId: 'r1' },
      { type: 'transfer', requestId: 'r1', by: 'ana', route: everyoneRoute },
      { type: 'release', requestId: 'r1', by: 'ana', exclude: false },
      { type: 'end', requestId: 'r1' },
    ] as const
    for (const command of asked) {
      expect(scene.execute({ ...command, staffId: 'ana' })).toMatchObject({ code: 'not-assigned' })
      scene.execute({ type: 'assign', requestId: 'r1', staffId: 'bo', by: 'test' })
      const eventCount = scene.events.length
      expect(scene.execute({ ...command, staffId: 'ana' })).toEqual({
        ok: false,
        code: 'taken',
        requestId: 'r1',
        by: 'bo',
      })
      expect(scene.events).toHaveLength(eventCount)
      scene.execute({ type: 'assign', requestId: 'r1', staffId: 'ana', by: 'test' })
      expect(scene.execute({ ...command, staffId: 'ana' })).toMatchObject({ ok: true })
      if (command.type === 'replied') scene.execute({ type: 'release', requestId: 'r1', by: 'ana', exclude: false })
    }
    expect(scene.events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['request.replied', 'request.transferred', 'request.released', 'request.closed']),
    )
  })
})

describe('replay', () => {
  it('[Z1] gives the same state from the events, and from a snapshot plus the rest', () => {
    const scene = new DeskFixture({ wrapUpMs: 5_000 }).present('ana', 'bo', { id: 'cy', capacity: 1 })
    const { state: live } = scene
    const half = () => JSON.stringify(toStateSnapshot(live))
    scene.open('r1', { to: 'everyone', ring: { order: 'round-robin' } })
    scene.open('r2')
    scene.execute({ type: 'mute', requestId: 'r2', staffId: 'ana' })
    const saved = half()
    const eventCount = scene.events.length
    scene.pass(25_000)
    scene.execute({ type: 'accept', requestId: 'r2', staffId: 'cy' })
    scene.execute({ type: 'end', requestId: 'r2' })
    const resumed = restoreState(JSON.parse(saved))
    for (const event of scene.events.slice(eventCount)) evolve(resumed, event)
    expect(JSON.stringify(toStateSnapshot(resumed))).toBe(half())
    expect(ringingRequestIds(resumed, 'bo')).toEqual(ringingRequestIds(live, 'bo'))
  })

  it('[Z2] fires a deadline that passed while the process was down once on opening', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    scene.execute({ type: 'snooze', requestId: 'r1', staffId: 'ana', forMs: 1000 })
    const resumed = restoreState(JSON.parse(JSON.stringify(toStateSnapshot(scene.state))))
    const tick = { type: 'tick', at: scene.at + 50_000, times: [] } as const
    const { events } = decide(resumed, tick)
    expect(events.map(({ type }) => type)).toEqual(['snooze.ended'])
    for (const event of events) evolve(resumed, event)
    expect(decide(resumed, tick).events).toEqual([])
  })
})
