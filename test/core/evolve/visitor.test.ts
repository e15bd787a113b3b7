import { describe, expect, it } from 'vitest'
import { requestView, visitorViews } from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

const arrive = (visitorId: string, facts = {}) => ({ type: 'visitorArrived', visitorId, facts }) as const
const leave = (visitorId: string) => ({ type: 'visitorLeft', visitorId }) as const

describe('visitors', () => {
  it('are listed while they are here, the latest arrival first', () => {
    const scene = new DeskFixture()
    scene.execute(arrive('v1', { page: '/a' }))
    scene.at += 10
    scene.execute(arrive('v2'))
    expect(visitorViews(scene.state).visitors).toEqual([
      { visitorId: 'v2', facts: {}, arrivedAt: 1_000_010 },
      { visitorId: 'v1', facts: { page: '/a' }, arrivedAt: 1_000_000 },
    ])
    scene.execute(leave('v1'))
    expect(visitorViews(scene.state).visitors.map(({ visitorId }) => visitorId)).toEqual(['v2'])
  })

  it('are news when they are new, there again, or bring other facts, and not otherwise', () => {
    const scene = new DeskFixture()
    const news = (...asked: Parameters<DeskFixture['execute']>) => {
      const before = scene.count('visitor.arrived') + scene.count('visitor.left')
      scene.execute(...asked)
      return scene.count('visitor.arrived') + scene.count('visitor.left') - before
    }
    expect(news(arrive('v1', { page: '/a' }))).toBe(1)
    expect(news(arrive('v1', { page: '/a' }))).toBe(0)
    expect(news(arrive('v1', { page: '/b' }))).toBe(1)
    expect(news(leave('v1'))).toBe(1)
    expect(news(leave('v1'))).toBe(0)
    expect(news(leave('v9'))).toBe(0)
    expect(news(arrive('v1', { page: '/b' }))).toBe(1)
  })

  it('keep the time of their arrival while they stay, and get a new one when they come again', () => {
    const scene = new DeskFixture()
    const arrivedAt = () => visitorViews(scene.state).visitors[0]?.arrivedAt
    scene.execute(arrive('v1'))
    scene.at += 5_000
    scene.execute(arrive('v1', { page: '/b' }))
    expect(arrivedAt()).toBe(1_000_000)
    scene.execute(leave('v1'))
    scene.at += 5_000
    scene.execute(arrive('v1'))
    expect(arrivedAt()).toBe(1_010_000)
  })

  it('are announced to those who are present and available, and again when the notice has lapsed', () => {
    const scene = new DeskFixture({ visitorAlertTtlMs: 60_000 }).present('ana', 'bo').absent('cy')
    scene.execute({ type: 'setAvailability', staffId: 'bo', availability: 'away' })
    scene.execute(arrive('v1'))
    expect(scene.takeEdges()).toEqual(['visitor v1: ana'])
    scene.at += 59_999
    scene.execute(arrive('v1', { page: '/b' }))
    expect(scene.takeEdges()).toEqual([])
    scene.at += 1
    scene.execute(arrive('v1', { page: '/b' }))
    expect(scene.takeEdges()).toEqual(['visitor v1: ana'])
  })

  it('are announced to nobody more than the limit of a minute allows', () => {
    const scene = new DeskFixture({ visitorAlertsPerMinuteMax: 2 }).present('ana')
    scene.at = 1_020_000
    for (const visitorId of ['v1', 'v2', 'v3']) scene.execute(arrive(visitorId))
    expect(scene.takeEdges()).toEqual(['visitor v1: ana', 'visitor v2: ana'])
    scene.at += 59_999
    scene.execute(arrive('v4'))
    expect(scene.takeEdges()).toEqual([])
    scene.at += 1
    scene.execute(arrive('v5'))
    scene.execute(arrive('v6'))
    scene.execute(arrive('v7'))
    expect(scene.takeEdges()).toEqual(['visitor v5: ana', 'visitor v6: ana'])
  })

  it('are forgotten after their notice has lapsed, and kept when they come back before', () => {
    const scene = new DeskFixture({ visitorAlertTtlMs: 60_000 })
    scene.execute(arrive('v1'))
    scene.execute(leave('v1'))
    scene.pass(59_999)
    scene.execute(arrive('v1'))
    scene.pass(120_000)
    expect(scene.count('visitor.forgotten')).toBe(0)
    scene.execute(leave('v1'))
    scene.pass(60_000)
    expect(scene.events.at(-1)).toEqual({ type: 'visitor.forgotten', visitorId: 'v1', at: scene.at })
    expect(scene.state.visitors.size).toBe(0)
  })

  it('are forgotten each in their time, other visitors arriving meanwhile or not', () => {
    const scene = new DeskFixture({ visitorAlertTtlMs: 60_000 })
    for (const visitorId of ['v1', 'v2', 'v3', 'v4']) {
      scene.execute(arrive(visitorId))
      scene.execute(leave(visitorId))
      scene.at += 1
    }
    for (const visitorId of ['w1', 'w2', 'w3']) scene.execute(arrive(visitorId))
    scene.pass(60_000)
    expect(visitorViews(scene.state).visitors.map(({ visitorId }) => visitorId)).toEqual(['w1', 'w2', 'w3'])
    expect(scene.state.visitors.size).toBe(3)
  })

  it('leave an open request to ring no more, and take it up again where it was when they come back', () => {
    const scene = new DeskFixture().present('ana')
    scene.execute(arrive('v-r1'))
    scene.open('r1')
    scene.takeEdges()
    scene.execute(leave('v-r1'))
    expect(scene.events.at(-1)).toMatchObject({ type: 'visitor.left', abandonAt: scene.at + 60_000 })
    expect(scene.takeEdges()).toEqual(['stop r1: ana (visitor-away)'])
    scene.pass(59_999)
    scene.execute(arrive('v-r1'))
    expect(scene.takeEdges()).toEqual(['ring r1: ana'])
    scene.pass(3_600_000)
    expect(requestView(scene.state, 'r1')?.phase).toBe('ringing')
  })

  it('who left and ask again are here again, with the facts they had', () => {
    const scene = new DeskFixture().present('ana')
    scene.execute(arrive('v-r1', { page: '/a' }))
    scene.open('r1')
    scene.execute(leave('v-r1'))
    scene.takeEdges()
    expect(scene.open('r2', undefined, {})).toMatchObject({ ok: true, requestId: 'r2', duplicate: false })
    const again = scene.execute({ ...asking('r9', 'v-r1'), routingResult: verdictOf(scene, 'r1') })
    expect(again).toEqual({ ok: true, requestId: 'r1', duplicate: true })
    expect(scene.events.at(-1)).toEqual({
      type: 'visitor.arrived',
      visitorId: 'v-r1',
      facts: { page: '/a' },
      alerted: [],
      at: scene.at,
    })
    expect(scene.takeEdges()).toContain('ring r1: ana')
    const before = scene.events.length
    expect(scene.execute({ ...asking('r9', 'v-r1'), routingResult: verdictOf(scene, 'r1') })).toMatchObject({
      duplicate: true,
    })
    expect(scene.events.length).toBe(before)
  })

  it('who left and open another request are back for the first one too', () => {
    const scene = new DeskFixture({ requestsPerVisitorMax: 2 }).present('ana')
    scene.open('r1')
    scene.execute(leave('v-r1'))
    scene.takeEdges()
    scene.execute({ ...asking('r2', 'v-r1'), routingResult: verdictOf(scene, 'r1') })
    expect(scene.takeEdges()).toEqual(['ring r1: ana', 'ring r2: ana'])
  })

  it('who never arrived can leave and ask again all the same', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    scene.takeEdges()
    scene.execute(leave('v-r1'))
    expect(scene.takeEdges()).toEqual(['stop r1: ana (visitor-away)'])
    scene.execute({ ...asking('r9', 'v-r1'), routingResult: verdictOf(scene, 'r1') })
    expect(scene.events.at(-1)).toMatchObject({ type: 'visitor.arrived', facts: {}, alerted: [] })
    expect(scene.takeEdges()).toEqual(['ring r1: ana'])
  })

  it('leave nothing to be given up when somebody talks with them', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    scene.execute(leave('v-r1'))
    expect(scene.events.at(-1)).toMatchObject({ type: 'visitor.left', abandonAt: null })
    scene.pass(3_600_000)
    expect(requestView(scene.state, 'r1')?.phase).toBe('assigned')
    const before = scene.events.length
    scene.execute(leave('v-r1'))
    expect(scene.events.length).toBe(before)
  })

  it('with one chat and one open request leave both, and are back for both when they ask for the open one', () => {
    const scene = new DeskFixture({ requestsPerVisitorMax: 2 }).present('ana', 'bo')
    const ask = (requestId: string) =>
      scene.execute({ ...asking(requestId, 'v-r1'), routingResult: verdictOf(scene, 'r1') })
    scene.open('r1')
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    expect(ask('r2')).toMatchObject({ requestId: 'r2', duplicate: false })
    scene.execute(leave('v-r1'))
    expect(scene.events.at(-1)).toMatchObject({ type: 'visitor.left', abandonAt: scene.at + 60_000 })
    scene.pass(60_000)
    expect(scene.events.at(-1)).toMatchObject({ type: 'request.closed', requestId: 'r2', outcome: 'abandoned' })
    ask('r3')
    scene.takeEdges()
    scene.execute({ type: 'release', requestId: 'r1', by: 'ana', exclude: false })
    expect(scene.takeEdges()).toEqual(['ring r1: ana bo'])
  })

  it('leave all that is theirs: no chat of theirs that is given back rings while they are away', () => {
    const scene = new DeskFixture({ requestsPerVisitorMax: 2 }).present('ana')
    const ask = (requestId: string) =>
      scene.execute({ ...asking(requestId, 'v-r1'), routingResult: verdictOf(scene, 'r1') })
    const accept = (requestId: string) => scene.execute({ type: 'accept', requestId, staffId: 'ana' })
    scene.open('r1')
    accept('r1')
    ask('r2')
    accept('r2')
    ask('r3')
    scene.execute({ type: 'cancel', requestId: 'r3', reason: null })
    scene.execute(leave('v-r1'))
    scene.takeEdges()
    for (const requestId of ['r1', 'r2']) scene.execute({ type: 'release', requestId, by: 'ana', exclude: false })
    expect(scene.takeEdges()).toEqual([])
    scene.execute(arrive('v-r1'))
    expect(scene.takeEdges()).toEqual(['visitor v-r1: ana', 'ring r1: ana', 'ring r2: ana'])
  })

  it('with an open request are no news when they come with what is known', () => {
    const scene = new DeskFixture()
    scene.execute(arrive('v-r1', { page: '/a' }))
    scene.open('r1')
    const before = scene.events.length
    scene.execute(arrive('v-r1', { page: '/a' }))
    expect(scene.events.length).toBe(before)
  })

  it('have left for so long when their chat is given back: it waits without a ring, and is given up in its time', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    scene.execute(leave('v-r1'))
    scene.takeEdges()
    scene.pass(10_000)
    scene.execute({ type: 'release', requestId: 'r1', by: 'ana', exclude: false })
    expect(scene.takeEdges()).toEqual([])
    scene.pass(59_999)
    expect(requestView(scene.state, 'r1')?.phase).toBe('waiting')
    scene.pass(1)
    expect(scene.events.at(-1)).toMatchObject({ type: 'request.closed', outcome: 'abandoned' })
  })
})

function asking(requestId: string, visitorId: string) {
  return { type: 'requestChat', requestId, visitorId, facts: {}, weight: null } as const
}

function verdictOf(scene: DeskFixture, requestId: string) {
  const request = scene.state.requests.get(requestId)
  if (request === undefined) throw new Error(`no request ${requestId}`)
  return request.routingResult
}
