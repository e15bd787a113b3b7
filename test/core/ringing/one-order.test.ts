import { describe, expect, it } from 'vitest'
import {
  awaitingListOf,
  countAvailable,
  explainStaff,
  restoreState,
  ringingRequestIds,
  type SelectiveRing,
  toStateSnapshot,
} from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

const offered = (order: SelectiveRing['order'] = 'longest-idle', to: object | 'everyone' = 'everyone') =>
  ({ to, ring: { order } }) as never
const accept = (requestId: string, staffId = 'ana') => ({ type: 'accept', requestId, staffId }) as const
const end = (requestId: string) => ({ type: 'end', requestId }) as const
const reasonsOf = (scene: DeskFixture, requestId: string) =>
  Object.fromEntries(explainStaff(scene.state, requestId).map(({ staffId, reason }) => [staffId, reason]))

describe('one order for ring-all and selective requests', () => {
  it('[O16] gives a freed slot to the ring-all request of priority 1000, not to a later selective one', () => {
    const scene = new DeskFixture().present({ id: 'ana', capacity: 1 })
    scene.open('chat')
    scene.execute(accept('chat'))
    scene.open('VIP', undefined, { priority: 1_000 })
    scene.open('normal', offered())
    scene.takeEdges()
    scene.execute(end('chat'))
    expect(scene.takeEdges()).toEqual(['ring VIP: ana'])
    scene.pass(3_600_000)
    expect(scene.takeEdges()).toEqual([])
    scene.execute(accept('VIP'))
    scene.execute(end('VIP'))
    expect(scene.takeEdges()).toEqual(['stop VIP: ana (accepted by ana)', 'ring normal: ana'])
  })

  it('[O16] serves the oldest of a ladder first, however many others follow it', () => {
    const ladder = {
      steps: [
        { to: { team: 'a' }, ring: { order: 'longest-idle' as const, offerTimeoutMs: 15_000 } },
        { to: 'everyone' as const, afterMs: 30_000 },
      ],
    }
    const scene = new DeskFixture().present({ id: 'ana', teams: ['a'], capacity: 1 })
    scene.open('chat')
    scene.execute(accept('chat'))
    const open = (index: number) => scene.open(`r${index}`, ladder)
    open(0)
    scene.pass(40_000)
    let chat = 'chat'
    const served: string[] = []
    for (let index = 1; index <= 120; index += 1) {
      open(index)
      scene.execute(end(chat))
      chat = ringingRequestIds(scene.state, 'ana')[0] ?? ''
      served.push(chat)
      scene.execute(accept(chat))
      scene.pass(10_000)
    }
    expect(served).toEqual(Array.from({ length: 120 }, (_, index) => `r${index}`))
  })

  it('[O16] holds back one slot, not all, for a ring-all request that everybody ignores', () => {
    const scene = new DeskFixture().present(...['ana', 'bo', 'cy'].map((id) => ({ id, capacity: 1 })))
    scene.open('ignored')
    scene.takeEdges()
    for (const id of ['r1', 'r2', 'r3']) scene.open(id, offered('listed'))
    expect(scene.takeEdges()).toEqual([
      'stop ignored: ana (reserved)',
      'ring r1: ana',
      'stop ignored: bo (reserved)',
      'ring r2: bo',
    ])
    scene.execute(accept('ignored', 'cy'))
    scene.execute(end('ignored'))
    expect(scene.takeEdges().at(-1)).toBe('ring r3: cy')
  })

  it('[O16] reads only the audiences of the person: what rings others holds nothing back', () => {
    const scene = new DeskFixture().present({ id: 'ana', teams: ['a'], capacity: 1 }, { id: 'bo', capacity: 1 })
    scene.open('other', { to: { staff: 'bo' } })
    scene.open('one', offered('listed', { team: 'a' }))
    expect(scene.takeEdges()).toEqual(['ring other: bo', 'ring one: ana'])
  })

  it('[O16] needs no slot of who has muted or declined it, nor while its visitor is away', () => {
    const blocked = () => {
      const scene = new DeskFixture().present({ id: 'ana', capacity: 1 })
      scene.open('all')
      scene.open('one', offered())
      expect(scene.takeEdges()).toEqual(['ring all: ana'])
      return scene
    }
    const muted = blocked()
    muted.execute({ type: 'mute', requestId: 'all', staffId: 'ana' })
    expect(muted.takeEdges()).toEqual(['stop all: ana (muted)', 'ring one: ana'])
    const declined = blocked()
    declined.execute({ type: 'decline', requestId: 'all', staffId: 'ana', reason: null })
    expect(declined.takeEdges()).toEqual(['stop all: ana (declined)', 'ring one: ana'])
    const left = blocked()
    left.execute({ type: 'visitorLeft', visitorId: 'v-all' })
    expect(left.takeEdges()).toEqual(['stop all: ana (visitor-away)', 'ring one: ana'])
  })

  it('[O16] compares weights: two slots stay free for a ring-all request of weight 2', () => {
    const scene = new DeskFixture().present({ id: 'ana', capacity: 3 }, { id: 'bo', capacity: 1 })
    scene.open('heavy', undefined, { weight: 2 })
    scene.takeEdges()
    scene.open('r1', offered('listed'))
    scene.open('r2', offered('listed'))
    scene.open('r3', offered('listed'))
    expect(scene.takeEdges()).toEqual(['ring r1: ana', 'ring r2: bo'])
  })

  it('[O16] leaves the last room for an earlier heavy request, even if the crumbs of others add up to enough', () => {
    const scene = new DeskFixture().present({ id: 'ana', capacity: 2 }, { id: 'bo', capacity: 1 })
    scene.open('heavy', undefined, { weight: 2 })
    scene.open('one', offered('listed'))
    expect(scene.takeEdges()).toEqual(['ring heavy: ana', 'ring one: bo'])
  })

  it('[O16] offers at once what the desk held back when an earlier request goes', () => {
    const scene = new DeskFixture().present({ id: 'ana', capacity: 1 }, { id: 'bo', teams: ['a'], capacity: 1 })
    scene.open('all')
    scene.open('older', { to: { team: 'a' } })
    scene.open('one', offered('listed', { staff: 'bo' }))
    scene.takeEdges()
    scene.execute({ type: 'cancel', requestId: 'older', reason: null })
    expect(scene.takeEdges()).toEqual(['stop older: bo (cancelled)', 'stop all: bo (reserved)', 'ring one: bo'])
  })

  it('[O16] is not blocked by a ring-all request that is too heavy for every capacity', () => {
    const scene = new DeskFixture().present({ id: 'ana', capacity: 1 })
    scene.open('huge', undefined, { weight: 2 })
    scene.open('one', offered())
    expect(scene.takeEdges()).toEqual(['ring one: ana'])
  })

  it('[O16] goes on with offers to others when a concurrent offer would take too many slots', () => {
    const scene = new DeskFixture().present({ id: 'ana', capacity: 1 }, { id: 'bo', capacity: 1 })
    scene.open('all')
    scene.takeEdges()
    scene.open('two', { to: 'everyone', ring: { order: 'listed', concurrentOffers: 2 } })
    expect(scene.takeEdges()).toEqual(['stop all: ana (reserved)', 'ring two: ana'])
  })

  it('[O17] keeps one person free for a request for whose weight nobody has room', () => {
    const scene = new DeskFixture().present({ id: 'ana', capacity: 2 }, { id: 'bo', capacity: 2 })
    const chats = ['a1', 'a2', 'b1', 'b2']
    for (const [index, id] of chats.entries()) {
      scene.open(id)
      scene.execute(accept(id, index < 2 ? 'ana' : 'bo'))
    }
    scene.open('heavy', undefined, { weight: 2 })
    scene.open('light')
    scene.open('one', offered())
    scene.takeEdges()
    scene.execute(end('a1'))
    expect(scene.takeEdges()).toEqual([])
    expect(reasonsOf(scene, 'light')).toEqual({ ana: 'reserved', bo: 'full' })
    expect(awaitingListOf(scene.state, 'ana').map(({ requestId, reason }) => `${requestId} ${reason}`)).toEqual([
      'heavy over-capacity',
      'light reserved',
      'one reserved',
    ])
    expect(countAvailable(scene.state, 'everyone')).toBe(0)
    scene.execute(end('b1'))
    expect(scene.takeEdges()).toEqual(['ring light: bo'])
    scene.execute(accept('light', 'bo'))
    scene.takeEdges()
    scene.execute(end('a2'))
    expect(scene.takeEdges()).toEqual(['ring heavy: ana'])
    scene.execute(accept('heavy'))
    scene.execute(end('heavy'))
    expect(scene.takeEdges()).toEqual(['stop heavy: ana (accepted by ana)', 'ring one: ana'])
  })

  it('[O17] ends when another has room, and lets what is served before ring for the person', () => {
    const scene = new DeskFixture().present({ id: 'ana', capacity: 2 }, { id: 'bo', capacity: 2 })
    for (const [id, staffId] of [
      ['a1', 'ana'],
      ['b1', 'bo'],
      ['b2', 'bo'],
    ] as const) {
      scene.open(id)
      scene.execute(accept(id, staffId))
    }
    scene.open('light', { to: { staff: 'ana' } })
    scene.takeEdges()
    scene.open('heavy', undefined, { weight: 2, priority: 1 })
    expect(scene.takeEdges()).toEqual(['stop light: ana (reserved)'])
    scene.open('urgent', undefined, { priority: 2 })
    expect(scene.takeEdges()).toEqual(['ring urgent: ana'])
    scene.execute({ type: 'cancel', requestId: 'urgent', reason: null })
    scene.execute(end('b1'))
    scene.takeEdges()
    scene.execute(end('b2'))
    expect(scene.takeEdges()).toEqual(['ring heavy: bo', 'ring light: ana'])
  })

  it('[O17] chooses the smallest lack, then the longest idle, and withdraws a later offer there', () => {
    const scene = new DeskFixture().present({ id: 'ana', capacity: 3 }, { id: 'bo', capacity: 3 })
    scene.open('a1', undefined, { weight: 2 })
    scene.execute(accept('a1', 'ana'))
    scene.open('b1')
    scene.execute(accept('b1', 'bo'))
    scene.open('one', offered('listed', { staff: 'bo' }))
    scene.takeEdges()
    scene.open('heavy', offered('listed'), { weight: 3, priority: 1 })
    expect(scene.takeEdges()).toEqual(['stop one: bo (reserved)'])
    expect(scene.state.requests.get('heavy')?.detail?.reservedStaff?.id).toBe('bo')
    const copy = restoreState(JSON.parse(JSON.stringify(toStateSnapshot(scene.state))))
    expect(copy.requests.get('heavy')?.detail?.reservedStaff?.id).toBe('bo')
    expect(toStateSnapshot(copy)).toEqual(toStateSnapshot(scene.state))
    scene.execute(end('b1'))
    expect(scene.takeEdges()).toEqual(['ring heavy: bo'])
  })

  it('[O17] does not report again what no ring has ended: a free slot that is kept at once is no ring', () => {
    const scene = new DeskFixture().present({ id: 'ana', capacity: 2 })
    scene.open('chat', undefined, { weight: 2 })
    scene.execute(accept('chat'))
    scene.open('heavy', undefined, { weight: 2 })
    scene.open('light')
    const before = scene.count('request.unattended')
    scene.execute({ type: 'setStaff', staff: { id: 'ana', capacity: 3 } })
    expect(ringingRequestIds(scene.state, 'ana')).toEqual([])
    expect(scene.count('request.unattended')).toBe(before)
  })

  it('[O18] falls back to who was offered least recently when candidates are equal', () => {
    const scene = new DeskFixture().present('ana', 'bo', 'cy')
    const order: string[] = []
    for (const id of ['r1', 'r2', 'r3', 'r4']) {
      scene.open(id, offered(id === 'r2' ? 'best-skilled' : 'least-loaded'))
      order.push(scene.takeEdges().find((line) => line.startsWith('ring')) ?? '')
      scene.execute({ type: 'cancel', requestId: id, reason: null })
      scene.takeEdges()
    }
    expect(order).toEqual(['ring r1: ana', 'ring r2: bo', 'ring r3: cy', 'ring r4: ana'])
  })
})
