import { describe, expect, it } from 'vitest'
import type { RouteInput } from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

const person = (id: string, teams: readonly string[], more: object = {}) => ({ id, teams, ...more })
const oneOf = (team: string, more: object = {}): RouteInput => ({
  steps: [{ to: { team }, ring: { order: 'listed', ...more } }],
  whenExhausted: 'hold',
})
const offers = (scene: DeskFixture) =>
  scene.events.flatMap((event) =>
    event.type === 'offer.made' ? [`${event.requestId}: ${event.staffIds.join(' ')}`] : [],
  )

describe('selective ringing beside other ringing', () => {
  it('[O9] offers the most urgent of those that wait for the same person, whichever audience came first', () => {
    for (const [first, second] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const scene = new DeskFixture().absent(person('ana', ['a', 'b'], { capacity: 1 }))
      scene.open('plain', oneOf(first))
      scene.open('urgent', oneOf(second), { priority: 5 })
      scene.open('plain2', oneOf(second))
      scene.execute({ type: 'connect', staffId: 'ana', sessionId: 'tab' })
      expect(offers(scene)).toEqual(['urgent: ana'])
      scene.execute({ type: 'decline', requestId: 'urgent', staffId: 'ana', reason: null })
      expect(offers(scene)).toEqual(['urgent: ana', 'plain: ana'])
      scene.execute({ type: 'cancel', requestId: 'plain', reason: null })
      expect(offers(scene)).toEqual(['urgent: ana', 'plain: ana', 'plain2: ana'])
    }
  })

  it('makes no offer to staff whom an earlier step rings without one', () => {
    const scene = new DeskFixture().present(person('ana', ['a', 'b']), person('bo', ['b']))
    scene.open('r1', {
      steps: [{ to: { team: 'a' } }, { to: { team: 'b' }, afterMs: 10_000, ring: { order: 'listed' } }],
    })
    scene.pass(10_000)
    expect(offers(scene)).toEqual(['r1: bo'])
    expect(scene.takeEdges()).toEqual(['ring r1: ana', 'ring r1: bo'])
    expect(scene.state.staff.get('ana')?.offer).toBeNull()
  })

  it('goes on offering one by one when a later step rings all of another team', () => {
    const scene = new DeskFixture().present(person('ana', ['a']), person('bea', ['a']), person('bo', ['b']))
    scene.open('r1', {
      steps: [
        { to: { team: 'a' }, ring: { order: 'listed', offerTimeoutMs: 15_000 } },
        { to: { team: 'b' }, afterMs: 10_000 },
      ],
    })
    scene.pass(10_000)
    expect(scene.takeEdges()).toEqual(['ring r1: ana', 'ring r1: bo'])
    scene.pass(5_000)
    expect(scene.takeEdges()).toEqual(['stop r1: ana (offer-expired)', 'ring r1: bea'])
    scene.pass(14_999)
    expect(scene.takeEdges()).toEqual([])
    scene.pass(1)
    expect(scene.takeEdges()).toEqual(['stop r1: bea (offer-expired)'])
  })

  it('offers in the manner of the step that has begun, not of one to come', () => {
    const scene = new DeskFixture().present(person('ana', ['a']), person('bea', ['a']))
    const step = (concurrentOffers: number, offerTimeoutMs: number) => ({
      to: { team: 'a' },
      ring: { order: 'listed', concurrentOffers, offerTimeoutMs } as const,
    })
    scene.open('r1', { steps: [step(1, 10_000), { ...step(2, 40_000), afterMs: 15_000 }] })
    expect(offers(scene)).toEqual(['r1: ana'])
    scene.pass(10_000)
    expect(offers(scene)).toEqual(['r1: ana', 'r1: bea'])
    expect(scene.events.findLast(({ type }) => type === 'offer.made')).toMatchObject({ untilAt: scene.at + 10_000 })
    scene.pass(5_000)
    expect(scene.events.findLast(({ type }) => type === 'offer.made')).toMatchObject({
      staffIds: ['ana'],
      untilAt: scene.at + 40_000,
    })
  })

  it('offers to as many as the step says, and to the next when one of them declines', () => {
    const scene = new DeskFixture().present(person('ana', ['a']), person('bea', ['a']), person('cyn', ['a']))
    scene.open('r1', oneOf('a', { concurrentOffers: 2 }))
    expect(offers(scene)).toEqual(['r1: ana bea'])
    scene.execute({ type: 'decline', requestId: 'r1', staffId: 'ana', reason: null })
    expect(offers(scene)).toEqual(['r1: ana bea', 'r1: cyn'])
    expect(scene.takeEdges()).toEqual(['ring r1: ana bea', 'stop r1: ana (declined)', 'ring r1: cyn'])
    expect(scene.count('offerRound.ended')).toBe(0)
  })

  it('offers only to those who have room for its weight', () => {
    const scene = new DeskFixture().present(
      person('ana', ['a'], { capacity: 2 }),
      person('bea', ['a'], { capacity: 2 }),
    )
    scene.open('small', oneOf('a'))
    scene.execute({ type: 'accept', requestId: 'small', staffId: 'ana' })
    scene.open('big', oneOf('a'), { weight: 2 })
    expect(offers(scene)).toEqual(['small: ana', 'big: bea'])
    scene.execute({ type: 'accept', requestId: 'big', staffId: 'bea' })
    scene.open('next', oneOf('a'))
    scene.open('last', oneOf('a'))
    expect(offers(scene).slice(2)).toEqual(['next: ana'])
    scene.execute({ type: 'accept', requestId: 'next', staffId: 'ana' })
    scene.execute({ type: 'end', requestId: 'small' })
    expect(offers(scene).slice(3)).toEqual(['last: ana'])
  })

  it('offers nothing while the visitor is away, and goes on when they are back', () => {
    const scene = new DeskFixture().present(person('ana', ['a'])).absent(person('bea', ['a']))
    scene.open('r1', oneOf('a'))
    scene.execute({ type: 'visitorLeft', visitorId: 'v-r1' })
    expect(scene.takeEdges()).toEqual(['ring r1: ana', 'stop r1: ana (visitor-away)'])
    scene.execute({ type: 'connect', staffId: 'bea', sessionId: 'tab' })
    expect([scene.takeEdges(), offers(scene)]).toEqual([[], ['r1: ana']])
    scene.execute({ type: 'visitorArrived', visitorId: 'v-r1', facts: {} })
    expect(scene.takeEdges().filter((line) => line.startsWith('ring r1'))).toHaveLength(1)
  })

  it('rests between passes only when everybody was asked and nobody is being asked', () => {
    const scene = new DeskFixture({ retryDelayMs: 5_000 }).present(person('ana', ['a']), person('bea', ['a']))
    scene.open('r1', oneOf('a', { offerTimeoutMs: 10_000 }))
    scene.pass(10_000)
    expect([scene.count('offerRound.ended'), offers(scene).length]).toEqual([0, 2])
    scene.pass(10_000)
    expect([scene.count('offerRound.ended'), offers(scene).length]).toEqual([1, 2])
    scene.pass(5_000)
    expect([scene.count('offerRound.started'), offers(scene).length]).toEqual([1, 3])
  })

  it('[O2] begins the next pass of a selective step also while an earlier step rings on', () => {
    const scene = new DeskFixture({ retryDelayMs: 5_000 }).present(person('ana', ['a']), person('bo', ['b']))
    scene.open('r1', {
      steps: [
        { to: { team: 'a' } },
        { to: { team: 'b' }, afterMs: 1_000, ring: { order: 'listed', offerTimeoutMs: 10_000 } },
      ],
    })
    scene.pass(11_000)
    expect(scene.takeEdges()).toEqual(['ring r1: ana', 'ring r1: bo', 'stop r1: bo (offer-expired)'])
    scene.pass(5_000)
    expect(scene.takeEdges()).toEqual(['ring r1: bo'])
    expect([scene.count('offerRound.ended'), scene.count('offerRound.started')]).toEqual([1, 1])
  })

  it('hands a free place to the next request when the best one cannot use it any more', () => {
    const scene = new DeskFixture().absent(person('ana', ['a'], { capacity: 1 }))
    scene.open('r1', oneOf('a'))
    scene.open('r2', oneOf('a'))
    scene.execute({ type: 'mute', requestId: 'r1', staffId: 'ana' })
    scene.execute({ type: 'connect', staffId: 'ana', sessionId: 'tab' })
    expect(offers(scene)).toEqual(['r2: ana'])
    scene.execute({ type: 'cancel', requestId: 'r2', reason: null })
    scene.execute({ type: 'unmute', requestId: 'r1', staffId: 'ana' })
    expect(offers(scene)).toEqual(['r2: ana', 'r1: ana'])
  })

  it('forgets a request that was taken while it waited', () => {
    const scene = new DeskFixture().absent(person('ana', ['a']), person('bea', ['a']))
    scene.open('r1', oneOf('a'))
    scene.open('r2', oneOf('a'))
    scene.execute({ type: 'assign', requestId: 'r1', staffId: 'bea', by: 'boss' })
    scene.execute({ type: 'connect', staffId: 'ana', sessionId: 'tab' })
    expect(offers(scene)).toEqual(['r2: ana'])
  })
})

