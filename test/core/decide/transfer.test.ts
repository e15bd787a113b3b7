import { describe, expect, it } from 'vitest'
import {
  awaitingListOf,
  completeRoute,
  portalSnapshotOf,
  type RouteInput,
  requestView,
  restoreState,
  toStateSnapshot,
} from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

function transfer(desk: DeskFixture, by: string, to: RouteInput) {
  return desk.execute({ type: 'transfer', requestId: 'r1', by, route: completeRoute(to) })
}

const reasons = (desk: DeskFixture, staffId: string) =>
  awaitingListOf(desk.state, staffId).map(({ requestId, reason }) => `${requestId} ${reason}`)

describe('a transfer of an open request', () => {
  it('[K11] rings the new route at the age of the request, says who sent it, and does not return', () => {
    const desk = new DeskFixture().present('ana', { id: 'bo', teams: ['billing'] })
    desk.open('r1', { to: { staff: 'ana' } }, { workflow: 'Servers' })
    desk.open('r2', { to: { team: 'billing' } })
    const openedAt = desk.at
    desk.pass(10_000).takeEdges()
    expect(transfer(desk, 'sue', { to: { team: 'billing' } })).toEqual({ ok: true })
    expect(desk.takeEdges()).toEqual(['stop r1: ana (transferred)', 'ring r1: bo'])
    expect(requestView(desk.state, 'r1')).toMatchObject({ openedAt, workflow: null, transferredBy: 'sue' })
    expect(reasons(desk, 'bo')).toEqual(['r1 ringing', 'r2 ringing'])
    desk.pass(100_000)
    expect(desk.count('transfer.returned')).toBe(0)
  })

  it('[K11] is refused while a staff member is named who does not have it, and once it is closed', () => {
    const desk = new DeskFixture().present('ana')
    desk.open('r1')
    const route = completeRoute({ to: 'everyone' })
    expect(desk.execute({ type: 'transfer', requestId: 'r1', by: 'ana', staffId: 'ana', route })).toMatchObject({
      code: 'not-assigned',
    })
    desk.execute({ type: 'cancel', requestId: 'r1', reason: null })
    expect(transfer(desk, 'sue', { to: 'everyone' })).toMatchObject({ code: 'request-closed' })
  })

  it('[K11] ends the offers of the old route and keeps its place in the queue of the new one', () => {
    const desk = new DeskFixture().present({ id: 'ana', capacity: 1 }, { id: 'bo', capacity: 1 })
    desk.open('r1', { to: { staff: 'ana' }, ring: { order: 'listed' } })
    desk.open('r2', { to: { staff: 'bo' }, ring: { order: 'listed' } })
    desk.takeEdges()
    transfer(desk, 'sue', { to: { staff: 'bo' }, ring: { order: 'listed' } })
    expect(desk.takeEdges()).toEqual(['stop r1: ana (transferred)'])
    desk.execute({ type: 'mute', requestId: 'r2', staffId: 'bo' })
    expect(desk.takeEdges()).toEqual(['stop r2: bo (muted)', 'ring r1: bo'])
  })
})

describe('a transfer', () => {
  it('[K12] rings a person whom it names again who had declined, and no other one', () => {
    const desk = new DeskFixture().present('ana', 'bo', 'cy')
    desk.open('r1')
    for (const staffId of ['bo', 'cy']) desk.execute({ type: 'decline', requestId: 'r1', staffId, reason: null })
    desk.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    desk.takeEdges()
    transfer(desk, 'ana', { to: 'everyone' })
    expect(desk.takeEdges()).toEqual([])
    desk.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    transfer(desk, 'ana', { steps: [{ to: { staff: ['bo'] } }, { to: 'everyone', afterMs: 1_000 }] })
    expect(desk.takeEdges()).toEqual(['ring r1: bo'])
    desk.pass(1_000)
    expect(reasons(desk, 'cy')).toEqual([])
  })

  it('[K12] rings a person whom it names again who had been silent', () => {
    const desk = new DeskFixture({ firstReplyMs: 1_000 }).present('ana')
    desk.open('r1')
    desk.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    desk.pass(1_000).takeEdges()
    expect(reasons(desk, 'ana')).toEqual(['r1 muted'])
    transfer(desk, 'sue', { to: { staff: 'ana' } })
    expect(desk.takeEdges()).toEqual(['ring r1: ana'])
  })

  it('[K13] stands in the awaiting list of its giver, who may take it back although the route leaves them out', () => {
    const desk = new DeskFixture().present('ana', { id: 'bo', teams: ['billing'] })
    desk.open('r1')
    desk.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    desk.pass(5_000)
    transfer(desk, 'ana', { to: { team: 'billing' } })
    const item = { requestId: 'r1', reason: 'transferred', since: desk.at, untilAt: desk.at + 60_000 }
    expect(awaitingListOf(desk.state, 'ana')).toMatchObject([item])
    expect(portalSnapshotOf(desk.state, 'ana', 1)?.awaiting).toMatchObject([item])
    const restored = restoreState(toStateSnapshot(desk.state))
    expect(awaitingListOf(restored, 'ana')).toMatchObject([item])
    desk.takeEdges()
    expect(desk.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })).toMatchObject({ ok: true })
    expect(desk.takeEdges()).toEqual(['stop r1: bo (accepted by ana)'])
    expect(reasons(desk, 'ana')).toEqual([])
  })

  it('[K13] leaves the list of its giver once another one accepts it, it is routed anew or cancelled', () => {
    for (const command of [
      { type: 'accept', requestId: 'r1', staffId: 'bo' },
      { type: 'cancel', requestId: 'r1', reason: null },
      {
        type: 'reroute',
        requestId: 'r1',
        routingResult: { workflow: 'W', route: completeRoute({ to: { staff: 'bo' } }), priority: 0, tags: [] },
      },
    ] as const) {
      const desk = new DeskFixture().present('ana', 'bo')
      desk.open('r1')
      desk.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
      transfer(desk, 'ana', { to: { staff: 'bo' } })
      desk.execute(command)
      expect(reasons(desk, 'ana')).toEqual([])
      expect(requestView(desk.state, 'r1')?.transferredBy).toEqual(
        command.type === 'accept' ? 'ana' : command.type === 'cancel' ? undefined : null,
      )
    }
  })

  it('[K13] is still its giver’s when that person is removed and added again', () => {
    const desk = new DeskFixture().present('ana', { id: 'bo', teams: ['billing'] })
    desk.open('r1')
    desk.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    transfer(desk, 'ana', { to: { team: 'billing' } })
    desk.execute({ type: 'removeStaff', staffId: 'ana' })
    desk.present('ana')
    expect(reasons(desk, 'ana')).toEqual(['r1 transferred'])
    expect(awaitingListOf(restoreState(toStateSnapshot(desk.state)), 'ana')).toHaveLength(1)
  })
})
