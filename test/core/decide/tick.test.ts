import { describe, expect, it } from 'vitest'
import {
  completeRoute,
  type DomainEvent,
  decide,
  dueShifts,
  nextDueAt,
  type RouteInput,
  type Shift,
} from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

const servers = (id: string, more: object = {}) => ({ id, teams: ['servers'], ...more })
const last = (scene: DeskFixture, wanted: DomainEvent['type']) => scene.events.findLast(({ type }) => type === wanted)
const oneByOne: RouteInput = {
  steps: [{ to: 'everyone', ring: { concurrentOffers: 1, order: 'listed', offerTimeoutMs: 10_000 } }],
}

describe('what follows when a deadline has come', () => {
  it('[S1] names why the next step begins', () => {
    const route: RouteInput = { steps: [{ to: { team: 'servers' } }, { to: 'everyone', afterMs: 60_000 }] }
    const cause = (prepare: (scene: DeskFixture) => void, policy = {}) => {
      const scene = new DeskFixture(policy).present(servers('ana'), 'bo')
      scene.open('r1', route)
      prepare(scene)
      return last(scene, 'step.started')
    }
    expect(cause((scene) => scene.pass(60_000))).toMatchObject({ cause: 'time', step: 1 })
    expect(
      cause((scene) => scene.execute({ type: 'disconnect', staffId: 'ana', sessionId: 'tab' }), { presenceGraceMs: 0 }),
    ).toMatchObject({ cause: 'nobody-present', step: 1 })
    const muted = (scene: DeskFixture) => {
      scene.execute({ type: 'mute', requestId: 'r1', staffId: 'ana' })
      scene.pass(30_000)
    }
    expect(cause(muted, { remindAfterMs: 30_000 })).toMatchObject({ cause: 'reminder', step: 1 })
  })

  it('[T1] ends sessions one by one as each lease runs out, and the person with the last', () => {
    const scene = new DeskFixture({ sessionLeaseMs: 90_000, presenceGraceMs: 10_000 }).absent('ana')
    scene.execute({ type: 'connect', staffId: 'ana', sessionId: 'tab' })
    scene.at += 40_000
    scene.execute({ type: 'connect', staffId: 'ana', sessionId: 'phone' })
    scene.pass(50_000)
    expect(last(scene, 'session.ended')).toEqual({
      type: 'session.ended',
      staffId: 'ana',
      sessionId: 'tab',
      cause: 'lease-expired',
      graceUntilAt: null,
      at: scene.at,
    })
    scene.pass(40_000)
    expect(last(scene, 'session.ended')).toMatchObject({ sessionId: 'phone', graceUntilAt: scene.at + 10_000 })
    expect(scene.count('presence.ended')).toBe(0)
    scene.pass(10_000)
    expect(last(scene, 'presence.ended')).toEqual({ type: 'presence.ended', staffId: 'ana', at: scene.at })
  })

  it('[T3] renews a lease when a third of it is used up, and says nothing before', () => {
    const scene = new DeskFixture({ sessionLeaseMs: 90_000 }).present('ana')
    const beat = (afterMs: number) => {
      scene.at = 1_000_000 + afterMs
      scene.execute({ type: 'heartbeat', staffId: 'ana', sessionId: 'tab' })
      return scene.count('session.renewed')
    }
    expect(beat(29_999)).toBe(0)
    expect(beat(30_000)).toBe(1)
    expect(last(scene, 'session.renewed')).toMatchObject({ leaseUntilAt: 1_120_000 })
    expect(beat(59_999)).toBe(1)
    const endless = new DeskFixture().present('ana')
    endless.at += 3_600_000
    endless.execute({ type: 'heartbeat', staffId: 'ana', sessionId: 'tab' })
    expect(endless.count('session.renewed')).toBe(0)
  })

  it('[T7] gives sessions a lease when the policy begins to, or another one, and takes it when it ends', () => {
    const scene = new DeskFixture({ sessionLeaseMs: null }).present('ana')
    const endsAt = (sessionLeaseMs: number | null) => {
      scene.execute({ type: 'setPolicy', policy: { ...scene.state.policy, sessionLeaseMs } })
      scene.execute({ type: 'heartbeat', staffId: 'ana', sessionId: 'tab' })
      return nextDueAt(scene.state)
    }
    expect(endsAt(90_000)).toBe(1_090_000)
    expect(endsAt(30_000)).toBe(1_030_000)
    expect(endsAt(null)).toBeNull()
  })

  it('[T4] gives no grace while another session lives, and none where the policy has none', () => {
    const scene = new DeskFixture({ presenceGraceMs: 10_000 }).present('ana')
    scene.execute({ type: 'connect', staffId: 'ana', sessionId: 'phone' })
    const hangUp = (sessionId: string) => {
      scene.execute({ type: 'disconnect', staffId: 'ana', sessionId })
      return last(scene, 'session.ended')
    }
    expect(hangUp('phone')).toMatchObject({ cause: 'disconnected', graceUntilAt: null })
    expect(hangUp('tab')).toMatchObject({ cause: 'disconnected', graceUntilAt: scene.at + 10_000 })
    const hard = new DeskFixture({ presenceGraceMs: 0 }).present('ana')
    hard.execute({ type: 'disconnect', staffId: 'ana', sessionId: 'tab' })
    expect(last(hard, 'session.ended')).toMatchObject({ graceUntilAt: null })
  })

  it('[O11] counts the missed offers that it reports, and sets the staff member away once if the policy says so', () => {
    const scene = new DeskFixture({ missedOffersMax: 2, awayAfterMissedOffers: true, retryDelayMs: 1_000 }).present(
      'ana',
    )
    scene.open('r1', oneByOne)
    scene.pass(21_000)
    expect(last(scene, 'staff.notResponding')).toMatchObject({ staffId: 'ana', missedOffers: 2 })
    expect(last(scene, 'availability.changed')).toMatchObject({ staffId: 'ana', availability: 'away' })
    expect(scene.count('availability.changed')).toBe(1)
    const patient = new DeskFixture({ missedOffersMax: 2, retryDelayMs: 1_000 }).present('ana')
    patient.open('r1', oneByOne)
    patient.pass(43_000)
    expect([patient.count('offer.expired'), patient.count('staff.notResponding')]).toEqual([4, 2])
    const busy = new DeskFixture({ missedOffersMax: 1, retryDelayMs: 1_000 }).present('ana')
    busy.open('r1', oneByOne)
    busy.pass(10_000)
    expect(last(busy, 'staff.notResponding')).toMatchObject({ missedOffers: 1 })
    expect(busy.count('availability.changed')).toBe(0)
  })

  it('warns of nobody between two passes, while somebody can still be asked', () => {
    const scene = new DeskFixture({ retryDelayMs: 5_000 }).present('ana')
    scene.open('r1', oneByOne)
    scene.pass(14_999)
    expect(
      scene.events.filter(({ type }) => /^(offerRound|request.unattended)/.test(type)).map(({ type }) => type),
    ).toEqual(['offerRound.ended'])
    scene.pass(1)
    expect(last(scene, 'offerRound.started')).toEqual({ type: 'offerRound.started', requestId: 'r1', at: scene.at })
    expect(last(scene, 'offer.made')).toMatchObject({ staffIds: ['ana'], at: scene.at })
  })

  it('reports all-muted also when another staff member has declined', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    scene.open('r1')
    scene.execute({ type: 'decline', requestId: 'r1', staffId: 'ana', reason: null })
    scene.execute({ type: 'mute', requestId: 'r1', staffId: 'bo' })
    expect(last(scene, 'request.unattended')).toMatchObject({ cause: 'all-muted', nextAt: scene.at + 60_000 })
    scene.execute({ type: 'decline', requestId: 'r1', staffId: 'bo', reason: null })
    expect(last(scene, 'request.unattended')).toMatchObject({ cause: 'nobody-reachable', nextAt: null })
  })

  it('says again that all have muted when it had rung for somebody in between', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    const mute = { type: 'mute', requestId: 'r1', staffId: 'ana' } as const
    scene.execute(mute)
    scene.pass(30_000)
    scene.execute({ type: 'unmute', requestId: 'r1', staffId: 'ana' })
    scene.execute(mute)
    expect(scene.count('request.unattended')).toBe(2)
    expect(last(scene, 'request.unattended')).toMatchObject({ cause: 'all-muted', nextAt: scene.at + 60_000 })
    scene.pass(59_999)
    expect(scene.count('request.reminded')).toBe(0)
    scene.pass(1)
    expect(scene.count('request.reminded')).toBe(1)
  })

  it('gives a transfer that nobody took back to its giver only where it has room, else to everyone', () => {
    const returned = (prepare: (scene: DeskFixture) => void) => {
      const scene = new DeskFixture().present(servers('ana', { capacity: 2 })).absent('bo')
      scene.open('r1')
      scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
      const route = completeRoute({ steps: [{ to: { staff: 'bo' } }], whenExhausted: 'hold' })
      scene.execute({ type: 'transfer', requestId: 'r1', by: 'ana', route })
      prepare(scene)
      scene.pass(60_000)
      return last(scene, 'transfer.returned')
    }
    const take = (scene: DeskFixture, ...ids: string[]) => {
      for (const requestId of ids) {
        scene.open(requestId, { to: { team: 'servers' } })
        scene.execute({ type: 'accept', requestId, staffId: 'ana' })
      }
    }
    const back = { to: { staffId: 'ana', assignmentId: 'r1/2' } }
    expect(returned(() => {})).toMatchObject(back)
    expect(returned((scene) => take(scene, 'r2'))).toMatchObject(back)
    expect(returned((scene) => take(scene, 'r2', 'r3'))).toMatchObject({ to: null })
    expect(returned((scene) => scene.execute({ type: 'removeStaff', staffId: 'ana' }))).toMatchObject({ to: null })
  })

  it('asks for the times of those shifts whose boundary has come, and of no other', () => {
    const shift = (id: string): Shift => ({ id, timeZone: 'UTC', weekly: [] })
    const scene = new DeskFixture()
    const times = [
      { shiftId: 'due', isOn: false, nextBoundaryAt: 2_000_000 },
      { shiftId: 'later', isOn: true, nextBoundaryAt: 3_000_000 },
      { shiftId: 'never', isOn: true, nextBoundaryAt: null },
    ]
    scene.execute({ type: 'setShifts', shifts: times.map(({ shiftId }) => shift(shiftId)), times })
    expect(nextDueAt(scene.state)).toBe(2_000_000)
    expect(dueShifts(scene.state, 1_999_999)).toEqual([])
    expect(dueShifts(scene.state, 2_000_000).map(({ id }) => id)).toEqual(['due'])
    const turned = [...times, { shiftId: 'unknown', isOn: true, nextBoundaryAt: null }]
    const { events } = decide(scene.state, { type: 'tick', at: 2_000_000, times: turned })
    expect(events).toEqual([{ type: 'shift.ended', at: 2_000_000, ...times[0] }])
  })

  it('gives the chats of a removed staff member back to the ring, oldest first, and ends the wrap-ups', () => {
    const scene = new DeskFixture({ wrapUpMs: 60_000 }).present('ana', 'bo', 'cy')
    for (const [requestId, staffId] of [
      ['r1', 'ana'],
      ['r2', 'ana'],
      ['r3', 'ana'],
      ['r4', 'bo'],
    ] as const) {
      scene.open(requestId)
      scene.at += 1
      scene.execute({ type: 'accept', requestId, staffId })
    }
    scene.execute({ type: 'end', requestId: 'r3' })
    scene.execute({ type: 'end', requestId: 'r4' })
    scene.takeEdges()
    scene.execute({ type: 'removeStaff', staffId: 'ana' })
    const released = scene.events.filter(({ type }) => type === 'request.released')
    expect(released).toMatchObject([
      { requestId: 'r1', staffId: 'ana', by: 'ana', cause: 'staff-removed', exclude: false },
      { requestId: 'r2', staffId: 'ana', by: 'ana', cause: 'staff-removed', exclude: false },
    ])
    expect(scene.takeEdges()).toEqual(['ring r1: bo cy', 'ring r2: bo cy'])
    scene.pass(60_000)
    const over = scene.events.filter(({ type }) => type === 'wrapUp.ended')
    expect(over).toMatchObject([{ requestId: 'r4', staffId: 'bo' }])
  })
})
