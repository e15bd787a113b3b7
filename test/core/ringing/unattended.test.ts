import { describe, expect, it } from 'vitest'
import { type Shift, supervisorAwaitingList, visitorViews } from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

const warnings = (scene: DeskFixture) =>
  scene.events.flatMap((event) =>
    event.type === 'request.unattended'
      ? [[event.cause, event.at - 1_000_000, event.nextAt && event.nextAt - 1_000_000]]
      : [],
  )
const mute = (staffId: string) => ({ type: 'mute', requestId: 'r1', staffId }) as const
const setAway = (staffId: string) => ({ type: 'setAvailability', staffId, availability: 'away' }) as const
const setBack = (staffId: string) => ({ type: 'setAvailability', staffId, availability: 'available' }) as const

describe('a warning that a request is unattended', () => {
  it('is given once, whatever those who muted it do, and puts no reminder off', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    scene.open('r1')
    scene.execute(mute('ana'))
    scene.execute(mute('bo'))
    scene.pass(30_000)
    scene.execute({ type: 'snooze', requestId: 'r1', staffId: 'bo', forMs: 600_000 })
    scene.pass(29_999)
    expect(warnings(scene)).toEqual([['all-muted', 0, 60_000]])
    scene.pass(1)
    expect(scene.count('request.reminded')).toBe(1)
  })

  it('is given once, while staff come and go without being rung', () => {
    const scene = new DeskFixture().present('ana', { id: 'bo', capacity: 1 })
    scene.open('busy', { to: { staff: 'bo' } })
    scene.execute({ type: 'accept', requestId: 'busy', staffId: 'bo' })
    scene.open('r1')
    scene.execute(mute('ana'))
    scene.execute(setAway('bo'))
    scene.execute(setBack('bo'))
    expect(warnings(scene)).toEqual([['all-muted', 0, 60_000]])
  })

  it('is given again when somebody came, was rung and muted as well', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    scene.execute(setAway('bo'))
    scene.open('r1')
    scene.execute(mute('ana'))
    scene.pass(30_000)
    scene.execute(setBack('bo'))
    scene.pass(10_000)
    scene.execute(mute('bo'))
    expect(warnings(scene)).toEqual([
      ['all-muted', 0, 60_000],
      ['all-muted', 40_000, 100_000],
    ])
  })

  it('[N6] is given again, with a reminder, when the mutes were lifted while nobody was free to be rung', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1', { to: 'everyone', ring: { order: 'listed', offerTimeoutMs: 600_000 } })
    scene.execute(mute('ana'))
    scene.open('r2', { to: 'everyone', ring: { order: 'listed', offerTimeoutMs: 600_000 } })
    scene.pass(60_000)
    expect(scene.count('request.reminded')).toBe(1)
    expect(supervisorAwaitingList(scene.state).map(({ requestId, reason }) => [requestId, reason])).toEqual([
      ['r1', 'waiting'],
      ['r2', 'ringing'],
    ])
    scene.execute(mute('ana'))
    expect(warnings(scene)).toEqual([
      ['all-muted', 0, 60_000],
      ['all-muted', 60_000, 120_000],
    ])
    scene.pass(60_000)
    expect(scene.count('request.reminded')).toBe(2)
  })

  it('[N7] comes with a reminder when reminders are switched on later', () => {
    const scene = new DeskFixture({ remindAfterMs: null }).present('ana')
    scene.open('r1')
    scene.execute(mute('ana'))
    scene.pass(10_000)
    scene.execute({ type: 'setPolicy', policy: { ...scene.state.policy, remindAfterMs: 5_000 } })
    expect(warnings(scene)).toEqual([['all-muted', 0, null]])
    expect(scene.takeEdges().at(-1)).toBe('ring r1: ana')
  })

  it('lets the reminder run while those who muted are out of reach', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    scene.execute(mute('ana'))
    scene.pass(30_000)
    scene.execute(setAway('ana'))
    scene.pass(10_000)
    scene.execute(setBack('ana'))
    expect(warnings(scene)).toEqual([
      ['all-muted', 0, 60_000],
      ['nobody-reachable', 30_000, null],
      ['all-muted', 40_000, 60_000],
    ])
    scene.pass(20_000)
    expect(scene.count('request.reminded')).toBe(1)
  })
})

describe('at one instant', () => {
  it('everybody who comes on shift is offered a request of those that wait', () => {
    const scene = new DeskFixture()
    const shift: Shift = { id: 'day', timeZone: 'UTC', weekly: [] }
    const times = (isOn: boolean) => [{ shiftId: 'day', isOn, nextBoundaryAt: null }]
    scene.execute({ type: 'setShifts', shifts: [shift], times: times(false) })
    scene.present({ id: 'ana', shifts: ['day'] }, { id: 'bea', shifts: ['day'] })
    const route = { steps: [{ to: { shift: 'day' }, ring: { order: 'listed' } }], whenExhausted: 'hold' } as const
    scene.open('r1', route)
    scene.open('r2', route)
    scene.execute({ type: 'setShifts', shifts: [{ ...shift, timeZone: 'Europe/London' }], times: times(true) })
    expect(scene.takeEdges()).toEqual(['ring r1: ana', 'ring r2: bea'])
  })

  it('a visitor who had left and asks is here', () => {
    const scene = new DeskFixture({ visitorAlertTtlMs: 60_000 })
    scene.execute({ type: 'visitorArrived', visitorId: 'v-r1', facts: {} })
    scene.execute({ type: 'visitorLeft', visitorId: 'v-r1' })
    scene.at += 1_000
    scene.open('r1')
    expect(visitorViews(scene.state).visitors).toEqual([{ visitorId: 'v-r1', facts: {}, arrivedAt: 1_001_000 }])
    scene.pass(120_000)
    expect(scene.count('visitor.forgotten')).toBe(0)
  })
})
