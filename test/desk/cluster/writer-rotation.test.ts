import { describe, expect, it, vi } from 'vitest'
import { WriterRotation } from '../../../src/desk/cluster/writer-rotation'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** Three nodes that apply the same entries at the same instants, on a manual clock. */
function threeNodes() {
  const clock = { now: 0 }
  const nodes = new Map(
    ['a', 'b', 'c'].map((node) => {
      const environment = { elapsedMs: () => clock.now, schedule: () => () => {}, random: () => 0, nodeId: node }
      return [node, new WriterRotation(environment)] as const
    }),
  )
  const waits = () => [...nodes].map(([, rotation]) => rotation.waitMs())
  const write = (...names: string[]) => {
    for (const name of names) {
      clock.now += 1
      for (const rotation of nodes.values()) rotation.recordWrite(name)
    }
  }
  const conflict = () => {
    for (const rotation of nodes.values()) rotation.recordConflict()
  }
  return { clock, waits, write, conflict }
}

describe('the rotation of writers', () => {
  it('[ND24] makes no node wait before a conflict', () => {
    const { waits, write } = threeNodes()
    write('a', 'b', 'c', 'a')
    expect(waits()).toEqual([0, 0, 0])
  })

  it('[ND24] lets the node after the last writer append first, and the last writer last', () => {
    const { waits, write, conflict } = threeNodes()
    write('a', 'b', 'c', 'a')
    conflict()
    const [a = 0, b = 0, c = 0] = waits()
    expect(b).toBe(0)
    expect(c).toBeGreaterThan(0)
    expect(a).toBeGreaterThan(c)
    write('b')
    const [afterB, , nextC] = waits()
    expect(nextC).toBe(0)
    expect(afterB).toBeGreaterThan(0)
  })

  it('[ND24] skips a node that writes no more, and ends with the competition', () => {
    const { clock, waits, write, conflict } = threeNodes()
    write('a', 'b', 'c', 'a')
    conflict()
    clock.now += 40
    expect(waits()).toEqual([0, 0, 0])
    conflict()
    clock.now += 1_000
    write('a')
    expect(waits()).toEqual([0, 0, 0])
  })

  it('[ND24] makes a node without competitors never wait', () => {
    const { waits, write, conflict } = threeNodes()
    write('a')
    conflict()
    const [a = -1] = waits()
    expect(a).toBe(0)
  })
})

/** One node, whose appends take so long, in milliseconds. */
function nodeWith(...roundTripsMs: number[]) {
  const clock = { now: 0 }
  const environment = { elapsedMs: () => clock.now, schedule: () => () => {}, random: () => 0, nodeId: 'a' }
  const rotation = new WriterRotation(environment)
  for (const ms of roundTripsMs) rotation.recordRoundTrip(ms)
  return { clock, rotation }
}

describe('a node far from its store', () => {
  it('[ND40] asks for a turn with each append, of about one and a half of its longest round trips', () => {
    expect(nodeWith(200, 20).rotation.turnMs(0)).toBe(350)
    expect(nodeWith(200, 20).rotation.isFar).toBe(true)
    expect(nodeWith(900).rotation.turnMs(0)).toBe(1_000)
    expect(nodeWith().rotation.turnMs(0)).toBeNull()
  })

  it('[ND40] is one whose shortest of the latest eight round trips is long', () => {
    const { rotation } = nodeWith(200, 19)
    expect([rotation.isFar, rotation.roundTripMs, rotation.turnMs(1)]).toEqual([false, 19, null])
    for (let count = 0; count < 7; count += 1) rotation.recordRoundTrip(40)
    expect([rotation.isFar, rotation.turnMs(0)]).toEqual([false, null])
    rotation.recordRoundTrip(40)
    expect([rotation.isFar, rotation.roundTripMs, rotation.turnMs(0)]).toEqual([true, 40, 110])
  })

  it('[ND40] asks for longer turns while they end too early', () => {
    const { rotation } = nodeWith(100)
    rotation.recordTurn(false)
    expect(rotation.turnMs(0)).toBe(400)
    rotation.recordTurn(false)
    expect(rotation.turnMs(0)).toBe(600)
    rotation.recordTurn(true)
    expect(rotation.turnMs(0)).toBe(200)
  })

  it('[ND40] is joined by a near one that has lost twice in a row', () => {
    const { rotation } = nodeWith(2)
    expect([rotation.turnMs(1), rotation.turnMs(2)]).toEqual([null, 53])
  })

  it('[ND40] holds a near one back until its entry is read, or its turn is over', () => {
    const { clock, rotation } = nodeWith(2)
    rotation.recordDeferral(300)
    clock.now = 100
    expect([rotation.isDeferred, rotation.waitMs()]).toEqual([true, 200])
    rotation.recordWrite('b')
    expect([rotation.isDeferred, rotation.waitMs()]).toEqual([false, 0])
    rotation.recordDeferral(9_000)
    clock.now = 1_099
    expect(rotation.waitMs()).toBe(1)
    clock.now = 1_100
    expect([rotation.isDeferred, rotation.waitMs()]).toEqual([false, 0])
  })
})
