import { describe, expect, it } from 'vitest'
import { ringingRequestIds, type Staff, type Target } from '../../../src/core'
import {
  audienceOf,
  audiencesOfRoute,
  canonicalTarget,
  countAvailable,
  countWaiting,
  isOnShift,
  targetMismatchOf,
} from '../../../src/core/ringing/audience'
import type { StaffState } from '../../../src/core/state/state'
import { DeskFixture } from '../desk-fixture'

const whole: Staff = {
  id: 'ana',
  teams: ['server', 'night'],
  skills: { dns: 3, linux: 1 },
  shifts: ['early', 'late'],
}

function reason(target: Target, staff: Staff = whole) {
  return targetMismatchOf(target, staffIn(new DeskFixture().absent(staff), staff.id))
}

function staffIn(scene: DeskFixture, id: string): StaffState {
  return scene.state.staff.get(id) as StaffState
}

/** A desk on which some shifts are on. */
function withShifts(on: readonly string[], off: readonly string[] = []): DeskFixture {
  const scene = new DeskFixture()
  const shifts = [...on, ...off].map((id) => ({ id, timeZone: 'UTC', weekly: {} }))
  const times = shifts.map(({ id }) => ({ shiftId: id, isOn: on.includes(id), nextBoundaryAt: null }))
  scene.execute({ type: 'setShifts', shifts, times } as never)
  return scene
}

describe('who belongs to a target', () => {
  it.each<[Target, string | null]>([
    ['everyone', null],
    [{ staff: 'ana' }, null],
    [{ staff: ['bo', 'ana'] }, null],
    [{ staff: ['bo', 'cy'] }, 'not-targeted'],
    [{ team: 'server' }, null],
    [{ team: ['billing', 'night'] }, null],
    [{ team: 'billing' }, 'not-in-team'],
    [{ skills: { dns: 3 } }, null],
    [{ skills: { dns: 4 } }, 'lacks-skill'],
    [{ skills: { dns: 1, linux: 1 } }, null],
    [{ skills: { dns: 1, linux: 2 } }, 'lacks-skill'],
    [{ skills: { linux: 2, dns: 1 } }, 'lacks-skill'],
    [{ skills: { mail: 0 } }, 'lacks-skill'],
    [{ skills: { toString: 0 } }, 'lacks-skill'],
    [{ shift: 'late' }, null],
    [{ shift: ['weekend', 'early'] }, null],
    [{ shift: 'weekend' }, 'not-in-shift'],
    [{ not: { team: 'server' } }, 'not-targeted'],
    [{ not: { team: 'billing' } }, null],
    [{ team: 'server', not: { staff: 'ana' } }, 'not-targeted'],
    [{ team: 'server', skills: { mail: 1 }, shift: 'weekend' }, 'lacks-skill'],
    [{ team: 'server', skills: { dns: 1 }, shift: 'weekend' }, 'not-in-shift'],
    [{ team: 'server', skills: { dns: 1 }, shift: 'early' }, null],
  ])('%j', (target, expected) => {
    expect(reason(target)).toBe(expected)
  })

  it('has no team, skill or shift by default', () => {
    expect(reason({ team: 'server' }, { id: 'bo' })).toBe('not-in-team')
    expect(reason({ skills: { dns: 1 } }, { id: 'bo' })).toBe('lacks-skill')
    expect(reason({ shift: 'early' }, { id: 'bo' })).toBe('not-in-shift')
  })
})

describe('targets that mean the same', () => {
  it.each<[Target, Target]>([
    ['everyone', 'everyone'],
    [{ team: 'a' }, { team: ['a'] }],
    [{ team: ['a', 'b', 'a'] }, { team: ['b', 'a'] }],
    [
      { team: 'a', staff: 'x' },
      { staff: 'x', team: 'a' },
    ],
    [{ skills: { a: 1, b: 2 } }, { skills: { b: 2, a: 1 } }],
    [{ not: { team: ['a', 'b'] } }, { not: { team: ['b', 'a'] } }],
  ])('%j and %j have one text', (one, other) => {
    expect(canonicalTarget(one)).toBe(canonicalTarget(other))
  })

  it('are the only ones that do', () => {
    const targets: Target[] = [
      'everyone',
      { team: 'a' },
      { team: 'b' },
      { staff: 'a' },
      { shift: 'a' },
      { team: ['a', 'b'] },
      { team: 'a b' },
      { skills: { a: 1 } },
      { skills: { a: 2 } },
      { not: { team: 'a' } },
      { team: 'a', not: { team: 'a' } },
      { team: 'a', staff: 'b' },
    ]
    expect(new Set(targets.map(canonicalTarget)).size).toBe(targets.length)
  })
})

