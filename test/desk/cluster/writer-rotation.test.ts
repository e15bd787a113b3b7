import { describe, expect, it, vi } from 'vitest'
import { WriterRotation } from '../../../src/desk/cluster/writer-rotation'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** Three nodes that see the same entries at the same instants, on a clock that is moved by hand. */
function three() {
  const clock = { now: 0 }
  const nodes = new Map(
    ['a', 'b', 'c'].map((node) => {
      const means = { elapsedMs: () => clock.now, schedule: () => () => {}, random: () => 0, nodeId: node }
      return [node, new WriterRotation(means)] as const
    }),
  )
  const waits = () => [...nodes].map(([, turns]) => turns.waitMs())
  const writes = (...names: string[]) => {
    for (const name of names) {
      clock.now += 1
      for (const turns of nodes.values()) turns.recordWrite(name)
    }
  }
  const lose = () => {
    for (const turns of nodes.values()) turns.recordConflict()
  }
  return { clock, waits, writes, lose }
}

describe('the turns of nodes that have much to append', () => {
  it('[ND24] are taken by nobody while nobody has lost', () => {
    const { waits, writes } = three()
    writes('a', 'b', 'c', 'a')
    expect(waits()).toEqual([0, 0, 0])
  })

  it('[ND24] go round: the next one at once, who has just written last', () => {
    const { waits, writes, lose } = three()
    writes('a', 'b', 'c', 'a')
    lose()
    const [a = 0, b = 0, c = 0] = waits()
    expect(b).toBe(0)
    expect(c).toBeGreaterThan(0)
    expect(a).toBeGreaterThan(c)
    writes('b')
    const [afterB, , nextC] = waits()
    expect(nextC).toBe(0)
    expect(afterB).toBeGreaterThan(0)
  })

  it('[ND24] pass over a node that says nothing more, and end with the competition', () => {
    const { clock, waits, writes, lose } = three()
    writes('a', 'b', 'c', 'a')
    lose()
    clock.now += 40
    expect(waits()).toEqual([0, 0, 0])
    lose()
    clock.now += 1_000
    writes('a')
    expect(waits()).toEqual([0, 0, 0])
  })

  it('[ND24] leave a node alone that has no rivals', () => {
    const { waits, writes, lose } = three()
    writes('a')
    lose()
    const [a = -1] = waits()
    expect(a).toBe(0)
  })
})
