import { describe, expect, it } from 'vitest'
import {
  type DeskState,
  nextDueAt,
  restoreState,
  type StateSnapshot,
  staffView,
  toStateSnapshot,
} from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

/** A desk on which a bit of everything has happened. */
function busyScene(): DeskFixture {
  const scene = new DeskFixture({
    wrapUpMs: 30_000,
    offerTimeoutMs: 5_000,
    remindAfterMs: 60_000,
    requestsPerMinuteMax: 9,
  })
  scene.present({ id: 'ana', capacity: 9 }, { id: 'bo', capacity: 9 }, { id: 'cy', capacity: 9 })
  scene.execute({ type: 'visitorArrived', visitorId: 'v-looker', facts: { page: '/' } })
  scene.execute({ type: 'visitorArrived', visitorId: 'v-gone', facts: {} })
  scene.execute({ type: 'visitorLeft', visitorId: 'v-gone' })
  scene.open('turns', { to: 'everyone', ring: { order: 'round-robin' } })
  scene.pass(5_000)
  scene.open('served')
  scene.execute({ type: 'accept', requestId: 'served', staffId: 'ana' })
  scene.execute({ type: 'end', requestId: 'served' })
  scene.open('chat')
  scene.execute({ type: 'accept', requestId: 'chat', staffId: 'bo' })
  scene.open('quiet')
  scene.execute({ type: 'mute', requestId: 'quiet', staffId: 'ana' })
  scene.execute({ type: 'snooze', requestId: 'quiet', staffId: 'bo', forMs: 7_000 })
  scene.execute({ type: 'decline', requestId: 'quiet', staffId: 'cy', reason: null })
  return scene
}

/** As it comes back from a disk. */
function saved(state: DeskState): StateSnapshot {
  return JSON.parse(JSON.stringify(toStateSnapshot(state))) as StateSnapshot
}

describe('a snapshot', () => {
  it('holds visitors, wrap-ups, turns dealt, how requests ended, who served whom, and the minute', () => {
    const scene = busyScene()
    const snapshot = saved(scene.state)
    expect(snapshot.visitors.map(({ id, isPresent, leftAt }) => [id, isPresent, leftAt])).toEqual([
      ['v-looker', true, null],
      ['v-gone', false, 1_000_000],
    ])
    expect(snapshot.wrapUps).toEqual([
      {
        assignmentId: 'served/1',
        requestId: 'served',
        visitorId: 'v-served',
        staffId: 'ana',
        weight: 1,
        sinceAt: 1_005_000,
      },
    ])
    expect(snapshot.lastOfferNumbers).toEqual([
      [
        '* round-robin',
        [
          ['ana', 1],
          ['bo', 2],
        ],
      ],
    ])
    expect([snapshot.offerCount, snapshot.openedCount]).toEqual([2, 4])
    expect(snapshot.closed).toEqual([[], [['served', 'ended']]])
    expect(snapshot.lastStaff).toEqual([
      [],
      [
        ['v-served', 'ana'],
        ['v-chat', 'bo'],
      ],
    ])
    expect(snapshot.arrivals).toEqual({ minute: 16, count: 4 })
    expect(snapshot.staff.map(({ alerts }) => alerts)).toEqual(Array(3).fill({ minute: 16, count: 2 }))
  })

  it('holds who has silenced, declined, missed or is offered a request', () => {
    const { requests } = saved(busyScene().state)
    const details = new Map(requests.map(({ id, detail }) => [id, detail]))
    expect(details.get('quiet')).toMatchObject({
      mutes: [
        ['ana', { sinceAt: 1_005_000, untilAt: null }],
        ['bo', { sinceAt: 1_005_000, untilAt: 1_012_000 }],
      ],
      declines: ['cy'],
    })
    expect(details.get('turns')).toMatchObject({
      offers: [['bo', { sinceAt: 1_005_000, timeoutMs: null }]],
      missedThisRound: ['ana'],
      missed: [['ana', 1_005_000]],
    })
    expect(details.get('chat')).toBeNull()
    expect(requests.find(({ id }) => id === 'chat')?.assignment).toEqual({
      id: 'chat/1',
      assignmentNumber: 1,
      staffId: 'bo',
      at: 1_005_000,
      absentSinceAt: null,
      isAbsenceReported: false,
      firstReplySinceAt: 1_005_000,
      replySinceAt: null,
      silentSinceAt: null,
    })
  })

  it('gives back the same desk: the same snapshot again, the same load in hand, the same deadlines', () => {
    const scene = busyScene()
    const again = restoreState(saved(scene.state))
    expect(saved(again)).toEqual(saved(scene.state))
    for (const staffId of ['ana', 'bo', 'cy']) {
      expect(staffView(again, staffId)).toEqual(staffView(scene.state, staffId))
    }
    expect(staffView(again, 'ana')?.load).toBe(1)
    expect(staffView(again, 'bo')?.load).toBe(1)
    expect(nextDueAt(again)).toBe(nextDueAt(scene.state))
    expect(again.wrapUps.get('served/1')?.staff).toBe(again.staff.get('ana'))
    expect(again.deadlines.wrapUps.earliestAt).toBe(1_035_000)
    expect(again.deadlines.visitors.earliestAt).toBe(2_800_000)
    expect(again.deadlines.visitors.size).toBe(1)
  })

  it('leaves out what belongs to somebody whom nobody knows any more', () => {
    const snapshot = saved(busyScene().state)
    const again = restoreState({ ...snapshot, staff: snapshot.staff.filter(({ record }) => record.id !== 'ana') })
    expect(again.wrapUps.size).toBe(0)
    const bo = restoreState({ ...snapshot, staff: snapshot.staff.filter(({ record }) => record.id !== 'bo') })
    expect(bo.requests.get('chat')?.assignment).toBeNull()
    expect(bo.requests.get('turns')?.detail?.offers.size).toBe(0)
  })

  it('is no part of the desk: what is done later is not in it', () => {
    const scene = busyScene()
    const snapshot = toStateSnapshot(scene.state)
    const before = JSON.stringify(snapshot)
    scene.pass(3_600_000)
    scene.open('later')
    scene.execute({ type: 'visitorArrived', visitorId: 'v-later', facts: {} })
    expect(JSON.stringify(snapshot)).toBe(before)
  })
})