describe('who has been idle for longest', () => {
  const idlest = { steps: [{ to: 'everyone', ring: { order: 'longest-idle' } }] } as const
  const chosen = (meanwhile: (scene: DeskFixture) => void) => {
    const scene = new DeskFixture({ presenceGraceMs: 0 }).present('ana')
    scene.at += 10
    scene.present('bo')
    scene.at += 10
    meanwhile(scene)
    scene.open('r1', idlest)
    return offers(scene)
  }
  const session = (sessionId: string) => ({ staffId: 'ana', sessionId })

  it('counts from when they came, not from another of their tabs', () => {
    expect(chosen((scene) => scene.execute({ type: 'connect', ...session('phone') }))).toEqual(['r1: ana'])
  })

  it('counts anew for staff who left and came back, or were away', () => {
    const goAndCome = (scene: DeskFixture) => {
      scene.execute({ type: 'disconnect', ...session('tab') })
      scene.execute({ type: 'connect', ...session('tab') })
    }
    const beAway = (scene: DeskFixture) => {
      scene.execute({ type: 'setAvailability', staffId: 'ana', availability: 'away' })
      scene.execute({ type: 'setAvailability', staffId: 'ana', availability: 'available' })
    }
    expect([chosen(goAndCome), chosen(beAway)]).toEqual([['r1: bo'], ['r1: bo']])
  })
})
