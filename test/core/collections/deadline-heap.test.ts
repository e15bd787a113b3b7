import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { DeadlineHeap } from '../../../src/core/collections/deadline-heap'
import { compareIds } from '../../../src/core/model/ids'

vi.setConfig({ testTimeout: 120_000 })

interface Owner {
  readonly id: string
  heapIndex: number
}

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l']
const owners = (): Owner[] => names.map((id) => ({ id, heapIndex: -1 }))
const byId = (a: Owner, b: Owner) => compareIds(a.id, b.id)
const never = Number.POSITIVE_INFINITY

/** The owners in the order in which they fall due, each taken out as it does. */
function drained(deadlines: DeadlineHeap<Owner>): string[] {
  const ids: string[] = []
  for (let next = deadlines.earliest; next !== undefined; next = deadlines.earliest) {
    ids.push(`${next.id} ${deadlines.earliestAt}`)
    deadlines.set(next, never)
  }
  return ids
}

describe('deadlines', () => {
  it('fall due in order, those of one instant by their owners, whatever was set, moved and taken out', () => {
    const change = fc.tuple(fc.nat(names.length - 1), fc.oneof(fc.nat(6), fc.constant(never)))
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const all = owners()
        const deadlines = new DeadlineHeap<Owner>(byId)
        const kept = new Map<Owner, number>()
        for (const [index, at] of changes) {
          const owner = all[index] as Owner
          deadlines.set(owner, at)
          if (at === never) kept.delete(owner)
          else kept.set(owner, at)
          const ordered = [...kept].sort(([a, atA], [b, atB]) => atA - atB || byId(a, b))
          expect(deadlines.size).toBe(kept.size)
          expect(deadlines.earliest).toBe(ordered[0]?.[0])
          expect(deadlines.earliestAt).toBe(ordered[0]?.[1] ?? never)
          for (const each of all) expect(each.heapIndex >= 0).toBe(kept.has(each))
        }
        const ordered = [...kept].sort(([a, atA], [b, atB]) => atA - atB || byId(a, b))
        expect(drained(deadlines)).toEqual(ordered.map(([{ id }, at]) => `${id} ${at}`))
      }),
      { numRuns: 300 },
    )
  })

  it('leave an owner alone that has none', () => {
    const [one, two] = owners() as [Owner, Owner]
    const deadlines = new DeadlineHeap<Owner>(byId)
    deadlines.set(one, 5)
    deadlines.set(two, never)
    expect([deadlines.size, deadlines.earliest, two.heapIndex]).toEqual([1, one, -1])
  })
})

describe('the order of ids', () => {
  it('is by code unit, and equal for the same text', () => {
    expect([compareIds('a', 'b'), compareIds('b', 'a'), compareIds('a', 'a')]).toEqual([-1, 1, 0])
    expect(['ä', 'z', 'Z', 'a', '', 'aa'].sort(compareIds)).toEqual(['', 'Z', 'a', 'aa', 'z', 'ä'])
  })
})
