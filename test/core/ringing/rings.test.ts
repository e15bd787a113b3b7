import { describe, expect, it } from 'vitest'
import { awaitingListOf, ringingRequestIds } from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

describe('ringing', () => {
  it('[R1] rings everyone present and available when a request opens', () => {
    const scene = new DeskFixture().present('ana', 'bo').absent('cy')
    scene.execute({ type: 'setAvailability', staffId: 'bo', availability: 'away' })
    scene.open('r1')
    expect(scene.takeEdges()).toEqual(['ring r1: ana'])
  })

  it('[R2] keeps ringing without a time limit until somebody acts', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    scene.takeEdges()
    scene.pass(24 * 3_600_000)
    expect(scene.takeEdges()).toEqual([])
    expect(ringingRequestIds(scene.state, 'ana')).toEqual(['r1'])
  })

  it('[R3] lets staff who come online, available or free join a ring in progress', () => {
    const scene = new DeskFixture().present({ id: 'ana', capacity: 1 }).absent('bo')
    scene.open('r1')
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    scene.open('r2')
    scene.takeEdges()
    scene.execute({ type: 'connect', staffId: 'bo', sessionId: 'tab' })
    expect(scene.takeEdges()).toEqual(['ring r2: bo'])
    scene.execute({ type: 'end', requestId: 'r1' })
    expect(scene.takeEdges()).toEqual(['ring r2: ana'])
    scene.execute({ type: 'setAvailability', staffId: 'bo', availability: 'away' })
    scene.execute({ type: 'setAvailability', staffId: 'bo', availability: 'available' })
    expect(scene.takeEdges()).toEqual(['stop r2: bo (unavailable)', 'ring r2: bo'])
  })

  it('[R4] keeps ringing for nine of ten when one mutes, until one accepts and all nine stop', () => {
    const ten = Array.from({ length: 10 }, (_, index) => `s${index}`)
    const scene = new DeskFixture().present(...ten)
    scene.open('r1')
    scene.takeEdges()
    scene.execute({ type: 'mute', requestId: 'r1', staffId: 's3' })
    expect(scene.takeEdges()).toEqual(['stop r1: s3 (muted)'])
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 's5' })
    expect(scene.takeEdges()).toEqual(['stop r1: s0 s1 s2 s4 s5 s6 s7 s8 s9 (accepted by s5)'])
  })

  it('[R5] rings only the audience of the step', () => {
    const scene = new DeskFixture().present({ id: 'ana', teams: ['servers'] }, { id: 'bo', teams: ['billing'] })
    scene.open('r1', { to: { team: 'servers' } })
    expect(scene.takeEdges()).toEqual(['ring r1: ana'])
    expect(awaitingListOf(scene.state, 'bo')).toEqual([])
  })

  it('[R6] takes every key of a target as a condition and any value of a list', () => {
    const scene = new DeskFixture().present(
      { id: 'ana', teams: ['servers'], skills: { linux: 3 } },
      { id: 'bo', teams: ['servers'], skills: { linux: 1 } },
      { id: 'cy', teams: ['billing'], skills: { linux: 5 } },
      { id: 'di', teams: ['sales'], skills: { linux: 5 } },
    )
    scene.open('r1', { to: { team: ['servers', 'billing'], skills: { linux: 2 }, not: { staff: 'cy' } } })
    expect(scene.takeEdges()).toEqual(['ring r1: ana'])
  })

  it('[R7] rings members of a shift only while it is on', () => {
    const scene = new DeskFixture()
    const shift = { id: 'us', timeZone: 'America/New_York', weekly: [] }
    const times = [{ shiftId: 'us', isOn: false, nextBoundaryAt: scene.at + 60_000 }]
    scene.execute({ type: 'setShifts', shifts: [shift], times })
    scene.present({ id: 'ana', shifts: ['us'] }, 'bo')
    scene.open('r1', { to: { shift: 'us' }, ring: 'all' })
    scene.execute({ type: 'cancel', requestId: 'r1', reason: null })
    scene.open('r2', { steps: [{ to: { shift: 'us' } }], whenExhausted: 'hold' })
    scene.takeEdges()
    scene.pass(60_000)
    expect(scene.takeEdges()).toEqual(['ring r2: ana'])
    scene.pass(3_600_000)
    expect(scene.takeEdges()).toEqual(['stop r2: ana (off-shift)'])
  })

  it('[R8] stops at once when somebody goes away, and after the grace when the last session ends', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    scene.open('r1')
    scene.takeEdges()
    scene.execute({ type: 'setAvailability', staffId: 'ana', availability: 'away' })
    expect(scene.takeEdges()).toEqual(['stop r1: ana (unavailable)'])
    scene.execute({ type: 'disconnect', staffId: 'bo', sessionId: 'tab' })
    scene.pass(29_999)
    expect(scene.takeEdges()).toEqual([])
    scene.pass(1)
    expect(scene.takeEdges()).toEqual(['stop r1: bo (unavailable)'])
  })

  it('[R9] stops ringing for staff without room, with reason at-capacity', () => {
    const scene = new DeskFixture().present({ id: 'ana', capacity: 1 }, 'bo')
    scene.open('r1')
    scene.open('r2')
    scene.takeEdges()
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    expect(scene.takeEdges()).toEqual(['stop r1: ana bo (accepted by ana)', 'stop r2: ana (at-capacity)'])
  })

  it('[R10] counts the weight of a request against the capacity', () => {
    const scene = new DeskFixture().present({ id: 'ana', capacity: 3 })
    scene.open('r1', undefined, { weight: 2 })
    scene.open('r3')
    scene.open('r2', undefined, { weight: 2 })
    scene.takeEdges()
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    expect(scene.takeEdges()).toEqual(['stop r1: ana (accepted by ana)', 'stop r2: ana (at-capacity)'])
    expect(ringingRequestIds(scene.state, 'ana')).toEqual(['r3'])
  })

  it('[R11] lets no mute of one staff member change what rings for another', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    scene.open('r1')
    scene.takeEdges()
    scene.execute({ type: 'mute', requestId: 'r1', staffId: 'ana' })
    scene.execute({ type: 'unmute', requestId: 'r1', staffId: 'ana' })
    expect(scene.takeEdges()).toEqual(['stop r1: ana (muted)', 'ring r1: ana'])
  })

  it('[R12] keeps a mute through disconnection and reconnection', () => {
    const scene = new DeskFixture({ presenceGraceMs: 0 }).present('ana', 'bo')
    scene.open('r1')
    scene.execute({ type: 'mute', requestId: 'r1', staffId: 'ana' })
    scene.execute({ type: 'disconnect', staffId: 'ana', sessionId: 'tab' })
    scene.takeEdges()
    scene.execute({ type: 'connect', staffId: 'ana', sessionId: 'phone' })
    expect(scene.takeEdges()).toEqual([])
  })

  it('[R13] rings again when a snooze is over', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    scene.open('r1')
    scene.takeEdges()
    scene.execute({ type: 'snooze', requestId: 'r1', staffId: 'ana', forMs: 20_000 })
    expect(awaitingListOf(scene.state, 'ana')).toMatchObject([{ reason: 'snoozed', untilAt: scene.at + 20_000 }])
    scene.pass(20_000)
    expect(scene.takeEdges()).toEqual(['stop r1: ana (snoozed)', 'ring r1: ana'])
  })

  it('[R14] leaves who declined out of this request for good', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    scene.open('r1')
    scene.execute({ type: 'decline', requestId: 'r1', staffId: 'ana', reason: 'not my field' })
    expect(scene.takeEdges()).toEqual(['ring r1: ana bo', 'stop r1: ana (declined)'])
    expect(awaitingListOf(scene.state, 'ana')).toEqual([])
    expect(scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })).toMatchObject({
      code: 'not-in-audience',
      reason: 'declined',
    })
  })

  it('[R15] stops with reason removed when a roster change takes somebody out of the audience', () => {
    const scene = new DeskFixture().present({ id: 'ana', teams: ['servers'] }, { id: 'bo', teams: ['servers'] })
    scene.open('r1', { to: { team: 'servers' } })
    scene.takeEdges()
    scene.execute({ type: 'setStaff', staff: { id: 'ana', teams: ['billing'] } })
    scene.execute({ type: 'removeStaff', staffId: 'bo' })
    expect(scene.takeEdges().slice(0, 2)).toEqual(['stop r1: ana (removed)', 'stop r1: bo (removed)'])
  })

  it('[R16] stops for everyone when a request is cancelled', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    scene.open('r1')
    scene.takeEdges()
    scene.execute({ type: 'cancel', requestId: 'r1', reason: null })
    expect(scene.takeEdges()).toEqual(['stop r1: ana bo (cancelled)'])
  })

  it('[R17] rings in one edge all staff for whom a request begins to ring at the same event', () => {
    const scene = new DeskFixture().present('ana', 'bo', 'cy')
    scene.open('r1')
    expect(scene.takeEdges()).toHaveLength(1)
  })
})
