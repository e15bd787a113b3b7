import { describe, expect, it } from 'vitest'
import { ringingRequestIds, type SelectiveRing } from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

const selective = (ring: SelectiveRing, to: object | 'everyone' = 'everyone') => ({ to, ring }) as never
const first = (order: SelectiveRing['order'], more: Partial<SelectiveRing> = {}) => selective({ order, ...more })

const offerNumbers = ({ state }: DeskFixture) =>
  [...state.lastOfferNumbers.values()].map((numbers) => [...numbers.keys()].sort())

describe('selective ringing', () => {
  it('[O1] offers to concurrentOffers people at a time and moves an unanswered offer on after offerTimeoutMs', () => {
    const scene = new DeskFixture().present('ana', 'bo', 'cy')
    scene.open('r1', first('listed', { concurrentOffers: 2, offerTimeoutMs: 10_000 }))
    expect(scene.takeEdges()).toEqual(['ring r1: ana bo'])
    scene.pass(10_000)
    expect(scene.takeEdges()).toEqual(['stop r1: ana (offer-expired)', 'stop r1: bo (offer-expired)', 'ring r1: cy'])
  })

  it('[O2] rests retryDelayMs after a full pass without an answer, then starts again', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1', first('listed'))
    scene.takeEdges()
    scene.pass(20_000)
    expect(scene.takeEdges()).toEqual(['stop r1: ana (offer-expired)'])
    scene.pass(4_999)
    expect(scene.takeEdges()).toEqual([])
    scene.pass(1)
    expect(scene.takeEdges()).toEqual(['ring r1: ana'])
  })

  it('[O19] forgets with a staff member who is removed when they were offered something', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    const route = first('round-robin', { concurrentOffers: 2 })
    for (const requestId of ['r1', 'r2']) {
      scene.open(requestId, route)
      scene.execute({ type: 'cancel', requestId, reason: null })
    }
    expect(offerNumbers(scene)).toEqual([['ana', 'bo']])
    scene.execute({ type: 'removeStaff', staffId: 'ana' })
    expect(offerNumbers(scene)).toEqual([['bo']])
    scene.execute({ type: 'removeStaff', staffId: 'bo' })
    expect(offerNumbers(scene)).toEqual([])
  })

  it('[O3] longest-idle offers to who has been without new work the longest', () => {
    const scene = new DeskFixture().present('ana')
    scene.pass(1000)
    scene.present('bo')
    scene.pass(1000)
    scene.open('r1', first('longest-idle'))
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    scene.takeEdges()
    scene.open('r2', first('longest-idle'))
    expect(scene.takeEdges()).toEqual(['ring r2: bo'])
  })

  it('[O4] round-robin offers to who was offered least recently, for each target', () => {
    const scene = new DeskFixture().present('ana', 'bo', 'cy')
    const order: string[] = []
    for (const id of ['r1', 'r2', 'r3', 'r4']) {
      scene.open(id, first('round-robin'))
      order.push(scene.takeEdges().find((line) => line.startsWith('ring')) ?? '')
      scene.execute({ type: 'cancel', requestId: id, reason: null })
      scene.takeEdges()
    }
    expect(order).toEqual(['ring r1: ana', 'ring r2: bo', 'ring r3: cy', 'ring r4: ana'])
  })

  it('[O5] least-loaded compares the ratio of load to capacity', () => {
    const scene = new DeskFixture().present({ id: 'ana', capacity: 2 }, { id: 'bo', capacity: 10 })
    for (const [id, staffId] of [
      ['r1', 'ana'],
      ['r2', 'bo'],
      ['r3', 'bo'],
    ] as const) {
      scene.open(id)
      scene.execute({ type: 'accept', requestId: id, staffId })
    }
    scene.takeEdges()
    scene.open('r4', first('least-loaded'))
    expect(scene.takeEdges()).toEqual(['ring r4: bo'])
  })

  it('[O6] best-skilled adds up the levels of the skills the target asks for', () => {
    const scene = new DeskFixture().present(
      { id: 'ana', skills: { linux: 2, mysql: 2, go: 90 } },
      { id: 'bo', skills: { linux: 3, mysql: 3 } },
    )
    scene.open('r1', selective({ order: 'best-skilled' }, { skills: { linux: 1, mysql: 1 } }))
    expect(scene.takeEdges()).toEqual(['ring r1: bo'])
  })

  it('[O7] listed offers in the order in which the target lists its staff', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    scene.open('r1', selective({ order: 'listed' }, { staff: ['bo', 'ana'] }))
    expect(scene.takeEdges()).toEqual(['ring r1: bo'])
  })

  it('[O8] random draws from the request, so that a replay draws the same', () => {
    const drawn = (requestId: string) => {
      const scene = new DeskFixture().present('ana', 'bo', 'cy', 'di')
      scene.open(requestId, first('random'))
      return scene.takeEdges().map((line) => line.replace(`${requestId}: `, ''))
    }
    const ids = Array.from({ length: 40 }, (_, index) => `r${index}`)
    expect(ids.map(drawn)).toEqual(ids.map(drawn))
    expect(new Set(ids.flatMap(drawn)).size).toBe(4)
  })

  it('[O9] gives one person one offer at a time, the best request first: priority, then age', () => {
    const scene = new DeskFixture().absent('ana')
    scene.open('old', first('listed'))
    scene.pass(10)
    scene.open('young', first('listed'))
    scene.open('vip', first('listed'), { priority: 1 })
    scene.execute({ type: 'connect', staffId: 'ana', sessionId: 'tab' })
    expect(scene.takeEdges()).toEqual(['ring vip: ana'])
    scene.execute({ type: 'accept', requestId: 'vip', staffId: 'ana' })
    expect(scene.takeEdges()).toEqual(['stop vip: ana (accepted by ana)', 'ring old: ana'])
  })

  it('[O9] offers the next request to the staff member left over when two become free and the best one has a single place', () => {
    const two = first('listed', { concurrentOffers: 2, offerTimeoutMs: 600 })
    const scene = new DeskFixture().present('ana', 'bo')
    scene.open('first', two)
    scene.present('cy')
    scene.pass(100)
    scene.open('second', two)
    scene.pass(100)
    scene.open('third', two)
    scene.takeEdges()
    scene.pass(400)
    expect(scene.takeEdges()).toEqual([
      'stop first: ana (offer-expired)',
      'stop first: bo (offer-expired)',
      'ring second: ana',
      'ring third: bo',
    ])
  })

  it('[O10] reserves the slot: nothing else rings in its place', () => {
    const scene = new DeskFixture().present({ id: 'ana', capacity: 1 }, 'bo')
    scene.open('all')
    scene.takeEdges()
    scene.open('one', first('listed'))
    expect(scene.takeEdges()).toEqual(['stop all: ana (reserved)', 'ring one: ana'])
    scene.pass(20_000)
    expect(scene.takeEdges()).toEqual(['ring all: ana', 'stop one: ana (offer-expired)', 'ring one: bo'])
  })

  it('[O11] counts a missed offer for an expired offer only, and reports staff.notResponding after several in a row', () => {
    const scene = new DeskFixture({ missedOffersMax: 2 }).present('ana')
    scene.open('r1', first('listed'))
    scene.execute({ type: 'mute', requestId: 'r1', staffId: 'ana' })
    scene.execute({ type: 'unmute', requestId: 'r1', staffId: 'ana' })
    scene.pass(20_000)
    expect(scene.count('staff.notResponding')).toBe(0)
    scene.pass(25_000)
    expect(scene.count('staff.notResponding')).toBe(1)
    expect(scene.state.staff.get('ana')?.availability).toBe('available')
  })

  it('[O12] sets who does not respond away when the policy says so', () => {
    const scene = new DeskFixture({ missedOffersMax: 1, awayAfterMissedOffers: true }).present('ana')
    scene.open('r1', first('listed'))
    scene.pass(20_000)
    expect(scene.state.staff.get('ana')?.availability).toBe('away')
  })

  it('[O13] offers to the next when the one who is offered mutes, declines or leaves', () => {
    const scene = new DeskFixture().present('ana', 'bo', 'cy', 'di')
    scene.open('r1', first('listed'))
    scene.execute({ type: 'mute', requestId: 'r1', staffId: 'ana' })
    scene.execute({ type: 'decline', requestId: 'r1', staffId: 'bo', reason: null })
    scene.execute({ type: 'setAvailability', staffId: 'cy', availability: 'away' })
    expect(scene.takeEdges()).toEqual([
      'ring r1: ana',
      'stop r1: ana (muted)',
      'ring r1: bo',
      'stop r1: bo (declined)',
      'ring r1: cy',
      'stop r1: cy (unavailable)',
      'ring r1: di',
    ])
  })

  it('[O15] makes no offer to whom another step of the route rings anyway', () => {
    const scene = new DeskFixture().present('ana', { id: 'bo', teams: ['b'] })
    const steps = [
      { to: { staff: 'ana' }, ring: { order: 'listed' as const } },
      { to: 'everyone' as const, afterMs: 5_000 },
    ]
    scene.open('r1', { steps })
    scene.pass(600_000)
    expect(scene.count('offer.made')).toBe(1)
    expect(ringingRequestIds(scene.state, 'ana')).toEqual(['r1'])
  })

  it('[O14] keeps an offer through an added step and withdraws it at a hand-over', () => {
    const scene = new DeskFixture().present({ id: 'ana', teams: ['a'] }, { id: 'bo', teams: ['b'] })
    const steps = (mode: 'widen' | 'replace') => [
      { to: { team: 'a' }, ring: { order: 'listed' as const, offerTimeoutMs: 60_000 } },
      { to: { team: 'b' }, afterMs: 10_000, mode },
    ]
    scene.open('r1', { steps: steps('widen') })
    scene.pass(10_000)
    expect(scene.takeEdges()).toEqual(['ring r1: ana', 'ring r1: bo'])
    scene.execute({ type: 'cancel', requestId: 'r1', reason: null })
    scene.takeEdges()
    scene.open('r2', { steps: steps('replace') })
    scene.pass(10_000)
    expect(scene.takeEdges()).toEqual(['ring r2: ana', 'stop r2: ana (handed-over)', 'ring r2: bo'])
  })

  it('[O9] offers in the order of service also after one was routed anew with another priority', () => {
    const scene = new DeskFixture().absent('ana')
    const route = first('listed')
    scene.open('r1', route, { priority: 2 })
    scene.open('r2', route, { priority: 1 })
    const { routingResult } = scene.state.requests.get('r1') ?? {}
    scene.execute({ type: 'reroute', requestId: 'r1', routingResult: { ...routingResult, priority: 0 } } as never)
    scene.open('r3', route, { priority: 1 })
    scene.takeEdges()
    const served: string[] = []
    for (let count = 0; count < 3; count += 1) {
      scene.execute({ type: 'connect', staffId: 'ana', sessionId: 'tab' })
      const [requestId = ''] = ringingRequestIds(scene.state, 'ana')
      served.push(requestId)
      scene.execute({ type: 'cancel', requestId, reason: null })
    }
    expect(served).toEqual(['r2', 'r3', 'r1'])
  })
})
