import { describe, expect, it } from 'vitest'
import { awaitingListOf, countAvailable, explainStaff } from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

const reasonsOf = (scene: DeskFixture, requestId: string) =>
  Object.fromEntries(explainStaff(scene.state, requestId).map(({ staffId, reason }) => [staffId, reason]))

describe('why a request rings for somebody or not', () => {
  it('names everybody on the roster, in its order, with the first reason', () => {
    const scene = new DeskFixture()
      .present({ id: 'zoe', teams: ['server'] }, { id: 'muting', teams: ['server'] })
      .present({ id: 'snoozing', teams: ['server'] }, { id: 'declining', teams: ['server'] })
      .present({ id: 'away', teams: ['server'] }, { id: 'full', teams: ['server'], capacity: 1 }, 'other')
      .absent({ id: 'absent', teams: ['server'] })
    scene.open('busy', { to: { staff: 'full' } })
    scene.execute({ type: 'accept', requestId: 'busy', staffId: 'full' })
    scene.open('r1', { to: { team: 'server' } })
    scene.execute({ type: 'setAvailability', staffId: 'away', availability: 'away' })
    scene.execute({ type: 'mute', requestId: 'r1', staffId: 'muting' })
    scene.execute({ type: 'snooze', requestId: 'r1', staffId: 'snoozing', forMs: 1_000 })
    scene.execute({ type: 'decline', requestId: 'r1', staffId: 'declining', reason: null })
    expect(explainStaff(scene.state, 'r1')).toEqual([
      { staffId: 'zoe', reason: 'rung' },
      { staffId: 'muting', reason: 'muted' },
      { staffId: 'snoozing', reason: 'snoozed' },
      { staffId: 'declining', reason: 'declined' },
      { staffId: 'away', reason: 'away' },
      { staffId: 'full', reason: 'full' },
      { staffId: 'other', reason: 'not-in-team' },
      { staffId: 'absent', reason: 'absent' },
    ])
  })

  it('is the want of room to the last unit of weight', () => {
    const scene = new DeskFixture().present({ id: 'exact', capacity: 3 }, { id: 'short', capacity: 2 })
    scene.open('r1', { to: 'everyone' }, { weight: 3 })
    expect(reasonsOf(scene, 'r1')).toEqual({ exact: 'rung', short: 'full' })
  })

  it('names a missing skill and an offer that is out to somebody else', () => {
    const scene = new DeskFixture().present({ id: 'ana', skills: { dns: 3 } }, { id: 'bo', skills: { dns: 2 } }, 'cy')
    scene.open('r1', { to: { skills: { dns: 2 } }, ring: { order: 'best-skilled' } })
    expect(reasonsOf(scene, 'r1')).toEqual({ ana: 'rung', bo: 'not-offered', cy: 'lacks-skill' })
  })

  it('names the shift that is over, for those of it', () => {
    const scene = new DeskFixture()
    const shift = { id: 'early', timeZone: 'UTC', weekly: {} }
    const times = [{ shiftId: 'early', isOn: true, nextBoundaryAt: scene.at + 1_000 }]
    scene.execute({ type: 'setShifts', shifts: [shift], times } as never)
    scene.present({ id: 'ana', shifts: ['early'] })
    scene.open('r1', { steps: [{ to: { shift: 'early' } }], whenExhausted: 'hold' })
    expect(reasonsOf(scene, 'r1')).toEqual({ ana: 'rung' })
    scene.pass(1_000)
    expect(reasonsOf(scene, 'r1')).toEqual({ ana: 'off-shift' })
  })

  it('[A6] is the offer of another request where that reserves the last slot, also as stop reason and under awaiting', () => {
    const scene = new DeskFixture().present({ id: 'ana', capacity: 1 })
    scene.open('plain')
    scene.takeEdges()
    scene.open('chosen', { to: 'everyone', ring: { order: 'listed' } }, { priority: 1 })
    expect(scene.takeEdges()).toEqual(['stop plain: ana (reserved)', 'ring chosen: ana'])
    expect(reasonsOf(scene, 'plain')).toEqual({ ana: 'reserved' })
    expect(awaitingListOf(scene.state, 'ana').map(({ reason }) => reason)).toEqual(['ringing', 'reserved'])
    expect(countAvailable(scene.state, 'everyone')).toBe(0)
    expect(countAvailable(scene.state, { staff: 'ana' })).toBe(0)
    scene.execute({ type: 'decline', requestId: 'chosen', staffId: 'ana', reason: null })
    expect(reasonsOf(scene, 'plain')).toEqual({ ana: 'rung' })
    expect(countAvailable(scene.state, 'everyone')).toBe(1)
  })

  it('[A7] is off-shift only for members of the shift, and not-targeted for staff whom a target leaves out', () => {
    const scene = new DeskFixture()
    const shift = { id: 'early', timeZone: 'UTC', weekly: {} }
    const times = [{ shiftId: 'early', isOn: false, nextBoundaryAt: null }]
    scene.execute({ type: 'setShifts', shifts: [shift], times } as never)
    scene.present({ id: 'ana', shifts: ['early'] }, 'bo')
    scene.open('shifted', { steps: [{ to: { shift: 'early' } }], whenExhausted: 'hold' })
    expect(reasonsOf(scene, 'shifted')).toEqual({ ana: 'off-shift', bo: 'not-in-shift' })
    scene.open('named', { to: { staff: 'ana' } })
    expect(reasonsOf(scene, 'named')).toEqual({ ana: 'rung', bo: 'not-targeted' })
    scene.open('excluding', { to: { not: { staff: 'bo' } } })
    expect(reasonsOf(scene, 'excluding')).toEqual({ ana: 'rung', bo: 'not-targeted' })
  })

  it('[A8] is that the visitor has left, for everybody in the audience, until they are back', () => {
    const scene = new DeskFixture().present({ id: 'ana', teams: ['a'] }, 'bo').absent({ id: 'cy', teams: ['a'] })
    scene.open('r1', { to: { team: 'a' } })
    scene.execute({ type: 'visitorLeft', visitorId: 'v-r1' })
    expect(reasonsOf(scene, 'r1')).toEqual({ ana: 'visitor-away', bo: 'not-in-team', cy: 'visitor-away' })
    scene.execute({ type: 'visitorArrived', visitorId: 'v-r1', facts: {} })
    expect(reasonsOf(scene, 'r1')).toEqual({ ana: 'rung', bo: 'not-in-team', cy: 'absent' })
  })

  it('names no staff once the request is assigned, closed or unknown', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    expect(explainStaff(scene.state, 'r1')).toEqual([])
    expect(explainStaff(scene.state, 'r2')).toEqual([])
  })
})
