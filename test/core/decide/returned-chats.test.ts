import { describe, expect, it } from 'vitest'
import {
  completeRoute,
  type Policy,
  type RouteInput,
  requestView,
  restoreState,
  staffView,
  toStateSnapshot,
} from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

/** Ana has the chat r1. */
function chatOfAna(policy: Partial<Policy> = {}, route: RouteInput = { to: 'everyone' }): DeskFixture {
  const desk = new DeskFixture(policy).present('ana', 'bo')
  desk.open('r1', route, { workflow: 'Servers' })
  accept(desk, 'ana')
  desk.takeEdges()
  return desk
}

const leave = (desk: DeskFixture, staffId = 'ana') => desk.execute({ type: 'disconnect', staffId, sessionId: 'tab' })
const comeBack = (desk: DeskFixture, staffId: string) => desk.execute({ type: 'connect', staffId, sessionId: 'tab' })
const accept = (desk: DeskFixture, staffId: string) => desk.execute({ type: 'accept', requestId: 'r1', staffId })
const owner = (desk: DeskFixture) => requestView(desk.state, 'r1')?.assignment?.staffId ?? null
const transfer = (desk: DeskFixture, to: RouteInput) =>
  desk.execute({ type: 'transfer', requestId: 'r1', by: 'ana', route: completeRoute(to) })