describe('an audience', () => {
  it('is shared by steps that ring the same people in the same order', () => {
    const { state } = new DeskFixture().present('ana', 'bo')
    const ring = (order: 'listed' | 'random') => ({ order, concurrentOffers: 1 })
    const step = (to: Target, how: unknown = 'all') => audienceOf(state, { to, ring: how } as never)
    expect(step({ staff: ['ana', 'bo'] })).toBe(step({ staff: ['bo', 'ana'] }))
    expect(step({ staff: ['ana', 'bo'] })).not.toBe(step({ staff: ['ana'] }))
    expect(step({ staff: ['ana', 'bo'] }, ring('random'))).toBe(step({ staff: ['bo', 'ana'] }, ring('random')))
    expect(step({ staff: ['ana', 'bo'] }, ring('random'))).not.toBe(step({ staff: ['ana', 'bo'] }))
    const listed = step({ staff: ['ana', 'bo'] }, ring('listed'))
    expect(step({ staff: ['bo', 'ana'] }, ring('listed'))).not.toBe(listed)
    expect(step({ staff: ['ana', 'bo'] }, ring('listed'))).toBe(listed)
    expect(step('everyone', ring('listed'))).not.toBe(step('everyone'))
    expect(step({ team: 'a' }, ring('listed'))).toBe(step({ team: 'a' }, ring('listed')))
  })

  it('is let go when no request rings it and there are 256 of them, and comes back the same', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    scene.open('kept', { to: { staff: 'ana' } })
    scene.open('muted', { to: { staff: ['ana', 'bo'] } })
    scene.execute({ type: 'mute', requestId: 'muted', staffId: 'ana' })
    const kept = scene.state.requests.get('kept')?.activeAudiences[0]
    const muted = scene.state.requests.get('muted')?.activeAudiences[0]
    for (let count = 0; count < 254; count += 1)
      audienceOf(scene.state, { to: { team: `t${count}` }, ring: 'all' } as never)
    expect(scene.state.audiences.size).toBe(256)
    const ana = staffIn(scene, 'ana')
    const idle = audienceOf(scene.state, { to: { not: { team: 'x' } }, ring: 'all' } as never)
    expect([...scene.state.audiences.values()]).toEqual([kept, muted, idle])
    expect([...ana.audiences]).toEqual([kept, muted, idle])
    expect([...ana.eligibleIn]).toEqual([kept, muted, idle])
    scene.execute({ type: 'cancel', requestId: 'kept', reason: null })
    scene.takeEdges()
    scene.open('again', { steps: [{ to: { team: 't7' } }], whenExhausted: 'hold' })
    scene.open('anew', { to: { staff: 'ana' } })
    expect(ringingRequestIds(scene.state, 'ana')).toEqual(['anew'])
  })

  it('knows who could be rung when it is made late', () => {
    const scene = new DeskFixture().present({ id: 'ana', capacity: 1 }, { id: 'bo', capacity: 1 }, 'cy').absent('dan')
    scene.open('busy', { to: { staff: 'ana' } })
    scene.execute({ type: 'accept', requestId: 'busy', staffId: 'ana' })
    scene.open('offered', { to: { staff: 'bo' }, ring: { order: 'listed' } })
    scene.execute({ type: 'setAvailability', staffId: 'cy', availability: 'away' })
    const of = (order: unknown) => audienceOf(scene.state, { to: 'everyone', ring: order } as never)
    const [all, random] = [of('all'), of({ order: 'random' })]
    for (const { members, eligible, freeCount } of [all, random]) {
      expect([...members].map(({ id }) => id)).toEqual(['ana', 'bo', 'cy', 'dan'])
      expect([...eligible].map(({ id }) => id)).toEqual(['ana', 'bo'])
      expect(freeCount).toBe(1)
    }
    expect([all.candidates.entries, random.candidates.entries]).toEqual([[], []])
    scene.present('eve')
    expect([all.candidates.entries, random.candidates.entries]).toEqual([[], [staffIn(scene, 'eve')]])
    const late = audienceOf(scene.state, { to: { not: { team: 'x' } }, ring: { order: 'random' } } as never)
    expect(late.candidates.entries).toEqual([staffIn(scene, 'eve')])
  })

  it('is on shift while one of its shifts is, for those of it', () => {
    const scene = withShifts(['early'], ['late'])
    scene.absent(whole, { id: 'bo', shifts: ['late'] }, 'cy')
    const { state } = scene
    const of = (to: Target) => audienceOf(state, { to, ring: 'all' } as never)
    const on = (to: Target) => ['ana', 'bo', 'cy'].filter((id) => isOnShift(state, of(to), staffIn(scene, id)))
    expect(on('everyone')).toEqual(['ana', 'bo', 'cy'])
    expect(on({ team: 'server' })).toEqual(['ana', 'bo', 'cy'])
    expect(on({ shift: 'early' })).toEqual(['ana'])
    expect(on({ shift: ['late', 'early'] })).toEqual(['ana'])
    expect(on({ shift: 'late' })).toEqual([])
    expect(on({ shift: 'unknown' })).toEqual([])
  })
})

