import { describe, expect, it } from 'vitest'
import { completeRoute, type RouteInput, type Shift, type Staff } from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

const person = (id: string, teams: readonly string[] = ['a'], more: Partial<Staff> = {}) => ({ id, teams, ...more })
const toA: RouteInput = { steps: [{ to: { team: 'a' } }], whenExhausted: 'hold' }
const oneOfA: RouteInput = { steps: [{ to: { team: 'a' }, ring: { order: 'listed' } }], whenExhausted: 'hold' }

describe('a ring that stops for somebody', () => {
  it('says that they have left the people concerned, are not there, off shift, or full', () => {
    const scene = new DeskFixture({ presenceGraceMs: 0 })
    const shift: Shift = { id: 'day', timeZone: 'UTC', weekly: [] }
    const times = (isOn: boolean) => [{ shiftId: 'day', isOn, nextBoundaryAt: null }]
    scene.execute({ type: 'setShifts', shifts: [shift], times: times(true) })
    scene.present(person('ana', ['a'], { shifts: ['day'], capacity: 1 }))
    scene.open('r1', { steps: [{ to: { team: 'a', shift: 'day' } }], whenExhausted: 'hold' })
    scene.open('r2', toA)
    scene.takeEdges()
    scene.execute({ type: 'setShifts', shifts: [{ ...shift, timeZone: 'Europe/London' }], times: times(false) })
    expect(scene.takeEdges()).toEqual(['stop r1: ana (off-shift)'])
    scene.execute({ type: 'setShifts', shifts: [shift], times: times(true) })
    expect(scene.takeEdges()).toEqual(['ring r1: ana'])
    scene.execute({ type: 'setAvailability', staffId: 'ana', availability: 'away' })
    expect(scene.takeEdges().sort()).toEqual(['stop r1: ana (unavailable)', 'stop r2: ana (unavailable)'])
    scene.execute({ type: 'setAvailability', staffId: 'ana', availability: 'available' })
    scene.takeEdges()
    scene.execute({ type: 'accept', requestId: 'r2', staffId: 'ana' })
    expect(scene.takeEdges().sort()).toEqual(['stop r1: ana (at-capacity)', 'stop r2: ana (accepted by ana)'])
    scene.execute({ type: 'end', requestId: 'r2' })
    expect(scene.takeEdges()).toEqual(['ring r1: ana'])
    scene.execute({ type: 'setStaff', staff: person('ana', ['b'], { shifts: ['day'], capacity: 1 }) })
    expect(scene.takeEdges()).toEqual(['stop r1: ana (removed)'])
    scene.execute({ type: 'setStaff', staff: person('ana', ['a'], { shifts: ['day'], capacity: 1 }) })
    scene.takeEdges()
    scene.execute({ type: 'disconnect', staffId: 'ana', sessionId: 'tab' })
    expect(scene.takeEdges()).toEqual(['stop r1: ana (unavailable)'])
  })

  it('says that it went to others, by a new route or a next step', () => {
    const scene = new DeskFixture().present(person('ana'), person('bo', ['b']))
    scene.open('r1', toA)
    scene.takeEdges()
    const route = completeRoute({ steps: [{ to: { team: 'b' } }], whenExhausted: 'hold' })
    scene.execute({ type: 'reroute', requestId: 'r1', routingResult: { workflow: null, route, priority: 0, tags: [] } })
    expect(scene.takeEdges()).toEqual(['stop r1: ana (rerouted)', 'ring r1: bo'])
  })

  it('stops for each with their own reason, once, whatever steps reach them', () => {
    const scene = new DeskFixture().present(person('ana', ['a', 'b']), person('bo', ['b']))
    scene.open('r1', { steps: [{ to: { team: 'a' } }, { to: { team: 'b' }, afterMs: 1_000 }] })
    scene.pass(1_000)
    expect(scene.takeEdges()).toEqual(['ring r1: ana', 'ring r1: bo'])
    scene.execute({ type: 'setStaff', staff: person('ana', ['b']) })
    expect(scene.takeEdges()).toEqual([])
    scene.execute({ type: 'setAvailability', staffId: 'ana', availability: 'away' })
    expect(scene.takeEdges()).toEqual(['stop r1: ana (unavailable)'])
    scene.execute({ type: 'setAvailability', staffId: 'ana', availability: 'available' })
    expect(scene.takeEdges()).toEqual(['ring r1: ana'])
    scene.execute({ type: 'setStaff', staff: person('ana', ['c']) })
    expect(scene.takeEdges()).toEqual(['stop r1: ana (removed)'])
  })

  it('weighs a request: who has room for a small one may have none for a big one', () => {
    const scene = new DeskFixture().present(person('ana', ['a'], { capacity: 3 }))
    scene.open('small', toA)
    scene.open('big', toA, { weight: 3 })
    expect(scene.takeEdges()).toEqual(['ring small: ana', 'ring big: ana'])
    scene.execute({ type: 'accept', requestId: 'small', staffId: 'ana' })
    expect(scene.takeEdges().sort()).toEqual(['stop big: ana (at-capacity)', 'stop small: ana (accepted by ana)'])
    scene.open('urgent', toA, { priority: 1 })
    expect(scene.takeEdges()).toEqual(['ring urgent: ana'])
    scene.execute({ type: 'setStaff', staff: person('ana', ['a'], { capacity: 4 }) })
    expect(scene.takeEdges()).toEqual(['ring big: ana'])
  })
})

