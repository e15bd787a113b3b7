import { describe, expect, it } from 'vitest'
import { completeRoute, requestView, restoreState, toStateSnapshot, visitorViews } from '../../../src/core'
import { DeskFixture, type UntimedCommand } from '../desk-fixture'

const visitorId = 'v-r1'
const arrive = (sessionId?: string): UntimedCommand => ({ type: 'visitorArrived', visitorId, sessionId, facts: {} })
const leave = (sessionId?: string): UntimedCommand => ({ type: 'visitorLeft', visitorId, sessionId })
const beat = (sessionId: string): UntimedCommand => ({ type: 'visitorHeartbeat', visitorId, sessionId })

const askAgain: UntimedCommand = {
  type: 'requestChat',
  requestId: 'r2',
  visitorId,
  facts: {},
  weight: null,
  routingResult: { workflow: null, route: completeRoute({ to: 'everyone' }), priority: 0, tags: [] },
}

/** A visitor with these sessions who waits in `r1`, which rings for `ana`. */
function waiting(...sessionIds: (string | undefined)[]): DeskFixture {
  const desk = new DeskFixture().present('ana')
  for (const sessionId of sessionIds) desk.execute(arrive(sessionId))
  desk.open('r1')
  desk.takeEdges()
  return desk
}

describe('a visitor with sessions', () => {
  it('[E8] is here until the last tab has gone, and the request rings on meanwhile', () => {
    const desk = waiting('tab', 'phone')
    desk.execute(leave('tab'))
    expect(desk.takeEdges()).toEqual([])
    desk.execute(leave('unknown'))
    desk.execute(leave())
    expect(desk.takeEdges()).toEqual([])
    desk.execute(leave('phone'))
    expect(desk.takeEdges()).toEqual(['stop r1: ana (visitor-away)'])
    expect(desk.events.slice(-2)).toMatchObject([
      { type: 'visitorSession.ended', sessionId: 'phone', cause: 'disconnected' },
      { type: 'visitor.left', abandonAt: desk.at + 60_000 },
    ])
  })

  it('[E8] is no news with a second tab, and is news when coming back', () => {
    const desk = waiting('tab')
    desk.execute(arrive('phone'))
    expect(desk.count('visitor.arrived')).toBe(1)
    desk.execute(leave('tab'))
    desk.execute(leave('phone'))
    desk.execute(arrive('tab'))
    expect(desk.count('visitor.arrived')).toBe(2)
    expect(desk.takeEdges()).toEqual(['stop r1: ana (visitor-away)', 'ring r1: ana'])
  })

  it('[E9] has left when a lease runs out, and is abandoned after the grace: nobody who comes later is rung', () => {
    const desk = waiting('tab')
    desk.pass(59_999)
    expect(desk.takeEdges()).toEqual([])
    desk.pass(1)
    expect(desk.takeEdges()).toEqual(['stop r1: ana (visitor-away)'])
    expect(desk.events.at(-2)).toMatchObject({ type: 'visitorSession.ended', cause: 'lease-expired' })
    desk.pass(60_000)
    expect(desk.events.at(-1)).toMatchObject({ type: 'request.closed', outcome: 'abandoned' })
    desk.pass(180_000)
    desk.present('bo')
    expect(desk.takeEdges()).toEqual([])
  })

  it('[E9] stays for as long as one of two tabs sends heartbeats', () => {
    const desk = waiting('tab', 'phone')
    for (let beats = 0; beats < 20; beats += 1) {
      desk.pass(30_000)
      desk.execute(beat('phone'))
    }
    expect(desk.count('visitorSession.ended')).toBe(1)
    expect(requestView(desk.state, 'r1')?.phase).toBe('ringing')
  })

  it('[E9] renews a lease once a third of it is used up', () => {
    const desk = waiting('tab')
    desk.at += 19_999
    desk.execute(beat('tab'))
    expect(desk.count('visitorSession.renewed')).toBe(0)
    desk.at += 1
    desk.execute(beat('tab'))
    expect(desk.events.at(-1)).toMatchObject({ type: 'visitorSession.renewed', leaseUntilAt: desk.at + 60_000 })
  })

  it('[E9] follows the policy at once: leases off, on, shorter and longer', () => {
    const desk = waiting('tab')
    const lease = (visitorLeaseMs: number | null) =>
      desk.execute({
        type: 'setPolicy',
        policy: { ...desk.state.policy, visitorLeaseMs, unattendedAfterMs: 9_000_000 },
      })
    lease(null)
    desk.pass(3_600_000)
    lease(60_000)
    desk.pass(20_000)
    lease(90_000)
    desk.pass(69_999)
    expect(requestView(desk.state, 'r1')?.phase).toBe('ringing')
    lease(30_000)
    desk.pass(0)
    expect(requestView(desk.state, 'r1')?.phase).toBe('waiting')
  })

  it('[E10] is counted by the host without a session, beside those that have one, and has no lease then', () => {
    const desk = waiting(undefined)
    desk.pass(3_600_000)
    expect(requestView(desk.state, 'r1')?.phase).toBe('ringing')
    desk.execute(arrive('tab'))
    desk.execute(leave('tab'))
    expect(requestView(desk.state, 'r1')?.phase).toBe('ringing')
    desk.execute(leave())
    expect(requestView(desk.state, 'r1')?.phase).toBe('waiting')
    expect(desk.count('visitorSession.ended')).toBe(2)
  })

  it('[E11] who asks without having arrived is here, until a first session has come and gone', () => {
    const desk = waiting()
    desk.pass(3_600_000)
    expect(requestView(desk.state, 'r1')?.phase).toBe('ringing')
    desk.execute(arrive('tab'))
    desk.execute(leave('tab'))
    expect(requestView(desk.state, 'r1')?.phase).toBe('waiting')
  })

  it('[E11] who asks without having arrived has left when the host says so, whatever the session', () => {
    for (const sessionId of [undefined, 'tab']) {
      const desk = waiting()
      desk.execute(leave(sessionId))
      expect(desk.takeEdges()).toEqual(['stop r1: ana (visitor-away)'])
    }
  })

  it('[E14] who has left and asks again has a lease by that, with a new request as with the one that waits', () => {
    for (const age of [60_000, 120_000]) {
      const desk = waiting('tab')
      desk.pass(age)
      expect(desk.execute(askAgain)).toMatchObject({ ok: true, duplicate: age === 60_000 })
      expect(desk.events.at(-1)).toMatchObject({
        type: 'visitorSession.started',
        sessionId: 'tab',
        leaseUntilAt: desk.at + 60_000,
      })
      desk.pass(59_999)
      expect(desk.state.requests.size).toBe(1)
      expect(desk.takeEdges().at(-1)).toMatch(/^ring/)
      desk.pass(1)
      expect(desk.takeEdges()).toMatchObject([expect.stringMatching(/^stop r\d: ana \(visitor-away\)$/)])
      desk.pass(60_000)
      expect(desk.state.requests.size).toBe(0)
    }
  })

  it('[E14] whose session has ended by a goodbye or with its node has a lease by asking again', () => {
    for (const isNodeGone of [false, true]) {
      const desk = waiting('tab')
      desk.execute({ type: 'visitorLeft', visitorId, sessionId: 'tab', isNodeGone })
      desk.execute(askAgain)
      expect(requestView(desk.state, 'r1')?.phase).toBe('ringing')
      desk.pass(60_000)
      expect(requestView(desk.state, 'r1')?.phase).toBe('waiting')
    }
  })

  it('[E14] who asks again stays by the heartbeats of the page, and leaves with its goodbye', () => {
    const desk = waiting('tab')
    desk.execute(leave('tab'))
    desk.execute(askAgain)
    for (let beats = 0; beats < 10; beats += 1) desk.pass(30_000).execute(beat('tab'))
    expect(requestView(desk.state, 'r1')?.phase).toBe('ringing')
    desk.execute(leave('tab'))
    expect(requestView(desk.state, 'r1')?.phase).toBe('waiting')
  })

  it('[E14] whom the desk knows from a snapshot has a lease by asking again', () => {
    const desk = waiting('tab')
    desk.execute(leave('tab'))
    const saved = JSON.parse(JSON.stringify(toStateSnapshot(desk.state)))
    expect(toStateSnapshot(restoreState(saved))).toEqual(saved)
    expect(restoreState(saved).visitors.get(visitorId)?.lastSessionId).toBe('tab')
  })

  it('[E11] who has been counted by the host only, or has no lease, is here by asking again', () => {
    for (const [sessionId, visitorLeaseMs] of [
      [undefined, 60_000],
      ['tab', null],
    ] as const) {
      const desk = new DeskFixture({ visitorLeaseMs }).present('ana')
      desk.execute(arrive(sessionId))
      desk.open('r1')
      desk.execute(leave(sessionId))
      desk.execute(askAgain)
      desk.pass(3_600_000)
      expect(requestView(desk.state, 'r1')?.phase).toBe('ringing')
      desk.execute(leave())
      expect(requestView(desk.state, 'r1')?.phase).toBe('waiting')
    }
  })

  it('[E12] comes back by a heartbeat after the lease had run out, with the facts of before', () => {
    const desk = waiting('tab')
    desk.execute({ type: 'visitorArrived', visitorId, sessionId: 'tab', facts: { page: '/shop' } })
    desk.pass(60_000)
    desk.takeEdges()
    desk.execute(beat('tab'))
    expect(desk.takeEdges()).toEqual(['ring r1: ana'])
    expect(visitorViews(desk.state).visitors).toMatchObject([{ visitorId, facts: { page: '/shop' } }])
  })

  it('[E12] whom the desk does not know arrives by a heartbeat, within the limit', () => {
    const desk = new DeskFixture({ visitorsMax: 1 }).present('ana')
    expect(desk.execute(beat('tab'))).toMatchObject({ ok: true })
    expect(desk.takeEdges()).toEqual(['visitor v-r1: ana'])
    expect(desk.execute({ ...beat('tab'), visitorId: 'v2' } as UntimedCommand)).toMatchObject({
      code: 'limit-exceeded',
    })
  })

  it('[E13] has visitorLeaseMs to come back after a restart, whatever was overdue', () => {
    const desk = waiting('tab')
    desk.open('r2')
    desk.execute({ type: 'visitorLeft', visitorId: 'v-r2' })
    desk.at += 600_000
    desk.execute({ type: 'resume' })
    expect(desk.count('request.closed') + desk.count('visitorSession.ended')).toBe(0)
    desk.pass(59_999)
    expect(desk.count('request.closed') + desk.count('visitorSession.ended')).toBe(0)
    desk.execute({ type: 'visitorArrived', visitorId: 'v-r2', facts: {} })
    desk.pass(1)
    expect(desk.events.at(-1)).toMatchObject({ type: 'visitor.left', visitorId, abandonAt: desk.at + 60_000 })
    expect(requestView(desk.state, 'r2')?.phase).toBe('ringing')
    desk.pass(60_000)
    expect(desk.count('request.closed')).toBe(1)
  })

  it('[E13] makes no event of a restart without visitors', () => {
    const desk = new DeskFixture().present('ana')
    desk.open('r1')
    desk.execute({ type: 'resume' })
    expect(desk.count('desk.resumed')).toBe(0)
  })

  it('[E8] keeps sessions and the restart in a snapshot', () => {
    const desk = waiting('tab', undefined)
    desk.execute({ type: 'resume' })
    const saved = JSON.parse(JSON.stringify(toStateSnapshot(desk.state)))
    expect(saved.visitors).toMatchObject([
      {
        sessions: [
          ['tab', desk.at + 60_000],
          ['', null],
        ],
      },
    ])
    expect(toStateSnapshot(restoreState(saved))).toEqual(saved)
  })
})