describe('the audiences that ring at a step', () => {
  const keys = (steps: readonly object[], step: number, whenExhausted = 'everyone') => {
    const { state } = new DeskFixture()
    const all = steps.map((each) => ({ ring: 'all', afterMs: 0, mode: 'widen', skipWhen: 'nobody-present', ...each }))
    return audiencesOfRoute(state, { steps: all, whenExhausted } as never, step).map(({ target }) => target)
  }
  const [a, b, c] = [{ to: { team: 'a' } }, { to: { team: 'b' } }, { to: { team: 'c' } }]

  it('are those from the latest hand-over on', () => {
    expect(keys([a, b, c], 0)).toEqual([a.to])
    expect(keys([a, b, c], 2)).toEqual([a.to, b.to, c.to])
    expect(keys([a, { ...b, mode: 'replace' }, c], 2)).toEqual([b.to, c.to])
    expect(keys([a, { ...b, mode: 'replace' }, { ...c, mode: 'replace' }], 2)).toEqual([c.to])
  })

  it('are everyone, too, when it is widened beyond its last step, each once', () => {
    expect(keys([a, b], 2)).toEqual([a.to, b.to, 'everyone'])
    expect(keys([a, { ...b, mode: 'replace' }], 2)).toEqual([b.to, 'everyone'])
    expect(keys([a, b, a], 2)).toEqual([a.to, b.to])
    expect(keys([{ to: 'everyone' }], 1)).toEqual(['everyone'])
  })

  it('are those of all its steps when a route that holds is exhausted', () => {
    expect(keys([a, { ...b, mode: 'replace' }, c], 3, 'hold')).toEqual([a.to, b.to, c.to])
    expect(keys([a, { ...b, mode: 'replace' }, c], 2, 'hold')).toEqual([b.to, c.to])
  })
})

describe('the counts of a target', () => {
  it('are of those who could be rung now for one request, with and without a request that names it', () => {
    const scene = withShifts(['early'], ['late'])
    scene.present(
      { id: 'ana', teams: ['a'], shifts: ['early', 'late'] },
      { id: 'bo', teams: ['a'], shifts: ['late'] },
      { id: 'full', teams: ['a'], shifts: ['early'], capacity: 1 },
      { id: 'away', teams: ['a'], shifts: ['early'] },
      { id: 'other' },
    )
    scene.absent({ id: 'absent', teams: ['a'], shifts: ['early'] })
    scene.open('busy', { to: { staff: 'full' } })
    scene.execute({ type: 'accept', requestId: 'busy', staffId: 'full' })
    scene.execute({ type: 'setAvailability', staffId: 'away', availability: 'away' })
    const counts = () =>
      (
        [
          'everyone',
          { team: 'a' },
          { team: 'a', shift: 'early' },
          { shift: ['late', 'early'] },
          { shift: 'x' },
        ] as Target[]
      ).map((target) => countAvailable(scene.state, target))
    const fresh = [3, 2, 1, 1, 0]
    expect(counts()).toEqual(fresh)
    for (const [index, to] of (['everyone', { team: 'a' }, { team: 'a', shift: 'early' }] as Target[]).entries()) {
      scene.open(`r${index}`, { to })
    }
    expect(counts()).toEqual(fresh)
  })

  it('are of the open requests at a step with that very target, whatever their order of ringing', () => {
    const scene = new DeskFixture().present({ id: 'ana', teams: ['a', 'b'] }, { id: 'bo', teams: ['a'] })
    const counts = () => [
      countWaiting(scene.state, { team: 'a' }),
      countWaiting(scene.state, { team: ['a'] }),
      countWaiting(scene.state, { team: 'b' }),
    ]
    expect(counts()).toEqual([0, 0, 0])
    scene.open('r1', { to: { team: 'a' } })
    scene.open('r2', { to: { team: ['a'] } })
    scene.execute({ type: 'mute', requestId: 'r2', staffId: 'ana' })
    scene.open('r3', { to: { team: 'b' } })
    expect(counts()).toEqual([2, 2, 1])
    scene.open('r4', { to: { team: 'a' }, ring: { order: 'random' } })
    const both = [{ to: { team: 'a' } }, { to: { team: 'a' }, ring: { order: 'listed' }, afterMs: 1, mode: 'widen' }]
    scene.open('r5', { steps: both } as never)
    scene.pass(1)
    expect(counts()).toEqual([4, 4, 1])
  })
})