describe('a chat that comes back', () => {
  const toBo: RouteInput = { to: { staff: 'bo' } }

  it('[K22] rings the route that a transfer gave it, while others are on it', () => {
    const desk = chatOfAna({ firstReplyMs: 30_000 }).present(
      { id: 'cy', teams: ['billing'] },
      { id: 'di', teams: ['billing'] },
    )
    transfer(desk, { to: { team: 'billing' } })
    accept(desk, 'cy')
    desk.takeEdges()
    desk.pass(30_000)
    expect(desk.takeEdges()).toEqual(['ring r1: di'])
    expect(requestView(desk.state, 'r1')).toMatchObject({ workflow: null, transferredBy: 'ana' })
  })

  it('[K22] rings the route of its workflow when the transfer’s has nobody but who was silent or declined', () => {
    for (const end of ['no-reply', 'exclude', 'absent', 'removed'] as const) {
      const desk = chatOfAna({ presenceGraceMs: 0 }, { to: { staff: ['ana', 'bo'] } })
      transfer(desk, toBo)
      accept(desk, 'bo')
      desk.takeEdges()
      if (end === 'no-reply') desk.execute({ type: 'setPolicy', policy: { ...desk.state.policy, firstReplyMs: 1 } })
      if (end === 'no-reply') desk.pass(1)
      if (end === 'exclude') desk.execute({ type: 'release', requestId: 'r1', by: 'bo', exclude: true })
      if (end === 'removed') desk.execute({ type: 'removeStaff', staffId: 'bo' })
      if (end === 'absent') leave(desk, 'bo')
      if (end === 'absent') desk.pass(120_000)
      expect([end, desk.takeEdges()]).toEqual([end, ['ring r1: ana']])
      expect(requestView(desk.state, 'r1')).toMatchObject({ workflow: 'Servers', transferredBy: null })
    }
  })

  it('[K22] rings who released it again, on the route of the transfer', () => {
    const desk = chatOfAna()
    transfer(desk, toBo)
    accept(desk, 'bo')
    desk.execute({ type: 'release', requestId: 'r1', by: 'bo', exclude: false })
    expect(desk.takeEdges()).toEqual(['ring r1: bo', 'stop r1: bo (accepted by bo)', 'ring r1: bo'])
    expect(requestView(desk.state, 'r1')).toMatchObject({ workflow: null, transferredBy: 'ana' })
  })

  it('[K22] rings the staff of its workflow who are there, while a colleague on the transfer’s route is absent', () => {
    const desk = chatOfAna({ firstReplyMs: 1_000 }).absent({ id: 'cy', teams: ['billing'] })
    desk.present({ id: 'di', teams: ['billing'] })
    transfer(desk, { to: { team: 'billing' } })
    accept(desk, 'di')
    desk.takeEdges()
    desk.pass(1_000)
    expect(desk.takeEdges()).toEqual(['ring r1: ana bo'])
    expect(requestView(desk.state, 'r1')).toMatchObject({ workflow: 'Servers', step: 0 })
  })

  it('[K22] remembers who was silent before, until a transfer names them or they accept it', () => {
    const desk = chatOfAna({ firstReplyMs: 1_000 }, { to: { staff: 'cy' } }).present('cy')
    transfer(desk, { to: { staff: ['ana', 'bo'] } })
    for (const staffId of ['bo', 'ana']) {
      expect(requestView(desk.state, 'r1')?.workflow).toBeNull()
      accept(desk, staffId)
      desk.takeEdges()
      desk.pass(1_000)
    }
    expect(desk.takeEdges()).toEqual(['ring r1: cy'])
    expect(requestView(desk.state, 'r1')?.workflow).toBe('Servers')
    transfer(desk, { to: { staff: ['ana', 'bo'] } })
    expect(desk.takeEdges()).toEqual(['stop r1: cy (transferred)', 'ring r1: ana bo'])
  })

  it('[K22] holds nobody for silent any longer who accepts it again, is named by a transfer, or when it is routed anew', () => {
    const toAna: RouteInput = { to: { staff: 'ana' } }
    const routingResult = { workflow: 'Servers', route: completeRoute(toAna), priority: 0, tags: [] }
    for (const forget of [
      (desk: DeskFixture) => accept(desk, 'ana'),
      (desk: DeskFixture) => transfer(desk, toAna),
      (desk: DeskFixture) => desk.execute({ type: 'reroute', requestId: 'r1', routingResult }),
    ]) {
      const desk = chatOfAna({ firstReplyMs: 1_000 }, toAna)
      desk.pass(1_000)
      expect(desk.takeEdges()).toEqual(['ring r1: bo'])
      forget(desk)
      const staffId = owner(desk) ?? 'bo'
      desk.execute({ type: 'assign', requestId: 'r1', staffId, by: 'sue' })
      desk.takeEdges()
      desk.execute({ type: 'release', requestId: 'r1', by: staffId, exclude: false })
      expect(desk.takeEdges()).toEqual(['ring r1: ana'])
      expect(requestView(desk.state, 'r1')?.step).toBe(0)
    }
  })

  it('[K22] goes back to the route of its workflow over two transfers, and to that of the latest workflow', () => {
    const desk = chatOfAna({ firstReplyMs: 1_000 }).present('cy', 'di')
    transfer(desk, toBo)
    accept(desk, 'bo')
    const toCy = completeRoute({ to: { staff: 'cy' } })
    desk.execute({ type: 'transfer', requestId: 'r1', by: 'bo', route: toCy })
    accept(desk, 'cy')
    desk.pass(1_000)
    expect(requestView(desk.state, 'r1')).toMatchObject({ workflow: 'Servers', phase: 'ringing' })
    const routingResult = { workflow: 'Bills', route: completeRoute({ to: { staff: 'di' } }), priority: 0, tags: [] }
    transfer(desk, toBo)
    desk.execute({ type: 'reroute', requestId: 'r1', routingResult })
    accept(desk, 'di')
    desk.pass(1_000)
    expect(requestView(desk.state, 'r1')).toMatchObject({ workflow: 'Bills', step: 1 })
  })

  it('[K22] skips the steps of the silent and widens to everyone when its workflow’s route has nobody else', () => {
    const ladder: RouteInput = { steps: [{ to: { staff: 'ana' } }, { to: { staff: 'bo' }, afterMs: 60_000 }] }
    const desk = chatOfAna({ firstReplyMs: 1_000 }, ladder).present('cy')
    desk.pass(1_000)
    expect(desk.takeEdges()).toEqual(['ring r1: bo'])
    accept(desk, 'bo')
    desk.takeEdges()
    desk.pass(1_000)
    expect(requestView(desk.state, 'r1')?.step).toBe(2)
    expect(desk.takeEdges()).toEqual(['ring r1: ana cy'])
    const held = chatOfAna({ firstReplyMs: 1_000 }, { steps: [{ to: { staff: 'ana' } }], whenExhausted: 'hold' })
    held.pass(1_000)
    expect(held.takeEdges()).toEqual([])
    expect(held.events.at(-1)).toMatchObject({ type: 'request.unattended', cause: 'all-muted' })
  })

  it('[K22] waits on the transfer’s route for who belongs to it, when nobody of either route is there', () => {
    const desk = new DeskFixture({ presenceGraceMs: 0 }).present('ana').absent({ id: 'cy', teams: ['billing'] })
    desk.open('r1', { steps: [{ to: { staff: 'ana' } }], whenExhausted: 'hold' }, { workflow: 'Servers' })
    accept(desk, 'ana')
    transfer(desk, { steps: [{ to: { team: 'billing' } }], whenExhausted: 'hold' })
    accept(desk, 'cy')
    desk.present({ id: 'di', teams: ['billing'] })
    leave(desk, 'di')
    leave(desk)
    comeBack(desk, 'cy')
    leave(desk, 'cy')
    desk.pass(120_000)
    desk.takeEdges()
    comeBack(desk, 'di')
    expect(desk.takeEdges()).toEqual(['ring r1: di'])
  })
})

