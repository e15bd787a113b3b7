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
