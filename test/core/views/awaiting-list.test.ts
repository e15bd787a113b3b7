import { describe, expect, it } from 'vitest'
import { awaitingListOf, portalSnapshotOf, requestView, supervisorAwaitingList } from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

const asked = (items: readonly { requestId: string; reason: string }[]) =>
  items.map(({ requestId, reason }) => `${requestId} ${reason}`)

describe('what awaits somebody', () => {
  it('says why each is there, in the order in which they are served', () => {
    const scene = new DeskFixture({ offerTimeoutMs: 1_000, retryDelayMs: 60_000, remindAfterMs: null }).present(
      { id: 'ana', capacity: 2 },
      'bo',
    )
    scene.open('missed', { to: { staff: 'ana' }, ring: { order: 'listed' } })
    scene.pass(1_000)
    scene.open('muted')
    scene.open('snoozed')
    scene.open('heavy', { to: 'everyone' }, { weight: 3 })
    scene.open('urgent', { to: 'everyone' }, { priority: 5 })
    scene.execute({ type: 'mute', requestId: 'muted', staffId: 'ana' })
    scene.execute({ type: 'snooze', requestId: 'snoozed', staffId: 'ana', forMs: 9_000 })
    const items = awaitingListOf(scene.state, 'ana')
    expect(asked(items)).toEqual([
      'urgent ringing',
      'missed missed',
      'muted muted',
      'snoozed snoozed',
      'heavy over-capacity',
    ])
    const times = new Map(items.map(({ requestId, since, untilAt }) => [requestId, [since, untilAt]]))
    const { at } = scene
    expect(times.get('urgent')).toEqual([at, null])
    expect(times.get('missed')).toEqual([at, null])
    expect(times.get('snoozed')).toEqual([at, at + 9_000])
    scene.pass(500)
    scene.execute({ type: 'setAvailability', staffId: 'ana', availability: 'away' })
    expect(asked(awaitingListOf(scene.state, 'ana'))).toContain('urgent waiting')
    expect(awaitingListOf(scene.state, 'nobody')).toEqual([])
  })

  it('tells the supervisor of those that ring for nobody first, and which of them were muted by all', () => {
    const scene = new DeskFixture({ remindAfterMs: null }).present('ana')
    scene.open('rings')
    scene.open('muted')
    scene.open('lost', { steps: [{ to: { team: 'nobody' } }], whenExhausted: 'hold' })
    scene.execute({ type: 'mute', requestId: 'muted', staffId: 'ana' })
    scene.pass(0)
    expect(asked(supervisorAwaitingList(scene.state))).toEqual(['muted muted', 'lost waiting', 'rings ringing'])
    scene.execute({ type: 'accept', requestId: 'rings', staffId: 'ana' })
    expect(asked(supervisorAwaitingList(scene.state))).toEqual(['muted muted', 'lost waiting'])
  })
})

describe('the list of the supervisor', () => {
  it('[A4] has what rings for nobody first, with chats left alone, and those whose visitor has left last', () => {
    const desk = new DeskFixture({ presenceGraceMs: 0 }).present('ana', 'bo')
    for (const id of ['left', 'rings', 'chat', 'good-hands']) desk.open(id)
    desk.open('lost', { steps: [{ to: { team: 'nobody' } }], whenExhausted: 'hold' })
    desk.execute({ type: 'accept', requestId: 'chat', staffId: 'bo' })
    desk.execute({ type: 'accept', requestId: 'good-hands', staffId: 'ana' })
    desk.execute({ type: 'visitorLeft', visitorId: 'v-left' })
    desk.execute({ type: 'disconnect', staffId: 'bo', sessionId: 'tab' })
    expect(asked(supervisorAwaitingList(desk.state))).toEqual([
      'chat left-alone',
      'lost waiting',
      'rings ringing',
      'left waiting',
    ])
  })
})

describe('the screen of somebody', () => {
  it('lists what rings and what they have as they are served, and is none for strangers', () => {
    const scene = new DeskFixture().present('ana')
    for (const [id, priority] of [
      ['low', 0],
      ['high', 9],
      ['chat-low', 1],
      ['chat-high', 2],
    ] as const) {
      scene.open(id, { to: 'everyone' }, { priority })
    }
    scene.execute({ type: 'accept', requestId: 'chat-low', staffId: 'ana' })
    scene.execute({ type: 'accept', requestId: 'chat-high', staffId: 'ana' })
    const screen = portalSnapshotOf(scene.state, 'ana', 7)
    expect(screen?.ringing.map(({ requestId }) => requestId)).toEqual(['high', 'low'])
    expect(screen?.chats.map(({ requestId }) => requestId)).toEqual(['chat-high', 'chat-low'])
    expect(screen?.version).toBe(7)
    expect(portalSnapshotOf(scene.state, 'nobody', 7)).toBeUndefined()
  })
})

describe('a view of a request', () => {
  it('tells its phase: ringing, waiting, assigned', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    expect(requestView(scene.state, 'r1')?.phase).toBe('ringing')
    scene.execute({ type: 'mute', requestId: 'r1', staffId: 'ana' })
    expect(requestView(scene.state, 'r1')).toMatchObject({ phase: 'waiting', assignment: null })
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    const assignment = { assignmentId: 'r1/1', staffId: 'ana', at: scene.at }
    expect(requestView(scene.state, 'r1')).toMatchObject({ phase: 'assigned', assignment })
    expect(requestView(scene.state, 'r9')).toBeUndefined()
  })
})

describe('who may not take a request', () => {
  it('gives the first reason why a staff member is not in the audience', () => {
    const scene = new DeskFixture().present({ id: 'ana', teams: ['servers'] }, { id: 'bo', teams: ['billing'] }, 'cy')
    scene.open('skilled', { steps: [{ to: { team: 'billing', skills: { linux: 2 } } }], whenExhausted: 'hold' })
    scene.open('two', {
      steps: [{ to: { staff: 'bo' } }, { to: { skills: { linux: 2 } }, afterMs: 10, skipWhen: 'never' }],
      whenExhausted: 'hold',
    })
    scene.pass(10)
    const reason = (requestId: string, staffId: string) => {
      const outcome = scene.execute({ type: 'accept', requestId, staffId })
      return 'reason' in outcome ? outcome.reason : outcome
    }
    expect(reason('skilled', 'ana')).toBe('not-in-team')
    expect(reason('skilled', 'bo')).toBe('lacks-skill')
    expect(reason('two', 'ana')).toBe('not-targeted')
    scene.execute({ type: 'decline', requestId: 'two', staffId: 'bo', reason: null })
    expect(reason('two', 'bo')).toBe('declined')
  })

  it('dates what somebody missed by when they missed it, and what rings again by its own age', () => {
    const scene = new DeskFixture({ retryDelayMs: 5_000 }).present('ana')
    scene.open('r1', { steps: [{ to: 'everyone', ring: { order: 'listed', offerTimeoutMs: 10_000 } }] })
    const item = () => awaitingListOf(scene.state, 'ana').map(({ reason, since }) => [reason, since - 1_000_000])
    scene.pass(10_000)
    expect(item()).toEqual([['missed', 10_000]])
    scene.pass(5_000)
    expect(item()).toEqual([['ringing', 0]])
  })
})