describe('the wrap-up', () => {
  const loadOf = (desk: DeskFixture, staffId: string) => staffView(desk.state, staffId)?.load

  it('[K23] follows a transfer, for who had the chat, and not a release or a chat that is reclaimed', () => {
    const desk = chatOfAna({ wrapUpMs: 30_000 })
    transfer(desk, { to: { staff: 'bo' } })
    expect(loadOf(desk, 'ana')).toBe(1)
    accept(desk, 'bo')
    desk.execute({ type: 'end', requestId: 'r1' })
    expect([loadOf(desk, 'ana'), loadOf(desk, 'bo')]).toEqual([1, 1])
    const restored = restoreState(JSON.parse(JSON.stringify(toStateSnapshot(desk.state))))
    expect([staffView(restored, 'ana')?.load, staffView(restored, 'bo')?.load]).toEqual([1, 1])
    desk.pass(29_999)
    expect(loadOf(desk, 'ana')).toBe(1)
    desk.pass(1)
    expect([loadOf(desk, 'ana'), loadOf(desk, 'bo'), desk.count('wrapUp.ended')]).toEqual([0, 0, 2])
    const released = chatOfAna({ wrapUpMs: 30_000, firstReplyMs: 1_000 })
    released.execute({ type: 'release', requestId: 'r1', by: 'ana', exclude: false })
    expect(loadOf(released, 'ana')).toBe(0)
    accept(released, 'ana')
    released.pass(1_000)
    expect(loadOf(released, 'ana')).toBe(0)
  })

  it('[K23] ends when its chat is theirs again, taken back or returned, however full they are', () => {
    for (const isTaken of [true, false]) {
      const desk = new DeskFixture({ wrapUpMs: 300_000 }).present({ id: 'ana', capacity: 1 }, 'bo')
      desk.open('r1')
      accept(desk, 'ana')
      transfer(desk, { to: { staff: 'bo' } })
      desk.open('r2', { steps: [{ to: { staff: 'ana' } }], whenExhausted: 'hold' })
      expect(desk.execute({ type: 'accept', requestId: 'r2', staffId: 'ana' })).toMatchObject({ code: 'at-capacity' })
      if (isTaken) expect(accept(desk, 'ana')).toMatchObject({ ok: true })
      else desk.pass(60_000)
      expect([owner(desk), loadOf(desk, 'ana')]).toEqual(['ana', 1])
      desk.execute({ type: 'end', requestId: 'r1' })
      desk.pass(300_000)
      expect(loadOf(desk, 'ana')).toBe(0)
    }
  })
})

describe('a chat that is released with exclude', () => {
  const releasedBy = (by: string) => {
    const scene = new DeskFixture().present({ id: 'ana', teams: ['a'] }, { id: 'bo', teams: ['b'] }, 'cy')
    const steps = [
      { to: { team: 'a' } },
      { to: { team: 'b' }, afterMs: 60_000 },
      { to: 'everyone' as const, afterMs: 90_000 },
    ]
    scene.open('r1', { steps })
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    scene.takeEdges()
    scene.execute({ type: 'release', requestId: 'r1', by, exclude: true })
    const released = scene.events.findLast(({ type }) => type === 'request.released')
    return [...scene.takeEdges(), released?.type === 'request.released' && released.step]
  }

  it('[K3] rings from the first step that reaches others than the one who gives it back', () => {
    expect(releasedBy('ana')).toEqual(['ring r1: bo', 1])
  })

  it('[K3] leaves out a colleague who releases it, and its staff member where a supervisor does', () => {
    expect(releasedBy('bo')).toEqual(['ring r1: ana', 0])
    expect(releasedBy('sue')).toEqual(['ring r1: bo', 1])
  })

  it('[K3] rings from no step whose staff have all declined it', () => {
    const scene = new DeskFixture().present({ id: 'ana', teams: ['a'] }, 'bo')
    scene.open('r1', { steps: [{ to: { team: 'a' } }, { to: 'everyone', afterMs: 60_000 }] })
    scene.execute({ type: 'decline', requestId: 'r1', staffId: 'ana', reason: null })
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'bo' })
    scene.execute({ type: 'release', requestId: 'r1', by: 'bo', exclude: false })
    expect(scene.events.findLast(({ type }) => type === 'request.released')).toMatchObject({ step: 1 })
  })
})