describe('an offer that ends', () => {
  it('frees the slot that it had reserved, so that others ring', () => {
    const scene = new DeskFixture().present(person('ana', ['a'], { capacity: 1 }))
    scene.open('plain', toA)
    expect(scene.takeEdges()).toEqual(['ring plain: ana'])
    scene.open('chosen', oneOfA, { priority: 1 })
    expect(scene.takeEdges().sort()).toEqual(['ring chosen: ana', 'stop plain: ana (reserved)'])
    scene.execute({ type: 'decline', requestId: 'chosen', staffId: 'ana', reason: null })
    expect(scene.takeEdges().sort()).toEqual(['ring plain: ana', 'stop chosen: ana (declined)'])
  })

  it('keeps the slot for the chat it becomes: nothing rings in between', () => {
    const scene = new DeskFixture().present(person('ana', ['a'], { capacity: 1 }))
    scene.open('plain', toA)
    scene.open('chosen', oneOfA, { priority: 1 })
    scene.takeEdges()
    scene.execute({ type: 'accept', requestId: 'chosen', staffId: 'ana' })
    expect(scene.takeEdges()).toEqual(['stop chosen: ana (accepted by ana)'])
    scene.execute({ type: 'end', requestId: 'chosen' })
    expect(scene.takeEdges()).toEqual(['ring plain: ana'])
  })

  it('frees the slot of the staff member with the offer when another one accepts', () => {
    const scene = new DeskFixture().present(person('ana', ['a'], { capacity: 1 })).absent(person('bo', ['a']))
    scene.open('plain', toA)
    scene.open('chosen', oneOfA, { priority: 1 })
    scene.takeEdges()
    scene.execute({ type: 'assign', requestId: 'chosen', staffId: 'bo', by: 'boss' })
    expect(scene.takeEdges().sort()).toEqual(['ring plain: ana', 'stop chosen: ana (accepted by bo)'])
    scene.open('later', oneOfA, { priority: 1 })
    expect(scene.takeEdges().sort()).toEqual(['ring later: ana', 'stop plain: ana (reserved)'])
  })

  it('counts against nobody when they leave or lose their room, and goes to the next', () => {
    const scene = new DeskFixture().present(person('ana', ['a'], { capacity: 2 }), person('bea', ['a']))
    scene.open('r1', oneOfA)
    scene.takeEdges()
    scene.execute({ type: 'setAvailability', staffId: 'ana', availability: 'away' })
    expect(scene.takeEdges()).toEqual(['stop r1: ana (unavailable)', 'ring r1: bea'])
    scene.execute({ type: 'setAvailability', staffId: 'ana', availability: 'available' })
    scene.execute({ type: 'setStaff', staff: person('bea', ['b']) })
    expect(scene.takeEdges()).toEqual(['stop r1: bea (removed)', 'ring r1: ana'])
    scene.open('r2', { steps: [{ to: { team: 'b' } }], whenExhausted: 'hold' })
    scene.execute({ type: 'assign', requestId: 'r2', staffId: 'ana', by: 'boss' })
    scene.takeEdges()
    scene.open('r3', { steps: [{ to: { team: 'b' } }], whenExhausted: 'hold' })
    scene.execute({ type: 'assign', requestId: 'r3', staffId: 'ana', by: 'boss' })
    expect(scene.takeEdges()).toContain('stop r1: ana (at-capacity)')
    expect([scene.count('offer.expired'), scene.count('staff.notResponding')]).toEqual([0, 0])
  })

  it('is withdrawn when the same person is rung anyway by a later step', () => {
    const scene = new DeskFixture().present(person('ana', ['a'], { capacity: 1 }))
    scene.open('plain', toA)
    const steps = [
      { to: { team: 'a' }, ring: { order: 'listed' as const, offerTimeoutMs: 60_000 } },
      { to: 'everyone' as const, afterMs: 1_000 },
    ]
    scene.open('r1', { steps }, { priority: 1 })
    scene.takeEdges()
    scene.pass(1_000)
    expect(scene.takeEdges()).toEqual(['ring plain: ana'])
    expect(scene.state.staff.get('ana')?.offer).toBeNull()
  })
})
